package registrysync

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/dev/synthetic"
)

// The limits of the demand.
const (
	decidedLimit = 10.0 // seconds
	memoryLimit  = 64.0 // megabytes
	rateLimit    = 0.8
	growthLimit  = 1.25
)

// Run measures nights among few orders and among many.
func Run(ctx context.Context, s platform.Servers) (report.Section, error) {
	n, err := setUp(ctx, s)
	if err != nil {
		return report.Section{}, err
	}
	defer n.tearDown()
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
	t.add(n.rows, "every entry has changed", whole)
	return report.Section{
		Title: fmt.Sprintf("The nightly sync of %d engineers", synthetic.EngineerCount),
		Columns: []string{
			"orders in work", "night", "fetch, s", "stage, s", "compare, s", "apply, s", "tell, s", "memory over idle, MB",
			"acknowledged/s", "applied/s",
		},
		Rows:    t.rows,
		Targets: targets(t, few, many),
		Note: fmt.Sprintf("%d engineers lose their status and get it back; %d orders of theirs are told. These and %d others are workflows, the "+
			"rest rows. Memory is the most that the worker held until the last order had recorded what it was told, above what it "+
			"held before the night; the worst of all nights counts. `acknowledged` are signals that Temporal took, `applied` "+
			"messages recorded, both from the beginning of the telling. The floor between the nights: as many signals, as many "+
			"abreast, to workflows that write one row in a local activity, driven by the SDK alone, all of them in their worker's "+
			"memory; a ratio is the median of the nights' ratios. An order that is told is replayed from its history first, as "+
			"orders that wait for months are: more wait than the worker keeps. It locks the engineer, writes five rows, and brings "+
			"search attributes and timer up to date.", n.sizes.lost, n.told(), 2*n.calm),
	}, nil
}

// table collects the nights.
type table struct {
	rows [][]string
	all  []night
	// acknowledged and applied are each pair's rate over the floor's.
	acknowledged, applied []float64
}

// measure has the engineers lose their status and get it back, with the floor after each. It gives what a night costs on average,
// all but its reading.
func (n *scene) measure(ctx context.Context, t *table) (time.Duration, error) {
	var cost time.Duration
	for _, one := range []struct {
		what   string
		change func() error
	}{
		{"lose their status", func() error { return n.source.lose(ctx, n.lost) }},
		{"get it back", func() error { return n.source.restore(ctx) }},
	} {
		if err := one.change(); err != nil {
			return 0, err
		}
		took, err := n.night(ctx, n.told())
		if err != nil {
			return 0, err
		}
		floor, err := n.bare(ctx)
		if err != nil {
			return 0, err
		}
		n.Say("%d of %d orders told: %.0f/s applied, the floor %.0f/s", n.told(), n.rows, took.applied, floor.applied)
		t.add(n.rows, fmt.Sprintf("%d %s", n.sizes.lost, one.what), took)
		t.rows = append(t.rows, []string{
			"", "the floor after it", "", "", "", "", "", "", fmt.Sprintf("%.0f", floor.acknowledged), fmt.Sprintf("%.0f", floor.applied),
		})
		t.acknowledged = append(t.acknowledged, took.acknowledged/floor.acknowledged)
		t.applied = append(t.applied, took.applied/floor.applied)
		cost += took.decided() + time.Duration(took.TellMillis)*time.Millisecond
	}
	return cost / 2, nil
}

// everyEntry runs a night on which nothing of what the platform knows is as the registry has it, but for who is an engineer.
func (n *scene) everyEntry(ctx context.Context) (night, error) {
	if _, err := n.Database.ExecContext(ctx, `update engineers set registry_entry = registry_entry || '{"sro_name": ""}'`); err != nil {
		return night{}, fmt.Errorf("changing every entry: %w", err)
	}
	if err := n.source.restore(ctx); err != nil {
		return night{}, err
	}
	took, err := n.night(ctx, 0)
	if err == nil && took.Changed != synthetic.EngineerCount {
		err = fmt.Errorf("%d entries had changed", took.Changed)
	}
	return took, err
}

func (t *table) add(orders int, what string, n night) {
	t.all = append(t.all, n)
	seconds := func(millis int64) string { return fmt.Sprintf("%.2f", float64(millis)/1000) }
	row := []string{
		fmt.Sprint(orders), what, seconds(n.FetchMillis), seconds(n.StageMillis), seconds(n.CompareMillis), seconds(n.ApplyMillis),
		seconds(n.TellMillis), fmt.Sprintf("%.0f", n.over), "", "",
	}
	if n.applied > 0 {
		row[8], row[9] = fmt.Sprintf("%.0f", n.acknowledged), fmt.Sprintf("%.0f", n.applied)
	}
	t.rows = append(t.rows, row)
}

func targets(t *table, few, many time.Duration) []report.Target {
	slowest := slices.MaxFunc(t.all, func(a, b night) int { return cmp.Compare(a.decided(), b.decided()) })
	largest := slices.MaxFunc(t.all, func(a, b night) int { return cmp.Compare(a.over, b.over) })
	return []report.Target{
		report.AtMost("compare and apply, the slowest night", "%.1f s", slowest.decided().Seconds(), decidedLimit),
		report.AtMost("memory over idle, the worst night", "%.0f MB", largest.over, memoryLimit),
		report.AtLeast("acknowledged, ours ÷ bare signals", "%.2f", median(t.acknowledged), rateLimit),
		report.AtLeast("applied, ours ÷ the floor", "%.2f", median(t.applied), rateLimit),
		report.AtMost("compare, apply and tell, many orders ÷ few", "%.2f", many.Seconds()/few.Seconds(), growthLimit),
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}
