package registrysync

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/dev/bench/floor"
	"epkr/dev/bench/inwork"
	"epkr/dev/bench/platform"
	"epkr/dev/firstload"
	"epkr/dev/simulators"
	registrysim "epkr/dev/simulators/registry"
	"epkr/dev/synthetic"
)

// seed is that of the world.
const seed = 1

// sizes are how many there are of everything.
type sizes struct {
	lost    int // engineers who lose their status and get it back, with two orders each
	calm    int // engineers with two orders each that are workflows and are told nothing
	few     int // orders in work to begin with, with those
	many    int // and then
	workers int // engineers among whom the orders beyond the few are spread
}

func sizesOf(s platform.Servers) sizes {
	if s.Quick {
		return sizes{lost: 10, calm: 5, few: 100, many: 1_000, workers: 300}
	}
	return sizes{lost: 1_000, calm: 500, few: 10_000, many: 100_000, workers: 30_000}
}

func (s sizes) told() int { return 2 * s.lost }

// scene is a platform with a registry, orders in work and the floors beside it.
type scene struct {
	sizes
	*platform.Platform
	registry     *registrysim.Simulator
	stopRegistry func()
	floor        *floor.Floor
	orders       *inwork.Orders

	lost []string // СНИЛС
	idle []uuid.UUID
	rows int // orders in work
}

func setUp(ctx context.Context, s platform.Servers) (_ *scene, err error) {
	n := &scene{sizes: sizesOf(s)}
	defer func() {
		if err != nil {
			n.tearDown()
		}
	}()
	world := synthetic.New(seed)
	if n.registry, err = registrysim.New(world.Rows(), time.Now); err != nil {
		return nil, err
	}
	url, stop, err := simulators.Serve(ctx, "127.0.0.1:0", n.registry)
	if err != nil {
		return nil, err
	}
	n.stopRegistry = stop
	if n.Platform, err = platform.Start(ctx, s, "registrysync", "EPKR_REGISTRY_URL="+url); err != nil {
		return nil, err
	}
	if err := n.populate(ctx, world); err != nil {
		return nil, err
	}
	if n.floor, err = floor.Start(ctx, n.Platform); err != nil {
		return nil, err
	}
	n.Say("starting the floors' workflows")
	for _, kind := range []floor.Kind{floor.Bare, floor.Shown} {
		if err := n.floor.Open(ctx, kind, n.told()); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (n *scene) tearDown() {
	if n.floor != nil {
		n.floor.Stop()
	}
	if n.Platform != nil {
		n.Stop()
	}
	if n.stopRegistry != nil {
		n.stopRegistry()
	}
}

// populate loads the engineers and puts the few orders in work.
func (n *scene) populate(ctx context.Context, world *synthetic.World) error {
	store, err := db.Open(ctx, n.OwnDatabaseURL)
	if err != nil {
		return err
	}
	defer store.Close()
	n.Say("loading the engineers")
	var snapshot firstload.Snapshot
	snapshot.AsOf, snapshot.SHA256, snapshot.Rows = n.registry.Snapshot()
	if _, err := firstload.Load(ctx, store, snapshot, world); err != nil {
		return err
	}
	engineers, err := inwork.Able(ctx, n.Database)
	if err != nil {
		return err
	}
	lost, calm, rest := engineers[:n.sizes.lost], engineers[n.sizes.lost:n.sizes.lost+n.calm], engineers[n.sizes.lost+n.calm:]
	if n.orders, err = inwork.Put(ctx, store, n.Database, rest[0]); err != nil {
		return err
	}
	var real []inwork.Order
	for _, some := range [][]uuid.UUID{lost, calm} {
		added, err := n.add(ctx, some, 2)
		if err != nil {
			return err
		}
		real = append(real, added...)
	}
	only := (n.few - n.rows) / 2
	if _, err := n.add(ctx, rest[:only], 2); err != nil {
		return err
	}
	n.idle = rest[only : only+n.workers]
	if err := n.named(ctx, lost); err != nil {
		return err
	}
	n.Say("starting %d of them as workflows", len(real))
	return n.orders.Start(ctx, n.Platform, real)
}

// add puts orders in work, as rows, and has the database look at its tables as it does by itself within a minute.
func (n *scene) add(ctx context.Context, engineers []uuid.UUID, each int) ([]inwork.Order, error) {
	added, err := n.orders.Add(ctx, engineers, each)
	if err != nil {
		return nil, err
	}
	n.rows += len(added)
	n.Say("%d orders in work", n.rows)
	if _, err := n.Database.ExecContext(ctx, `analyze`); err != nil {
		return nil, fmt.Errorf("having the tables looked at: %w", err)
	}
	return added, nil
}

// grow puts the many orders in work.
func (n *scene) grow(ctx context.Context) error {
	_, err := n.add(ctx, n.idle, (n.many-n.rows)/len(n.idle))
	return err
}

// named keeps under which СНИЛС the registry knows the engineers who will lose their status.
func (n *scene) named(ctx context.Context, engineers []uuid.UUID) error {
	for _, id := range engineers {
		var snils string
		if err := n.Database.QueryRowContext(ctx, `select snils from engineers where id = $1`, id).Scan(&snils); err != nil {
			return fmt.Errorf("looking for an engineer: %w", err)
		}
		n.lost = append(n.lost, snils)
	}
	return nil
}
