package document_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/document"
	"epkr/internal/testenv/preflight"
)

// TestRefereesAcceptTheFiles writes all samples once and shows them to programs that know the formats:
// one process of each, as their starts take most of the time. What they need is installed by
// bin/dev install --tests and, for pdfjs-dist, by npm --prefix web ci.
func TestRefereesAcceptTheFiles(t *testing.T) {
	dir := t.TempDir()
	all := samples(t)
	for name, d := range all {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".pdf"), pdfOf(t, d), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".docx"), docxOf(t, d), 0o600))
	}
	pdfs, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	require.NoError(t, err)
	t.Run("Preflight finds PDF/A", func(t *testing.T) {
		for i, verdict := range preflight.Judge(t, pdfs...) {
			require.True(t, verdict.Valid, "%s: %v", pdfs[i], verdict.Faults)
		}
	})
	t.Run("pdf.js finds the structure", func(t *testing.T) { checkTags(t, pdfs, all) })
	t.Run("LibreOffice reads the same words", func(t *testing.T) { checkDOCX(t, dir, all) })
	for name, d := range all {
		file := filepath.Join(dir, name+".pdf")
		t.Run("qpdf and poppler read "+name, func(t *testing.T) {
			require.Contains(t, run(t, "qpdf", "--check", file), "No syntax or stream encoding errors found")
			if name == "contract-long-names" { // it has words longer than a line, and hyphens in every line
				return
			}
			requireSameWords(t, plain(d), structureText(run(t, "pdfinfo", "-struct-text", file)))
			checkPageText(t, file, d)
		})
	}
}

func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	var stderr strings.Builder
	cmd := exec.Command(program, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s: %s", program, stderr.String())
	return string(out)
}

// words returns the words of a text; a line that divides a word ends with a soft hyphen.
func words(s string) []string {
	return strings.Fields(strings.NewReplacer("\u00ad\n", "", "\u00ad", "", "\ufeff", "").Replace(s))
}

// requireSameWords shows the first words that differ, not the thousands around them.
func requireSameWords(t *testing.T, expected, actual string) {
	t.Helper()
	a, b := words(expected), words(actual)
	for i := range min(len(a), len(b)) {
		require.Equal(t, a[i], b[i], "word %d, after %v", i, a[max(i-5, 0):i])
	}
	require.Len(t, b, len(a))
}

// checkTags compares the elements that pdf.js finds with the blocks. A header row that is repeated on
// a page is decoration.
func checkTags(t *testing.T, pdfs []string, all map[string]document.Document) {
	module, err := filepath.Abs("../../web/node_modules/pdfjs-dist/legacy/build/pdf.mjs")
	require.NoError(t, err)
	require.FileExists(t, module, "run npm --prefix web ci")
	var found map[string]struct {
		Elements        []struct{ Role, Alt string }
		Pages           int
		Language, Title string
	}
	out := run(t, "node", append([]string{"testdata/tags.mjs", module}, pdfs...)...)
	require.NoError(t, json.Unmarshal([]byte(out), &found))
	for _, file := range pdfs {
		name := strings.TrimSuffix(filepath.Base(file), ".pdf")
		counts, alts := map[string]int{}, []string{}
		for _, e := range found[file].Elements {
			counts[e.Role]++
			if e.Alt != "" {
				alts = append(alts, e.Alt)
			}
		}
		expected, expectedAlts := elementsOf(all[name])
		for role, n := range expected {
			require.Equal(t, n, counts[role], "%s: %s of %v", name, role, counts)
		}
		require.Equal(t, expectedAlts, alts, name)
		require.Equal(t, "ru-RU", found[file].Language, name)
		require.Equal(t, all[name].Meta.Title, found[file].Title, name)
	}
	require.Greater(t, found[pdfs[slices.IndexFunc(pdfs, func(f string) bool { return strings.Contains(f, "60-rows") })]].Pages, 4)
}

// elementsOf counts the elements of the kinds that lie on one page each.
func elementsOf(d document.Document) (counts map[string]int, alts []string) {
	counts, alts = map[string]int{"H1": 1, "H2": 0, "TH": 0, "TR": 0, "TD": 0, "Figure": 0}, []string{}
	for _, b := range d.Blocks {
		switch b := b.(type) {
		case document.Heading:
			counts["H2"]++
		case document.Code:
			counts["Figure"]++
			alts = append(alts, b.Alt)
		case document.Table:
			counts["TH"] += len(b.Columns)
			rows := len(b.Rows)
			if b.Totals != nil {
				rows++
			}
			counts["TR"] += 1 + rows
			counts["TD"] += rows * len(b.Columns)
		}
	}
	return counts, alts
}

// structureText returns the quoted lines of pdfinfo -struct-text, in the order of the structure.
func structureText(output string) string {
	var b strings.Builder
	for _, line := range strings.Split(output, "\n") {
		if text, quoted := strings.CutPrefix(strings.TrimSpace(line), `"`); quoted {
			b.WriteString(strings.TrimSuffix(text, `"`) + "\n")
		}
	}
	return b.String()
}

// checkPageText compares the words on the pages, in whatever order, with those of the document. The
// pages have more: what stands at their feet, and repeated header rows.
func checkPageText(t *testing.T, file string, d document.Document) {
	onPages := map[string]int{}
	for _, w := range words(run(t, "pdftotext", file, "-")) {
		onPages[w]++
	}
	for _, w := range words(plain(d)) {
		onPages[w]--
		require.GreaterOrEqual(t, onPages[w], 0, "the pages lack the word %q", w)
	}
	require.Positive(t, onPages["стр."])
}

// checkDOCX has LibreOffice open all DOCX files and write their text.
func checkDOCX(t *testing.T, dir string, all map[string]document.Document) {
	docxs, err := filepath.Glob(filepath.Join(dir, "*.docx"))
	require.NoError(t, err)
	require.Len(t, docxs, len(all))
	profile := "-env:UserInstallation=file://" + filepath.Join(dir, "libreoffice")
	run(t, "soffice", append([]string{"--headless", profile, "--convert-to", "txt:Text:UTF8", "--outdir", dir}, docxs...)...)
	for name, d := range all {
		text, err := os.ReadFile(filepath.Join(dir, name+".txt"))
		require.NoError(t, err)
		requireSameWords(t, plain(d), string(text))
	}
}
