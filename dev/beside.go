package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"epkr/dev/servers"
	"epkr/internal/order"
)

// beside runs the command beside a whole platform on free ports and removes
// its data at the end. The error carries the command's exit code.
//
// The command gets the environment of apiserver and worker, so that it can run
// them as operators do; EPKR_PUBLIC_URL is where people open the platform, and
// EPKR_TEST_CAST says who may sign in: {"login": {"name": "…", "snils": "…"}}.
func beside(ctx context.Context, command []string) error {
	if len(command) == 0 {
		return errors.New("укажите команду: dev beside -- КОМАНДА")
	}
	root, err := repositoryRoot()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "epkr-platform-")
	if err != nil {
		return fmt.Errorf("make a folder for the platform: %w", err)
	}
	defer os.RemoveAll(dir)
	// Postgres runs as another user and has to pass through.
	if err := os.Chmod(dir, 0o755); err != nil {
		return fmt.Errorf("open the folder of the platform: %w", err)
	}
	if err := os.Setenv("EPKR_REGISTRY_CRON", farFrom(time.Now())); err != nil {
		return fmt.Errorf("put the platform's night off: %w", err)
	}
	p, settings, err := ownPlatform(root, dir)
	if err != nil {
		return err
	}
	started, err := startPlatform(ctx, root, settings, p, os.Stderr)
	if err != nil {
		return err
	}
	defer started.stop()
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// That a server died, runBeside says too.
		_ = started.run(ctx)
	}()
	defer func() {
		cancel()
		<-ended
	}()
	people, err := started.people.json()
	if err != nil {
		return err
	}
	env := append([]string{}, started.environment...)
	for _, s := range started.supervised.services {
		env = append(env, s.env...)
	}
	return runBeside(ctx, started.running, command, append(env, "EPKR_TEST_CAST="+people, "EPKR_TEST_LOGS="+filepath.Join(dir, "log")))
}

// farFrom is a daily schedule of the registry that is half a day away: no night of the platform's own reads what the command has
// the registry publish.
func farFrom(now time.Time) string {
	night := now.In(order.Moscow).Add(12 * time.Hour)
	return fmt.Sprintf("%d %d * * *", night.Minute(), night.Hour())
}

// ownPlatform chooses the ports of a platform that shares nothing with another one. Its Temporal has no user interface.
func ownPlatform(root, dir string) (ports, servers.Settings, error) {
	const own = 7
	free, err := servers.FreePorts(own + len(servers.TemporalPortsFrom(0)))
	if err != nil {
		return ports{}, servers.Settings{}, err
	}
	var p ports
	for i, port := range []*servers.Port{&p.api, &p.internal, &p.worker, &p.esia, &p.registry, &p.postgres, &p.s3} {
		port.Number = free[i]
	}
	settings, err := serverSettings(root, dir, localServers{postgres: true, temporal: true, s3: true}, p)
	settings.TemporalPorts, settings.TemporalUIPort, settings.ForTests = free[own:], 0, true
	return p, settings, err
}
