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
	// missedAfter is how long after its due time a run that has not begun counts as missed.
	missedAfter = time.Hour
	// refreshInterval is the pause between two refreshes of the state.
	refreshInterval = time.Minute
)

// registryWatch tracks the nightly registry sync for the health check, the metrics and the
// moderators.
type registryWatch struct {
	store    *db.Store
	temporal client.Client
	id       string // of the schedule
	queue    string
	at       schedule.Schedule
	now      func() time.Time

	mu   sync.Mutex
	last registryState
}

// registryState is the state at the last refresh; times are UTC.
type registryState struct {
	NextDue time.Time `json:"nextDue"`
	// LastRun is when the last run began; zero if there was none. A missed run has not begun.
	LastRun time.Time `json:"lastRun,omitzero"`
	Verdict string    `json:"lastVerdict,omitempty"`
	Reason  string    `json:"lastReason,omitempty"`
	// Missed reports whether no run began at the last due time.
	Missed bool `json:"missed"`
	// AwaitingApproval counts the snapshots that wait for an operator.
	AwaitingApproval int64 `json:"held"`
}

// run refreshes the state every minute until ctx ends.
func (w *registryWatch) run(ctx context.Context) {
	refreshRegularly(ctx, "the state of the registry's reading could not be seen", w.refresh)
}

// refreshRegularly calls refresh at once and every refreshInterval until ctx ends, and logs failures.
func refreshRegularly(ctx context.Context, failed string, refresh func(context.Context) error) {
	tick := time.NewTicker(refreshInterval)
	defer tick.Stop()
	for {
		if err := refresh(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, failed, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// refresh reads the state, restores a deleted schedule, and reports a missed run. Each missed run
// is reported once, by whichever worker is first.
func (w *registryWatch) refresh(ctx context.Context) error {
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
	if seen.AwaitingApproval, err = w.store.CountRunsAwaitingApproval(ctx); err != nil {
		return fmt.Errorf("counting the run that awaits approvals: %w", err)
	}
	due := w.at.Last(w.now().Add(-missedAfter))
	missed, reported, err := w.checkMissed(ctx, due)
	w.mu.Lock()
	if seen.Missed = missed; err != nil {
		seen.Missed = w.last.Missed // unknown this time: keep the last known value
	}
	w.last = seen
	w.mu.Unlock()
	if err != nil || !missed || reported {
		return err
	}
	return w.reportMissed(ctx, due)
}

// checkMissed reports whether the run that was due is missed and whether that is already reported. A
// run that was due before the schedule was created does not count. If the schedule was deleted, the
// run counts as missed and the schedule is created again.
func (w *registryWatch) checkMissed(ctx context.Context, due time.Time) (missed, reported bool, err error) {
	gone, made, err := w.ensureSchedule(ctx)
	if err != nil || due.IsZero() {
		return false, false, err
	}
	began, err := w.store.RunsSince(ctx, due)
	if err != nil {
		return false, false, fmt.Errorf("finding the run that was due: %w", err)
	}
	if began > 0 {
		return false, false, nil
	}
	_, err = w.store.Run(ctx, workflowapi.MissedRunID(due))
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return false, false, fmt.Errorf("finding the report of a missed run: %w", err)
	}
	reported = err == nil
	return reported || gone || due.After(made), reported, nil
}

// ensureSchedule returns when the schedule was created or last updated. If it was deleted,
// ensureSchedule creates it again and returns gone.
func (w *registryWatch) ensureSchedule(ctx context.Context) (gone bool, made time.Time, err error) {
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

func (w *registryWatch) reportMissed(ctx context.Context, due time.Time) error {
	options := workflowapi.RegistryMissedOptions(w.id, due, w.queue)
	_, err := w.temporal.ExecuteWorkflow(ctx, options, workflowapi.RegistryMissedWorkflow, workflowapi.RegistryMissedInput{Due: due})
	var reported *serviceerror.WorkflowExecutionAlreadyStarted
	if err != nil && !errors.As(err, &reported) {
		return fmt.Errorf("reporting a missed run: %w", err)
	}
	return nil
}

// state returns the last state for the health check.
func (w *registryWatch) state() any {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

var (
	metricNextDue          = prometheus.NewDesc("epkr_registry_next_due_seconds", "When the registry is read next, Unix time.", nil, nil)
	metricLastRun          = prometheus.NewDesc("epkr_registry_last_run_seconds", "When the last reading began, Unix time.", []string{"verdict"}, nil)
	metricMissed           = prometheus.NewDesc("epkr_registry_missed", "1 if no reading began when one was due last.", nil, nil)
	metricAwaitingApproval = prometheus.NewDesc("epkr_registry_held", "Snapshots that wait for an operator.", nil, nil)
)

// Describe sends the descriptions of the metrics.
func (w *registryWatch) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{metricNextDue, metricLastRun, metricMissed, metricAwaitingApproval} {
		ch <- d
	}
}

// Collect sends the metrics of the last state.
func (w *registryWatch) Collect(ch chan<- prometheus.Metric) {
	w.mu.Lock()
	seen := w.last
	w.mu.Unlock()
	if seen.NextDue.IsZero() { // not refreshed yet
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
	gauge(metricAwaitingApproval, float64(seen.AwaitingApproval))
}
