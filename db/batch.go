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

// BatchFunc asks for what it needs by queries, one after another. Several run as a batch.
type BatchFunc func(*sqlcgen.Queries) error

// Batch runs functions in few round trips. The first queries of all functions are sent together, then the second ones,
// until all functions have returned. The error is that of the first function that has one. The functions take turns
// and never run at once, so they may share variables. Each query sees what was committed before it: there is no
// common snapshot. A function that waits for anything but its own queries holds up all others.
func (s *Store) Batch(ctx context.Context, functions ...BatchFunc) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("taking a connection: %w", err)
	}
	defer conn.Release()
	return pipelineOn(conn.Conn()).Batch(ctx, functions...)
}

// Batch runs functions in few round trips, as [Store.Batch] does. What a function gives to Deferred is sent before its
// next query.
func (p *Pipeline) Batch(ctx context.Context, functions ...BatchFunc) error {
	errs := make([]error, len(functions))
	for i, function := range functions {
		b := &batchQuery{p: p}
		next, stop := iter.Pull(func(wait func(struct{}) bool) {
			b.wait = wait
			errs[i] = function(sqlcgen.New(pipelineDBTX{p, b.ask}))
		})
		defer stop()
		b.resume = next
		next() // up to its first query
	}
	for slices.ContainsFunc(p.waiting, func(by *batchQuery) bool { return by != nil }) {
		errs = append(errs, p.answer(ctx))
	}
	return cmp.Or(errs...)
}

// batchQuery is the query that a [BatchFunc] waits for.
type batchQuery struct {
	p *Pipeline
	// wait yields until the answer has come; false means that none will.
	wait    func(struct{}) bool
	resume  func() (struct{}, bool)
	results pgx.BatchResults
}

var errUnanswered = errors.New("another query of the batch failed")

func (b *batchQuery) ask(_ context.Context, statement string, args []any) (pgx.BatchResults, error) {
	b.p.queue(b, statement, args)
	if !b.wait(struct{}{}) {
		return nil, errUnanswered
	}
	return b.results, nil
}

// answer makes one round trip and resumes each function with its answer, up to its next query.
func (p *Pipeline) answer(ctx context.Context) error {
	results, waiting := p.send(ctx)
	for _, by := range waiting {
		if by == nil {
			_, _ = results.Exec() // what is wrong, everything after it says, and the end
			continue
		}
		by.results = shared{results}
		by.resume()
	}
	return results.Close()
}

// shared are results that hold the answers to other queries, too.
type shared struct{ pgx.BatchResults }

// Close leaves them open for the others.
func (shared) Close() error { return nil }
