package limits

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv"
)

// Requests of one person's flood wait for each other, and another person's requests are not
// delayed.
func TestRequestsOfOnePersonWaitForEachOther(t *testing.T) {
	g := NewGate(2)
	var leaves []func()
	for range 2 {
		leave, ok := g.Enter(t.Context(), "flood")
		require.True(t, ok)
		leaves = append(leaves, leave)
	}
	var passed, refused atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if leave, ok := g.Enter(t.Context(), "flood"); ok {
				passed.Add(1)
				leave()
				return
			}
			refused.Add(1)
		})
	}
	testenv.Eventually(t, "the requests above the queue limit are refused", func() bool { return refused.Load() >= 50-2*waitingPerPlace })
	other, ok := g.Enter(t.Context(), "other")
	require.True(t, ok, "without waiting")
	other()
	leaves[0]()
	leaves[0]() // leaving twice counts once
	leaves[1]()
	all.Wait()
	require.Equal(t, int64(2*waitingPerPlace), passed.Load())
	require.Empty(t, g.queues, "nothing is left behind")
	gone, cancel := context.WithCancel(t.Context())
	for range 2 {
		_, ok := g.Enter(t.Context(), "flood")
		require.True(t, ok)
	}
	cancel()
	_, ok = g.Enter(gone, "flood")
	require.False(t, ok)
	require.Empty(t, g.queues["flood"].waiting)
}
