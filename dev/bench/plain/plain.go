package plain

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/dev/bench/child"
	"epkr/dev/bench/load"
	"epkr/dev/bench/path"
	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/internal/order"
)

const note = `
Whole orders along path a, %d clients, each playing one order after the other: signals by the SDK without HTTP. The platform's client hears of the
verdict's row by its notification and reads it; the plain way's client asks the workflow by a query every %s until it knows the verdict. The plain
workflow judges by the same rules, and has the same search attributes and timer; every row of the platform's record is a normal activity that
inserts one small row. Texts and files are the same rows for both. Each round gives each way at least %s; medians of %d rounds, the ratio is the
median of the rounds' ratios.
`

// Run plays whole orders in both ways.
func Run(ctx context.Context, s platform.Servers) (report.Section, error) {
	section := report.Section{Title: "The same path built the plain way", Columns: []string{"way", "orders per minute", "p50 of an order, ms"}}
	p, err := platform.Start(ctx, s, "plain")
	if err != nil {
		return section, err
	}
	defer p.Stop()
	c, err := prepare(ctx, p)
	if err != nil {
		return section, err
	}
	defer c.stop()
	clients, rounds, lasting := s.Either(8, 2), s.Either(3, 1), time.Duration(s.Either(15_000, 10))*time.Millisecond
	var measures [2][]load.Measure
	for round := range rounds {
		for turn := range c.ways {
			i := (round + turn) % len(c.ways)
			m, err := load.For(ctx, clients, lasting, func(ctx context.Context, client int) error { return c.play(ctx, c.ways[i], client) })
			if err != nil {
				return section, fmt.Errorf("%s: %w", names[i], err)
			}
			measures[i] = append(measures[i], m)
		}
	}
	var ratios []float64
	for round := range rounds {
		ratios = append(ratios, measures[0][round].Rate()/measures[1][round].Rate())
	}
	for i, name := range names {
		section.Rows = append(section.Rows, []string{name, fmt.Sprintf("%.0f", median(measures[i], perMinute)), fmt.Sprintf("%.0f", median(measures[i], p50))})
	}
	section.Targets = []report.Target{report.AtLeast("orders per minute, the platform's ÷ the plain way's", "%.1f×", load.Median(ratios), 2)}
	section.Note = fmt.Sprintf(note, clients, askEvery, lasting, rounds)
	return section, nil
}

var names = [2]string{"platform", "plain"}

func perMinute(m load.Measure) float64 { return 60 * m.Rate() }
func p50(m load.Measure) float64       { return float64(m.Quantile(.5).Milliseconds()) }

func median(measures []load.Measure, of func(load.Measure) float64) float64 {
	var values []float64
	for _, m := range measures {
		values = append(values, of(m))
	}
	return load.Median(values)
}

// comparison is the two ways and the people who go them.
type comparison struct {
	*platform.Platform
	ways                 [2]way
	customers, engineers []people.Person
	stops                []func()
}

func (c *comparison) stop() {
	for _, stop := range c.stops {
		stop()
	}
}

// crowd is how many customers and engineers there are.
const crowd = 16

func prepare(ctx context.Context, p *platform.Platform) (_ *comparison, err error) {
	c := &comparison{Platform: p}
	defer func() {
		if err != nil {
			c.stop()
		}
	}()
	if c.customers, c.engineers, err = people.Settle(ctx, p, crowd, crowd); err != nil {
		return nil, err
	}
	if _, err := p.Database.ExecContext(ctx, makeRows); err != nil {
		return nil, fmt.Errorf("making the plain way's table: %w", err)
	}
	process, err := child.Start(ctx, p, Worker().Name, p.OwnDatabaseURL)
	if err != nil {
		return nil, err
	}
	c.stops = append(c.stops, process.Stop)
	listening, err := listen(ctx, p)
	if err != nil {
		return nil, err
	}
	c.stops = append(c.stops, listening.stop)
	c.ways = [2]way{listening, plainly{p}}
	return c, nil
}

// play leads one order from the draft to the mark.
func (c *comparison) play(ctx context.Context, w way, client int) error {
	customer, engineer := c.customers[client%crowd].Actor, c.engineers[client%crowd].Actor
	id := uuid.New()
	tell := func(by order.Actor, kind order.Kind, details, text any) error {
		m, err := message(ctx, c.Platform, id, by, kind, details, text)
		if err != nil {
			return err
		}
		if err := w.tell(ctx, id, m); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		return nil
	}
	if err := tell(customer, order.Create, nil, nil); err != nil {
		return err
	}
	return path.Play(customer, engineer, people.Region, store(ctx, c.Platform, id), func(s path.Step) error {
		return tell(s.By, s.Kind, s.Details, s.Text)
	})
}
