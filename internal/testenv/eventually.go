package testenv

import (
	"testing"
	"time"
)

// Patience is how long a test waits for what must come. It is far more than a slow machine needs for hundreds of transactions one
// after the other, and is spent only by a test that fails.
const Patience = 2 * time.Minute

const eventuallyPoll = 10 * time.Millisecond

// Eventually waits until the condition holds and ends the test when it does
// not within [Patience]. What is waited for is named in the failure. Tests use
// it instead of sleeping.
func Eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	deadline := time.NewTimer(Patience)
	defer deadline.Stop()
	poll := time.NewTicker(eventuallyPoll)
	defer poll.Stop()
	for {
		if condition() {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("waited %s in vain: %s", Patience, what)
		case <-poll.C:
		}
	}
}
