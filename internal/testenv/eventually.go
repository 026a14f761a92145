package testenv

import (
	"testing"
	"time"
)

// Timeout is how long a test waits for a condition. It is far more than a slow machine needs for
// hundreds of consecutive transactions; only a failing test waits that long.
const Timeout = 2 * time.Minute

const eventuallyPoll = 10 * time.Millisecond

// Eventually waits until the condition holds and fails the test if it does not within [Timeout].
// The failure names what was waited for. Tests use it instead of sleeping.
func Eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	deadline := time.NewTimer(Timeout)
	defer deadline.Stop()
	poll := time.NewTicker(eventuallyPoll)
	defer poll.Stop()
	for {
		if condition() {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("waited %s in vain: %s", Timeout, what)
		case <-poll.C:
		}
	}
}
