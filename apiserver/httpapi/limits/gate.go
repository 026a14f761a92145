package limits

import (
	"context"
	"sync"
	"time"
)

const (
	// waitingForOne is how many requests of one person wait for each that is worked on.
	waitingForOne = 6
	// gateTimeout bounds that wait.
	gateTimeout = 10 * time.Second
)

// Gate works on so many requests of each person at once. What he sends beyond that waits for his own, and not all others for him: his
// requests would take every connection to the database and every core.
type Gate struct {
	atOnce int

	mu     sync.Mutex
	queues map[string]*queue
}

type queue struct {
	inHand  int
	waiting []chan struct{}
}

// NewGate works on so many requests of each person at once; 0 sets no limit.
func NewGate(atOnce int) *Gate { return &Gate{atOnce: atOnce, queues: map[string]*queue{}} }

// Enter waits for a place. leave gives it to the next.
func (g *Gate) Enter(ctx context.Context, whom string) (leave func(), ok bool) {
	if g.atOnce == 0 {
		return func() {}, true
	}
	turn, ok := g.line(whom)
	if !ok {
		return nil, false
	}
	leave = sync.OnceFunc(func() { g.leave(whom) })
	if turn == nil {
		return leave, true
	}
	patience := time.NewTimer(gateTimeout)
	defer patience.Stop()
	select {
	case <-turn:
		return leave, true
	case <-patience.C:
	case <-ctx.Done():
	}
	if g.giveUp(whom, turn) {
		return nil, false
	}
	return leave, true // the turn came in this very moment
}

// Busy is how many people have requests in hand.
func (g *Gate) Busy() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.queues)
}

// line takes a free place, or the last one of those who wait: then turn is closed when it has come.
func (g *Gate) line(whom string) (turn chan struct{}, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := g.queues[whom]
	switch {
	case q == nil:
		g.queues[whom] = &queue{inHand: 1}
		return nil, true
	case q.inHand < g.atOnce:
		q.inHand++
		return nil, true
	case len(q.waiting) >= waitingForOne*g.atOnce:
		return nil, false
	}
	turn = make(chan struct{})
	q.waiting = append(q.waiting, turn)
	return turn, true
}

func (g *Gate) leave(whom string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := g.queues[whom]
	if len(q.waiting) > 0 {
		close(q.waiting[0])
		q.waiting = q.waiting[1:]
		return
	}
	if q.inHand--; q.inHand == 0 {
		delete(g.queues, whom)
	}
}

func (g *Gate) giveUp(whom string, turn chan struct{}) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := g.queues[whom]
	for i, waiting := range q.waiting {
		if waiting == turn {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return true
		}
	}
	return false
}
