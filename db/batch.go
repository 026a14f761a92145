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

// BatchFunc runs queries one after another. [Store.Batch] runs several BatchFuncs in the same round
// trips.
type BatchFunc func(*sqlcgen.Queries) error

// Batch runs functions in few round trips. The first queries of all functions are sent together,
// then the second ones, until all functions have returned. The error is that of the first function
// that returns one. The functions take turns and never run concurrently, so they may share
// variables. Each query sees what was committed before it: there is no common snapshot. A function
// that waits for anything but its own queries delays all others.
func (s *Store) Batch(ctx context.Context, functions ...BatchFunc) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("taking a connection: %w", err)
	}
	defer conn.Release()
	return newPipeline(conn.Conn()).Batch(ctx, functions...)
}

// Batch runs functions in few round trips, as [Store.Batch] does. A statement that a function
// passes to Deferred is sent before the function's next query.
func (p *Pipeline) Batch(ctx context.Context, functions ...BatchFunc) error {
	errs := make([]error, len(functions))
	for i, function := range functions {
		b := &batchQuery{p: p}
		next, stop := iter.Pull(func(wait func(struct{}) bool) {
			b.wait = wait
			errs[i] = function(sqlcgen.New(pipelineDBTX{p, b.await}))
		})
		defer stop()
		b.resume = next
		next() // up to its first query
	}
	for slices.ContainsFunc(p.waiting, func(by *batchQuery) bool { return by != nil }) {
		errs = append(errs, p.roundTrip(ctx))
	}
	return cmp.Or(errs...)
}

// batchQuery is the query of a [BatchFunc] that waits for its result.
type batchQuery struct {
	p *Pipeline
	// wait yields until the result is there; it returns false if there will be none.
	wait    func(struct{}) bool
	resume  func() (struct{}, bool)
	results pgx.BatchResults
}

var errUnanswered = errors.New("another query of the batch failed")

func (b *batchQuery) await(_ context.Context, statement string, args []any) (pgx.BatchResults, error) {
	b.p.queue(b, statement, args)
	if !b.wait(struct{}{}) {
		return nil, errUnanswered
	}
	return b.results, nil
}

// roundTrip sends the pending queries and resumes each function with its result, up to its next
// query.
func (p *Pipeline) roundTrip(ctx context.Context) error {
	results, waiting := p.send(ctx)
	for _, by := range waiting {
		if by == nil {
			_, _ = results.Exec() // an error here is returned by all later reads and by Close
			continue
		}
		by.results = sharedResults{results}
		by.resume()
	}
	return results.Close()
}

// sharedResults are results that contain the answers to other queries too.
type sharedResults struct{ pgx.BatchResults }

// Close does nothing: the other queries still read from the results.
func (sharedResults) Close() error { return nil }
