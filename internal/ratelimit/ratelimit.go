// Package ratelimit limits the request rate of people and addresses across all processes of the
// platform.
//
// The token buckets are rows of the shared database. A process fetches tokens in batches and spends
// them from memory, so that a request needs no round trip: the next batch is fetched in the
// background before the last token is spent. Existing libraries keep the bucket in Redis or take a
// Postgres lock at every request (mennanov/limiters). The platform has no Redis, and a lock at
// every request is the cost that this package avoids.
package ratelimit

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is a rate limit. The zero value sets no limit.
type Rate struct {
	// PerSecond is the sustained rate; Burst is the capacity of the bucket.
	PerSecond float64
	Burst     int
}

// Unlimited reports whether the rate sets no limit.
func (r Rate) Unlimited() bool { return r.PerSecond == 0 && r.Burst == 0 }

// batchSize returns how many tokens one fetch asks for.
func (r Rate) batchSize() int { return max(1, min(r.Burst/10, int(math.Ceil(r.PerSecond)))) }

// maxDebt returns how many tokens a process may spend while its first fetch is running. They are
// paid back from the fetched tokens.
func (r Rate) maxDebt() int { return min(r.batchSize()/2, 5) }

// TokenSource takes up to want tokens out of the shared bucket of a key and returns how many it
// got.
type TokenSource func(ctx context.Context, key string, r Rate, want int) (granted int, err error)

const (
	// fetchTimeout bounds one fetch; a request may wait for it.
	fetchTimeout = 500 * time.Millisecond
	// tokenLifetime is how long fetched tokens stay valid: by then the shared bucket has refilled.
	tokenLifetime = 10 * time.Second
	// fallbackPeriod is how long a process uses its local limiter after the token source failed.
	fallbackPeriod = 2 * time.Second
	// minEmptyPause is the shortest time before an empty bucket is fetched from again, so that a
	// flood of refused requests does not query the database.
	minEmptyPause = 250 * time.Millisecond
	// generationSize bounds memory: after so many new keys, the keys not used since the last
	// rotation are dropped.
	generationSize = 10_000
)

// Limiter takes tokens from many buckets.
type Limiter struct {
	source TokenSource
	now    func() time.Time

	mu                sync.Mutex
	current, previous map[string]*localBucket
	fallbackUntil     time.Time
}

// New returns a limiter that fetches tokens from source.
func New(source TokenSource, now func() time.Time) *Limiter {
	return &Limiter{source: source, now: now, current: map[string]*localBucket{}}
}

// localBucket is a process's share of one bucket.
type localBucket struct {
	tokens int
	// owed is the number of tokens spent before they were fetched.
	owed    int
	expires time.Time
	// emptyUntil is when the shared bucket may have tokens again.
	emptyUntil time.Time
	// fetching is closed when the running fetch ends; nil if none is running.
	fetching chan struct{}
	// fallback limits the key while the token source is unavailable.
	fallback *rate.Limiter
}

// Take spends one token of a key. If it refuses, it returns how long to wait before the next try.
func (l *Limiter) Take(ctx context.Context, key string, r Rate) (wait time.Duration, ok bool) {
	if r.Unlimited() {
		return 0, true
	}
	for {
		l.mu.Lock()
		p, now := l.bucket(key, r), l.now()
		if now.After(p.expires) {
			p.tokens = 0
		}
		switch {
		case p.tokens > 0:
			p.tokens--
			if p.tokens <= r.batchSize()/4 && now.After(p.emptyUntil) {
				l.startFetch(key, p, r)
			}
			l.mu.Unlock()
			return 0, true
		case now.Before(p.emptyUntil):
			wait = p.emptyUntil.Sub(now)
			l.mu.Unlock()
			return wait, false
		}
		l.startFetch(key, p, r)
		fetching := p.fetching
		if p.owed < r.maxDebt() {
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

// bucket returns the local bucket of a key and creates it if there is none.
func (l *Limiter) bucket(key string, r Rate) *localBucket {
	if p, found := l.current[key]; found {
		return p
	}
	p, found := l.previous[key]
	if !found {
		p = &localBucket{fallback: rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)}
	}
	if len(l.current) >= generationSize {
		l.current, l.previous = map[string]*localBucket{}, l.current
	}
	l.current[key] = p
	return p
}

// startFetch fetches tokens in the background, unless a fetch is already running.
func (l *Limiter) startFetch(key string, p *localBucket, r Rate) {
	if p.fetching != nil {
		return
	}
	p.fetching = make(chan struct{})
	owed, useFallback := p.owed, l.now().Before(l.fallbackUntil)
	go func() {
		granted, err := 0, error(nil)
		if !useFallback {
			ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
			granted, err = l.source(ctx, key, r, r.batchSize()+owed)
			cancel()
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		now := l.now()
		if err != nil {
			l.fallbackUntil = now.Add(fallbackPeriod)
		}
		if err != nil || useFallback { // the limit still holds, but per process
			granted = p.takeLocal(now, r.batchSize()+owed)
		}
		p.credit(now, r, granted)
		close(p.fetching)
		p.fetching = nil
	}()
}

func (p *localBucket) takeLocal(now time.Time, want int) (granted int) {
	for granted < want && p.fallback.AllowN(now, 1) {
		granted++
	}
	return granted
}

// credit pays the debt and stores the remaining tokens. If the bucket gave nothing, it blocks
// further fetches until tokens can be available.
func (p *localBucket) credit(now time.Time, r Rate, granted int) {
	paid := min(p.owed, granted)
	p.owed -= paid
	if now.After(p.expires) {
		p.tokens = 0
	}
	p.tokens += granted - paid
	p.expires = now.Add(tokenLifetime)
	if granted == 0 {
		p.emptyUntil = now.Add(max(minEmptyPause, time.Duration(float64(time.Second)/r.PerSecond)))
	}
}
