package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"epkr/db"
	"epkr/internal/schedule"
	"epkr/internal/workflowapi"
)

const (
	// missedAfter is how late a run may begin before it counts as missed.
	missedAfter = time.Hour
	// watchEvery is how often the watch looks.
	watchEvery = time.Minute
)

// registryWatch tells the health check, the metrics and the moderators how the nightly reading of the registry goes.
type registryWatch struct {
	store    *db.Store
	temporal client.Client
	id       string // of the schedule
	queue    string
	at       schedule.Schedule
	now      func() time.Time

	mu   sync.Mutex
	seen registryState
}

// registryState is what the watch saw last; times are UTC.
type registryState struct {
	NextDue time.Time `json:"nextDue"`
	// LastRun is when the last run began, which a missed one never did; the zero time if there was none.
	LastRun time.Time `json:"lastRun,omitzero"`
	Verdict string    `json:"lastVerdict,omitempty"`
	Reason  string    `json:"lastReason,omitempty"`
	// Missed says that no run began when one was due last.
	Missed bool `json:"missed"`
	// Held counts the snapshots that wait for an operator.
	Held int64 `json:"held"`
}

// run looks every minute until ctx ends.
func (w *registryWatch) run(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		if err := w.look(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "the state of the registry's reading could not be seen", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look takes the state in, makes the schedule again if it is gone, and has a missed run reported; that happens once, however many
// workers see it.
func (w *registryWatch) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	seen := registryState{NextDue: w.at.Next(w.now())}
	last, err := w.store.LatestRun(ctx)
	switch {
	case err == nil:
		seen.LastRun, seen.Verdict, seen.Reason = last.StartedAt.UTC(), last.Status, last.Reason
	case !errors.Is(err, db.ErrNotFound):
		return fmt.Errorf("reading the last run: %w", err)
	}
	if seen.Held, err = w.store.CountRunsAwaitingApproval(ctx); err != nil {
		return fmt.Errorf("counting the held runs: %w", err)
	}
	due := w.at.Last(w.now().Add(-missedAfter))
	missed, reported, err := w.missed(ctx, due)
	w.mu.Lock()
	if seen.Missed = missed; err != nil {
		seen.Missed = w.seen.Missed // as far as is known
	}
	w.seen = seen
	w.mu.Unlock()
	if err != nil || !missed || reported {
		return err
	}
	return w.report(ctx, due)
}

// missed says that no run answers for the one that was due, and whether that is reported. A schedule owes nothing for the time before
// it was made; one that is gone does, and is made again.
func (w *registryWatch) missed(ctx context.Context, due time.Time) (missed, reported bool, err error) {
	gone, made, err := w.scheduled(ctx)
	if err != nil || due.IsZero() {
		return false, false, err
	}
	began, err := w.store.RunsSince(ctx, due)
	if err != nil {
		return false, false, fmt.Errorf("looking for the run that was due: %w", err)
	}
	if began > 0 {
		return false, false, nil
	}
	_, err = w.store.Run(ctx, workflowapi.MissedRunID(due))
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return false, false, fmt.Errorf("looking for the report of a missed run: %w", err)
	}
	reported = err == nil
	return reported || gone || due.After(made), reported, nil
}

// scheduled says since when the schedule is as it is, or that it was gone: then it is there again.
func (w *registryWatch) scheduled(ctx context.Context) (gone bool, made time.Time, err error) {
	found, err := w.temporal.ScheduleClient().GetHandle(ctx, w.id).Describe(ctx)
	switch {
	case workflowapi.IsNotFound(err):
		slog.WarnContext(ctx, "the schedule of the registry's reading is gone: it is made again", "schedule", w.id)
		return true, made, workflowapi.EnsureRegistrySchedule(ctx, w.temporal, w.id, w.queue, w.at)
	case err != nil:
		return false, made, fmt.Errorf("reading the schedule of the registry: %w", err)
	}
	made = found.Info.CreatedAt
	if found.Info.LastUpdateAt.After(made) {
		made = found.Info.LastUpdateAt
	}
	return false, made, nil
}

func (w *registryWatch) report(ctx context.Context, due time.Time) error {
	options := workflowapi.RegistryMissedOptions(w.id, due, w.queue)
	_, err := w.temporal.ExecuteWorkflow(ctx, options, workflowapi.RegistryMissedWorkflow, workflowapi.RegistryMissedInput{Due: due})
	var reported *serviceerror.WorkflowExecutionAlreadyStarted
	if err != nil && !errors.As(err, &reported) {
		return fmt.Errorf("reporting a missed run: %w", err)
	}
	return nil
}

// state is what was seen last, for the health check.
func (w *registryWatch) state() any {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen
}

var (
	metricNextDue = prometheus.NewDesc("epkr_registry_next_due_seconds", "When the registry is read next, Unix time.", nil, nil)
	metricLastRun = prometheus.NewDesc("epkr_registry_last_run_seconds", "When the last reading began, Unix time.", []string{"verdict"}, nil)
	metricMissed  = prometheus.NewDesc("epkr_registry_missed", "1 if no reading began when one was due last.", nil, nil)
	metricHeld    = prometheus.NewDesc("epkr_registry_held", "Snapshots that wait for an operator.", nil, nil)
)

// Describe names the metrics.
func (w *registryWatch) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{metricNextDue, metricLastRun, metricMissed, metricHeld} {
		ch <- d
	}
}

// Collect reads them from what was seen last.
func (w *registryWatch) Collect(ch chan<- prometheus.Metric) {
	w.mu.Lock()
	seen := w.seen
	w.mu.Unlock()
	if seen.NextDue.IsZero() { // nothing was seen yet
		return
	}
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(metricNextDue, float64(seen.NextDue.Unix()))
	if !seen.LastRun.IsZero() {
		gauge(metricLastRun, float64(seen.LastRun.Unix()), seen.Verdict)
	}
	missed := 0.0
	if seen.Missed {
		missed = 1
	}
	gauge(metricMissed, missed)
	gauge(metricHeld, float64(seen.Held))
}
