// Command esia runs the simulator of ЕСИА for the local platform, on this machine only.
//
//	esia        serves until it is told to stop
//	esia keys   makes the keys and certificates that are absent, and ends
//
// Environment: EPKR_LISTEN (127.0.0.1:8090), EPKR_SEED (1) of the people, EPKR_ESIA_SIM_DIR where esia.key, esia.crt, client.key and client.crt
// are kept, EPKR_ESIA_REDIRECTS the allowed return addresses separated by spaces, EPKR_ESIA_CLIENT_ID (EPKR) the platform's mnemonic,
// EPKR_ESIA_TOKEN_KEY (gost, or rsa for RS256 tokens).
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
	"strings"
	"syscall"
	"time"

	esiasim "epkr/dev/simulators/esia"
	"epkr/dev/synthetic"
	"epkr/internal/esia"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv); err != nil {
		slog.Error("esia simulator", "error", err)
		os.Exit(1)
	}
}

// settings are the environment, read and checked.
type settings struct {
	listen    string
	seed      int64
	directory string
	clientID  string
	redirects []string
	tokenKey  esia.KeyKind
}

func run(ctx context.Context, arguments []string, getenv func(string) string) error {
	onlyKeys := len(arguments) == 1 && arguments[0] == "keys"
	if len(arguments) > 0 && !onlyKeys {
		return fmt.Errorf("unknown arguments %q: the only subcommand is keys", arguments)
	}
	s, err := readSettings(getenv, onlyKeys)
	if err != nil {
		return err
	}
	client, err := esiasim.EnsureKey(ctx, s.directory, "client", "Платформа (местный запуск)", esia.GOST)
	if err != nil {
		return fmt.Errorf("preparing the platform's key: %w", err)
	}
	if onlyKeys {
		_, err := esiasim.EnsureKey(ctx, s.directory, "esia", esiasim.Subject, s.tokenKey)
		return err
	}
	world := synthetic.New(s.seed)
	server, err := esiasim.New(ctx, esiasim.Config{
		Directory: s.directory, TokenKey: s.tokenKey, People: world.People(), Organisations: world.Organisations(), Cast: world.Cast(),
		Clients: []esiasim.Client{{ID: s.clientID, Certificate: client.Certificate, Redirects: s.redirects}},
	})
	if err != nil {
		return err
	}
	return serve(ctx, s.listen, server)
}

func readSettings(getenv func(string) string, onlyKeys bool) (settings, error) {
	or := func(name, fallback string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return fallback
	}
	s := settings{
		listen: or("EPKR_LISTEN", "127.0.0.1:8090"), directory: getenv("EPKR_ESIA_SIM_DIR"), clientID: or("EPKR_ESIA_CLIENT_ID", "EPKR"),
		redirects: strings.Fields(getenv("EPKR_ESIA_REDIRECTS")), tokenKey: esia.KeyKind(or("EPKR_ESIA_TOKEN_KEY", string(esia.GOST))),
	}
	var problems []error
	seed, err := strconv.ParseInt(or("EPKR_SEED", "1"), 10, 64)
	if err != nil {
		problems = append(problems, errors.New("EPKR_SEED must be a whole number"))
	}
	s.seed = seed
	if s.directory == "" {
		problems = append(problems, errors.New("EPKR_ESIA_SIM_DIR must name the directory of keys"))
	}
	if len(s.redirects) == 0 && !onlyKeys {
		problems = append(problems, errors.New("EPKR_ESIA_REDIRECTS must list the return addresses"))
	}
	if s.tokenKey != esia.GOST && s.tokenKey != esia.RSA {
		problems = append(problems, errors.New("EPKR_ESIA_TOKEN_KEY must be gost or rsa"))
	}
	if host, _, err := net.SplitHostPort(s.listen); err != nil || net.ParseIP(host) == nil || !net.ParseIP(host).IsLoopback() {
		problems = append(problems, errors.New("EPKR_LISTEN must be a loopback address with a port: anybody who reaches the simulator signs in as anybody"))
	}
	return s, errors.Join(problems...)
}

// serve answers until the context ends, then lets the running answers finish.
func serve(ctx context.Context, address string, handler http.Handler) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	finished := make(chan error, 1)
	go func() {
		<-ctx.Done()
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		finished <- server.Shutdown(patience)
	}()
	slog.Info("esia simulator listens", "address", "http://"+listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return <-finished
}
