package messages

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// orderLimits limit the messages to one order over all senders and processes. An order that
// receives more than it can process must not grow until Temporal ends it, and no sender may use up
// the share of others.
type orderLimits struct {
	// waiting and bytes limit the messages of the last day without a verdict and their size;
	// ownWaiting and ownBytes limit those of one sender.
	waiting, ownWaiting int64
	bytes, ownBytes     int64
	// aMinute limits the messages of the last minute, aDay those of one sender in the last day.
	aMinute, aDay int64
}

// Strangers share separate limits, so that they do not use up those of the order's parties.
// Together both are less than what a run of an order can pass to the next one completely.
var (
	partyLimits    = orderLimits{waiting: 2 * maxUnanswered, ownWaiting: maxUnanswered, bytes: 640 << 10, ownBytes: 320 << 10, aMinute: 240, aDay: 2000}
	strangerLimits = orderLimits{waiting: maxUnanswered, ownWaiting: 10, bytes: 256 << 10, ownBytes: 64 << 10, aMinute: 60, aDay: 100}
)

func limitsOf(byStrangers bool) orderLimits {
	if byStrangers {
		return strangerLimits
	}
	return partyLimits
}

// check returns the refusal if the order cannot take a message of the given size, given what it
// already has.
func (l orderLimits) check(stored sqlcgen.InsertRequestRow, bytes int) error {
	switch {
	case stored.OwnWaiting >= l.ownWaiting, stored.OwnBytes+int64(bytes) > l.ownBytes:
		return problems.New(problems.TooManyPending).After(5 * time.Second)
	case stored.Waiting >= l.waiting, stored.WaitingBytes+int64(bytes) > l.bytes:
		return problems.New(problems.OrderBusy).After(5 * time.Second)
	case stored.Lately >= l.aMinute:
		return problems.New(problems.OrderBusy).After(time.Minute)
	case stored.OwnToday >= l.aDay:
		return problems.New(problems.TooManyToday).After(time.Hour)
	}
	return nil
}

// openToStrangers reports whether engineers who are not parties of the order share the limits of
// the kind.
func openToStrangers(kind order.Kind) bool {
	rule, known := order.RuleFor(kind)
	return known && rule.OpenToAnyEngineer()
}

// orderLocks allows one request of this process at a time to count the messages of an order. The
// database enforces the same over all processes, but a request that waits there holds a connection,
// and a flood to one order must not take the connections from others.
type orderLocks struct {
	mu    sync.Mutex
	locks map[uuid.UUID]*orderLock
}

type orderLock struct {
	free  chan struct{}
	users int
}

func newOrderLocks() *orderLocks { return &orderLocks{locks: map[uuid.UUID]*orderLock{}} }

// lock waits for the lock of an order and returns the function that releases it.
func (t *orderLocks) lock(ctx context.Context, id uuid.UUID) (func(), error) {
	entry := t.join(id)
	select {
	case entry.free <- struct{}{}:
		return func() { <-entry.free; t.leave(id) }, nil
	case <-ctx.Done():
		t.leave(id)
		return nil, fmt.Errorf("waiting for the order's other requests: %w", ctx.Err())
	}
}

func (t *orderLocks) join(id uuid.UUID) *orderLock {
	t.mu.Lock()
	defer t.mu.Unlock()
	entry, found := t.locks[id]
	if !found {
		entry = &orderLock{free: make(chan struct{}, 1)}
		t.locks[id] = entry
	}
	entry.users++
	return entry
}

func (t *orderLocks) leave(id uuid.UUID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	entry := t.locks[id]
	if entry.users--; entry.users == 0 {
		delete(t.locks, id)
	}
}
