package esia

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// counting is a signer that blocks until release is closed and records how many signatures ran at
// the same time.
type counting struct {
	release       chan struct{}
	running, peak atomic.Int64
}

func (c *counting) Sign(context.Context, []byte) ([]byte, error) {
	n := c.running.Add(1)
	defer c.running.Add(-1)
	for top := c.peak.Load(); n > top && !c.peak.CompareAndSwap(top, n); top = c.peak.Load() {
	}
	<-c.release
	return []byte("signature"), nil
}

func TestBoundedSignerLimitsConcurrencyAndQueue(t *testing.T) {
	const maxConcurrent, flood = 2, 500
	inner := &counting{release: make(chan struct{})}
	s := Bounded(inner, maxConcurrent)
	var signed, busy atomic.Int64
	var refused, all sync.WaitGroup
	refused.Add(flood - maxConcurrent*(queuePerSlot+1))
	for range flood {
		all.Go(func() {
			_, err := s.Sign(context.Background(), nil)
			if err == nil {
				signed.Add(1)
				return
			}
			require.ErrorIs(t, err, errSignerBusy)
			if busy.Add(1) <= flood-maxConcurrent*(queuePerSlot+1) {
				refused.Done()
			}
		})
	}
	refused.Wait() // immediately, while nothing is signed
	close(inner.release)
	all.Wait()
	require.Equal(t, int64(maxConcurrent), inner.peak.Load())
	require.Equal(t, int64(flood), signed.Load()+busy.Load())
	require.GreaterOrEqual(t, signed.Load(), int64(maxConcurrent*queuePerSlot), "queued requests are signed")
}

func TestBoundedSignerStopsWaitingOnCancel(t *testing.T) {
	inner := &counting{release: make(chan struct{})}
	s := Bounded(inner, 1)
	var first sync.WaitGroup
	first.Go(func() { _, _ = s.Sign(context.Background(), nil) })
	for inner.running.Load() == 0 {
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Sign(gone, nil)
	require.ErrorIs(t, err, context.Canceled)
	close(inner.release)
	first.Wait()
}
