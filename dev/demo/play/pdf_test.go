package play

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gabriel-vasile/mimetype"
	"github.com/stretchr/testify/require"
)

// TestPDFIsReadable extracts the text with another program.
func TestPDFIsReadable(t *testing.T) {
	content, err := pdf("Договор подряда № 7 — «Ёлка»", "Съешь же ещё этих мягких французских булок, да выпей чаю")
	require.NoError(t, err)
	require.Equal(t, "application/pdf", mimetype.Detect(content).String())
	file := filepath.Join(t.TempDir(), "a.pdf")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	text, err := exec.CommandContext(t.Context(), "pdftotext", file, "-").CombinedOutput()
	require.NoError(t, err, string(text))
	require.NotContains(t, strings.ToLower(string(text)), "error")
	require.Contains(t, string(text), "Договор подряда № 7 — «Ёлка»")
	require.Contains(t, string(text), "Съешь же ещё этих мягких французских булок, да выпей чаю")
}
