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

// A hanging system is reported as failed and does not delay the checks of others.
func TestSystemsAreCheckedIndependently(t *testing.T) {
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
	require.Empty(t, metrics(t, w), "no metric before the first check")
	go w.Run(t.Context())
	testenv.Eventually(t, "the database to be seen", func() bool { return w.States()["database"].State == health.OK })
	since := w.States()["database"].Since
	require.Equal(t, "unknown", w.States()["storage"].State)
	testenv.Eventually(t, "the storage to be given up", func() bool { return w.States()["storage"].State == "failed" })
	away.Store(true)
	testenv.Eventually(t, "the database to be missed", func() bool { return w.States()["database"].State == "failed" })
	require.True(t, w.States()["database"].Since.After(since))
	require.Equal(t, map[string]float64{"database": 0, "storage": 0}, metrics(t, w))
	away.Store(false)
	testenv.Eventually(t, "the database to be back", func() bool { return w.States()["database"].State == health.OK })
}

// metrics returns the metric of each system.
func metrics(t *testing.T, w *health.Monitor) map[string]float64 {
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
