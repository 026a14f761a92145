// Command apiserver answers the web app over HTTP. It reads the read model, sends messages to the
// workflows of orders and signs people in through ЕСИА. It never changes orders itself and runs no
// migrations: the worker does.
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
	"runtime/debug"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/routes"
	"epkr/db"
	"epkr/internal/config"
	"epkr/internal/esia"
	"epkr/internal/storage"
)

const (
	// shutdownTimeout limits the wait for running requests when the process stops.
	shutdownTimeout = 20 * time.Second
	// readTimeout limits the reading of an operator's request.
	readTimeout = 5 * time.Second
	// schemaTimeout limits the wait until the worker has migrated the database.
	schemaTimeout = 5 * time.Minute
	schemaPoll    = 2 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.LookupEnv); err != nil {
		slog.Error("the API ends", "error", err)
		os.Exit(1)
	}
}

const (
	// memoryLimit is the soft memory limit of the garbage collector in bytes, unless GOMEMLIMIT is
	// set. The collector then frees what a flood of requests leaves before the process grows.
	memoryLimit = 160 << 20
	// gcPercent is how much the heap may grow between collections, in per cent of the memory in
	// use, unless GOGC is set. Little memory is in use, so that with Go's default of 100 % an idle
	// API would collect several times a second.
	gcPercent = 200
)

func run(ctx context.Context, environment config.Lookup) error {
	if _, set := environment("GOMEMLIMIT"); !set {
		debug.SetMemoryLimit(memoryLimit)
	}
	if _, set := environment("GOGC"); !set {
		debug.SetGCPercent(gcPercent)
	}
	settings, err := config.LoadAPI(environment)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	logger := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: settings.LogLevel, ReplaceAttr: db.LogWithoutValues}))
	slog.SetDefault(logger)
	if settings.Trust == nil {
		slog.Warn("signatures of documents cannot be checked: EPKR_TRUST is not set")
	}
	signIn, err := esia.New(settings.ESIA, esia.Bounded(settings.ESIA.Signature.Signer(settings.ESIA.ClientCertificateFile), settings.Limits.Signers))
	if err != nil {
		return fmt.Errorf("preparing the sign-in: %w", err)
	}
	if err := checkSigning(ctx, signIn); err != nil {
		return fmt.Errorf("preparing the sign-in: %w", err)
	}
	store, err := openDatabase(ctx, settings.Database.Reveal())
	if err != nil {
		return err
	}
	defer store.Close()
	if settings.Environment == config.Production {
		if err := store.CheckNotOwner(ctx); err != nil {
			return err
		}
	}
	files, err := storage.New(settings.Storage)
	if err != nil {
		return fmt.Errorf("opening the file store: %w", err)
	}
	options := settings.Temporal.Options()
	options.Logger = log.NewStructuredLogger(logger)
	// The client is lazy: operations that need no workflow work while Temporal is down, and /readyz
	// reports it.
	temporal, err := client.NewLazyClient(options)
	if err != nil {
		return fmt.Errorf("preparing the connection to Temporal: %w", err)
	}
	defer temporal.Close()
	server, err := routes.New(routes.Dependencies{
		Store: store, ListenURL: settings.ListenDatabase.Reveal(), Temporal: temporal, Files: files, ESIA: signIn,
		Config: settings, Consent: auth.CurrentConsent(), Log: logger, Now: time.Now,
	})
	if err != nil {
		return fmt.Errorf("building the API: %w", err)
	}
	return serve(ctx, server, settings.Listen, settings.InternalListen)
}

// checkSigning signs once. A signer that times out may work later, so the start continues and
// people who are signed in can work.
func checkSigning(ctx context.Context, signIn *esia.Client) error {
	err := signIn.CheckSigning(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		slog.Warn("whether the platform can sign for the sign-in is unknown", "reason", err)
		return nil
	}
	return err
}

// serve listens until ctx ends, then waits for running requests.
func serve(ctx context.Context, server *httpapi.Server, address, internal string) error {
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	backgroundDone := make(chan struct{})
	go func() { server.Run(background); close(backgroundDone) }()
	defer func() { stopBackground(); <-backgroundDone }()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	operators := &http.Server{Addr: internal, Handler: server.Internal(), ReadHeaderTimeout: readTimeout, WriteTimeout: shutdownTimeout}
	defer func() { _ = operators.Close() }() // after the running requests: /readyz answers until then
	listening := make(chan error, 2)
	go func() { listening <- operators.ListenAndServe() }()
	go func() { listening <- server.Serve(listener) }()
	slog.Info("the API listens", "address", address, "internal", internal)
	select {
	case err := <-listening:
		return fmt.Errorf("serving at %s: %w", address, err)
	case <-ctx.Done():
	}
	slog.Info("the API ends: no new requests")
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Close(limit); err != nil {
		return err
	}
	return <-listening
}

// openDatabase waits until the database answers and the worker has migrated its schema.
func openDatabase(ctx context.Context, url string) (*db.Store, error) {
	ctx, cancel := context.WithTimeout(ctx, schemaTimeout)
	defer cancel()
	for {
		store, err := openCurrent(ctx, url)
		if err == nil {
			return store, nil
		}
		slog.Info("waiting for the database, which the worker migrates", "reason", err)
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the database: %w", errors.Join(err, ctx.Err()))
		case <-time.After(schemaPoll):
		}
	}
}

var errOldSchema = errors.New("the schema is older than this build")

func openCurrent(ctx context.Context, url string) (*db.Store, error) {
	store, err := db.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	current, err := store.SchemaIsCurrent(ctx)
	if err == nil && !current {
		err = errOldSchema
	}
	if err != nil {
		store.Close()
		return nil, err
	}
	return store, nil
}
