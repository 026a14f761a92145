// Package platform runs the whole platform for a benchmark: worker and apiserver as processes built
// from this tree, in their own database and Temporal namespace, on the servers that `dev
// with-servers` has started.
//
// It measures nothing and sends nothing. Its inputs are the EPKR_TEST_ variables of `dev
// with-servers`.
package platform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"

	_ "epkr/db" // registers the driver
	"epkr/dev/stack"
)

// Servers are the addresses of the real servers and the options of a run.
type Servers struct {
	// DatabaseURL is the address for a role that may create databases.
	DatabaseURL string
	// TemporalAddress is host:port of the frontend, TemporalMetrics the URL of the server's own
	// metrics.
	TemporalAddress, TemporalMetrics string
	S3Endpoint                       string
	// Processes are the process ids of the servers: postgres, temporal, s3.
	Processes map[string]int

	// Folder is a temporary folder, removed at the end of a run.
	Folder string
	// Root is the source tree to build.
	Root string
	// Quick requests amounts too small for useful numbers, to check that a benchmark works.
	Quick bool
	// Profile is a folder for profiles of worker and apiserver; empty means no profiles.
	Profile string
	// Progress receives lines about the progress of a run; nil discards them.
	Progress func(line string)
}

// Progressf reports the current step of a run.
func (s Servers) Progressf(format string, args ...any) {
	if s.Progress != nil {
		s.Progress(fmt.Sprintf(format, args...))
	}
}

// ServersFromEnvironment reads the variables set by `dev with-servers`.
func ServersFromEnvironment() (s Servers, err error) {
	var list string
	var missing []error
	for name, target := range map[string]*string{
		"EPKR_TEST_DATABASE_URL": &s.DatabaseURL, "EPKR_TEST_TEMPORAL_ADDRESS": &s.TemporalAddress,
		"EPKR_TEST_TEMPORAL_METRICS": &s.TemporalMetrics, "EPKR_TEST_S3_ENDPOINT": &s.S3Endpoint, "EPKR_TEST_SERVERS_FILE": &list,
	} {
		if *target = os.Getenv(name); *target == "" {
			missing = append(missing, fmt.Errorf("%s is not set: run `make bench`", name))
		}
	}
	if err := errors.Join(missing...); err != nil {
		return s, err
	}
	if s.Processes, err = readProcesses(list); err != nil {
		return s, err
	}
	if s.Root, err = stack.Root(); err != nil {
		return s, err
	}
	s.Folder, err = os.MkdirTemp("", "epkr-bench-")
	return s, err
}

// Either returns the first number, or the second in a quick run.
func (s Servers) Either(full, quick int) int {
	if s.Quick {
		return quick
	}
	return full
}

// NewDatabase creates an empty database and returns its address. drop removes it, even while
// connections to it are open.
func (s Servers) NewDatabase(ctx context.Context, name string) (address string, drop func(), err error) {
	u, err := url.Parse(s.DatabaseURL)
	if err != nil {
		return "", nil, fmt.Errorf("reading the database server's address: %w", err)
	}
	u.Path = "/" + name
	if err := s.maintain(ctx, `create database "`+name+`"`); err != nil {
		return "", nil, err
	}
	return u.String(), func() {
		if err := s.maintain(context.WithoutCancel(ctx), `drop database if exists "`+name+`" with (force)`); err != nil {
			slog.Warn("a benchmark's database stays until its server ends", "error", err)
		}
	}, nil
}

func (s Servers) maintain(ctx context.Context, statement string) error {
	database, err := sql.Open("pgx", s.DatabaseURL)
	if err != nil {
		return fmt.Errorf("reaching the database server: %w", err)
	}
	defer database.Close()
	if _, err := database.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
