package httpapi

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// InBackground adds a task to [Server.Run]. Call it during registration only.
func (s *Server) InBackground(part func(context.Context)) { s.background = append(s.background, part) }

// Every calls do periodically while [Server.Run] runs and logs failures under name. Call it during
// registration only.
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

// Run runs the background tasks until ctx ends.
func (s *Server) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, part := range s.background {
		all.Go(func() { part(ctx) })
	}
	all.Wait()
}

// limitRecordTTL is how long an unused record of a rate limit is stored. After that it has no
// effect.
const limitRecordTTL = time.Hour

// Sweep deletes rate-limit records without effect and security events past their retention time.
func (s *Server) Sweep(ctx context.Context) error {
	before := s.options.Now().UTC().Add(-limitRecordTTL)
	if err := errors.Join(s.options.Store.SweepBuckets(ctx, before), s.options.Store.SweepStreams(ctx, before)); err != nil {
		return fmt.Errorf("deleting the records of limits: %w", err)
	}
	if _, err := s.options.Store.SweepSecurityEvents(ctx); err != nil {
		return fmt.Errorf("deleting security events whose time is over: %w", err)
	}
	return nil
}
