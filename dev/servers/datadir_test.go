package servers

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecondRunOnTheSameDataDirectoryIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	unlock, err := LockDataDirectory(path)
	require.NoError(t, err)

	_, err = LockDataDirectory(path)
	require.ErrorContains(t, err, "(PID "+strconv.Itoa(os.Getpid())+")")
	require.ErrorContains(t, err, "EPKR_DATA")

	unlock()
	unlock, err = LockDataDirectory(path)
	require.NoError(t, err, "an unlocked directory is free again")
	unlock()
}
