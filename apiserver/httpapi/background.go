package httpapi

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// InBackground adds a part to [Server.Run]. It is for registration only.
func (s *Server) InBackground(part func(context.Context)) { s.background = append(s.background, part) }

// Every calls do again and again while [Server.Run] runs; a failure is logged with its name. It is for registration only.
func (s *Server) Every(period time.Duration, name string, do func(context.Context) error) {
	s.InBackground(func(ctx context.Context) {
		tick := time.NewTicker(period)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if err := do(ctx); err != nil && ctx.Err() == nil {
					s.options.Log.WarnContext(ctx, name+" failed", "error", err)
				}
			}
		}
	})
}

// Run does what goes on beside requests until ctx ends.
func (s *Server) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, part := range s.background {
		all.Go(func() { part(ctx) })
	}
	all.Wait()
}

// limitsKept is how long the record of a limit is kept that nobody touches: by then it has no effect any more.
const limitsKept = time.Hour

// Sweep deletes the records of limits that have no effect any more, and the security events whose time is over.
func (s *Server) Sweep(ctx context.Context) error {
	before := s.options.Now().UTC().Add(-limitsKept)
	if err := errors.Join(s.options.Store.SweepBuckets(ctx, before), s.options.Store.SweepStreams(ctx, before)); err != nil {
		return fmt.Errorf("deleting the records of limits: %w", err)
	}
	if _, err := s.options.Store.SweepSecurityEvents(ctx); err != nil {
		return fmt.Errorf("deleting security events whose time is over: %w", err)
	}
	return nil
}
