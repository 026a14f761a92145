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
	// refusedFor is how long a session that was refused is refused without a look at it: a flood of refused requests would otherwise cost
	// the database a look at the session each.
	refusedFor = 250 * time.Millisecond
	// refusedMost bounds the memory.
	refusedMost = 10_000
	// heldMost is how many answers are held back at once.
	heldMost = 300
)

// Refusals remember which sessions a limit has just refused.
type Refusals struct {
	held atomic.Int64

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

// NewRefusals remembers none.
func NewRefusals() *Refusals { return &Refusals{until: map[refusedKey]refusal{}} }

// Stands gives the refusal that the session has just met in this class, nil if there is none.
func (r *Refusals) Stands(token string, c Class) error {
	if token == "" {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if last, found := r.until[refusedKey{sha256.Sum256([]byte(token)), c}]; found && time.Since(last.at) < refusedFor {
		return last.with
	}
	return nil
}

// Remember keeps a refusal for a moment.
func (r *Refusals) Remember(token string, c Class, err error) {
	var with *problems.Problem
	if token == "" || !errors.As(err, &with) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.until) >= refusedMost {
		clear(r.until)
	}
	r.until[refusedKey{sha256.Sum256([]byte(token)), c}] = refusal{at: time.Now(), with: with}
}

// HoldBack lets who has been refused and asks on at once wait for the next refusal: otherwise the answers to a flood would take the time
// of all others.
func (r *Refusals) HoldBack(ctx context.Context) {
	defer r.held.Add(-1)
	if r.held.Add(1) > heldMost {
		return
	}
	patience := time.NewTimer(refusedFor)
	defer patience.Stop()
	select {
	case <-patience.C:
	case <-ctx.Done():
	}
}
