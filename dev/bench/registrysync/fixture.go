package registrysync

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/dev/bench/floor"
	"epkr/dev/bench/inwork"
	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/firstload"
	"epkr/dev/simulators"
	registrysim "epkr/dev/simulators/registry"
	"epkr/dev/synthetic"
)

// sizes are the numbers of engineers and orders.
type sizes struct {
	losing     int // engineers who lose their status and regain it, with two orders each
	unaffected int // engineers with two orders each that are workflows and are not notified
	few        int // orders in work at first, including those above
	many       int // orders in work later
	workers    int // engineers among whom the orders beyond few are distributed
}

func (s sizes) notified() int { return 2 * s.losing }

// fixture is a platform with a registry, orders in work and the baselines beside it.
type fixture struct {
	sizes
	*platform.Platform
	registry *registrysim.Simulator
	baseline *floor.Baseline
	orders   *inwork.Orders

	results

	lost []string // СНИЛС
	idle []uuid.UUID
	rows int // orders in work
}

func setUp(ctx context.Context, s platform.Servers) (*fixture, error) {
	n := &fixture{sizes: sizes{1_000, 500, 10_000, 100_000, 30_000}}
	if s.Quick {
		n.sizes = sizes{10, 5, 100, 1_000, 300}
	}
	n.acknowledged, n.applied = map[floor.Kind][]float64{}, map[floor.Kind][]float64{}
	world := synthetic.New(1)
	var err error
	if n.registry, err = registrysim.New(world.Rows(), time.Now); err != nil {
		return nil, err
	}
	url, stop, err := simulators.Serve(ctx, "127.0.0.1:0", n.registry)
	if err != nil {
		return nil, err
	}
	s.Cleanup(stop)
	n.Platform, err = platform.Start(ctx, s, "registrysync", "EPKR_REGISTRY_URL="+url)
	if err != nil {
		return nil, err
	}
	if err := n.loadEngineers(ctx, world); err != nil {
		return nil, err
	}
	if err := n.populate(ctx); err != nil {
		return nil, err
	}
	n.Progressf("starting the floors' workflows")
	n.baseline, err = floor.Start(ctx, n.Platform, n.notified())
	return n, err
}

func (n *fixture) loadEngineers(ctx context.Context, world *synthetic.World) error {
	store, err := db.Open(ctx, n.Database.URL)
	if err != nil {
		return err
	}
	defer store.Close()
	n.Progressf("loading the engineers")
	var snapshot firstload.Snapshot
	snapshot.AsOf, snapshot.SHA256, snapshot.Rows = n.registry.Snapshot()
	_, err = firstload.Load(ctx, store, snapshot, world)
	return err
}

// populate creates the few orders in work.
func (n *fixture) populate(ctx context.Context) error {
	engineers, err := people.EligibleEngineers(ctx, n.Database)
	if err != nil {
		return err
	}
	n.lost, err = platform.Read[[]string](ctx, n.Database,
		`select json_agg(snils) from engineers where id = any($1::uuid[])`, engineers[:n.losing])
	if err != nil {
		return err
	}
	withWorkflows, rest := engineers[:n.losing+n.unaffected], engineers[n.losing+n.unaffected:]
	if n.orders, err = inwork.Put(ctx, n.Platform, rest[0]); err != nil {
		return err
	}
	started, err := n.add(ctx, withWorkflows, 2)
	if err != nil {
		return err
	}
	others := (n.few - n.rows) / 2
	if _, err := n.add(ctx, rest[:others], 2); err != nil {
		return err
	}
	n.idle = rest[others : others+n.workers]
	n.Progressf("starting %d of them as workflows", len(started))
	return n.orders.Start(ctx, started)
}

// add creates orders in work as rows and analyzes the tables, as the database itself does within a
// minute.
func (n *fixture) add(ctx context.Context, to []uuid.UUID, each int) ([]inwork.Order, error) {
	added, err := n.orders.Add(ctx, to, each)
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
