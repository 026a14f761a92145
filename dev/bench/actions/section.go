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
func Run(ctx context.Context, s platform.Servers) (found report.Section, err error) {
	pl := plan{orders: 1000, rounds: 10, turns: 1, clients: []int{1, 8, 32}, lasting: 4 * time.Second}
	if s.Quick {
		pl.orders, pl.rounds = 24, 1
		pl.clients, pl.lasting = []int{1, 2}, 200*time.Millisecond
	}
	tested, err := start(ctx, s, "platform", pl.orders)
	if err != nil {
		return found, err
	}
	f, err := floor.Start(ctx, tested.on, pl.orders)
	if err != nil {
		return found, err
	}
	shown, bare := baseline(tested.on, f, floor.Shown), baseline(tested.on, f, floor.Bare)
	if err := compare(ctx, pl, tested, shown, bare); err != nil {
		return found, err
	}
	found = section("Actions: latency and throughput", pl, tested, shown, bare)
	found.Targets = []report.Target{tested.against(shown, pl.clients[0], p50, 1.3)}
	for _, clients := range pl.clients[1:] {
		found.Targets = append(
			found.Targets, tested.against(shown, clients, rate, 0.8),
			tested.against(bare, clients, rate, 0.5),
		)
	}
	found.Note = fmt.Sprintf(note, pl.orders, customers, engineers, pl.lasting, pl.rounds)
	return found, nil
}

// slower is the limit of the ratio of this tree's latency to the base's.
const slower = 1.05

const pairNote = `
The same action as above, on the platform built from %s and on the one built from this tree, each in
a database and a namespace of its own on the same servers. A pair is %d turns of each, %s long, now
the one and now the other first; a ratio is this tree's ÷ the base's in one pair. The table has the
median of %d pairs, the targets have the median and the spread of their ratios.
`

// Pairs returns a benchmark that compares this tree with another commit, pair by pair.
func Pairs(commit string) func(context.Context, platform.Servers) (report.Section, error) {
	return func(ctx context.Context, s platform.Servers) (found report.Section, err error) {
		// Turns are short, so that a temporary slowdown of the machine affects both.
		pl := plan{orders: 400, rounds: 5, turns: 10, clients: []int{1, 8}, lasting: time.Second}
		if s.Quick {
			pl.orders, pl.rounds, pl.turns = 24, 1, 2
			pl.clients, pl.lasting = []int{1, 2}, 100*time.Millisecond
		}
		there, err := s.At(ctx, commit)
		if err != nil {
			return found, err
		}
		base, err := start(ctx, there, "base", pl.orders)
		if err != nil {
			return found, err
		}
		current, err := start(ctx, s, "this tree", pl.orders)
		if err != nil {
			return found, err
		}
		if err := compare(ctx, pl, base, current); err != nil {
			return found, err
		}
		found = section("Actions: this tree against another commit", pl, base, current)
		for _, clients := range pl.clients {
			found.Targets = append(
				found.Targets, current.against(base, clients, p50, slower),
				current.against(base, clients, rate, 1/slower),
			)
		}
		found.Note = fmt.Sprintf(pairNote, commit, pl.turns, pl.lasting, pl.rounds)
		return found, nil
	}
}
