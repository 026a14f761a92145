package messages

import (
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"epkr/apiserver/httpapi/problems"
)

const (
	// messagesPerSecond is the sustained rate of messages of a person to one order.
	messagesPerSecond = 2
	// messageBurst allows a few quick actions in a row.
	messageBurst = 10
	// maxUnanswered is the maximum number of messages of a person to one order without a verdict.
	maxUnanswered = 50
	// maxLimiters limits the memory: after this many new pairs, the limiters that were not used
	// meanwhile are dropped.
	maxLimiters = 10_000
)

type limitKey struct{ person, order uuid.UUID }

// limits limit the rate of each person's messages to an order. They apply in one process: with two
// processes, a person may send twice as many. System messages are not limited here.
type limits struct {
	mu                sync.Mutex
	current, previous map[limitKey]*rate.Limiter
}

func newLimits() *limits { return &limits{current: map[limitKey]*rate.Limiter{}} }

// allowMessage counts one new message of a person to an order. unanswered is the number of his
// messages to that order without a verdict. Do not call it for a repeated idempotency key, which is
// no new message.
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
	if one, found := l.current[key]; found {
		return one
	}
	one, found := l.previous[key]
	if !found {
		one = rate.NewLimiter(messagesPerSecond, messageBurst)
	}
	if len(l.current) >= maxLimiters {
		l.current, l.previous = map[limitKey]*rate.Limiter{}, l.current
	}
	l.current[key] = one
	return one
}
