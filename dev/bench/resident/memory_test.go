package resident_test

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/bench/resident"
)

func TestThePeakStaysUntilItIsForgotten(t *testing.T) {
	pid := os.Getpid()
	const size = 64
	before, err := resident.Now(pid)
	require.NoError(t, err)
	block := make([]byte, size*resident.Megabyte)
	for i := 0; i < len(block); i += os.Getpagesize() {
		block[i] = 1
	}
	held, err := resident.Now(pid)
	require.NoError(t, err)
	require.Greater(t, held, before+size/2)
	runtime.KeepAlive(block)
	block = nil
	debug.FreeOSMemory()
	peak, err := resident.Peak(pid)
	require.NoError(t, err)
	require.GreaterOrEqual(t, peak, held)
	require.NoError(t, resident.Forget(pid))
	after, err := resident.Peak(pid)
	require.NoError(t, err)
	require.Less(t, after, peak-size/2)
}
