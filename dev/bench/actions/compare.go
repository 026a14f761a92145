package actions

import (
	"context"
	"fmt"
	"time"

	"epkr/dev/bench/floor"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
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
	on  *platform.Platform
	act func(clients int) func(context.Context, int) error
	// processes are the subject's processes, by their names in the table.
	processes map[string]int
	profiled  bool
	// measurements has one entry for each round, by number of clients.
	measurements map[int][]measurement
}

// baselineSubject returns a baseline on a platform as a subject.
func baselineSubject(name string, p *platform.Platform, f *floor.Baseline, kind floor.Kind, workflows int) *subject {
	return &subject{
		name: name, on: p, processes: map[string]int{platform.Worker: f.PID()}, measurements: map[int][]measurement{},
		act: func(clients int) func(context.Context, int) error { return step(f, kind, clients, workflows) },
	}
}

// open publishes orders on a platform and returns it as a subject.
func open(ctx context.Context, name string, p *platform.Platform, orders int) (*subject, error) {
	d, err := openPool(ctx, p, orders)
	if err != nil {
		return nil, fmt.Errorf("publishing the orders: %w", err)
	}
	return &subject{
		name: name, on: p, act: d.act, profiled: true, measurements: map[int][]measurement{},
		processes: map[string]int{platform.Worker: p.Worker.PID(), platform.API: p.API.PID()},
	}, nil
}

// compare runs the turns of all subjects in every round, in changing order, so that neither a drift
// of the machine's speed nor leftovers of the previous turn favour one of them. It starts when the
// servers are idle.
func compare(ctx context.Context, pl plan, all ...*subject) error {
	all[0].on.Progressf("waiting until the servers are quiet")
	if err := all[0].on.AwaitQuiet(ctx); err != nil {
		return err
	}
	for _, clients := range pl.clients {
		for round := range pl.rounds {
			acts := make([]func(context.Context, int) error, len(all))
			for i, c := range all {
				acts[i] = c.act(clients)
			}
			all[0].on.Progressf("%d clients: round %d of %d", clients, round+1, pl.rounds)
			for turn := range pl.turns * len(all) {
				i := (round + turn + turn/len(all)) % len(all)
				s, err := all[i].runTurn(ctx, clients, pl.lasting, acts[i])
				if err != nil {
					return fmt.Errorf("%s, %d clients: %w", all[i].name, clients, err)
				}
				all[i].record(clients, round, s)
			}
		}
	}
	return nil
}

// record adds a turn to the measurement of its round.
func (c *subject) record(clients, round int, s measurement) {
	if of := c.measurements[clients]; round < len(of) {
		of[round] = measurement{of[round].Measure.Add(s.Measure), of[round].CPU.Add(s.CPU)}
		return
	}
	c.measurements[clients] = append(c.measurements[clients], s)
}

// runTurn measures one turn.
func (c *subject) runTurn(ctx context.Context, clients int, lasting time.Duration, act func(context.Context, int) error) (s measurement, err error) {
	before, err := c.on.ReadCPU(c.processes)
	if err != nil {
		return s, err
	}
	run := func() (err error) {
		s.Measure, err = load.For(ctx, clients, lasting, act)
		return err
	}
	if c.profiled {
		err = c.on.Profiled(ctx, fmt.Sprintf("actions-%d-clients", clients), run)
	} else {
		err = run()
	}
	if err != nil {
		return s, err
	}
	after, err := c.on.ReadCPU(c.processes)
	s.CPU = after.Since(before)
	return s, err
}

func p50(s measurement) float64  { return milliseconds(s.Quantile(.5)) }
func rate(s measurement) float64 { return s.Rate() }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (c *subject) median(clients int, of func(measurement) float64) float64 {
	var values []float64
	for _, s := range c.measurements[clients] {
		values = append(values, of(s))
	}
	return load.Median(values)
}

// ratios returns the ratios of the rounds, c ÷ other.
func (c *subject) ratios(other *subject, clients int, of func(measurement) float64) []float64 {
	var ratios []float64
	for round, s := range c.measurements[clients] {
		ratios = append(ratios, of(s)/of(other.measurements[clients][round]))
	}
	return ratios
}

func (c *subject) medianRatio(other *subject, clients int, of func(measurement) float64) float64 {
	return load.Median(c.ratios(other, clients, of))
}
