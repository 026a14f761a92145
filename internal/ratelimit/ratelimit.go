// Package ratelimit holds people and addresses to a rate over all processes of the platform.
//
// The buckets of tokens are rows of the shared database. A process takes tokens out of them in advance and spends them from memory, so
// that a request costs no round trip: the next ones are fetched beside requests, before the last one is spent. Libraries for this keep
// the bucket in Redis, or ask a lock of Postgres at every request (mennanov/limiters); the platform has no Redis, and a lock at every
// request is what this must not cost.
package ratelimit

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how much somebody may do. The zero value sets no limit.
type Rate struct {
	// PerSecond holds in the long run, Burst at once.
	PerSecond float64
	Burst     int
}

// Unlimited says that nothing is refused.
func (r Rate) Unlimited() bool { return r.PerSecond == 0 && r.Burst == 0 }

// chunk is how many tokens are taken at once.
func (r Rate) chunk() int { return max(1, min(r.Burst/10, int(math.Ceil(r.PerSecond)))) }

// advance is how many a process spends on trust while it fetches the first ones. It owes them to the bucket.
func (r Rate) advance() int { return min(r.chunk()/2, 5) }

// Ledger takes up to want tokens out of the shared bucket of a key, and gives how many it got.
type Ledger func(ctx context.Context, key string, r Rate, want int) (granted int, err error)

const (
	// fetchTimeout bounds one fetch, for which a request may wait.
	fetchTimeout = 500 * time.Millisecond
	// keptFor is how long fetched tokens are good: meanwhile the bucket has filled up again.
	keptFor = 10 * time.Second
	// alone is how long a process counts by itself after the ledger failed.
	alone = 2 * time.Second
	// shortestPause is how long an empty bucket is left alone, so that a flood of refused requests asks nothing of the database.
	shortestPause = 250 * time.Millisecond
	// remembered bounds the memory: after so many new keys, those that were not seen meanwhile are forgotten.
	remembered = 10_000
)

// Limiter spends tokens of many buckets.
type Limiter struct {
	ledger Ledger
	now    func() time.Time

	mu             sync.Mutex
	young, settled map[string]*purse
	aloneUntil     time.Time
}

// New makes a limiter on top of a ledger.
func New(ledger Ledger, now func() time.Time) *Limiter {
	return &Limiter{ledger: ledger, now: now, young: map[string]*purse{}}
}

// purse is what a process has of one bucket.
type purse struct {
	tokens int
	// owed were spent before they were fetched.
	owed int
	good time.Time
	// empty is until when the bucket gives nothing.
	empty time.Time
	// fetching is closed when the fetch under way has ended; nil without one.
	fetching chan struct{}
	// own counts while the ledger is away.
	own *rate.Limiter
}

// Take spends one token of a key. Refused, it gives after what time another try may succeed.
func (l *Limiter) Take(ctx context.Context, key string, r Rate) (wait time.Duration, ok bool) {
	if r.Unlimited() {
		return 0, true
	}
	for {
		l.mu.Lock()
		p, now := l.purse(key, r), l.now()
		if now.After(p.good) {
			p.tokens = 0
		}
		switch {
		case p.tokens > 0:
			p.tokens--
			if p.tokens <= r.chunk()/4 && now.After(p.empty) {
				l.fetch(key, p, r)
			}
			l.mu.Unlock()
			return 0, true
		case now.Before(p.empty):
			wait = p.empty.Sub(now)
			l.mu.Unlock()
			return wait, false
		}
		l.fetch(key, p, r)
		fetching := p.fetching
		if p.owed < r.advance() {
			p.owed++
			l.mu.Unlock()
			return 0, true
		}
		l.mu.Unlock()
		select {
		case <-fetching:
		case <-ctx.Done():
			return time.Second, false
		}
	}
}

// purse finds or makes the one of a key.
func (l *Limiter) purse(key string, r Rate) *purse {
	if p, found := l.young[key]; found {
		return p
	}
	p, found := l.settled[key]
	if !found {
		p = &purse{own: rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)}
	}
	if len(l.young) >= remembered {
		l.young, l.settled = map[string]*purse{}, l.young
	}
	l.young[key] = p
	return p
}

// fetch takes tokens out of the bucket beside the request, unless that is under way.
func (l *Limiter) fetch(key string, p *purse, r Rate) {
	if p.fetching != nil {
		return
	}
	p.fetching = make(chan struct{})
	owed, byItself := p.owed, l.now().Before(l.aloneUntil)
	go func() {
		granted, err := 0, error(nil)
		if !byItself {
			ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
			granted, err = l.ledger(ctx, key, r, r.chunk()+owed)
			cancel()
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		now := l.now()
		if err != nil {
			l.aloneUntil = now.Add(alone)
		}
		if err != nil || byItself { // a database that is away lifts no limit, it only counts for one process less
			granted = p.byItself(now, r.chunk()+owed)
		}
		p.receive(now, r, granted)
		close(p.fetching)
		p.fetching = nil
	}()
}

func (p *purse) byItself(now time.Time, want int) (granted int) {
	for granted < want && p.own.AllowN(now, 1) {
		granted++
	}
	return granted
}

// receive pays what is owed and keeps the rest; a bucket that gave nothing is not asked again before it can.
func (p *purse) receive(now time.Time, r Rate, granted int) {
	paid := min(p.owed, granted)
	p.owed -= paid
	if now.After(p.good) {
		p.tokens = 0
	}
	p.tokens += granted - paid
	p.good = now.Add(keptFor)
	if granted == 0 {
		p.empty = now.Add(max(shortestPause, time.Duration(float64(time.Second)/r.PerSecond)))
	}
}
