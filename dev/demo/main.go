// Command demo plays orders through on a running platform, as its users would. See README.md beside
// it.
//
// It uses only the public API, except that it starts a registry sync as an operator does. Its
// inputs are EPKR_PUBLIC_URL, the platform's address (default http://127.0.0.1:8080),
// EPKR_REGISTRY_URL, the registry's simulator (default http://127.0.0.1:8091), the TEMPORAL_
// variables and EPKR_TASK_QUEUE, the names of paths as arguments (all without any), and
// orders.json, which is embedded.
package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"epkr/dev/demo/play"
)

//go:embed orders.json
var ordersFile []byte

// limit is the time limit of one path.
const limit = 5 * time.Minute

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
	keys, err := os.MkdirTemp("", "epkr-demo-keys-")
	if err != nil {
		return fmt.Errorf("каталог для ключей: %w", err)
	}
	defer os.RemoveAll(keys)
	platform := play.Platform{
		BaseURL: strings.TrimSuffix(cmp.Or(env("EPKR_PUBLIC_URL"), "http://127.0.0.1:8080"), "/"), Keys: keys, Registry: registryOf(env),
	}
	var results []result
	for _, path := range paths {
		results = append(results, playOne(ctx, platform, path, orders, out))
	}
	return summarise(out, results)
}

// wanted returns the named paths in their own order.
func wanted(names []string) ([]play.Path, error) {
	all := play.Paths()
	if len(names) == 0 {
		return all, nil
	}
	for _, name := range names {
		if !slices.ContainsFunc(all, func(p play.Path) bool { return p.Name == name }) {
			return nil, fmt.Errorf("нет пути %q, есть: %s", name, namesOf(all))
		}
	}
	return slices.DeleteFunc(all, func(p play.Path) bool { return !slices.Contains(names, p.Name) }), nil
}

func namesOf(paths []play.Path) string {
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// result is the result of a path.
type result struct {
	path    play.Path
	orders  []play.Played
	steps   int
	slowest time.Duration
	took    time.Duration
	err     error
}

func playOne(ctx context.Context, platform play.Platform, path play.Path, orders play.Orders, out io.Writer) result {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	fmt.Fprintf(out, "\n%s\n", path.Title)
	r := result{path: path}
	began := time.Now()
	r.orders, r.err = path.Play(ctx, platform, orders, func(s play.Step) {
		r.steps++
		r.slowest = max(r.slowest, s.Took)
		printStep(out, s)
	})
	r.took = time.Since(began)
	if r.err != nil {
		fmt.Fprintf(out, "  НЕ ПРОЙДЕНО: %v\n", r.err)
	}
	return r
}

func printStep(out io.Writer, s play.Step) {
	line := fmt.Sprintf("  %s  %5d мс  %s", s.Path, s.Took.Milliseconds(), s.What)
	if s.By != "" {
		line += " — " + s.By
	}
	if s.Stage != "" {
		line += " → «" + s.Stage + "»"
	}
	fmt.Fprintln(out, line)
}

// summarise prints the table and returns the errors of the failed paths.
func summarise(out io.Writer, results []result) error {
	fmt.Fprintln(out)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "Путь\tЗаказы\tЭтап в конце\tШагов\tВсего, с\tДольше всего, мс\tИтог")
	var failed []error
	for _, r := range results {
		verdict := "пройден"
		if r.err != nil {
			verdict = "НЕ ПРОЙДЕН"
			failed = append(failed, r.err)
		}
		var numbers, stages []string
		for _, o := range r.orders {
			numbers, stages = append(numbers, o.Number), append(stages, o.State.StageLabel())
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%.1f\t%d\t%s\n", r.path.Name, strings.Join(numbers, ", "), strings.Join(stages, ", "),
			r.steps, r.took.Seconds(), r.slowest.Milliseconds(), verdict)
	}
	table.Flush()
	return errors.Join(failed...)
}
