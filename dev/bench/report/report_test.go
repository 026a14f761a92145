package report_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/bench/report"
)

func section(name, value string) report.Section {
	return report.Section{
		Name: name, Title: "Section " + name, Columns: []string{"what", "value"}, Rows: [][]string{{"rate", value}},
		Targets: []report.Target{report.AtLeast("rate", "%.1f×", 1.5, 2), report.AtMost("time", "%.0f ms", 3, 4)},
	}
}

func document(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func TestTargetsSayWhetherTheyAreMet(t *testing.T) {
	s := section("a", "1")
	require.Equal(t, report.Target{What: "rate", Limit: "≥ 2.0×", Measured: "1.5×"}, s.Targets[0])
	require.Equal(t, report.Target{What: "time", Limit: "≤ 4 ms", Measured: "3 ms", Met: true}, s.Targets[1])
}

func TestASectionOnATerminal(t *testing.T) {
	require.Equal(t, `## Section a

| what | value |
| ---  | ---   |
| rate | 1     |

| target | limit  | measured |        |
| ---    | ---    | ---      | ---    |
| rate   | ≥ 2.0× | 1.5×     | MISSED |
| time   | ≤ 4 ms | 3 ms     | met    |
`, section("a", "1").Markdown())
}

// A run of single benchmarks leaves the other sections unchanged, with the setting in which they
// were measured.
func TestReplacedSectionsLeaveTheOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "benchmarks.md")
	require.NoError(t, os.WriteFile(path, []byte("# Benchmarks\n"), 0o644))
	require.NoError(t, report.Replace(path, "date yesterday", section("a", "1"), section("b", "2")))
	require.True(t, strings.HasPrefix(document(t, path), "# Benchmarks\n"))

	replace := func() {
		t.Helper()
		require.NoError(t, report.Replace(path, "date today", section("b", "3"), section("c", "4")))
	}
	replace()
	text := document(t, path)
	a, rest, _ := strings.Cut(text, "<!-- b -->")
	b, c, _ := strings.Cut(rest, "<!-- c -->")
	require.Contains(t, a, "| rate | 1     |")
	require.Contains(t, a, "Measured: date yesterday.")
	require.Contains(t, b, "| rate | 3     |")
	require.NotContains(t, b, "| rate | 2     |")
	require.Contains(t, b, "Measured: date today.")
	require.Contains(t, c, "| rate | 4     |")
	replace()
	require.Equal(t, text, document(t, path), "the same again changes nothing")
}
