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

// The benchmarks run: each says what it measured.
func TestEveryBenchmarkRuns(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"-quick"}, &out))
	t.Log(out.String())
	for _, b := range benchmarks {
		require.Contains(t, out.String(), "("+b.Name+" took ")
	}
	require.NotContains(t, out.String(), "NaN")
}

func TestAnUnknownBenchmarkIsNamed(t *testing.T) {
	_, err := wanted([]string{"no such"})
	require.ErrorContains(t, err, `no benchmark "no such"`)
}
