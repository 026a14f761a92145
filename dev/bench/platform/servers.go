// Package platform runs the whole platform for a benchmark: worker and apiserver as processes built
// from this tree, in their own database and Temporal namespace, on the servers that `dev
// with-servers` has started.
//
// It measures processes and sends nothing. Its inputs are the EPKR_TEST_ variables of `dev
// with-servers`.
package platform

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"

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

	// Folder is a temporary folder for the whole run.
	Folder string
	// Root is the source tree to build.
	Root string
	// Quick requests amounts too small for useful numbers, to check that a benchmark works.
	Quick bool
	// Profile is a folder for profiles of worker and apiserver; empty means no profiles.
	Profile string
	// Progressf reports the current step.
	Progressf func(format string, args ...any)

	cleanups *[]func()
}

// ServersFromEnvironment reads the variables set by `dev with-servers`.
func ServersFromEnvironment() (Servers, error) {
	s := Servers{cleanups: new([]func())}
	var list string
	for name, target := range map[string]*string{
		"EPKR_TEST_DATABASE_URL":     &s.DatabaseURL,
		"EPKR_TEST_TEMPORAL_ADDRESS": &s.TemporalAddress,
		"EPKR_TEST_TEMPORAL_METRICS": &s.TemporalMetrics,
		"EPKR_TEST_S3_ENDPOINT":      &s.S3Endpoint,
		"EPKR_TEST_SERVERS_FILE":     &list,
	} {
		if *target = os.Getenv(name); *target == "" {
			return s, fmt.Errorf("%s is not set: run `make bench`", name)
		}
	}
	text, err := os.ReadFile(list)
	if err == nil {
		err = json.Unmarshal(text, &s.Processes)
	}
	if err != nil {
		return s, fmt.Errorf("reading the list of servers: %w", err)
	}
	if s.Root, err = stack.Root(); err != nil {
		return s, err
	}
	s.Folder, err = os.MkdirTemp("", "epkr-bench-")
	return s, err
}

// Cleanup has f called at the end of the benchmark; the last function given is the first called.
func (s Servers) Cleanup(f func()) { *s.cleanups = append(*s.cleanups, f) }

// End calls the functions given to Cleanup.
func (s Servers) End() {
	for _, f := range slices.Backward(*s.cleanups) {
		f()
	}
	*s.cleanups = nil
}

// Either returns the first number, or the second in a quick run.
func (s Servers) Either(full, quick int) int {
	if s.Quick {
		return quick
	}
	return full
}

// Database is an open database.
type Database struct {
	*sql.DB
	URL string
}

// NewDatabase creates an empty database for the benchmark.
func (s Servers) NewDatabase(ctx context.Context, name string) (*Database, error) {
	u, err := url.Parse(s.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("reading the database server's address: %w", err)
	}
	u.Path = "/" + name
	server, err := sql.Open("pgx", s.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("reaching the database server: %w", err)
	}
	s.Cleanup(func() { server.Close() })
	if _, err := server.ExecContext(ctx, `create database "`+name+`"`); err != nil {
		return nil, fmt.Errorf("creating a database: %w", err)
	}
	// Force closes connections that are still open.
	s.Cleanup(func() { _, _ = server.Exec(`drop database "` + name + `" with (force)`) })
	database, err := sql.Open("pgx", u.String())
	if err != nil {
		return nil, fmt.Errorf("reaching the database: %w", err)
	}
	s.Cleanup(func() { database.Close() })
	return &Database{database, u.String()}, nil
}

// Read returns the value of a query whose result is one JSON value.
func Read[T any](ctx context.Context, d *Database, query string, args ...any) (value T, err error) {
	var text []byte
	if err = d.QueryRowContext(ctx, query, args...).Scan(&text); err == nil {
		err = json.Unmarshal(text, &value)
	}
	if err != nil {
		return value, fmt.Errorf("%w: reading %s", err, query)
	}
	return value, nil
}
