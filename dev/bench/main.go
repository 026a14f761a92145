// Command bench measures the platform on real servers, each part against a baseline: the minimum
// that Temporal and Postgres can do.
//
//	bin/dev with-servers --durable -- go -C dev/bench run . [-only name,name | -base commit] [-write file] [-profile folder] [-quick]
//
// `make bench` runs it. It contains no benchmark itself: each is a package of this folder and one
// line in the list below. A missed target is reported but does not fail the run; a benchmark that
// cannot be run does.
package main

import (
	"context"
	"errors"
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
	Name string
	Run  func(context.Context, platform.Servers) (report.Section, error)
}

// benchmarks are all benchmarks, in the order of the document.
var benchmarks = []benchmark{
	{Name: "actions", Run: actions.Run},
	{Name: "order", Run: wholeorder.Run},
	{Name: "registry", Run: registrysync.Run},
	{Name: "search", Run: search.Run},
	{Name: "memory", Run: waiting.Memory},
	{Name: "burst", Run: waiting.Burst},
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

// options are the command-line options.
type options struct {
	only    []string
	base    string
	write   string
	profile string
	quick   bool
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.Func("only", "run these benchmarks only: names, separated by commas", func(names string) error {
		o.only = strings.Split(names, ",")
		return nil
	})
	flags.StringVar(&o.base, "base", "", "a commit: compare this tree's actions with its, and nothing else")
	flags.StringVar(&o.write, "write", "", "the document to write; with -only, to replace sections in")
	flags.StringVar(&o.profile, "profile", "", "a folder for CPU profiles of worker and apiserver")
	flags.BoolVar(&o.quick, "quick", false, "numbers so small that they say nothing: to see that the benchmarks work")
	return o, flags.Parse(args)
}

func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	chosen, err := wanted(o.only)
	if err != nil {
		return err
	}
	if o.base != "" {
		chosen = []benchmark{{Name: "pairs", Run: actions.Pairs(o.base)}}
	}
	servers, err := platform.ServersFromEnvironment()
	if err != nil {
		return err
	}
	defer os.RemoveAll(servers.Folder)
	servers.Quick, servers.Profile = o.quick, o.profile
	document := report.Document{}
	if document.Setting, err = setting(ctx, servers); err != nil {
		return err
	}
	for _, b := range chosen {
		began := time.Now()
		servers.Progress = func(line string) {
			fmt.Fprintf(os.Stderr, "  %s, %4.0f s: %s\n", b.Name, time.Since(began).Seconds(), line)
		}
		section, err := b.Run(ctx, servers)
		if err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		section.Name = b.Name
		section.Print(out)
		fmt.Fprintf(out, "\n  (%s took %.0f s)\n", b.Name, time.Since(began).Seconds())
		document.Sections = append(document.Sections, section)
	}
	fmt.Fprintf(out, "\ntargets missed: %d\n", report.Missed(document.Sections))
	switch {
	case o.write == "":
		return nil
	case len(o.only) > 0 || o.base != "":
		return document.Replace(o.write)
	}
	return document.Write(o.write)
}

// wanted returns the named benchmarks in their own order, or all if no names are given.
func wanted(names []string) ([]benchmark, error) {
	if len(names) == 0 {
		return benchmarks, nil
	}
	var unknown []error
	for _, name := range names {
		if !slices.ContainsFunc(benchmarks, func(b benchmark) bool { return b.Name == name }) {
			unknown = append(unknown, fmt.Errorf("there is no benchmark %q", name))
		}
	}
	chosen := slices.DeleteFunc(slices.Clone(benchmarks), func(b benchmark) bool { return !slices.Contains(names, b.Name) })
	return chosen, errors.Join(unknown...)
}
