package pdfa

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzCheck checks any bytes: there is a report, each fault is in it once and can be shown to a person.
func FuzzCheck(f *testing.F) {
	paths, err := filepath.Glob("testdata/samples/*.pdf")
	require.NoError(f, err)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add(file("<</Type/Catalog/Pages<</Resources 2 0 R>>/Metadata 3 0 R>>", "<</XObject<</a 3 0 R>>>>", stream("/Subtype/Form/Resources 2 0 R", nil)))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Check(bytes.NewReader(data), int64(len(data)))
		require.NoError(t, err)
		seen := map[Code]bool{}
		for _, fault := range r.Faults {
			require.False(t, seen[fault.Code], fault.Code)
			seen[fault.Code] = true
			require.True(t, utf8.ValidString(fault.Message))
			require.NotContains(t, fault.Message, "{")
			require.Less(t, utf8.RuneCountInString(fault.Message), 1000)
		}
		require.Equal(t, r.Accepted(), len(r.Faults) == 0)
		if r.Accepted() {
			require.True(t, strings.HasPrefix(r.Standard(), "PDF/A-"))
		}
	})
}
