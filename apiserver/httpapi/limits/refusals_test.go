package limits

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv"
)

// Answers to a flood are delayed, but only a limited number of them, so that waiting answers do not
// become a load themselves.
func TestAnswersToAFloodAreDelayedUpToALimit(t *testing.T) {
	r := &Refusals{}
	ctx, release := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range maxDelayed {
		waiting.Go(func() { r.Delay(ctx) })
	}
	testenv.Eventually(t, "all to wait", func() bool { return r.delayed.Load() == maxDelayed })
	release()
	waiting.Wait()
	require.Zero(t, r.delayed.Load())

	r.delayed.Store(maxDelayed)
	began := time.Now()
	r.Delay(t.Context())
	require.Less(t, time.Since(began), refusalTTL, "one more is answered without delay")
}
