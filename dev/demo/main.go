// Command demo plays orders through on a running platform, as its users would. See README.md beside
// it.
//
// Its inputs are EPKR_PUBLIC_URL, EPKR_REGISTRY_URL, the TEMPORAL_ variables, EPKR_TASK_QUEUE, and
// the names of paths as arguments.
package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"epkr/dev/demo/play"
	"epkr/internal/config"
)

//go:embed orders.json
var ordersFile []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Getenv, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ошибка:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, env func(string) string, names []string, out io.Writer) error {
	orders, err := play.ParseOrders(ordersFile)
	if err != nil {
		return err
	}
	paths, err := wanted(names)
	if err != nil {
		return err
	}
	options, err := config.TemporalOptions(func(name string) (string, bool) { return env(name), env(name) != "" })
	if err != nil {
		return err
	}
	options.Logger = log.NewStructuredLogger(slog.New(slog.DiscardHandler))
	temporal, err := client.NewLazyClient(options)
	if err != nil {
		return fmt.Errorf("клиент Temporal: %w", err)
	}
	defer temporal.Close()
	return playAll(ctx, paths, orders, out, play.Platform{
		BaseURL:     strings.TrimSuffix(cmp.Or(env("EPKR_PUBLIC_URL"), "http://127.0.0.1:8080"), "/"),
		RegistryURL: strings.TrimSuffix(cmp.Or(env("EPKR_REGISTRY_URL"), "http://127.0.0.1:8091"), "/"),
		Temporal:    temporal, TaskQueue: cmp.Or(env("EPKR_TASK_QUEUE"), config.DefaultTaskQueue),
	})
}

// wanted returns the named paths in their own order.
func wanted(names []string) (chosen []play.Path, err error) {
	var known []string
	for _, path := range play.Paths() {
		known = append(known, path.Name)
		if len(names) == 0 || slices.Contains(names, path.Name) {
			chosen = append(chosen, path)
		}
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("нет пути %q, есть: %s", name, strings.Join(known, ", "))
		}
	}
	return chosen, nil
}

// playAll plays the paths, prints a table of the results and returns the errors of the failed paths.
func playAll(ctx context.Context, paths []play.Path, orders play.Orders, out io.Writer, platform play.Platform) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "Путь\tЗаказы\tЭтап в конце\tВсего, с\tИтог")
	var failed []error
	for _, path := range paths {
		fmt.Fprintf(out, "\n%s\n", path.Title)
		began := time.Now()
		ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
		played, err := path.Play(ctx, platform, orders, out)
		cancel()
		verdict := "пройден"
		if err != nil {
			verdict = "НЕ ПРОЙДЕН"
			failed = append(failed, err)
			fmt.Fprintf(out, "  НЕ ПРОЙДЕНО: %v\n", err)
		}
		var numbers, stages []string
		for _, o := range played {
			numbers, stages = append(numbers, o.State.Number), append(stages, o.State.StageLabel())
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.1f\t%s\n",
			path.Name, strings.Join(numbers, ", "), strings.Join(stages, ", "), time.Since(began).Seconds(), verdict)
	}
	fmt.Fprintln(out)
	table.Flush()
	return errors.Join(failed...)
}
