// Package health checks in the background the systems that a process depends on, and reports their
// states. The readiness of the process does not depend on them: a storage that is unavailable to
// all processes must not take all of them out of service.
package health

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"
)

const (
	// interval is the pause between two checks of one system.
	interval = 2 * time.Second
	// timeout bounds one check.
	timeout = 3 * time.Second
)

// State is the result of the last check of a system.
type State struct {
	// State is ok or failed; unknown before the first check has ended.
	State string `json:"state"`
	// Milliseconds is how long the check took.
	Milliseconds int64 `json:"milliseconds"`
	// Since is when the system entered this state.
	Since time.Time `json:"since,omitzero"`
}

// OK is the state of a system that responds.
const OK = "ok"

// Monitor checks each system periodically. Its metric epkr_system_up is 1 for a system that
// responds, 0 for one that does not.
type Monitor struct {
	log     *slog.Logger
	systems map[string]func(context.Context) error

	mu     sync.Mutex
	states map[string]State
}

// New returns a monitor of systems. Each has a check, which returns an error if the system does not
// respond.
func New(log *slog.Logger, systems map[string]func(context.Context) error) *Monitor {
	w := &Monitor{log: log, systems: systems, states: map[string]State{}}
	for name := range systems {
		w.states[name] = State{State: "unknown"}
	}
	return w
}

// Temporal returns a check of Temporal's frontend.
func Temporal(c client.Client) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := c.CheckHealth(ctx, &client.CheckHealthRequest{})
		return err //nolint:wrapcheck // the error is logged unchanged
	}
}

// Run checks the systems until ctx ends. Each system has its own loop, so that a slow one does not
// delay the others.
func (w *Monitor) Run(ctx context.Context) {
	var all sync.WaitGroup
	for name, probe := range w.systems {
		all.Go(func() {
			for ctx.Err() == nil {
				w.check(ctx, name, probe)
				select {
				case <-ctx.Done():
				case <-time.After(interval):
				}
			}
		})
	}
	all.Wait()
}

func (w *Monitor) check(ctx context.Context, name string, probe func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	began := time.Now()
	err := probe(ctx)
	now := State{State: OK, Milliseconds: time.Since(began).Milliseconds(), Since: began.UTC()}
	if err != nil {
		now.State = "failed"
	}
	w.mu.Lock()
	before := w.states[name]
	if before.State == now.State {
		now.Since = before.Since
	}
	w.states[name] = now
	w.mu.Unlock()
	switch {
	case before.State == now.State:
	case err != nil: // only the log has the error: it may contain addresses
		w.log.WarnContext(ctx, "a system does not answer", "system", name, "error", err)
	default:
		w.log.InfoContext(ctx, "a system answers", "system", name)
	}
}

// States returns the last known state of each system.
func (w *Monitor) States() map[string]State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.states)
}

var upDesc = prometheus.NewDesc("epkr_system_up", "Whether a system that the process works with answered last time.", []string{"system"}, nil)

// Describe implements [prometheus.Collector].
func (w *Monitor) Describe(to chan<- *prometheus.Desc) { to <- upDesc }

// Collect implements [prometheus.Collector]. A system has no metric before its first check.
func (w *Monitor) Collect(to chan<- prometheus.Metric) {
	for name, s := range w.States() {
		if s.Since.IsZero() {
			continue
		}
		value := 0.
		if s.State == OK {
			value = 1
		}
		to <- prometheus.MustNewConstMetric(upDesc, prometheus.GaugeValue, value, name)
	}
}
