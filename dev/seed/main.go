// Command seed loads the registry's engineers into an empty local platform. See package firstload.
//
// It is no part of a production platform, where people enter their profiles themselves. Its inputs are environment variables:
// DATABASE_URL, a migrated database; EPKR_REGISTRY_URL, the registry simulator (default http://127.0.0.1:8091); EPKR_SEED, the
// seed of the simulator's world (default 1).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"epkr/db"
	"epkr/dev/firstload"
	"epkr/dev/synthetic"
)

// limit bounds the whole load, which takes a few seconds.
const limit = 2 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := run(ctx, os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "загрузка реестра:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, env func(string) string, out io.Writer) error {
	began := time.Now()
	database := env("DATABASE_URL")
	if database == "" {
		return errors.New("не задана переменная DATABASE_URL")
	}
	address := env("EPKR_REGISTRY_URL")
	if address == "" {
		address = "http://127.0.0.1:8091"
	}
	seed, err := seedFrom(env("EPKR_SEED"))
	if err != nil {
		return err
	}
	snapshot, err := firstload.Fetch(ctx, http.DefaultClient, address)
	if err != nil {
		return err
	}
	store, err := db.Open(ctx, database)
	if err != nil {
		return err
	}
	defer store.Close()
	result, err := firstload.Load(ctx, store, snapshot, synthetic.New(seed))
	if err != nil {
		return err
	}
	if !result.Done {
		fmt.Fprintf(out, "реестр уже загружен: снимок от %s, инженеров %d\n", result.AsOf.Format(time.RFC3339), result.Engineers)
		return nil
	}
	fmt.Fprintf(out, "реестр загружен за %.1f с: снимок от %s, инженеров %d\n", time.Since(began).Seconds(), result.AsOf.Format(time.RFC3339), result.Engineers)
	return nil
}

func seedFrom(text string) (int64, error) {
	if text == "" {
		return 1, nil
	}
	seed, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("EPKR_SEED=%q: нужно целое число", text)
	}
	return seed, nil
}
