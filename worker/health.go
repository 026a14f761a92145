package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// health is what the readiness check answers.
type health struct {
	// needs are what the worker cannot do without, and how to ask whether it is there.
	needs map[string]func(context.Context) error
	// tells are what is worth knowing and stops nothing.
	tells map[string]func() any
}

// serveHealth answers /healthz, /readyz and /metrics at address until ctx ends.
func serveHealth(ctx context.Context, address string, h health) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", h.ready)
	mux.Handle("GET /metrics", promhttp.Handler())
	server := &http.Server{Addr: address, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving the health check at %s: %w", address, err)
	case <-ctx.Done():
	}
	slog.Info("stopping: the work in hand is finished first")
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(server.Shutdown(closing))
}

func (h health) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	states := make(map[string]any, len(h.needs)+len(h.tells))
	for name, tell := range h.tells {
		states[name] = tell()
	}
	status := http.StatusOK
	for name, ask := range h.needs {
		states[name] = "ok"
		if err := ask(ctx); err != nil {
			states[name] = "unavailable"
			status = http.StatusServiceUnavailable
			slog.WarnContext(ctx, "not ready", "part", name, "error", err)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(states); err != nil {
		slog.DebugContext(ctx, "the health check's caller left", "error", err)
	}
}
