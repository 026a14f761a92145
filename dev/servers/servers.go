// Package servers starts the real servers that the platform needs, without containers: Postgres,
// Temporal with its UI, and an S3 server.
//
// Each server is a child process in its own process group. It is killed when its parent dies,
// writes its log to a file, counts as started when it answers, and is stopped in reverse order. The
// package never runs code of the platform's own processes and never migrates the platform's schema;
// the platform's only traces in it are a role, a database, a namespace and a bucket named epkr.
//
// Its inputs are the Settings of the caller, the configuration of Temporal in the repository, the
// Debian packages of the machine, and the Go module proxy, from which the servers are built once
// into a cache outside the repository.
//
// It runs only on Linux, because it uses parent-death signals and /proc.
package servers

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Settings describe which servers to start and where. A zero port means that the server is not
// started, because a real one replaces it or nobody needs it.
type Settings struct {
	// Root is the repository.
	Root string
	// Dir holds the data and the logs; the user that runs Postgres must be able to enter it.
	Dir string
	// Progress receives Russian lines for the person who waits.
	Progress io.Writer

	PostgresPort int
	// TemporalPort is the first of Temporal's TemporalPorts.
	TemporalPort   int
	TemporalUIPort int
	// TemporalMetricsPort is the port of the server's own Prometheus metrics.
	TemporalMetricsPort int
	S3Port              int
	// DatabaseURL is the Postgres for Temporal's state if PostgresPort is zero.
	DatabaseURL string
	// WebOrigins are the origins that may upload to the bucket from a browser.
	WebOrigins []string
	// ForTests reduces durability for speed and makes workflows continue as new early.
	ForTests bool
	// Durable disables both effects of ForTests, for tests that measure.
	Durable bool
}

// fast reports whether committed data need not survive and workflows continue as new early.
func (s Settings) fast() bool { return s.ForTests && !s.Durable }

func (s Settings) log(name string) string { return filepath.Join(s.Dir, "log", name+".log") }

// Servers are the running servers; a server that was not started is nil.
type Servers struct {
	Settings
	Postgres, Temporal, TemporalUI, S3 *Process
}

// Start builds what is missing, starts the servers and returns when all of them answer. If Start
// fails, none of them runs. Temporal and its UI start after Postgres, S3 concurrently.
func Start(ctx context.Context, s Settings) (*Servers, error) {
	r := &Servers{Settings: s}
	chains, ctx := errgroup.WithContext(ctx)
	chains.Go(func() (err error) {
		if s.S3Port != 0 {
			r.S3, err = s.startS3(ctx)
		}
		return err
	})
	chains.Go(func() (err error) {
		if s.PostgresPort != 0 {
			r.Postgres, err = s.startPostgres(ctx)
		}
		if err == nil && s.TemporalPort != 0 {
			r.Temporal, err = s.startTemporal(ctx)
		}
		if err == nil && s.TemporalUIPort != 0 {
			r.TemporalUI, err = s.startTemporalUI(ctx)
		}
		return err
	})
	if err := chains.Wait(); err != nil {
		r.Stop()
		return nil, err
	}
	return r, nil
}

// Processes returns the running processes in an order in which each follows those that it needs.
func (r *Servers) Processes() []*Process {
	all := []*Process{r.S3, r.Postgres, r.Temporal, r.TemporalUI}
	return slices.DeleteFunc(all, func(p *Process) bool { return p == nil })
}

// Stop stops the servers in reverse order, each after its dependents.
func (r *Servers) Stop() {
	for _, p := range slices.Backward(r.Processes()) {
		p.Stop()
	}
}

// Died sends one error for the first server that ends before ctx does, with the end of its log.
func (r *Servers) Died(ctx context.Context) <-chan error {
	all := r.Processes()
	died := make(chan error, len(all))
	for _, p := range all {
		go func() {
			select {
			case <-ctx.Done():
			case <-p.Done():
				if ctx.Err() == nil {
					died <- fmt.Errorf("сервер %s завершился (%s)\n%s", p.Name(), p.End(), p.Tail(20))
				}
			}
		}()
	}
	return died
}
