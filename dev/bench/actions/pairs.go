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

// pairPlan is how much [Pairs] measures: so many pairs for each number of clients, each of so many turns that last so long. Turns are short,
// so that what makes the machine slower for a while falls on both.
type pairPlan struct {
	orders, pairs, turns int
	clients              []int
	lasting              time.Duration
}

func plannedPairs(s platform.Servers) pairPlan {
	if s.Quick {
		return pairPlan{orders: 24, pairs: 1, turns: 2, clients: []int{1, 2}, lasting: 100 * time.Millisecond}
	}
	return pairPlan{orders: 400, pairs: 5, turns: 10, clients: []int{1, 8}, lasting: time.Second}
}

// slower is how much slower than the base an action may become.
const slower = 1.05

const pairNote = `
The same action as above, on the platform built from %s and on the one built from this tree, each in a database and a namespace of its
own on the same servers. A pair is %d turns of each, %s long, now the one and now the other first; a ratio is this tree's ÷ the base's in one
pair, the table has the median of %d pairs and their spread.
`

// Pairs compares this tree with another commit, pair by pair.
func Pairs(base string) func(context.Context, platform.Servers) (report.Section, error) {
	return func(ctx context.Context, s platform.Servers) (report.Section, error) {
		section := report.Section{
			Title:   "Actions: this tree against another commit",
			Columns: []string{"clients", "measure", "base", "this tree", "ratio", "spread of the ratios"},
		}
		pl := plannedPairs(s)
		there, remove, err := s.At(ctx, base)
		if err != nil {
			return section, err
		}
		defer remove()
		var rivals [2]*rival // base, this tree
		for i, from := range []platform.Servers{there, s} {
			if rivals[i], err = startRival(ctx, from, pl.orders); err != nil {
				return section, err
			}
			defer rivals[i].p.Stop()
		}
		if err := rivals[0].p.Quiet(ctx); err != nil {
			return section, err
		}
		for _, clients := range pl.clients {
			measured, err := comparePairs(ctx, rivals, pl, clients)
			if err != nil {
				return section, err
			}
			for _, m := range []struct {
				name string
				of   func(load.Measure) float64
				cost bool // more is worse
			}{
				{"p50, ms", func(m load.Measure) float64 { return milliseconds(m.Quantile(.5)) }, true},
				{"finished per second", load.Measure.Rate, false},
			} {
				row, ratio := pairRow(measured, m.of)
				section.Rows = append(section.Rows, slices.Concat([]string{fmt.Sprint(clients), m.name}, row))
				what := fmt.Sprintf("%s with %d clients ÷ that of the base", m.name, clients)
				if m.cost {
					section.Targets = append(section.Targets, report.AtMost(what, "%.2f×", ratio, slower))
				} else {
					section.Targets = append(section.Targets, report.AtLeast(what, "%.2f×", ratio, 1/slower))
				}
			}
		}
		section.Note = fmt.Sprintf(pairNote, base, pl.turns, pl.lasting, pl.pairs)
		return section, nil
	}
}

// rival is a platform under comparison, with its open orders.
type rival struct {
	p *platform.Platform
	d *desk
}

func startRival(ctx context.Context, from platform.Servers, orders int) (*rival, error) {
	p, err := platform.Start(ctx, from, "pairs")
	if err != nil {
		return nil, err
	}
	d, err := open(ctx, p, orders)
	if err != nil {
		p.Stop()
		return nil, fmt.Errorf("publishing the orders: %w", err)
	}
	return &rival{p: p, d: d}, nil
}

// comparePairs measures pl.pairs pairs; the base's measure is the first of each.
func comparePairs(ctx context.Context, rivals [2]*rival, pl pairPlan, clients int) ([][2]load.Measure, error) {
	pairs := make([][2]load.Measure, pl.pairs)
	acts := [2]func(context.Context, int) error{rivals[0].d.act(clients), rivals[1].d.act(clients)}
	for i := range pairs {
		for turn := range len(rivals) * pl.turns {
			which := (turn + turn/len(rivals)) % len(rivals)
			m, err := load.For(ctx, clients, pl.lasting, acts[which])
			if err != nil {
				return nil, fmt.Errorf("pair %d, %d clients: %w", i+1, clients, err)
			}
			pairs[i][which] = pairs[i][which].And(m)
		}
		rivals[1].p.Say("%d clients: pair %d of %d", clients, i+1, pl.pairs)
	}
	return pairs, nil
}

// pairRow is a line of the table from the base's value on, and the median of the ratios.
func pairRow(pairs [][2]load.Measure, of func(load.Measure) float64) ([]string, float64) {
	var base, ours, ratios []float64
	for _, pair := range pairs {
		b, o := of(pair[0]), of(pair[1])
		base, ours, ratios = append(base, b), append(ours, o), append(ratios, o/b)
	}
	ratio := load.Median(ratios)
	return []string{
		fmt.Sprintf("%.1f", load.Median(base)), fmt.Sprintf("%.1f", load.Median(ours)), fmt.Sprintf("%.3f×", ratio),
		fmt.Sprintf("%.3f–%.3f", slices.Min(ratios), slices.Max(ratios)),
	}, ratio
}
