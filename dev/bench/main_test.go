package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/bench/floor"
)

func TestMain(m *testing.M) {
	floor.Main()
	m.Run()
}

// Every benchmark runs and returns a measurement.
func TestEveryBenchmarkRuns(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"-quick"}, &out))
	t.Log(out.String())
	for _, b := range benchmarks {
		require.Contains(t, out.String(), "("+b.name+" took ")
	}
	require.NotContains(t, out.String(), "NaN")
}

// The comparison builds the other commit and measures both.
func TestComparesWithAnotherCommit(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"-quick", "-base", "HEAD"}, &out))
	t.Log(out.String())
	require.Contains(t, out.String(), "p50, ms with 1 clients ÷ that of the base")
	require.NotContains(t, out.String(), "NaN")
}

func TestAnUnknownBenchmarkIsNamed(t *testing.T) {
	_, err := wanted("no such")
	require.ErrorContains(t, err, `no benchmark "no such"`)
}
