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
	"time"

	"epkr/dev/bench/floor"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	registrysim "epkr/dev/simulators/registry"
	"epkr/dev/synthetic"
	"epkr/internal/registry"
)

// The required limits.
const (
	decidedLimit = 10.0 // seconds
	memoryLimit  = 64.0 // megabytes
	rateLimit    = 0.8
	growthLimit  = 1.25
)

const note = `
%d engineers lose their status and get it back; %d of their orders are notified. These orders
and %d others are workflows, the rest are rows only. Memory is the most that the worker used until
the last order had recorded its notification, minus what it used before the run; the largest value of all
runs counts. "Acknowledged" are signals that Temporal accepted, "applied" are recorded messages,
both since the beginning of the notification. The CPU columns are the processor time of the whole
run divided by the number of notified orders.

After each run the SDK sends the floors as many signals with the same concurrency. Their workflows
write one row in a local activity, and all of them are in their worker's memory. The second floor
also upserts three search attributes and restarts its timer, as a suspended order must. A ratio is
the median of the runs' ratios. Every measurement begins when the servers are idle.

The worker first replays a notified order from its history, as it does with orders that wait for
months, because more orders wait than the worker holds in memory. The order writes its verdict, its
event and two notifications, rewrites its row, and updates search attributes and timer.
`

// Run measures sync runs with few orders and with many.
func Run(ctx context.Context, s platform.Servers) (report.Section, error) {
	n, err := setUp(ctx, s)
	if err != nil {
		return report.Section{}, err
	}
	t := &table{}
	few, err := n.measure(ctx, t)
	if err != nil {
		return report.Section{}, err
	}
	if err := n.grow(ctx); err != nil {
		return report.Section{}, err
	}
	many, err := n.measure(ctx, t)
	if err != nil {
		return report.Section{}, err
	}
	whole, err := n.everyEntry(ctx)
	if err != nil {
		return report.Section{}, err
	}
	t.add(n.rows, "every entry has changed", whole, 0)
	return report.Section{
		Title: fmt.Sprintf("The nightly sync of %d engineers", synthetic.EngineerCount),
		Columns: []string{
			"orders in work", "run", "fetch, s", "stage, s", "compare, s", "apply, s", "notify, s", "memory over idle, MB",
			"acknowledged/s", "applied/s", "CPU of one, ms: Temporal", "Postgres", "worker",
		},
		Rows:    t.rows,
		Targets: targets(t, few, many),
		Note:    fmt.Sprintf(note, n.losing, n.notified(), 2*n.unaffected),
	}, nil
}

// table collects the measured runs.
type table struct {
	rows [][]string
	all  []syncRun
	// The platform's rates as shares of the baselines' rates.
	acknowledged, applied, appliedOfShown []float64
}

// measure makes the engineers lose their status and regain it, and measures the baselines after
// each run. It returns the average duration of a run without its reading.
func (n *fixture) measure(ctx context.Context, t *table) (time.Duration, error) {
	var cost time.Duration
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
			return 0, err
		}
		took, err := n.sync(ctx, n.notified())
		if err != nil {
			return 0, err
		}
		shown, err := n.measureBaseline(ctx, floor.Shown)
		if err != nil {
			return 0, err
		}
		bare, err := n.measureBaseline(ctx, floor.Bare)
		if err != nil {
			return 0, err
		}
		t.add(n.rows, fmt.Sprintf("%d %s", n.losing, one.what), took, n.notified())
		t.addBaseline("the floor with upsert and timer", shown, n.notified())
		t.addBaseline("the bare floor", bare, n.notified())
		t.acknowledged = append(t.acknowledged, took.acknowledged/bare.acknowledged)
		t.applied = append(t.applied, took.applied/bare.applied)
		t.appliedOfShown = append(t.appliedOfShown, took.applied/shown.applied)
		cost += took.decided() + time.Duration(took.NotifyMillis)*time.Millisecond
	}
	return cost / 2, nil
}

// everyEntry measures a run in which everything stored of the engineers differs from the registry,
// except who is an engineer.
func (n *fixture) everyEntry(ctx context.Context) (syncRun, error) {
	const change = `update engineers set registry_entry = registry_entry || '{"sro_name": ""}'`
	if _, err := n.Database.ExecContext(ctx, change); err != nil {
		return syncRun{}, fmt.Errorf("changing every entry: %w", err)
	}
	if _, err := n.registry.Restore(nil); err != nil {
		return syncRun{}, err
	}
	took, err := n.sync(ctx, 0)
	if err == nil && took.Changed != synthetic.EngineerCount {
		err = fmt.Errorf("%d entries had changed", took.Changed)
	}
	return took, err
}

func (t *table) add(orders int, what string, n syncRun, notified int) {
	t.all = append(t.all, n)
	row := []string{fmt.Sprint(orders), what}
	for _, millis := range []int64{
		n.FetchMillis, n.StageMillis, n.CompareMillis, n.ApplyMillis, n.NotifyMillis,
	} {
		row = append(row, fmt.Sprintf("%.2f", float64(millis)/1000))
	}
	row = append(row, fmt.Sprintf("%.0f", n.over))
	t.rows = append(t.rows, append(row, n.columns(notified)...))
}

func (t *table) addBaseline(what string, baseline notification, notified int) {
	row := []string{"", what, "", "", "", "", "", ""}
	t.rows = append(t.rows, append(row, baseline.columns(notified)...))
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

func targets(t *table, few, many time.Duration) []report.Target {
	var slowest, largest float64
	for _, run := range t.all {
		slowest, largest = max(slowest, run.decided().Seconds()), max(largest, run.over)
	}
	return []report.Target{
		report.AtMost("compare and apply, the slowest run", "%.1f s", slowest, decidedLimit),
		report.AtMost("memory over idle, the worst run", "%.0f MB", largest, memoryLimit),
		report.AtLeast("acknowledged, ours ÷ bare signals", "%.2f",
			load.Median(t.acknowledged), rateLimit),
		report.AtLeast("applied, ours ÷ the floor with upsert and timer", "%.2f",
			load.Median(t.appliedOfShown), rateLimit),
		report.AtLeast("applied, ours ÷ the bare floor", "%.2f",
			load.Median(t.applied), rateLimit),
		report.AtMost("compare, apply and tell, many orders ÷ few", "%.2f",
			many.Seconds()/few.Seconds(), growthLimit),
	}
}
