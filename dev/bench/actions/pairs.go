package actions

import (
	"context"
	"fmt"
	"slices"
	"time"

	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
)

// slower is the limit of the ratio of this tree's latency to the base's.
const slower = 1.05

const pairNote = `
The same action as above, on the platform built from %s and on the one built from this tree, each in a database and a namespace of its
own on the same servers. A pair is %d turns of each, %s long, now the one and now the other first; a ratio is this tree's ÷ the base's in one
pair, the table has the median of %d pairs and their spread.
`

// Pairs returns a benchmark that compares this tree with another commit, pair by pair.
func Pairs(commit string) func(context.Context, platform.Servers) (report.Section, error) {
	return func(ctx context.Context, s platform.Servers) (report.Section, error) {
		section := report.Section{
			Title:   "Actions: this tree against another commit",
			Columns: []string{"clients", "measure", "base", "this tree", "ratio", "spread of the ratios"},
		}
		// Turns are short, so that a temporary slowdown of the machine affects both.
		pl := plan{orders: 400, rounds: 5, turns: 10, clients: []int{1, 8}, lasting: time.Second}
		if s.Quick {
			pl.orders, pl.rounds, pl.turns = 24, 1, 2
			pl.clients, pl.lasting = []int{1, 2}, 100*time.Millisecond
		}
		there, err := s.At(ctx, commit)
		if err != nil {
			return section, err
		}
		var both [2]*subject // base, this tree
		for i, from := range []platform.Servers{there, s} {
			p, err := platform.Start(ctx, from, "pairs")
			if err != nil {
				return section, err
			}
			name := []string{"base", "this tree"}[i]
			if both[i], err = openPool(ctx, name, p, pl.orders); err != nil {
				return section, err
			}
		}
		base, current := both[0], both[1]
		if err := compare(ctx, pl, base, current); err != nil {
			return section, err
		}
		for _, clients := range pl.clients {
			against := fmt.Sprintf(" with %d clients ÷ that of the base", clients)
			section.Targets = append(
				section.Targets,
				report.AtMost("p50, ms"+against, "%.2f×",
					current.medianRatio(base, clients, p50), slower),
				report.AtLeast("finished per second"+against, "%.2f×",
					current.medianRatio(base, clients, rate), 1/slower),
			)
			section.Rows = append(
				section.Rows,
				pairRow("p50, ms", base, current, clients, p50),
				pairRow("finished per second", base, current, clients, rate),
			)
		}
		section.Note = fmt.Sprintf(pairNote, commit, pl.turns, pl.lasting, pl.rounds)
		return section, nil
	}
}

func pairRow(measure string, base, current *subject, clients int, of value) []string {
	ratios := current.ratios(base, clients, of)
	return []string{
		fmt.Sprint(clients), measure,
		fmt.Sprintf("%.1f", base.median(clients, of)), fmt.Sprintf("%.1f", current.median(clients, of)),
		fmt.Sprintf("%.3f×", load.Median(ratios)),
		fmt.Sprintf("%.3f–%.3f", slices.Min(ratios), slices.Max(ratios)),
	}
}
