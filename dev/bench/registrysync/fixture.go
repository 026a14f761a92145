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

// seed is the seed of the world.
const seed = 1

// sizes are the numbers of engineers and orders.
type sizes struct {
	lost       int // engineers who lose their status and regain it, with two orders each
	unaffected int // engineers with two orders each that are workflows and are not notified
	few        int // orders in work at first, including those above
	many       int // orders in work later
	workers    int // engineers among whom the orders beyond few are distributed
}

func sizesOf(s platform.Servers) sizes {
	if s.Quick {
		return sizes{lost: 10, unaffected: 5, few: 100, many: 1_000, workers: 300}
	}
	return sizes{lost: 1_000, unaffected: 500, few: 10_000, many: 100_000, workers: 30_000}
}

func (s sizes) notified() int { return 2 * s.lost }

// fixture is a platform with a registry, orders in work and the baselines beside it.
type fixture struct {
	sizes
	*platform.Platform
	registry     *registrysim.Simulator
	stopRegistry func()
	baseline     *floor.Baseline
	orders       *inwork.Orders

	lost []string // СНИЛС
	idle []uuid.UUID
	rows int // orders in work
}

func setUp(ctx context.Context, s platform.Servers) (_ *fixture, err error) {
	n := &fixture{sizes: sizesOf(s)}
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
	if n.baseline, err = floor.Start(ctx, n.Platform); err != nil {
		return nil, err
	}
	n.Progressf("starting the floors' workflows")
	for _, kind := range []floor.Kind{floor.Bare, floor.Shown} {
		if err := n.baseline.Open(ctx, kind, n.notified()); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (n *fixture) tearDown() {
	if n.baseline != nil {
		n.baseline.Stop()
	}
	if n.Platform != nil {
		n.Stop()
	}
	if n.stopRegistry != nil {
		n.stopRegistry()
	}
}

// populate loads the engineers and creates the few orders in work.
func (n *fixture) populate(ctx context.Context, world *synthetic.World) error {
	store, err := db.Open(ctx, n.OwnDatabaseURL)
	if err != nil {
		return err
	}
	defer store.Close()
	n.Progressf("loading the engineers")
	var snapshot firstload.Snapshot
	snapshot.AsOf, snapshot.SHA256, snapshot.Rows = n.registry.Snapshot()
	if _, err := firstload.Load(ctx, store, snapshot, world); err != nil {
		return err
	}
	engineers, err := inwork.Eligible(ctx, n.Database)
	if err != nil {
		return err
	}
	lost, calm, rest := engineers[:n.sizes.lost], engineers[n.sizes.lost:n.sizes.lost+n.unaffected], engineers[n.sizes.lost+n.unaffected:]
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
	if err := n.findSNILS(ctx, lost); err != nil {
		return err
	}
	n.Progressf("starting %d of them as workflows", len(real))
	return n.orders.Start(ctx, n.Platform, real)
}

// add creates orders in work as rows and analyzes the tables, as the database itself does within a
// minute.
func (n *fixture) add(ctx context.Context, engineers []uuid.UUID, each int) ([]inwork.Order, error) {
	added, err := n.orders.Add(ctx, engineers, each)
	if err != nil {
		return nil, err
	}
	n.rows += len(added)
	n.Progressf("%d orders in work", n.rows)
	if _, err := n.Database.ExecContext(ctx, `analyze`); err != nil {
		return nil, fmt.Errorf("having the tables looked at: %w", err)
	}
	return added, nil
}

// grow creates the many orders in work.
func (n *fixture) grow(ctx context.Context) error {
	_, err := n.add(ctx, n.idle, (n.many-n.rows)/len(n.idle))
	return err
}

// findSNILS stores the СНИЛС of the engineers who will lose their status.
func (n *fixture) findSNILS(ctx context.Context, engineers []uuid.UUID) error {
	for _, id := range engineers {
		var snils string
		if err := n.Database.QueryRowContext(ctx, `select snils from engineers where id = $1`, id).Scan(&snils); err != nil {
			return fmt.Errorf("finding an engineer: %w", err)
		}
		n.lost = append(n.lost, snils)
	}
	return nil
}
