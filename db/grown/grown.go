// Package grown fills a database as years of work leave it, so that what every query costs then can be seen now.
//
// The rows are alike in number, size and skew to those of a busy platform: a few customers, engineers and employers have thousands of
// orders, most have a few. They are the same each time, but for the time. No workflow stands behind them: the package is for looking at queries alone and
// never part of the product.
package grown

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"epkr/db"
)

// How much there is of what.
const (
	People        = 20_000
	Engineers     = 40_000 // as many as the registry has; every fourth has signed in
	Organisations = 3_000  // two of three employ engineers
	Orders        = 100_000
	Notifications = 2_000_000
)

// Now is the moment at which the newest rows were written.
var Now = time.Now().UTC().Truncate(time.Second)

// kind is what an id is of.
type kind byte

const (
	aPerson kind = iota
	anAccount
	anEntrepreneur
	anOrganisation
	anEngineer
	anOrder
	aMessage
	aBody
	aFile
	aSession
	aLogin
	aRun
	aDecision
	aStream
)

// id is the same for the same number, and as scattered as random ones are.
func id(of kind, n int) uuid.UUID {
	rnd := rand.NewPCG(uint64(n), uint64(of))
	var made uuid.UUID
	binary.LittleEndian.PutUint64(made[:8], rnd.Uint64())
	binary.LittleEndian.PutUint64(made[8:], rnd.Uint64())
	made[6], made[8] = made[6]&0x0f|0x40, made[8]&0x3f|0x80
	return made
}

// table is what is copied into one table.
type table struct {
	name    string
	columns []string
	rows    iter.Seq[[]any]
}

// Make creates a database on the server, brings its schema up to date and fills it.
func Make(ctx context.Context, server, name string) (address string, err error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", fmt.Errorf("reaching the server: %w", err)
	}
	defer closeQuietly(conn)
	if err := run(ctx, conn, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return "", fmt.Errorf("creating the database: %w", err)
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("reading the address of the server: %w", err)
	}
	u.Path = "/" + name
	if err := db.Migrate(ctx, u.String()); err != nil {
		return "", err
	}
	return u.String(), Fill(ctx, u.String())
}

// maxConcurrentTables is how many tables are filled or indexed at a time.
const maxConcurrentTables = 2

// Fill fills the migrated, empty database at address and counts its rows for the planner. It needs the rights of a superuser.
func Fill(ctx context.Context, address string) error {
	conn, err := connect(ctx, address)
	if err != nil {
		return err
	}
	defer closeQuietly(conn)
	// To build an index is faster than to add to it row by row. Those that keep rows unique stay: other statements need them.
	indexes, err := conn.Query(ctx, `select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid
		where c.relnamespace = 'public'::regnamespace and not i.indisunique`)
	if err != nil {
		return fmt.Errorf("reading the indexes: %w", err)
	}
	var name, definition string
	var drops, definitions []string
	if _, err := pgx.ForEachRow(indexes, []any{&name, &definition}, func() error {
		drops, definitions = append(drops, "drop index "+name), append(definitions, definition)
		return nil
	}); err != nil {
		return fmt.Errorf("reading the indexes: %w", err)
	}
	if _, err := conn.Exec(ctx, strings.Join(drops, ";")); err != nil {
		return fmt.Errorf("dropping the indexes: %w", err)
	}
	if err := together(ctx, address, tables(), fill); err != nil {
		return err
	}
	if err := together(ctx, address, definitions, run); err != nil {
		return fmt.Errorf("building the indexes: %w", err)
	}
	return run(ctx, conn, "vacuum (analyze)")
}

// together does something with each, maxConcurrentTables of them at a time, each on a connection of its own.
func together[T any](ctx context.Context, address string, all []T, do func(context.Context, *pgx.Conn, T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxConcurrentTables)
	for _, one := range all {
		group.Go(func() error {
			conn, err := connect(ctx, address)
			if err != nil {
				return err
			}
			defer closeQuietly(conn)
			return do(ctx, conn, one)
		})
	}
	return group.Wait()
}

// connect opens a connection that leaves out triggers: the rows fit together as they are made, and checking each would take longer than
// writing it.
func connect(ctx context.Context, address string) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("reaching the database: %w", err)
	}
	if _, err := conn.Exec(ctx, "set session_replication_role = replica; set maintenance_work_mem = '256MB'"); err != nil {
		closeQuietly(conn)
		return nil, fmt.Errorf("leaving out triggers: %w", err)
	}
	return conn, nil
}

func closeQuietly(conn *pgx.Conn) { _ = conn.Close(context.Background()) }

func run(ctx context.Context, conn *pgx.Conn, statement string) error {
	_, err := conn.Exec(ctx, statement)
	return err
}

func fill(ctx context.Context, conn *pgx.Conn, t table) error {
	next, stop := iter.Pull(t.rows)
	defer stop()
	_, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromFunc(func() ([]any, error) {
		row, _ := next()
		return row, nil
	}))
	if err != nil {
		return fmt.Errorf("filling %s: %w", t.name, err)
	}
	return nil
}
