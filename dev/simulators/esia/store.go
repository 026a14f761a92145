package esia

import (
	"crypto/rand"
	"maps"
	"sync"
	"time"
)

// store holds values under random keys for a limited time.
type store[T any] struct {
	lifetime time.Duration
	now      func() time.Time

	mu    sync.Mutex
	items map[string]item[T]
}

type item[T any] struct {
	value T
	until time.Time
}

func newStore[T any](lifetime time.Duration, now func() time.Time) *store[T] {
	return &store[T]{lifetime: lifetime, now: now, items: map[string]item[T]{}}
}

// add stores a value under a new random key.
func (s *store[T]) add(value T) string {
	key := rand.Text()
	s.put(key, value)
	return key
}

// put stores a value and deletes expired ones, so that a long run does not grow.
func (s *store[T]) put(key string, value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	maps.DeleteFunc(s.items, func(_ string, stored item[T]) bool { return now.After(stored.until) })
	s.items[key] = item[T]{value: value, until: now.Add(s.lifetime)}
}

// get returns a value that has not expired.
func (s *store[T]) get(key string) (value T, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored, found := s.items[key]
	if !found || s.now().After(stored.until) {
		return value, false
	}
	return stored.value, true
}

// take removes and returns a value: of two concurrent calls only one gets it.
func (s *store[T]) take(key string) (T, bool) {
	value, found := s.get(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, still := s.items[key]
	delete(s.items, key)
	return value, found && still
}
