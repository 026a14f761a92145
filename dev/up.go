package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"epkr/dev/servers"
	"epkr/dev/synthetic"
)

// up runs the platform until the context ends: the servers first, then the
// simulators, worker and apiserver. It stops them in the reverse order.
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

// runPlatform installs and builds what is missing, starts everything and waits.
func runPlatform(ctx context.Context, root, data string, local localServers, p ports) error {
	if err := install(ctx, false); err != nil {
		return err
	}
	keys, err := makeKeys(ctx, data)
	if err != nil {
		return err
	}
	people := castOf(synthetic.New(castSeed))
	all := services(p, keys, people.moderators())
	fmt.Println("собираю платформу…")
	if err := buildServices(ctx, root, all); err != nil {
		return err
	}
	settings, err := serverSettings(root, data, local, p)
	if err != nil {
		return err
	}
	fmt.Println("запускаю серверы…")
	running, err := servers.Start(ctx, settings)
	if err != nil {
		return err
	}
	defer running.Stop()
	shared := sharedEnvironment(running, p)
	supervised := newSupervisor(all, func(ctx context.Context, s service) (*servers.Process, error) {
		return launch(ctx, s, root, data, shared)
	}, os.Stdout)
	defer supervised.stopAll()
	if err := supervised.startAll(ctx); err != nil {
		return err
	}
	if err := loadRegistry(ctx, root, loopback(p.registry), shared); err != nil {
		return err
	}
	printWelcome(os.Stdout, addresses(p, running, filepath.Join(data, "log")), people)
	err = supervised.run(ctx, running.Died(ctx))
	fmt.Println("останавливаю…")
	return err
}
