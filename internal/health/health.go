// Package health looks at the systems that a process works with, beside its work, and tells what it found. Whether the process itself is
// ready does not depend on them: a storage that is away for all processes must not take every one of them out of service.
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
	// every is the pause between two looks at one system.
	every = 2 * time.Second
	// timeout bounds one look.
	timeout = 3 * time.Second
)

// State is what the last look at a system found.
type State struct {
	// State is ok, failed, or unknown before the first look has ended.
	State string `json:"state"`
	// Milliseconds is how long the look took.
	Milliseconds int64 `json:"milliseconds"`
	// Since is when the system was first found so.
	Since time.Time `json:"since,omitzero"`
}

// OK is the state of a system that answers.
const OK = "ok"

// Watch looks at each system again and again. Its metric epkr_system_up is 1 for a system that answers, 0 for one that does not.
type Watch struct {
	log     *slog.Logger
	systems map[string]func(context.Context) error

	mu    sync.Mutex
	found map[string]State
}

// New makes a watch over systems, each with a question that fails if it is not there.
func New(log *slog.Logger, systems map[string]func(context.Context) error) *Watch {
	w := &Watch{log: log, systems: systems, found: map[string]State{}}
	for name := range systems {
		w.found[name] = State{State: "unknown"}
	}
	return w
}

// Temporal asks whether its frontend answers.
func Temporal(c client.Client) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := c.CheckHealth(ctx, &client.CheckHealthRequest{})
		return err //nolint:wrapcheck // it is logged as it is
	}
}

// Run looks until ctx ends. A system that does not answer keeps no look at another waiting.
func (w *Watch) Run(ctx context.Context) {
	var all sync.WaitGroup
	for name, ask := range w.systems {
		all.Go(func() {
			for ctx.Err() == nil {
				w.look(ctx, name, ask)
				select {
				case <-ctx.Done():
				case <-time.After(every):
				}
			}
		})
	}
	all.Wait()
}

func (w *Watch) look(ctx context.Context, name string, ask func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	began := time.Now()
	err := ask(ctx)
	now := State{State: OK, Milliseconds: time.Since(began).Milliseconds(), Since: began.UTC()}
	if err != nil {
		now.State = "failed"
	}
	w.mu.Lock()
	before := w.found[name]
	if before.State == now.State {
		now.Since = before.Since
	}
	w.found[name] = now
	w.mu.Unlock()
	switch {
	case before.State == now.State:
	case err != nil: // why is in the log only: an error may name addresses
		w.log.WarnContext(ctx, "a system does not answer", "system", name, "error", err)
	default:
		w.log.InfoContext(ctx, "a system answers", "system", name)
	}
}

// States is what was found last.
func (w *Watch) States() map[string]State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.found)
}

var up = prometheus.NewDesc("epkr_system_up", "Whether a system that the process works with answered last time.", []string{"system"}, nil)

// Describe implements [prometheus.Collector].
func (w *Watch) Describe(to chan<- *prometheus.Desc) { to <- up }

// Collect implements [prometheus.Collector]. Nothing is told of a system before the first look at it.
func (w *Watch) Collect(to chan<- prometheus.Metric) {
	for name, s := range w.States() {
		if s.Since.IsZero() {
			continue
		}
		value := 0.
		if s.State == OK {
			value = 1
		}
		to <- prometheus.MustNewConstMetric(up, prometheus.GaugeValue, value, name)
	}
}
