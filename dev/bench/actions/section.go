package actions

import (
	"context"
	"fmt"
	"time"

	"epkr/dev/bench/floor"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
)

const note = `
The message is a customer's offer of a published order to an engineer, with a note, and in turn its withdrawal: the request is checked and
kept, its text stored, the signal judged with the engineer's and his employer's rows locked, then verdict, order, event and notification
written, search attributes and timer brought up to date, and the answer carries the order's card. %d orders of %d customers are open,
offered to %d engineers; no two clients use an order at once.

The floors are workflows in a worker of their own with the same options and as many database connections, driven straight by the SDK: a signal
and one row written by a local activity; the second one also upserts three search attributes and starts its timer anew, in the same
workflow task. Their client learns of the row by the notification of its own statement, which is the cheapest way to hear of a signal's end.

The client is a browser to the platform and the SDK to the floors. The time computed tells where an action's cost lies; it is that of the whole
process during the stretch, so what a contestant leaves behind is in the next one's.

What the platform does beyond the second floor: an action makes up to seven round trips to Postgres, the floor one. They are the session; the order
with the request that is kept; its text with a commit of its own, before anything is signalled; what the rules need, with locks; the five rows of the
record with the commit; the card; the names and texts on it. None can be left out or wait until after the answer.

Each round gives every contestant %s in turn; the table has medians of %d rounds, a ratio is the median of the rounds' ratios.
`

// Run measures actions with 1, 8 and 32 clients.
func Run(ctx context.Context, s platform.Servers) (report.Section, error) {
	section := report.Section{
		Title:   "Actions: latency and throughput",
		Columns: []string{"contestant", "clients", "p50, ms", "p95, ms", "p99, ms", "finished per second", "CPU of one, ms: Temporal", "Postgres", "worker", "apiserver", "client"},
	}
	p, err := platform.Start(ctx, s, "actions")
	if err != nil {
		return section, err
	}
	defer p.Stop()
	f, err := floor.Start(ctx, p)
	if err != nil {
		return section, err
	}
	defer f.Stop()
	pl := planned(s)
	d, err := open(ctx, p, pl.orders)
	if err != nil {
		return section, fmt.Errorf("publishing the orders: %w", err)
	}
	for _, kind := range []floor.Kind{floor.Bare, floor.Shown} {
		if err := f.Open(ctx, kind, pl.orders); err != nil {
			return section, err
		}
	}
	all := contestants(p, d, f, pl.orders)
	if err := contest(ctx, p, pl, all); err != nil {
		return section, err
	}
	section.Rows = rows(pl, all)
	section.Targets = targets(pl, all)
	section.Note = fmt.Sprintf(note, pl.orders, customers, engineers, pl.lasting, pl.rounds)
	return section, nil
}

func rows(pl plan, all []*contestant) (rows [][]string) {
	for _, clients := range pl.clients {
		for _, c := range all {
			row := []string{c.name, fmt.Sprint(clients)}
			for _, q := range []float64{.5, .95, .99} {
				row = append(row, fmt.Sprintf("%.1f", c.median(clients, func(s stretch) float64 { return milliseconds(s.Quantile(q)) })))
			}
			row = append(row, fmt.Sprintf("%.0f", c.median(clients, rate)))
			for _, process := range []string{platform.Temporal, platform.Postgres, platform.Worker, platform.API, platform.Client} {
				row = append(row, fmt.Sprintf("%.1f", c.median(clients, func(s stretch) float64 { return s.CPU.Each(process, len(s.Took)) })))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func p50(s stretch) float64  { return milliseconds(s.Quantile(.5)) }
func rate(s stretch) float64 { return s.Rate() }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (c *contestant) median(clients int, of func(stretch) float64) float64 {
	var values []float64
	for _, s := range c.stretches[clients] {
		values = append(values, of(s))
	}
	return load.Median(values)
}

// against is the median of the rounds' ratios c ÷ other.
func (c *contestant) against(other *contestant, clients int, of func(stretch) float64) float64 {
	var ratios []float64
	for round, s := range c.stretches[clients] {
		ratios = append(ratios, of(s)/of(other.stretches[clients][round]))
	}
	return load.Median(ratios)
}

func targets(pl plan, all []*contestant) []report.Target {
	ours, shown, bare := all[0], all[1], all[2]
	found := []report.Target{
		report.AtMost("p50 with 1 client ÷ that of the floor with upsert and timer", "%.2f×", ours.against(shown, pl.clients[0], p50), 1.3),
	}
	for _, clients := range pl.clients[1:] {
		found = append(found,
			report.AtLeast(fmt.Sprintf("throughput with %d clients ÷ that of the floor with upsert and timer", clients), "%.2f×",
				ours.against(shown, clients, rate), 0.8),
			report.AtLeast(fmt.Sprintf("throughput with %d clients ÷ that of the bare floor", clients), "%.2f×",
				ours.against(bare, clients, rate), 0.5),
		)
	}
	return found
}
