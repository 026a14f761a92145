// Command bench measures the platform on real servers, each part against a baseline: the minimum
// that Temporal and Postgres can do.
//
//	bin/dev with-servers --durable -- go -C dev/bench run . [-only name,name | -base commit] \
//		[-write file] [-profile folder] [-quick]
//
// `make bench` runs it. It contains no benchmark itself: each is a package of this folder and one
// line in the list below. A missed target is reported but does not fail the run; a benchmark that
// cannot be run does.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"epkr/dev/bench/actions"
	"epkr/dev/bench/documents"
	"epkr/dev/bench/floor"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/registrysync"
	"epkr/dev/bench/report"
	"epkr/dev/bench/search"
	"epkr/dev/bench/waiting"
	"epkr/dev/bench/wholeorder"
)

// benchmark is one measurement, which makes one section of the document.
type benchmark struct {
	name string
	run  func(context.Context, platform.Servers) (report.Section, error)
}

// benchmarks are all benchmarks, in the order of the document.
var benchmarks = []benchmark{
	{"actions", actions.Run},
	{"order", wholeorder.Run},
	{"registry", registrysync.Run},
	{"search", search.Run},
	{"documents", documents.Run},
	{"memory", waiting.Memory},
	{"burst", waiting.Burst},
}

func main() {
	floor.Main()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "run these benchmarks only: names, separated by commas")
	base := flags.String("base", "", "a commit: only compare this tree's actions with its")
	write := flags.String("write", "", "the document to replace sections in")
	profile := flags.String("profile", "", "a folder for CPU profiles of worker and apiserver")
	quick := flags.Bool("quick", false, "tiny numbers, to see that the benchmarks work")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := wanted(*only)
	if err != nil {
		return err
	}
	if *base != "" {
		chosen = []benchmark{{"pairs", actions.Pairs(*base)}}
	}
	servers, err := platform.ServersFromEnvironment()
	if err != nil {
		return err
	}
	defer os.RemoveAll(servers.Folder)
	servers.Quick, servers.Profile = *quick, *profile
	setting, err := setting(ctx, servers)
	if err != nil {
		return err
	}
	var sections []report.Section
	for _, b := range chosen {
		section, err := b.measure(ctx, servers, out)
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		sections = append(sections, section)
	}
	if *write == "" {
		return nil
	}
	return report.Replace(*write, setting, sections...)
}

// measure runs the benchmark and prints its section.
func (b benchmark) measure(
	ctx context.Context, servers platform.Servers, out io.Writer,
) (report.Section, error) {
	defer servers.End()
	began := time.Now()
	seconds := func() float64 { return time.Since(began).Seconds() }
	servers.Progressf = func(format string, args ...any) {
		line := fmt.Sprintf(format, args...)
		fmt.Fprintf(os.Stderr, "  %s, %4.0f s: %s\n", b.name, seconds(), line)
	}
	section, err := b.run(ctx, servers)
	if err == nil {
		section.Name = b.name
		fmt.Fprintf(out, "\n%s\n  (%s took %.0f s)\n", section.Markdown(), b.name, seconds())
	}
	return section, err
}

// wanted returns the named benchmarks in their own order, or all if no names are given.
func wanted(names string) ([]benchmark, error) {
	if names == "" {
		return benchmarks, nil
	}
	var chosen []benchmark
	only := strings.Split(names, ",")
	for _, b := range benchmarks {
		if i := slices.Index(only, b.name); i >= 0 {
			only = slices.Delete(only, i, i+1)
			chosen = append(chosen, b)
		}
	}
	if len(only) > 0 {
		return nil, fmt.Errorf("there is no benchmark %q", strings.Join(only, ","))
	}
	return chosen, nil
}
