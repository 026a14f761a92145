package preflight_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv/preflight"
)

// Every file gets its own verdict, in the order of the files, also one that is no PDF at all.
func TestJudgesEachFile(t *testing.T) {
	t.Parallel()
	samples := "../../pdfa/testdata/samples/"
	garbage := filepath.Join(t.TempDir(), "garbage.pdf")
	require.NoError(t, os.WriteFile(garbage, []byte("договор"), 0o600))

	verdicts := preflight.Judge(t, samples+"libreoffice-0.pdf", garbage, samples+"libreoffice-1.pdf")
	require.Len(t, verdicts, 3)
	require.False(t, verdicts[0].Valid)
	require.Contains(t, verdicts[0].Faults, preflight.Fault{Code: "7.1", Details: "Error on MetaData, Metadata is not a stream"})
	require.False(t, verdicts[1].Valid)
	require.NotEmpty(t, verdicts[1].Faults)
	require.Equal(t, preflight.Verdict{Valid: true}, verdicts[2])
}
