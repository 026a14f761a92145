package actions

import (
	"context"
	"fmt"
	"time"

	"epkr/dev/bench/floor"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
)

// plan is how much is measured.
type plan struct {
	orders, rounds int
	clients        []int
	lasting        time.Duration
}

func planned(s platform.Servers) plan {
	if s.Quick {
		return plan{orders: 24, rounds: 1, clients: []int{1, 2}, lasting: 200 * time.Millisecond}
	}
	return plan{orders: 1000, rounds: 10, clients: []int{1, 8, 32}, lasting: 4 * time.Second}
}

// stretch is what came of one contestant's turn, and what its processes computed for it.
type stretch struct {
	load.Measure
	platform.CPU
}

// contestant is one of the three that are compared.
type contestant struct {
	name string
	act  func(clients int) func(context.Context, int) error
	// processes are those that work for it, by what they are called in the table.
	processes map[string]int
	profiled  bool
	// stretches are by number of clients, one a round.
	stretches map[int][]stretch
}

func contestants(p *platform.Platform, d *desk, f *floor.Floor, workflows int) []*contestant {
	against := func(name string, kind floor.Kind) *contestant {
		return &contestant{
			name: name, processes: map[string]int{platform.Worker: f.PID()}, stretches: map[int][]stretch{},
			act: func(clients int) func(context.Context, int) error { return step(f, kind, clients, workflows) },
		}
	}
	ours := &contestant{
		name: "platform: HTTP → verdict in the answer", act: d.act, profiled: true, stretches: map[int][]stretch{},
		processes: map[string]int{platform.Worker: p.Worker.PID(), platform.API: p.API.PID()},
	}
	return []*contestant{ours, against("floor with upsert and timer", floor.Shown), against("bare floor: signal → row", floor.Bare)}
}

// contest gives every contestant its turn in every round, each round in another order, so that neither a drifting machine nor what one
// leaves to the next decides. It begins when the servers are quiet.
func contest(ctx context.Context, p *platform.Platform, pl plan, all []*contestant) error {
	p.Say("waiting until the servers are quiet")
	if err := p.Quiet(ctx); err != nil {
		return err
	}
	for _, clients := range pl.clients {
		for round := range pl.rounds {
			for turn := range all {
				c := all[(round+turn)%len(all)]
				s, err := c.take(ctx, p, clients, pl.lasting)
				if err != nil {
					return fmt.Errorf("%s, %d clients: %w", c.name, clients, err)
				}
				c.stretches[clients] = append(c.stretches[clients], s)
			}
		}
	}
	return nil
}

// take is one turn.
func (c *contestant) take(ctx context.Context, p *platform.Platform, clients int, lasting time.Duration) (s stretch, err error) {
	before, err := p.ReadCPU(c.processes)
	if err != nil {
		return s, err
	}
	run := func() (err error) {
		s.Measure, err = load.For(ctx, clients, lasting, c.act(clients))
		return err
	}
	if c.profiled {
		err = p.Profiled(ctx, fmt.Sprintf("actions-%d-clients", clients), run)
	} else {
		err = run()
	}
	if err != nil {
		return s, err
	}
	after, err := p.ReadCPU(c.processes)
	s.CPU = after.Since(before)
	return s, err
}
