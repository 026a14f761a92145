// Package load runs a number of clients for a while, each doing one operation after another, and
// measures how long each operation took.
package load

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Measure is the result of one or more periods of load.
type Measure struct {
	// Took are the durations of all operations.
	Took []time.Duration
	// Lasted is the time from the first start to the last end of each period.
	Lasted time.Duration
}

// For makes clients (numbered from 0) call do repeatedly until the time is over, and adds this
// period to m; calls in progress are finished. The first error stops everything.
func (m *Measure) For(
	ctx context.Context, clients int, lasting time.Duration,
	do func(ctx context.Context, client int) error,
) error {
	began := time.Now()
	return m.while(ctx, clients, func() bool { return time.Since(began) < lasting }, do)
}

// Times is like For, but makes n calls altogether.
func (m *Measure) Times(
	ctx context.Context, clients, n int, do func(ctx context.Context, client int) error,
) error {
	var calls atomic.Int64
	return m.while(ctx, clients, func() bool { return calls.Add(1) <= int64(n) }, do)
}

func (m *Measure) while(
	ctx context.Context, clients int, again func() bool,
	do func(ctx context.Context, client int) error,
) error {
	group, ctx := errgroup.WithContext(ctx)
	took := make([][]time.Duration, clients)
	began := time.Now()
	for client := range clients {
		group.Go(func() error {
			for again() {
				start := time.Now()
				if err := do(ctx, client); err != nil {
					return err
				}
				took[client] = append(took[client], time.Since(start))
			}
			return nil
		})
	}
	err := group.Wait()
	m.Lasted += time.Since(began)
	m.Took = append(m.Took, slices.Concat(took...)...)
	return err
}

// Each makes clients call do for 0..n-1, each number once. The first error stops everything.
func Each(ctx context.Context, clients, n int, do func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients)
	for i := range n {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}

// Quantile returns the milliseconds that a share q (0…1) of the operations did not exceed.
func (m *Measure) Quantile(q float64) float64 {
	if len(m.Took) == 0 {
		return 0
	}
	slices.Sort(m.Took)
	at := m.Took[min(int(q*float64(len(m.Took))), len(m.Took)-1)]
	return float64(at) / float64(time.Millisecond)
}

// Rate returns the operations per second.
func (m *Measure) Rate() float64 { return float64(len(m.Took)) / m.Lasted.Seconds() }

// Median returns the middle value; there must be at least one.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
