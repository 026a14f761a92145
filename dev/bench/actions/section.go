package actions

import (
	"context"
	"fmt"
	"time"

	"epkr/dev/bench/floor"
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
	pl := plan{orders: 1000, rounds: 10, turns: 1, clients: []int{1, 8, 32}, lasting: 4 * time.Second}
	if s.Quick {
		pl = plan{orders: 24, rounds: 1, turns: 1, clients: []int{1, 2}, lasting: 200 * time.Millisecond}
	}
	tested, err := open(ctx, "platform: HTTP → verdict in the answer", p, pl.orders)
	if err != nil {
		return section, err
	}
	for _, kind := range []floor.Kind{floor.Bare, floor.Shown} {
		if err := f.Open(ctx, kind, pl.orders); err != nil {
			return section, err
		}
	}
	shown := baselineSubject("floor with upsert and timer", p, f, floor.Shown, pl.orders)
	bare := baselineSubject("bare floor: signal → row", p, f, floor.Bare, pl.orders)
	if err := compare(ctx, pl, tested, shown, bare); err != nil {
		return section, err
	}
	section.Rows = rows(pl, tested, shown, bare)
	section.Targets = targets(pl, tested, shown, bare)
	section.Note = fmt.Sprintf(note, pl.orders, customers, engineers, pl.lasting, pl.rounds)
	return section, nil
}

func rows(pl plan, all ...*subject) (rows [][]string) {
	for _, clients := range pl.clients {
		for _, c := range all {
			row := []string{c.name, fmt.Sprint(clients)}
			for _, q := range []float64{.5, .95, .99} {
				row = append(row, fmt.Sprintf("%.1f", c.median(clients, func(s measurement) float64 { return milliseconds(s.Quantile(q)) })))
			}
			row = append(row, fmt.Sprintf("%.0f", c.median(clients, rate)))
			for _, process := range []string{platform.Temporal, platform.Postgres, platform.Worker, platform.API, platform.Client} {
				row = append(row, fmt.Sprintf("%.1f", c.median(clients, func(s measurement) float64 { return s.CPU.PerItem(process, len(s.Took)) })))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func targets(pl plan, tested, shown, bare *subject) []report.Target {
	found := []report.Target{
		report.AtMost("p50 with 1 client ÷ that of the floor with upsert and timer", "%.2f×", tested.medianRatio(shown, pl.clients[0], p50), 1.3),
	}
	for _, clients := range pl.clients[1:] {
		found = append(found,
			report.AtLeast(fmt.Sprintf("throughput with %d clients ÷ that of the floor with upsert and timer", clients), "%.2f×",
				tested.medianRatio(shown, clients, rate), 0.8),
			report.AtLeast(fmt.Sprintf("throughput with %d clients ÷ that of the bare floor", clients), "%.2f×",
				tested.medianRatio(bare, clients, rate), 0.5),
		)
	}
	return found
}
