package db

import "time"

// PoolStats describes the use of the connection pool.
type PoolStats struct {
	Max, InUse, Idle int32
	// Waits is how many times a caller waited for a connection since the start, Waited the total
	// time.
	Waits  int64
	Waited time.Duration
}

// PoolStats reads the pool's counters without using the database.
func (s *Store) PoolStats() PoolStats {
	p := s.pool.Stat()
	return PoolStats{
		Max: p.MaxConns(), InUse: p.AcquiredConns(), Idle: p.IdleConns(),
		Waits: p.EmptyAcquireCount(), Waited: p.AcquireDuration(),
	}
}
