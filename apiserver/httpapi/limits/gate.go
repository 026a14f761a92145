package limits

import (
	"context"
	"sync"
	"time"
)

const (
	// waitingPerPlace is how many requests of one person may wait for each of his places.
	waitingPerPlace = 6
	// gateTimeout limits that wait.
	gateTimeout = 10 * time.Second
)

// Gate limits the concurrent requests of each person. Further requests of the same person wait, so
// that they do not take all database connections and cores from other people.
type Gate struct {
	places int

	mu     sync.Mutex
	queues map[string]*queue
}

type queue struct {
	active  int
	waiting []chan struct{}
}

// NewGate returns a gate with the given number of places for each person; 0 means no limit.
func NewGate(places int) *Gate { return &Gate{places: places, queues: map[string]*queue{}} }

// Enter waits for a place. leave passes the place to the next request.
func (g *Gate) Enter(ctx context.Context, whom string) (leave func(), ok bool) {
	if g.places == 0 {
		return func() {}, true
	}
	turn, ok := g.join(whom)
	if !ok {
		return nil, false
	}
	leave = sync.OnceFunc(func() { g.leave(whom) })
	if turn == nil {
		return leave, true
	}
	timer := time.NewTimer(gateTimeout)
	defer timer.Stop()
	select {
	case <-turn:
		return leave, true
	case <-timer.C:
	case <-ctx.Done():
	}
	if g.giveUp(whom, turn) {
		return nil, false
	}
	return leave, true // the place was passed on at the same moment
}

// Busy returns how many people have requests in progress.
func (g *Gate) Busy() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.queues)
}

// join takes a free place, or queues the request; then turn is closed when its place is free.
func (g *Gate) join(whom string) (turn chan struct{}, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := g.queues[whom]
	switch {
	case q == nil:
		g.queues[whom] = &queue{active: 1}
		return nil, true
	case q.active < g.places:
		q.active++
		return nil, true
	case len(q.waiting) >= waitingPerPlace*g.places:
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
	if q.active--; q.active == 0 {
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
