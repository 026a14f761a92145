package limits

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"epkr/apiserver/httpapi/problems"
)

const (
	// refusalTTL is how long a refused session is refused again without reading it. Otherwise each
	// request of a flood would cost a database query.
	refusalTTL = 250 * time.Millisecond
	// maxRefusals limits the memory.
	maxRefusals = 10_000
	// maxDelayed is how many answers may be delayed concurrently.
	maxDelayed = 300
)

// Refusals stores which sessions a limit has just refused.
type Refusals struct {
	delayed atomic.Int64

	mu    sync.Mutex
	until map[refusedKey]refusal
}

type refusedKey struct {
	session [sha256.Size]byte
	class   Class
}

type refusal struct {
	at   time.Time
	with *problems.Problem
}

// NewRefusals returns an empty store.
func NewRefusals() *Refusals { return &Refusals{until: map[refusedKey]refusal{}} }

// Current returns the recent refusal of the session in this class, or nil.
func (r *Refusals) Current(token string, c Class) error {
	if token == "" {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if last, found := r.until[refusedKey{sha256.Sum256([]byte(token)), c}]; found && time.Since(last.at) < refusalTTL {
		return last.with
	}
	return nil
}

// Remember stores a refusal for refusalTTL.
func (r *Refusals) Remember(token string, c Class, err error) {
	var with *problems.Problem
	if token == "" || !errors.As(err, &with) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.until) >= maxRefusals {
		clear(r.until)
	}
	r.until[refusedKey{sha256.Sum256([]byte(token)), c}] = refusal{at: time.Now(), with: with}
}

// Delay delays the answer to a repeated refusal. Otherwise the answers to a flood would take the
// processing time of all other requests.
func (r *Refusals) Delay(ctx context.Context) {
	defer r.delayed.Add(-1)
	if r.delayed.Add(1) > maxDelayed {
		return
	}
	timer := time.NewTimer(refusalTTL)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
