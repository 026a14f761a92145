package limits

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv"
)

// Answers to a flood wait, but no more of them than the bound: the waiting must not become a burden itself.
func TestRefusedFloodIsHeldBackWithinABound(t *testing.T) {
	r := &Refusals{}
	ctx, release := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range heldMost {
		waiting.Go(func() { r.HoldBack(ctx) })
	}
	testenv.Eventually(t, "all to wait", func() bool { return r.held.Load() == heldMost })
	release()
	waiting.Wait()
	require.Zero(t, r.held.Load())

	r.held.Store(heldMost)
	began := time.Now()
	r.HoldBack(t.Context())
	require.Less(t, time.Since(began), refusedFor, "one more is answered at once")
}
