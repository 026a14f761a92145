package config

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// The variables that the processes read and those that the documentation lists are the same.
func TestDocumentationListsEveryVariableRead(t *testing.T) {
	read := map[string]bool{}
	recording := func(name string) (string, bool) {
		read[name] = true
		return lookupIn(minimal())(name)
	}
	_, err := LoadAPI(recording)
	require.NoError(t, err)
	_, err = LoadWorker(recording)
	require.NoError(t, err)
	inProduction := production(t)
	_, err = LoadWorker(func(name string) (string, bool) {
		read[name] = true
		return lookupIn(inProduction)(name)
	})
	require.NoError(t, err)

	text, err := os.ReadFile("../../docs/configuration.md")
	require.NoError(t, err)
	documented := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z0-9_]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		require.False(t, documented[row[1]], "%s has two rows", row[1])
		documented[row[1]] = true
	}
	require.Equal(t, read, documented)
}
