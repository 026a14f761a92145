package ratelimit_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"

	"epkr/internal/ratelimit"
)

// bucket is an in-memory token source of one key.
type bucket struct {
	mu    sync.Mutex
	level *rate.Limiter
	calls atomic.Int64
	clock func() time.Time
}

func newBucket(r ratelimit.Rate, clock func() time.Time) *bucket {
	return &bucket{level: rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst), clock: clock}
}

func (b *bucket) take(_ context.Context, _ string, _ ratelimit.Rate, want int) (granted int, err error) {
	b.calls.Add(1)
	b.mu.Lock()
	defer b.mu.Unlock()
	for granted < want && b.level.AllowN(b.clock(), 1) {
		granted++
	}
	return granted, nil
}

type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time           { return time.Unix(1_000_000, c.at.Load()) }
func (c *clock) advance(by time.Duration) { c.at.Add(int64(by)) }
func allowed(l *ratelimit.Limiter, r ratelimit.Rate, n int) (count int) {
	for range n {
		if _, ok := l.Take(context.Background(), "k", r); ok {
			count++
		}
	}
	return count
}

func TestProcessesShareOneBucket(t *testing.T) {
	r := ratelimit.Rate{PerSecond: 10, Burst: 100}
	time := &clock{}
	b := newBucket(r, time.now)
	var total atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		l := ratelimit.New(b.take, time.now)
		for range 5 {
			all.Go(func() { total.Add(int64(allowed(l, r, 100))) })
		}
	}
	all.Wait()
	require.GreaterOrEqual(t, total.Load(), int64(80), "each of the four processes may hold unspent tokens")
	require.LessOrEqual(t, total.Load(), int64(100+4*5), "the burst of one bucket and the debt of each process")
}

func TestOneProcessGetsTheBurstThenTheRate(t *testing.T) {
	r := ratelimit.Rate{PerSecond: 10, Burst: 100}
	clocked := &clock{}
	b := newBucket(r, clocked.now)
	l := ratelimit.New(b.take, clocked.now)
	first := allowed(l, r, 1000)
	require.InDelta(t, 100, first, 5)
	wait, ok := l.Take(t.Context(), "k", r)
	require.False(t, ok)
	require.Greater(t, wait, time.Duration(0))
	for range 10 {
		clocked.advance(time.Second)
		require.InDelta(t, 10, allowed(l, r, 100), 6)
	}
	clocked.advance(time.Hour)
	require.InDelta(t, 100, allowed(l, r, 1000), 6, "the bucket has refilled up to its burst")
}

func TestTokensAreFetchedInBatches(t *testing.T) {
	r := ratelimit.Rate{PerSecond: 100, Burst: 1000}
	time := &clock{}
	b := newBucket(r, time.now)
	l := ratelimit.New(b.take, time.now)
	require.Equal(t, 900, allowed(l, r, 900))
	require.LessOrEqual(t, b.calls.Load(), int64(15))
}

func TestEmptyBucketIsNotFetchedAgainImmediately(t *testing.T) {
	r := ratelimit.Rate{PerSecond: 1, Burst: 1}
	time := &clock{}
	b := newBucket(r, time.now)
	l := ratelimit.New(b.take, time.now)
	require.Equal(t, 1, allowed(l, r, 10_000))
	require.LessOrEqual(t, b.calls.Load(), int64(3))
}

func TestKeysAreIndependent(t *testing.T) {
	r := ratelimit.Rate{PerSecond: 1, Burst: 10}
	buckets := sync.Map{}
	time := &clock{}
	l := ratelimit.New(func(ctx context.Context, key string, r ratelimit.Rate, want int) (int, error) {
		b, _ := buckets.LoadOrStore(key, newBucket(r, time.now))
		return b.(*bucket).take(ctx, key, r, want)
	}, time.now)
	require.Equal(t, 10, allowed(l, r, 100))
	_, ok := l.Take(t.Context(), "another", r)
	require.True(t, ok)
}

func TestFallbackLimitsWhileSourceIsUnavailable(t *testing.T) {
	r := ratelimit.Rate{PerSecond: 1, Burst: 20}
	time := &clock{}
	var calls atomic.Int64
	l := ratelimit.New(func(context.Context, string, ratelimit.Rate, int) (int, error) {
		calls.Add(1)
		return 0, errors.New("away")
	}, time.now)
	require.InDelta(t, 20, allowed(l, r, 1000), 2)
	require.Equal(t, int64(1), calls.Load(), "the failing source is not called again immediately")
}

func TestZeroRateIsUnlimited(t *testing.T) {
	l := ratelimit.New(func(context.Context, string, ratelimit.Rate, int) (int, error) { panic("asked") }, time.Now)
	require.Equal(t, 1000, allowed(l, ratelimit.Rate{}, 1000))
}
