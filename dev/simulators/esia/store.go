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
	kept, found := s.items[key]
	if !found || s.now().After(kept.until) {
		var none T
		return none, false
	}
	return kept.value, true
}

// take gives a value once.
func (s *store[T]) take(key string) (T, bool) {
	value, found := s.get(key)
	if found {
		found = s.remove(key)
	}
	return value, found
}

// remove says whether the key was there, which decides between two simultaneous takers.
func (s *store[T]) remove(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, found := s.items[key]
	delete(s.items, key)
	return found
}
