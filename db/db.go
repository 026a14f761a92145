// Package db provides access to the platform's Postgres: migrations, the generated queries,
// transactions and notifications. It is the only package that imports pgx, and contains no domain
// rules.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"epkr/db/sqlcgen"
)

// ErrNotFound is returned when a query for one row finds none.
var ErrNotFound = pgx.ErrNoRows

// Store is a pool of connections with the platform's queries on it.
type Store struct {
	*sqlcgen.Queries
	pool *pgxpool.Pool
}

// Open connects to the database at url (a libpq connection string) and checks that it answers.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("reading the database address: %w", err)
	}
	config.AfterConnect = registerUUIDCodec
	if err := adaptToPooler(ctx, config.ConnConfig, url); err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reaching the database: %w", err)
	}
	return &Store{Queries: sqlcgen.New(pool), pool: pool}, nil
}

// OpenSQL opens the database at url for statements that are not generated, as Open does behind a
// pooler and without one.
func OpenSQL(ctx context.Context, url string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("reading the database address: %w", err)
	}
	if err := adaptToPooler(ctx, config, url); err != nil {
		return nil, err
	}
	return stdlib.OpenDB(*config), nil
}

// adaptToPooler avoids prepared statements behind a pooler, unless the address chooses the mode.
func adaptToPooler(ctx context.Context, config *pgx.ConnConfig, url string) error {
	pooled, err := behindPooler(ctx, config)
	if err != nil {
		return fmt.Errorf("reaching the database: %w", err)
	}
	if pooled && !strings.Contains(url, "default_query_exec_mode") {
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	return nil
}

// behindPooler reports whether a pooler such as PgBouncer is between this process and Postgres.
// Behind a pooler, a statement prepared on one server connection may be executed on another.
// Postgres reports the id of the serving process when a connection starts; a pooler reports an
// invented one.
func behindPooler(ctx context.Context, config *pgx.ConnConfig) (bool, error) {
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return false, err //nolint:wrapcheck // the caller says what failed
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var serving uint32
	err = conn.QueryRow(ctx, "select pg_backend_pid()", pgx.QueryExecModeExec).Scan(&serving)
	return serving != conn.PgConn().PID(), err //nolint:wrapcheck // the caller says what failed
}

// Close waits for the running queries and closes the pool.
func (s *Store) Close() { s.pool.Close() }

// Ping returns an error if the database does not answer.
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// InTx runs do in one transaction. It commits if do returns nil and rolls back otherwise.
func (s *Store) InTx(ctx context.Context, do func(*sqlcgen.Queries) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return do(s.WithTx(tx)) })
}

// IsIntegrityViolation reports whether a row broke a constraint (SQLSTATE class 23), which is a bug
// in the program.
func IsIntegrityViolation(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code[:2] == "23"
}

// IsUniqueViolation reports whether a row with the same unique key exists. constraint names the key; empty means any.
func IsUniqueViolation(err error, constraint string) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == "23505" && (constraint == "" || refused.ConstraintName == constraint)
}

// IsUnavailable reports whether the database could not be reached, is shutting down, or rolled the
// transaction back because of a concurrent one: the same call may succeed later.
func IsUnavailable(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		class := refused.Code[:2]
		// Connection, transaction rolled back for another one, resources, operator intervention.
		return class == "08" || class == "40" || class == "53" || class == "57"
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}
