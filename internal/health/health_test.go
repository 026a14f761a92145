package health_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"epkr/internal/health"
	"epkr/internal/testenv"
)

// A system that hangs is told as failed, and keeps the look at another from nothing.
func TestEachSystemIsWatchedByItself(t *testing.T) {
	var away atomic.Bool
	w := health.New(slog.New(slog.DiscardHandler), map[string]func(context.Context) error{
		"database": func(context.Context) error {
			if away.Load() {
				return errors.New("gone")
			}
			return nil
		},
		"storage": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	})
	require.Equal(t, "unknown", w.States()["database"].State)
	require.Empty(t, told(t, w), "nothing is told before it is known")
	go w.Run(t.Context())
	testenv.Eventually(t, "the database to be seen", func() bool { return w.States()["database"].State == health.OK })
	since := w.States()["database"].Since
	require.Equal(t, "unknown", w.States()["storage"].State)
	testenv.Eventually(t, "the storage to be given up", func() bool { return w.States()["storage"].State == "failed" })
	away.Store(true)
	testenv.Eventually(t, "the database to be missed", func() bool { return w.States()["database"].State == "failed" })
	require.True(t, w.States()["database"].Since.After(since))
	require.Equal(t, map[string]float64{"database": 0, "storage": 0}, told(t, w))
	away.Store(false)
	testenv.Eventually(t, "the database to be back", func() bool { return w.States()["database"].State == health.OK })
}

// told is the metric of each system.
func told(t *testing.T, w *health.Watch) map[string]float64 {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(w)
	families, err := registry.Gather()
	require.NoError(t, err)
	found := map[string]float64{}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			found[metric.GetLabel()[0].GetValue()] = metric.GetGauge().GetValue()
		}
	}
	return found
}
