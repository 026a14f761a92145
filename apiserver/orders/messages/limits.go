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

// orderLimits bound what one order is sent, over all senders and processes: an order that is sent more than it judges must not grow
// until Temporal ends it, and nobody may take the place of others.
type orderLimits struct {
	// waiting messages and their bytes have no verdict yet, those of the last day; ownWaiting and ownBytes are one sender's.
	waiting, ownWaiting int64
	bytes, ownBytes     int64
	// aMinute are messages of the last minute, aDay one sender's of the last day.
	aMinute, aDay int64
}

// Strangers share limits of their own, so that they leave the order's parties what is theirs. Together both stay below what a run of
// an order hands to the next one whole.
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

// allow says whether the order takes a message of so many bytes, given what it has.
func (l orderLimits) allow(kept sqlcgen.InsertRequestRow, bytes int) error {
	switch {
	case kept.OwnWaiting >= l.ownWaiting, kept.OwnBytes+int64(bytes) > l.ownBytes:
		return problems.New(problems.TooManyPending).After(5 * time.Second)
	case kept.Waiting >= l.waiting, kept.WaitingBytes+int64(bytes) > l.bytes:
		return problems.New(problems.OrderBusy).After(5 * time.Second)
	case kept.Lately >= l.aMinute:
		return problems.New(problems.OrderBusy).After(time.Minute)
	case kept.OwnToday >= l.aDay:
		return problems.New(problems.TooManyToday).After(time.Hour)
	}
	return nil
}

// openToStrangers reports whether engineers who are no party of the order share the limits of the kind.
func openToStrangers(kind order.Kind) bool {
	rule, known := order.RuleFor(kind)
	return known && rule.OpenToStrangers()
}

// orderTurns let one request of this process at a time count the messages of an order. The database lets one of all processes do so;
// who waits for that holds a connection, which a flood of one order must not take from the others.
type orderTurns struct {
	mu    sync.Mutex
	turns map[uuid.UUID]*orderTurn
}

type orderTurn struct {
	free  chan struct{}
	users int
}

func newOrderTurns() *orderTurns { return &orderTurns{turns: map[uuid.UUID]*orderTurn{}} }

// take waits for the turn; what it returns gives it on.
func (t *orderTurns) take(ctx context.Context, id uuid.UUID) (func(), error) {
	turn := t.join(id)
	select {
	case turn.free <- struct{}{}:
		return func() { <-turn.free; t.leave(id) }, nil
	case <-ctx.Done():
		t.leave(id)
		return nil, fmt.Errorf("waiting for the order's other requests: %w", ctx.Err())
	}
}

func (t *orderTurns) join(id uuid.UUID) *orderTurn {
	t.mu.Lock()
	defer t.mu.Unlock()
	turn, found := t.turns[id]
	if !found {
		turn = &orderTurn{free: make(chan struct{}, 1)}
		t.turns[id] = turn
	}
	turn.users++
	return turn
}

func (t *orderTurns) leave(id uuid.UUID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	turn := t.turns[id]
	if turn.users--; turn.users == 0 {
		delete(t.turns, id)
	}
}
