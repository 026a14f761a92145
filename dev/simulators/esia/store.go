package esia

import (
	"crypto/rand"
	"sync"
	"time"
)

// store keeps values under unguessable keys for a limited time.
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

// add keeps a value under a new random key.
func (s *store[T]) add(value T) string {
	key := rand.Text()
	s.put(key, value)
	return key
}

// put also forgets what has expired, so that a long run does not grow.
func (s *store[T]) put(key string, value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for old, kept := range s.items {
		if now.After(kept.until) {
			delete(s.items, old)
		}
	}
	s.items[key] = item[T]{value: value, until: now.Add(s.lifetime)}
}

func (s *store[T]) get(key string) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.living(key)
}

// take gives a value once: of two at the same time only one gets it.
func (s *store[T]) take(key string) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer delete(s.items, key)
	return s.living(key)
}

// living is for holders of the lock.
func (s *store[T]) living(key string) (value T, found bool) {
	kept, found := s.items[key]
	if !found || s.now().After(kept.until) {
		return value, false
	}
	return kept.value, true
}
