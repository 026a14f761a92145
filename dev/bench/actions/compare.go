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

// plan is the amount of measuring: for each number of clients several rounds, and in each round
// several turns of every subject.
type plan struct {
	orders, rounds, turns int
	clients               []int
	lasting               time.Duration
}

// measurement is the result of one subject's turns in a round, with the processor time of its
// processes.
type measurement struct {
	load.Measure
	platform.CPU
}

// subject is one of the systems that are compared.
type subject struct {
	name string
	// on is the platform whose servers the subject uses.
	on *platform.Platform
	// act performs an action on one of the items (orders or workflows).
	act   func(ctx context.Context, item int) error
	items int
	next  []int // by client: the number of actions
	// processes are the subject's processes, by their names in the table.
	processes map[string]int
	profiled  bool
	// measurements has one entry for each round, by number of clients.
	measurements map[int][]measurement
}

// compare runs the turns of all subjects in every round, in changing order, so that neither a drift
// of the machine's speed nor leftovers of the previous turn favour one of them. It starts when the
// servers are idle.
func compare(ctx context.Context, pl plan, all ...*subject) error {
	p := all[0].on
	p.Progressf("waiting until the servers are quiet")
	if err := p.AwaitQuiet(ctx); err != nil {
		return err
	}
	for _, clients := range pl.clients {
		for _, c := range all {
			c.next = make([]int, clients)
			c.measurements[clients] = make([]measurement, pl.rounds)
		}
		for round := range pl.rounds {
			p.Progressf("%d clients: round %d of %d", clients, round+1, pl.rounds)
			for turn := range pl.turns * len(all) {
				c := all[(round+turn+turn/len(all))%len(all)]
				if err := c.runTurn(ctx, clients, round, pl.lasting); err != nil {
					return fmt.Errorf("%s, %d clients: %w", c.name, clients, err)
				}
			}
		}
	}
	return nil
}

// runTurn adds one turn to the measurement of a round. Each client acts on one after another of its
// items; clients share no item.
func (c *subject) runTurn(ctx context.Context, clients, round int, lasting time.Duration) error {
	m := &c.measurements[clients][round]
	run := func() error {
		return m.For(ctx, clients, lasting, func(ctx context.Context, client int) error {
			item := client + c.next[client]%(c.items/clients)*clients
			c.next[client]++
			return c.act(ctx, item)
		})
	}
	spent, err := c.on.Measure(c.processes, func() error {
		if !c.profiled {
			return run()
		}
		return c.on.Profiled(ctx, fmt.Sprintf("actions-%d-clients", clients), lasting, run)
	})
	m.CPU = m.CPU.Add(spent, 1)
	return err
}

// value is a number of a measurement; target compares its ratio with a limit.
type value struct {
	name   string
	of     func(*measurement) float64
	target func(what, format string, measured, limit float64) report.Target
}

var (
	p50  = value{"p50, ms", func(m *measurement) float64 { return m.Quantile(.5) }, report.AtMost}
	rate = value{"finished per second", (*measurement).Rate, report.AtLeast}
)

// against compares the ratio to the other subject with a limit: the median and the spread of the
// rounds' ratios.
func (c *subject) against(other *subject, clients int, v value, limit float64) report.Target {
	var ratios []float64
	for i := range c.measurements[clients] {
		theirs := v.of(&other.measurements[clients][i])
		ratios = append(ratios, v.of(&c.measurements[clients][i])/theirs)
	}
	what := fmt.Sprintf("%s with %d clients ÷ that of the %s", v.name, clients, other.name)
	t := v.target(what, "%.2f×", load.Median(ratios), limit)
	t.Measured += fmt.Sprintf(" (%.2f–%.2f)", slices.Min(ratios), slices.Max(ratios))
	return t
}

var processes = []string{
	platform.Temporal, platform.Postgres, platform.Worker, platform.API, platform.Client,
}

// section returns a section with the medians of the rounds.
func section(title string, pl plan, all ...*subject) report.Section {
	s := report.Section{Title: title, Columns: []string{
		"system", "clients", "p50, ms", "p95, ms", "p99, ms", "finished per second",
		"CPU of one, ms: Temporal", "Postgres", "worker", "apiserver", "client",
	}}
	for _, clients := range pl.clients {
		for _, c := range all {
			row := []string{c.name, fmt.Sprint(clients)}
			add := func(format string, of func(*measurement) float64) {
				var values []float64
				for i := range c.measurements[clients] {
					values = append(values, of(&c.measurements[clients][i]))
				}
				row = append(row, fmt.Sprintf(format, load.Median(values)))
			}
			for _, q := range []float64{.5, .95, .99} {
				add("%.1f", func(m *measurement) float64 { return m.Quantile(q) })
			}
			add("%.0f", rate.of)
			for _, process := range processes {
				add("%.1f", func(m *measurement) float64 { return m.PerItem(process, len(m.Took)) })
			}
			s.Rows = append(s.Rows, row)
		}
	}
	return s
}
