package messages

import (
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"epkr/apiserver/httpapi/problems"
)

const (
	// messagesPerSecond is how many messages a person may send to one order, in the long run.
	messagesPerSecond = 2
	// messageBurst lets through the few clicks of a person who knows what he wants.
	messageBurst = 10
	// maxUnanswered is how many of an order's messages may wait for their verdicts.
	maxUnanswered = 50
	// limitedAtOnce bounds the memory: after so many new pairs, those that were not seen meanwhile are forgotten.
	limitedAtOnce = 10_000
)

type limitKey struct{ person, order uuid.UUID }

// limits slow a person down who sends an order more than its workflow should take. They hold in one process: behind two, a
// person may send twice as much. System messages do not come here.
type limits struct {
	mu             sync.Mutex
	young, settled map[limitKey]*rate.Limiter
}

func newLimits() *limits { return &limits{young: map[limitKey]*rate.Limiter{}} }

// allowMessage counts one new message of a person to an order. unanswered is how many messages to that order have no verdict yet.
// A repeated idempotency key is no new message: do not ask for it.
func (l *limits) allowMessage(now time.Time, person, order uuid.UUID, unanswered int) error {
	if unanswered >= maxUnanswered {
		return problems.New(problems.TooManyPending)
	}
	if !l.limiter(limitKey{person, order}).AllowN(now, 1) {
		return problems.New(problems.TooManyMessages)
	}
	return nil
}

func (l *limits) limiter(key limitKey) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one, found := l.young[key]; found {
		return one
	}
	one, found := l.settled[key]
	if !found {
		one = rate.NewLimiter(messagesPerSecond, messageBurst)
	}
	if len(l.young) >= limitedAtOnce {
		l.young, l.settled = map[limitKey]*rate.Limiter{}, l.young
	}
	l.young[key] = one
	return one
}
