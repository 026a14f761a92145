package actions

import (
	"context"
	"fmt"
	"time"

	"epkr/dev/bench/floor"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
)

// plan is how much is measured: with each number of clients so many rounds, in each of which every contestant has so many turns.
type plan struct {
	orders, rounds, turns int
	clients               []int
	lasting               time.Duration
}

// stretch is what came of one contestant's turns in a round, and what its processes computed for it.
type stretch struct {
	load.Measure
	platform.CPU
}

// contestant is one of those that are compared.
type contestant struct {
	name string
	// on is the platform whose servers it uses.
	on  *platform.Platform
	act func(clients int) func(context.Context, int) error
	// processes are those that work for it, by what they are called in the table.
	processes map[string]int
	profiled  bool
	// stretches are by number of clients, one a round.
	stretches map[int][]stretch
}

// floorOf is a floor on a platform as a contestant.
func floorOf(name string, p *platform.Platform, f *floor.Floor, kind floor.Kind, workflows int) *contestant {
	return &contestant{
		name: name, on: p, processes: map[string]int{platform.Worker: f.PID()}, stretches: map[int][]stretch{},
		act: func(clients int) func(context.Context, int) error { return step(f, kind, clients, workflows) },
	}
}

// open publishes so many orders on a platform, which with them is a contestant.
func open(ctx context.Context, name string, p *platform.Platform, orders int) (*contestant, error) {
	d, err := openDesk(ctx, p, orders)
	if err != nil {
		return nil, fmt.Errorf("publishing the orders: %w", err)
	}
	return &contestant{
		name: name, on: p, act: d.act, profiled: true, stretches: map[int][]stretch{},
		processes: map[string]int{platform.Worker: p.Worker.PID(), platform.API: p.API.PID()},
	}, nil
}

// contest gives every contestant its turns in every round, each time in another order, so that neither a drifting machine nor what
// one leaves to the next decides. It begins when the servers are quiet.
func contest(ctx context.Context, pl plan, all ...*contestant) error {
	all[0].on.Say("waiting until the servers are quiet")
	if err := all[0].on.Quiet(ctx); err != nil {
		return err
	}
	for _, clients := range pl.clients {
		for round := range pl.rounds {
			acts := make([]func(context.Context, int) error, len(all))
			for i, c := range all {
				acts[i] = c.act(clients)
			}
			all[0].on.Say("%d clients: round %d of %d", clients, round+1, pl.rounds)
			for turn := range pl.turns * len(all) {
				i := (round + turn + turn/len(all)) % len(all)
				s, err := all[i].take(ctx, clients, pl.lasting, acts[i])
				if err != nil {
					return fmt.Errorf("%s, %d clients: %w", all[i].name, clients, err)
				}
				all[i].keep(clients, round, s)
			}
		}
	}
	return nil
}

// keep adds a turn to those of the round.
func (c *contestant) keep(clients, round int, s stretch) {
	if of := c.stretches[clients]; round < len(of) {
		of[round] = stretch{of[round].Measure.And(s.Measure), of[round].CPU.And(s.CPU)}
		return
	}
	c.stretches[clients] = append(c.stretches[clients], s)
}

// take is one turn.
func (c *contestant) take(ctx context.Context, clients int, lasting time.Duration, act func(context.Context, int) error) (s stretch, err error) {
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

// ratios are those of the rounds, c ÷ other.
func (c *contestant) ratios(other *contestant, clients int, of func(stretch) float64) []float64 {
	var ratios []float64
	for round, s := range c.stretches[clients] {
		ratios = append(ratios, of(s)/of(other.stretches[clients][round]))
	}
	return ratios
}

func (c *contestant) against(other *contestant, clients int, of func(stretch) float64) float64 {
	return load.Median(c.ratios(other, clients, of))
}
