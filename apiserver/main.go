// Command apiserver answers the web app over HTTP. It reads the read model, hands messages to the workflows of orders and signs
// people in by ЕСИА; it moves no order itself and migrates no database: the worker does.
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
	// endTimeout bounds the wait for requests in hand when the process is told to stop.
	endTimeout = 20 * time.Second
	// readTimeout bounds the reading of an operator's request.
	readTimeout = 5 * time.Second
	// schemaTimeout bounds the wait for the worker to migrate the database.
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
	// memoryAimed is what the garbage collector aims at, in bytes, unless GOMEMLIMIT says otherwise: what a flood of requests leaves behind
	// goes before the process grows.
	memoryAimed = 160 << 20
	// garbageKept is how much the heap may grow between collections, in per cent of what is in use, unless GOGC says otherwise. Little is in
	// use, so that with Go's own 100 % a quiet API would collect several times a second.
	garbageKept = 200
)

func run(ctx context.Context, environment config.Lookup) error {
	if _, set := environment("GOMEMLIMIT"); !set {
		debug.SetMemoryLimit(memoryAimed)
	}
	if _, set := environment("GOGC"); !set {
		debug.SetGCPercent(garbageKept)
	}
	settings, err := config.LoadAPI(environment)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	logger := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: settings.LogLevel, ReplaceAttr: db.LogWithoutValues}))
	slog.SetDefault(logger)
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
		if err := store.OwnsNothing(ctx); err != nil {
			return err
		}
	}
	files, err := storage.New(settings.Storage)
	if err != nil {
		return fmt.Errorf("opening the file store: %w", err)
	}
	options := settings.Temporal.Options()
	options.Logger = log.NewStructuredLogger(logger)
	// Lazy: what needs no workflow goes on while Temporal is away; /readyz tells.
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

// checkSigning signs once. A signer that does not answer in time may answer later, so it keeps nobody who is signed in from going on.
func checkSigning(ctx context.Context, signIn *esia.Client) error {
	err := signIn.CheckSigning(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		slog.Warn("whether the platform can sign for the sign-in is unknown", "reason", err)
		return nil
	}
	return err
}

// serve listens until ctx ends, then lets the requests in hand finish.
func serve(ctx context.Context, server *httpapi.Server, address, internal string) error {
	beside, stopBeside := context.WithCancel(context.WithoutCancel(ctx))
	besideEnded := make(chan struct{})
	go func() { server.Run(beside); close(besideEnded) }()
	defer func() { stopBeside(); <-besideEnded }()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	operators := &http.Server{Addr: internal, Handler: server.Internal(), ReadHeaderTimeout: readTimeout, WriteTimeout: endTimeout}
	defer func() { _ = operators.Close() }() // after the requests in hand: readiness is told until then
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
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if err := server.Close(limit); err != nil {
		return err
	}
	return <-listening
}

// openDatabase waits until the database answers and the worker has brought its schema up to date.
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
