package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"epkr/dev/servers"
	"epkr/dev/synthetic"
)

// platform is the whole of it, running: the servers, and the platform's own
// processes under supervision.
type platform struct {
	running    *servers.Servers
	supervised *supervisor
	people     cast
	// environment is what every process gets.
	environment []string
}

// startPlatform installs and builds what is missing and starts everything: the
// servers first, then the simulators, worker and apiserver. After an error
// nothing runs. out takes Russian lines for the person who waits.
func startPlatform(ctx context.Context, root string, settings servers.Settings, p ports, out io.Writer) (*platform, error) {
	if err := install(ctx, false); err != nil {
		return nil, err
	}
	keys, err := makeKeys(ctx, settings.Dir)
	if err != nil {
		return nil, err
	}
	started := &platform{people: castOf(synthetic.New(castSeed))}
	owner := os.Getenv("EPKR_MIGRATION_DATABASE_URL")
	if settings.PostgresPort != 0 {
		owner = (&servers.Postgres{Port: settings.PostgresPort}).URL()
	}
	all := services(p, keys, started.people.moderators(), owner)
	fmt.Fprintln(out, "собираю платформу…")
	if err := buildServices(ctx, root, all); err != nil {
		return nil, err
	}
	fmt.Fprintln(out, "запускаю серверы…")
	if started.running, err = servers.Start(ctx, settings); err != nil {
		return nil, err
	}
	started.environment = sharedEnvironment(started.running, p)
	started.supervised = newSupervisor(all, func(ctx context.Context, s service) (*servers.Process, error) {
		return launch(ctx, s, root, settings.Dir, started.environment)
	}, out)
	err = started.supervised.startAll(ctx)
	if err == nil {
		err = loadRegistry(ctx, root, loopback(p.registry), owner, started.environment, out)
	}
	if err != nil {
		started.stop()
		return nil, err
	}
	return started, nil
}

// run keeps everything running until the context ends or a server dies, for
// which it returns the error.
func (p *platform) run(ctx context.Context) error {
	return p.supervised.run(ctx, p.running.Died(ctx))
}

// stop ends everything in the reverse order, after run.
func (p *platform) stop() {
	p.supervised.stopAll()
	p.running.Stop()
}
