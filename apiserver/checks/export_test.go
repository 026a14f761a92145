package checks

import (
	"testing"
	"time"
)

// SetCheckTime changes the time that a check may take.
func SetCheckTime(t *testing.T, d time.Duration) {
	before := checkTime
	checkTime = d
	t.Cleanup(func() { checkTime = before })
}
