package db

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/jackc/pgx/v5"

	"epkr/db/sqlcgen"
)

// Question asks queries for what it wants to know. Several are put together.
type Question func(*sqlcgen.Queries) error

// Together puts questions in few round trips: the first query of each goes with the first ones of the others, then the second of each,
// until all have ended. The error is that of the first question that has one. They take turns and never run at once, so that they may share
// variables; a query sees what was committed before it, not one moment for all. A question that waits for anything but its own queries
// holds all of them up.
func (s *Store) Together(ctx context.Context, questions ...Question) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("taking a connection: %w", err)
	}
	defer conn.Release()
	return pipelineOn(conn.Conn()).Together(ctx, questions...)
}

// Together puts questions in few round trips, as [Store.Together] does. What a question asks of Later is sent before its next query.
func (p *Pipeline) Together(ctx context.Context, questions ...Question) error {
	errs := make([]error, len(questions))
	for i, question := range questions {
		a := &asker{p: p}
		next, stop := iter.Pull(func(wait func(struct{}) bool) {
			a.wait = wait
			errs[i] = question(sqlcgen.New(hand{p, a.ask}))
		})
		defer stop()
		a.resume = next
		next() // up to its first query
	}
	for slices.ContainsFunc(p.askers, func(by *asker) bool { return by != nil }) {
		errs = append(errs, p.answer(ctx))
	}
	return cmp.Or(errs...)
}

// asker is a question on its way.
type asker struct {
	p *Pipeline
	// wait gives way until the answer has come; false means that none will.
	wait    func(struct{}) bool
	resume  func() (struct{}, bool)
	results pgx.BatchResults
}

var errUnanswered = errors.New("another question failed in the middle of its work")

func (a *asker) ask(_ context.Context, statement string, args []any) (pgx.BatchResults, error) {
	a.p.queue(a, statement, args)
	if !a.wait(struct{}{}) {
		return nil, errUnanswered
	}
	return a.results, nil
}

// answer makes one round trip and lets each asker go on with his answer, up to his next query.
func (p *Pipeline) answer(ctx context.Context) error {
	results, askers := p.send(ctx)
	for _, by := range askers {
		if by == nil {
			_, _ = results.Exec() // what is wrong, everything after it says, and the end
			continue
		}
		by.results = shared{results}
		by.resume()
	}
	return results.Close()
}

// shared are results that hold the answers to others, too.
type shared struct{ pgx.BatchResults }

// Close leaves them open for the others.
func (shared) Close() error { return nil }
