package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"epkr/dev/servers"
)

// up runs the platform until the context ends, with data that stay.
func up(ctx context.Context) error {
	root, err := repositoryRoot()
	if err != nil {
		return err
	}
	p, err := readPorts()
	if err != nil {
		return err
	}
	path, err := dataPath()
	if err != nil {
		return err
	}
	data, err := servers.OpenDataDirectory(path)
	if err != nil {
		return err
	}
	defer data.Close()
	local := readLocalServers()
	if err := servers.CheckPorts(p.wanted(local)); err != nil {
		return err
	}
	err = runPlatform(ctx, root, data.Path, local, p)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// runPlatform starts everything, shows where it is and waits.
func runPlatform(ctx context.Context, root, data string, local localServers, p ports) error {
	settings, err := serverSettings(root, data, local, p)
	if err != nil {
		return err
	}
	started, err := startPlatform(ctx, root, settings, p, os.Stdout)
	if err != nil {
		return err
	}
	defer started.stop()
	printWelcome(os.Stdout, addresses(p, started.running, filepath.Join(data, "log")), started.people)
	err = started.run(ctx)
	fmt.Println("останавливаю…")
	return err
}
