package servers

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Settings describe which servers to start and where. A zero port means that the server is not
// started, because a real one replaces it or nobody needs it.
type Settings struct {
	// Dir holds the data and the logs; the user that runs Postgres must be able to enter it.
	Dir string
	// Cache holds the built servers.
	Cache Cache
	// TemporalConfig is the path of temporal-dev.yml.
	TemporalConfig string

	PostgresPort int
	// TemporalPorts are eight ports, the frontend's first; empty means none.
	TemporalPorts  []int
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

// TemporalPortsFrom returns the ports that Temporal uses if its frontend listens on first: eight in
// a row.
func TemporalPortsFrom(first int) []int {
	var ports []int
	for i := range temporalPorts {
		ports = append(ports, first+i)
	}
	return ports
}

// TestPorts chooses free ports for Postgres, Temporal, its metrics and S3.
func (s *Settings) TestPorts() error {
	ports, err := FreePorts(3 + temporalPorts)
	if err != nil {
		return err
	}
	s.PostgresPort, s.S3Port, s.TemporalMetricsPort, s.TemporalPorts = ports[0], ports[1], ports[2], ports[3:]
	return nil
}

// Servers are the running servers; a server that was not started is nil.
type Servers struct {
	Postgres   *Postgres
	Temporal   *Temporal
	TemporalUI *Process
	S3         *S3
}

// Start builds what is missing, starts the servers and returns when all of them answer. If Start
// fails, none of them runs.
func Start(ctx context.Context, s Settings) (*Servers, error) {
	built, err := s.build(ctx)
	if err != nil {
		return nil, err
	}
	started := &Servers{}
	if err := started.start(ctx, s, built); err != nil {
		started.Stop()
		return nil, err
	}
	return started, nil
}

// folders are the folders with the binaries of each program.
type folders struct{ temporal, temporalUI, s3 string }

func (s Settings) build(ctx context.Context) (folders, error) {
	var f folders
	for _, p := range []struct {
		wanted  bool
		program Program
		folder  *string
	}{
		{s.S3Port != 0, s3Program, &f.s3},
		{len(s.TemporalPorts) > 0, temporalProgram, &f.temporal},
		{s.TemporalUIPort != 0, temporalUIProgram, &f.temporalUI},
	} {
		if !p.wanted {
			continue
		}
		folder, err := s.Cache.Build(ctx, p.program)
		if err != nil {
			return folders{}, err
		}
		*p.folder = folder
	}
	return f, nil
}

// start runs two chains concurrently: Postgres, then Temporal and its UI; and S3.
func (r *Servers) start(ctx context.Context, s Settings, built folders) error {
	chains, ctx := errgroup.WithContext(ctx)
	chains.Go(func() error { return r.startS3(ctx, s, built) })
	chains.Go(func() error { return r.startPostgresAndTemporal(ctx, s, built) })
	return chains.Wait()
}

func (r *Servers) startS3(ctx context.Context, s Settings, built folders) (err error) {
	if s.S3Port == 0 {
		return nil
	}
	r.S3, err = startS3(ctx, s, built.s3)
	return err
}

func (r *Servers) startPostgresAndTemporal(ctx context.Context, s Settings, built folders) (err error) {
	if s.PostgresPort != 0 {
		r.Postgres, err = startPostgres(ctx, s)
		if err != nil {
			return err
		}
	}
	if len(s.TemporalPorts) == 0 {
		return nil
	}
	store, err := r.temporalStore(ctx, s)
	if err != nil {
		return err
	}
	r.Temporal, err = startTemporal(ctx, s, store, built.temporal)
	if err != nil || s.TemporalUIPort == 0 {
		return err
	}
	r.TemporalUI, err = startTemporalUI(ctx, s, built.temporalUI, r.Temporal.Address())
	return err
}

func (r *Servers) temporalStore(ctx context.Context, s Settings) (temporalStore, error) {
	if r.Postgres != nil {
		return localStore(r.Postgres), nil
	}
	if s.DatabaseURL == "" {
		return temporalStore{}, errors.New("Temporal needs a Postgres: neither a port nor a URL is given")
	}
	return foreignStore(ctx, s.DatabaseURL)
}

func (s Settings) folder(name string) string { return filepath.Join(s.Dir, name) }

func (s Settings) log(name string) string { return filepath.Join(s.Dir, "log", name+".log") }

// Processes returns the running processes in the order of their start.
func (r *Servers) Processes() []*Process {
	var all []*Process
	if r.S3 != nil {
		all = append(all, r.S3.Process)
	}
	if r.Postgres != nil {
		all = append(all, r.Postgres.Process)
	}
	if r.Temporal != nil {
		all = append(all, r.Temporal.Process)
	}
	if r.TemporalUI != nil {
		all = append(all, r.TemporalUI)
	}
	return all
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
