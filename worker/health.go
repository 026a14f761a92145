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

// health names what the worker needs and how to ask whether it is there.
type health map[string]func(context.Context) error

// serveHealth answers /healthz, /readyz and /metrics at address until ctx ends.
func serveHealth(ctx context.Context, address string, needs health) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", needs.ready)
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
	states := make(map[string]string, len(h))
	status := http.StatusOK
	for name, ask := range h {
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
