package main

import (
	"fmt"
	"os"
	"path/filepath"

	"epkr/dev/servers"
)

// localServers says which servers run here; the environment names a real one
// in place of each of the others.
type localServers struct{ postgres, temporal, s3 bool }

func readLocalServers() localServers {
	return localServers{
		postgres: os.Getenv("DATABASE_URL") == "",
		temporal: os.Getenv("TEMPORAL_ADDRESS") == "",
		s3:       os.Getenv("S3_ENDPOINT") == "",
	}
}

// dataPath is EPKR_DATA or its default.
func dataPath() (string, error) {
	if dir := os.Getenv("EPKR_DATA"); dir != "" {
		return filepath.Abs(dir)
	}
	if os.Geteuid() == 0 {
		// Not in root's home: the user that runs Postgres cannot enter it.
		return "/var/lib/epkr", nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the data directory (EPKR_DATA sets it): %w", err)
	}
	return filepath.Join(home, ".local", "share", "epkr"), nil
}

// serverSettings say which servers `up` starts.
func serverSettings(root, data string, local localServers, p ports) (servers.Settings, error) {
	cache, err := servers.CacheDirectory()
	if err != nil {
		return servers.Settings{}, err
	}
	s := servers.Settings{
		Dir: data, Cache: servers.Cache{Dir: cache, Progress: os.Stdout},
		TemporalConfig: filepath.Join(root, temporalConfig),
		DatabaseURL:    os.Getenv("DATABASE_URL"),
		WebOrigins:     []string{webOrigin(p), fmt.Sprintf("http://127.0.0.1:%d", p.api.Number)},
	}
	if local.postgres {
		s.PostgresPort = p.postgres.Number
	}
	if local.temporal {
		s.TemporalPorts = servers.TemporalPortsFrom(p.temporal.Number)
		s.TemporalUIPort = p.temporalUI.Number
	}
	if local.s3 {
		s.S3Port = p.s3.Number
	}
	return s, nil
}

// webOrigin is where a person opens the platform.
func webOrigin(p ports) string { return fmt.Sprintf("http://localhost:%d", p.api.Number) }
