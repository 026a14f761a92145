// Command registry is a simulator of АИС «Реестр СРО» for demonstrations and tests: it serves a snapshot of the synthetic engineers
// in the format of package internal/registry, and lets a demonstrator make the next snapshot lose engineers or get them back.
//
// It never holds real persons, never keeps state on disk and is no part of a production platform. Its inputs are two environment
// variables: EPKR_LISTEN, the address to listen on (default 127.0.0.1:8091), and EPKR_SEED, the seed of the world (default 1).
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"epkr/dev/synthetic"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Getenv, slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
		fmt.Fprintln(os.Stderr, "registry simulator:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends, then lets the requests in hand finish.
func run(ctx context.Context, env func(string) string, log *slog.Logger) error {
	address := env("EPKR_LISTEN")
	if address == "" {
		address = "127.0.0.1:8091"
	}
	seed, err := seedFrom(env("EPKR_SEED"))
	if err != nil {
		return err
	}
	sim, err := newSimulator(synthetic.New(seed).Rows(), time.Now)
	if err != nil {
		return fmt.Errorf("making the first snapshot: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", address, err)
	}
	log.Info("registry simulator is up", "address", listener.Addr().String(), "seed", seed)
	return serve(ctx, listener, sim.routes(log))
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

func seedFrom(s string) (int64, error) {
	if s == "" {
		return 1, nil
	}
	seed, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("EPKR_SEED must be a whole number, got %q", s)
	}
	return seed, nil
}
