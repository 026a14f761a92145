package actions

import (
	"context"
	"fmt"
	"time"

	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
)

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
