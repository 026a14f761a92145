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

	"epkr/internal/health"
)

// readiness is what the readiness check answers.
type readiness struct {
	// given says whether the worker is given work; nil for one that always is.
	given *buildWatch
	// systems are those that it works with, which are no condition.
	systems *health.Watch
	// registry tells of the nightly reading of the registry.
	registry *registryWatch
}

// serveHealth answers /healthz, /readyz and /metrics at address until ctx ends.
func serveHealth(ctx context.Context, address string, r readiness) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", r.ready)
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

// ready answers 200 if the worker is given work, else 503.
func (r readiness) ready(w http.ResponseWriter, asked *http.Request) {
	told, status := map[string]any{}, http.StatusOK
	for name, state := range r.systems.States() {
		told[name] = state
	}
	told["registry"] = r.registry.state()
	if r.given != nil {
		build := r.given.state()
		told["build"] = build
		if !build.takesWork() {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(told); err != nil {
		slog.DebugContext(asked.Context(), "the health check's caller left", "error", err)
	}
}
