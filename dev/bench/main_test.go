package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/bench/child"
)

func TestMain(m *testing.M) {
	child.Main(children...)
	m.Run()
}

// The benchmarks run: each says what it measured, in a table that fits its headings.
func TestEveryBenchmarkRuns(t *testing.T) {
	for _, b := range benchmarks {
		t.Run(b.Name, func(t *testing.T) {
			var out strings.Builder
			require.NoError(t, run(t.Context(), []string{"-quick", "-only", b.Name}, &out))
			require.NotContains(t, out.String(), "NaN")
			t.Log(out.String())
		})
	}
}

func TestAnUnknownBenchmarkIsNamed(t *testing.T) {
	_, err := wanted([]string{"no such"})
	require.ErrorContains(t, err, `no benchmark "no such"`)
}
