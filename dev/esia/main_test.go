package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestSettingsReportEverythingAtOnce(t *testing.T) {
	_, err := readSettings(environment(map[string]string{"EPKR_SEED": "x", "EPKR_ESIA_TOKEN_KEY": "none", "EPKR_LISTEN": "0.0.0.0:8090"}), false)
	for _, name := range []string{"EPKR_SEED", "EPKR_ESIA_SIM_DIR", "EPKR_ESIA_REDIRECTS", "EPKR_ESIA_TOKEN_KEY", "EPKR_LISTEN"} {
		require.ErrorContains(t, err, name)
	}
}

func TestKeysAreMadeWithoutServing(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, run(t.Context(), []string{"keys"}, environment(map[string]string{"EPKR_ESIA_SIM_DIR": directory})))
	for _, name := range []string{"client.key", "client.crt", "esia.key", "esia.crt"} {
		_, err := os.Stat(filepath.Join(directory, name))
		require.NoError(t, err)
	}
	information, err := os.Stat(filepath.Join(directory, "client.key"))
	require.NoError(t, err)
	require.Zero(t, information.Mode().Perm()&0o077, "only the owner reads a private key")
	require.Error(t, run(t.Context(), []string{"other"}, environment(nil)))
}
