// Package registrysync measures the nightly registry sync: runs in which a thousand engineers lose
// their status or regain it, with few and with many orders in work, and a run in which every entry
// has changed.
//
// The registry is the simulator, the engineers are those of package dev/synthetic. Only the orders
// that are notified, and a thousand others, are workflows; the rest are rows. The package compares
// with package dev/bench/floor and makes no decisions itself.
package registrysync

import (
	"context"
	"fmt"

	"epkr/dev/bench/floor"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	registrysim "epkr/dev/simulators/registry"
	"epkr/dev/synthetic"
	"epkr/internal/registry"
)

// Run measures sync runs with few orders and with many.
func Run(ctx context.Context, s platform.Servers) (section report.Section, err error) {
	n, err := setUp(ctx, s)
	if err != nil {
		return section, err
	}
	for _, step := range []func(context.Context) error{n.measure, n.grow, n.measure, n.everyEntry} {
		if err := step(ctx); err != nil {
			return section, err
		}
	}
	return report.Section{
		Title: fmt.Sprintf("The nightly sync of %d engineers", synthetic.EngineerCount),
		Columns: []string{
			"orders in work", "run", "fetch, s", "stage, s", "compare, s", "apply, s", "notify, s",
			"memory over idle, MB", "acknowledged/s", "applied/s",
			"CPU of one, ms: Temporal", "Postgres", "worker",
		},
		Rows:    n.table,
		Targets: n.targets(),
	}, nil
}

// results are the measured runs.
type results struct {
	table [][]string
	// The slowest decision in seconds, and the most memory over idle in megabytes.
	slowest, largest float64
	// costs are the seconds of an average run without its reading: with few orders, with many.
	costs []float64
	// The platform's rates as shares of the baselines' rates.
	acknowledged, applied map[floor.Kind][]float64
}

// measure makes the engineers lose their status and regain it, and measures the baselines after
// each run.
func (n *fixture) measure(ctx context.Context) error {
	var cost float64
	for _, one := range []struct {
		what   string
		change func() (registrysim.State, error)
	}{
		{"lose their status", func() (registrysim.State, error) {
			return n.registry.Drop(n.lost, registry.StatusExcluded)
		}},
		{"get it back", func() (registrysim.State, error) { return n.registry.Restore(nil) }},
	} {
		if _, err := one.change(); err != nil {
			return err
		}
		took, err := n.sync(ctx, n.notified())
		if err != nil {
			return err
		}
		n.addRow(fmt.Sprintf("%d %s", n.losing, one.what), took, n.notified())
		for _, kind := range []floor.Kind{floor.Shown, floor.Bare} {
			base, err := n.measureFloor(ctx, kind)
			if err != nil {
				return err
			}
			row := []string{"", "the " + string(kind), "", "", "", "", "", ""}
			n.table = append(n.table, append(row, base.columns(n.notified())...))
			acknowledged, applied := took.acknowledged/base.acknowledged, took.applied/base.applied
			n.acknowledged[kind] = append(n.acknowledged[kind], acknowledged)
			n.applied[kind] = append(n.applied[kind], applied)
		}
		cost += took.decided() + float64(took.NotifyMillis)/1000
	}
	n.costs = append(n.costs, cost/2)
	return nil
}

// everyEntry measures a run in which everything stored of the engineers differs from the registry,
// except who is an engineer.
func (n *fixture) everyEntry(ctx context.Context) error {
	const change = `update engineers set registry_entry = registry_entry || '{"sro_name": ""}'`
	if _, err := n.Database.ExecContext(ctx, change); err != nil {
		return fmt.Errorf("changing every entry: %w", err)
	}
	if _, err := n.registry.Restore(nil); err != nil {
		return err
	}
	took, err := n.sync(ctx, 0)
	if err == nil && took.Changed != synthetic.EngineerCount {
		err = fmt.Errorf("%d entries had changed", took.Changed)
	}
	n.addRow("every entry has changed", took, 0)
	return err
}

func (n *fixture) addRow(what string, run syncRun, notified int) {
	n.slowest, n.largest = max(n.slowest, run.decided()), max(n.largest, run.over)
	row := []string{fmt.Sprint(n.rows), what}
	for _, millis := range []int64{
		run.FetchMillis, run.StageMillis, run.CompareMillis, run.ApplyMillis, run.NotifyMillis,
	} {
		row = append(row, fmt.Sprintf("%.2f", float64(millis)/1000))
	}
	row = append(row, fmt.Sprintf("%.0f", run.over))
	n.table = append(n.table, append(row, run.columns(notified)...))
}

// columns returns the rates, and the processor time for each notified order.
func (t notification) columns(notified int) []string {
	if notified == 0 {
		return []string{"", "", "", "", ""}
	}
	columns := []string{fmt.Sprintf("%.0f", t.acknowledged), fmt.Sprintf("%.0f", t.applied)}
	for _, process := range []string{platform.Temporal, platform.Postgres, platform.Worker} {
		columns = append(columns, fmt.Sprintf("%.1f", t.spent.PerItem(process, notified)))
	}
	return columns
}

func (n *fixture) targets() []report.Target {
	ofBaseline := func(what string, kind floor.Kind, shares []float64) report.Target {
		what = fmt.Sprintf("%s, ours ÷ the %s", what, kind)
		return report.AtLeast(what, "%.2f", load.Median(shares), 0.8)
	}
	return []report.Target{
		report.AtMost("compare and apply, the slowest run", "%.1f s", n.slowest, 10),
		report.AtMost("memory over idle, the worst run", "%.0f MB", n.largest, 64),
		ofBaseline("acknowledged", floor.Bare, n.acknowledged[floor.Bare]),
		ofBaseline("applied", floor.Shown, n.applied[floor.Shown]),
		ofBaseline("applied", floor.Bare, n.applied[floor.Bare]),
		report.AtMost("compare, apply and notify, many orders ÷ few", "%.2f",
			n.costs[1]/n.costs[0], 1.25),
	}
}
