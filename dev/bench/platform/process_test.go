package platform

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPeakStaysUntilForgetPeak(t *testing.T) {
	const size = 64
	before, _, err := Resident(os.Getpid())
	require.NoError(t, err)
	held := holding(t, size)
	require.Greater(t, held, before+size/2)
	debug.FreeOSMemory()
	_, peak, err := Resident(os.Getpid())
	require.NoError(t, err)
	require.InDelta(t, held, peak, 8, "the kernel's counts are per thread and not exact")
	require.NoError(t, ForgetPeak(os.Getpid()))
	_, after, err := Resident(os.Getpid())
	require.NoError(t, err)
	require.Less(t, after, peak-size/2)
}

// holding measures this process's memory while it holds size more megabytes.
func holding(t *testing.T, size int) float64 {
	t.Helper()
	block := make([]byte, size*megabyte)
	for i := 0; i < len(block); i += os.Getpagesize() {
		block[i] = 1
	}
	held, _, err := Resident(os.Getpid())
	require.NoError(t, err)
	runtime.KeepAlive(block)
	return held
}
