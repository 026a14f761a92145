package esia

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// counting signs when it is let, and knows how many it had at once.
type counting struct {
	release     chan struct{}
	inHand, top atomic.Int64
}

func (c *counting) Sign(context.Context, []byte) ([]byte, error) {
	n := c.inHand.Add(1)
	defer c.inHand.Add(-1)
	for top := c.top.Load(); n > top && !c.top.CompareAndSwap(top, n); top = c.top.Load() {
	}
	<-c.release
	return []byte("signature"), nil
}

func TestBoundedSignerMakesFewSignaturesAtOnceAndRefusesAFlood(t *testing.T) {
	const atOnce, flood = 2, 500
	inner := &counting{release: make(chan struct{})}
	s := Bounded(inner, atOnce)
	var signed, busy atomic.Int64
	var refused, all sync.WaitGroup
	refused.Add(flood - atOnce*(waitingSigners+1))
	for range flood {
		all.Go(func() {
			_, err := s.Sign(context.Background(), nil)
			if err == nil {
				signed.Add(1)
				return
			}
			require.ErrorIs(t, err, errSignerBusy)
			if busy.Add(1) <= flood-atOnce*(waitingSigners+1) {
				refused.Done()
			}
		})
	}
	refused.Wait() // at once, while nothing is signed
	close(inner.release)
	all.Wait()
	require.Equal(t, int64(atOnce), inner.top.Load())
	require.Equal(t, int64(flood), signed.Load()+busy.Load())
	require.GreaterOrEqual(t, signed.Load(), int64(atOnce*waitingSigners), "those in the queue get theirs")
}

func TestBoundedSignerDoesNotHoldWhoHasGone(t *testing.T) {
	inner := &counting{release: make(chan struct{})}
	s := Bounded(inner, 1)
	var first sync.WaitGroup
	first.Go(func() { _, _ = s.Sign(context.Background(), nil) })
	for inner.inHand.Load() == 0 {
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Sign(gone, nil)
	require.ErrorIs(t, err, context.Canceled)
	close(inner.release)
	first.Wait()
}
