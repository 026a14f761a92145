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
The message is alternately a customer's offer of a published order to an engineer, with a note, and
the withdrawal of that offer. The API checks and stores the request and stores its text. The order
decides the signal with the rows of the engineer and the employer locked. It then writes verdict,
order, event and notification and updates search attributes and timer. The answer contains the
order's card. %d orders of %d customers are open and offered to %d engineers. No two clients use
an order at once.

The floors are workflows in a separate worker with the same options and as many database
connections. The SDK signals them directly. The bare floor writes one row in a local activity for
each signal. The second floor also upserts three search attributes and restarts its timer, in the
same workflow task. The statement that writes the row also notifies the client, which is the
cheapest way to report the end of a signal.

The client is a browser for the platform and the SDK for the floors. The CPU columns show which
process an action costs. They cover the whole process during the measurement, so work that a
contestant leaves behind counts for the next one.

Beyond the second floor, the platform makes up to seven round trips to Postgres for an action; the
floor makes one. They are: the session; the order with the stored request; the text with its own
commit, before the signal; the data of the rules, with locks; the five rows of the record with the
commit; the card; the names and texts on the card. None can be omitted or moved after the answer.

Each round measures every contestant for %s in turn. The table contains medians of %d rounds; a
ratio is the median of the rounds' ratios.
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
	pl := plan{orders: 1000, rounds: 10, turns: 1, clients: []int{1, 8, 32}, lasting: 4 * time.Second}
	if s.Quick {
		pl.orders, pl.rounds = 24, 1
		pl.clients, pl.lasting = []int{1, 2}, 200*time.Millisecond
	}
	f, err := floor.Start(ctx, p, pl.orders)
	if err != nil {
		return section, err
	}
	tested, err := openPool(ctx, "platform: HTTP → verdict in the answer", p, pl.orders)
	if err != nil {
		return section, err
	}
	shown := baseline("floor with upsert and timer", p, f, floor.Shown, pl.orders)
	bare := baseline("bare floor: signal → row", p, f, floor.Bare, pl.orders)
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
			add := func(format string, of value) {
				row = append(row, fmt.Sprintf(format, c.median(clients, of)))
			}
			for _, q := range []float64{.5, .95, .99} {
				add("%.1f", func(m *measurement) float64 { return m.Quantile(q) })
			}
			add("%.0f", rate)
			for _, process := range []string{
				platform.Temporal, platform.Postgres, platform.Worker, platform.API, platform.Client,
			} {
				add("%.1f", func(m *measurement) float64 { return m.PerItem(process, len(m.Took)) })
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func targets(pl plan, tested, shown, bare *subject) []report.Target {
	const ofShown, ofBare = "that of the floor with upsert and timer", "that of the bare floor"
	found := []report.Target{
		report.AtMost("p50 with 1 client ÷ "+ofShown, "%.2f×",
			tested.medianRatio(shown, pl.clients[0], p50), 1.3),
	}
	for _, clients := range pl.clients[1:] {
		throughput := fmt.Sprintf("throughput with %d clients ÷ ", clients)
		found = append(
			found,
			report.AtLeast(throughput+ofShown, "%.2f×",
				tested.medianRatio(shown, clients, rate), 0.8),
			report.AtLeast(throughput+ofBare, "%.2f×",
				tested.medianRatio(bare, clients, rate), 0.5),
		)
	}
	return found
}
