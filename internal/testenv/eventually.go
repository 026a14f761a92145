package testenv

import (
	"testing"
	"time"
)

const (
	eventuallyLimit = 30 * time.Second
	eventuallyPoll  = 10 * time.Millisecond
)

// Eventually waits until the condition holds and ends the test when it does
// not within 30 s. What is waited for is named in the failure. Tests use it
// instead of sleeping.
func Eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	deadline := time.NewTimer(eventuallyLimit)
	defer deadline.Stop()
	poll := time.NewTicker(eventuallyPoll)
	defer poll.Stop()
	for {
		if condition() {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("waited %s in vain: %s", eventuallyLimit, what)
		case <-poll.C:
		}
	}
}
