package db

import "time"

// PoolStats is how busy the pool of connections is.
type PoolStats struct {
	Max, InUse, Idle int32
	// Waits is how often somebody waited for a connection since the start, Waited for how long altogether.
	Waits  int64
	Waited time.Duration
}

// PoolStats reads the pool's counters; it asks nothing of the database.
func (s *Store) PoolStats() PoolStats {
	p := s.pool.Stat()
	return PoolStats{
		Max: p.MaxConns(), InUse: p.AcquiredConns(), Idle: p.IdleConns(),
		Waits: p.EmptyAcquireCount(), Waited: p.AcquireDuration(),
	}
}
