package goskey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"epkr/internal/workflowapi"
)

// Polled is the result of a poll.
type Polled struct {
	// Since is the moment after which changes are new at the next poll.
	Since time.Time `json:"since"`
	// Waits means that an answer is awaited.
	Waits bool `json:"waits,omitempty"`
	// PauseMillis is the time until the next poll.
	PauseMillis int64 `json:"pauseMillis"`
}

const (
	// overlap covers the difference of the clocks: a change may be told twice, and is never missed.
	overlap = 2 * time.Minute
	// firstLook is how far the first poll looks back, further than any request may wait.
	firstLook = 3 * patience
)

// Poll tells the workflows of all requests whose state has changed at ЕПГУ since a moment. It asks
// nothing while no answer is awaited. A second run tells them again, and they then ask for the state
// once more.
func (a *Activities) Poll(ctx context.Context, since time.Time) (Polled, error) {
	now := a.Now().UTC()
	if since.IsZero() {
		since = now.Add(-firstLook)
	}
	p := Polled{Since: since, PauseMillis: a.PollPause.Milliseconds()}
	var err error
	if p.Waits, err = a.Store.GoskeyWaits(ctx); err != nil {
		return p, fmt.Errorf("finding requests that wait: %w", err)
	}
	if !p.Waits {
		return p, nil
	}
	changes, err := a.Goskey.Changed(ctx, since)
	if err != nil {
		return p, fmt.Errorf("asking for changes: %w", err)
	}
	numbers := make([]int64, len(changes))
	for i, change := range changes {
		numbers[i] = int64(change.Order)
	}
	waiting, err := a.Store.WaitingGoskeyRequests(ctx, numbers)
	if err != nil {
		return p, fmt.Errorf("finding the requests that have changed: %w", err)
	}
	var failures []error
	for _, id := range waiting {
		if err := workflowapi.Send(ctx, a.Workflows, workflowapi.GoskeyChanged(id)); err != nil && !workflowapi.IsClosed(err) {
			failures = append(failures, fmt.Errorf("telling a request of its change: %w", err))
		}
	}
	p.Since = now.Add(-overlap)
	return p, errors.Join(failures...)
}
