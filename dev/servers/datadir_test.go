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
	first, err := OpenDataDirectory(path)
	require.NoError(t, err)

	_, err = OpenDataDirectory(path)
	var used *DataDirectoryInUseError
	require.ErrorAs(t, err, &used)
	require.Equal(t, strconv.Itoa(os.Getpid()), used.PID)
	require.ErrorContains(t, err, "EPKR_DATA")

	first.Close()
	second, err := OpenDataDirectory(path)
	require.NoError(t, err, "a closed directory is free again")
	second.Close()
}
