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

// readiness holds what the readiness check reports.
type readiness struct {
	// build reports whether the worker's build gets tasks; nil if the worker is not versioned.
	build *buildWatch
	// systems are the systems that the worker uses. They do not affect readiness.
	systems *health.Monitor
	// registry reports the state of the nightly registry sync.
	registry *registryWatch
}

// serveHealth serves /healthz, /readyz and /metrics at address until ctx ends.
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

// ready answers 200 if the worker's build gets tasks, else 503.
func (r readiness) ready(w http.ResponseWriter, request *http.Request) {
	states, status := map[string]any{}, http.StatusOK
	for name, state := range r.systems.States() {
		states[name] = state
	}
	states["registry"] = r.registry.state()
	if r.build != nil {
		build := r.build.state()
		states["build"] = build
		if !build.getsTasks() {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(states); err != nil {
		slog.DebugContext(request.Context(), "the health check's caller left", "error", err)
	}
}
