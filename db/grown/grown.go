// Package grown fills a database with the amount of data of several years, to measure the cost of
// every query at that size.
//
// The rows resemble those of a busy platform in number, size and skew: a few customers, engineers
// and employers have thousands of orders, most have a few. Every fill gives the same rows, except
// for the times. The orders have no workflows: the package serves to examine queries and is not
// part of the product.
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
	"epkr/internal/order"
)

// Numbers of rows.
const (
	People        = 20_000
	Engineers     = 40_000 // as many as the registry has; every fourth has signed in
	Organisations = 3_000  // two of three employ engineers
	Orders        = 100_000
	Notifications = 2_000_000
)

// Now is the moment at which the newest rows were written.
var Now = time.Now().UTC().Truncate(time.Second)

// kind is the type of object that an id belongs to.
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
	aSearch
	aProfileFile
	anAccountDecision
	aChatMessage
)

// id returns a random-looking id that is always the same for the same kind and number.
func id(of kind, n int) uuid.UUID {
	rnd := rand.NewPCG(uint64(n), uint64(of))
	var made uuid.UUID
	binary.LittleEndian.PutUint64(made[:8], rnd.Uint64())
	binary.LittleEndian.PutUint64(made[8:], rnd.Uint64())
	made[6], made[8] = made[6]&0x0f|0x40, made[8]&0x3f|0x80
	return made
}

// table is the content of one table.
type table struct {
	name    string
	columns []string
	rows    iter.Seq[[]any]
}

// Make creates a database on the server, migrates it and fills it.
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

// maxConcurrentTables is how many tables are filled or indexed concurrently.
const maxConcurrentTables = 2

// Fill fills the migrated, empty database at address and analyzes its tables. It needs superuser
// rights.
func Fill(ctx context.Context, address string) error {
	conn, err := connect(ctx, address)
	if err != nil {
		return err
	}
	defer closeQuietly(conn)
	if err := withoutIndexes(ctx, address, conn, func() error {
		if err := forEachConcurrently(ctx, address, tables(), fill); err != nil {
			return err
		}
		if err := run(ctx, conn, "select carry_employments(); update employments set status_at = asked_at"); err != nil {
			return fmt.Errorf("writing the employments: %w", err)
		}
		if err := run(ctx, conn, "select chain_history()"); err != nil {
			return fmt.Errorf("chaining the histories: %w", err)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := run(ctx, conn, fillListing+fillOpenOrders+";"+fillMail); err != nil {
		return fmt.Errorf("filling the lists: %w", err)
	}
	return run(ctx, conn, "vacuum (analyze)")
}

// FillPeople adds the people, the accounts and the engineers that orders name, for a database of
// which only the lists of orders are of interest.
func FillPeople(ctx context.Context, address string) error {
	return forEachConcurrently(ctx, address, append(partyTables(), engineersTable()), fill)
}

// FillOrders adds a batch of orders with the numbers from first on, their published texts, responses
// and offers, and analyzes the tables. It needs [FillPeople] and superuser rights.
func FillOrders(ctx context.Context, address string, first, count int) error {
	conn, err := connect(ctx, address)
	if err != nil {
		return err
	}
	defer closeQuietly(conn)
	all := makeOrders(first, count)
	filled := append(candidatesTables(all), ordersTable(all), table{"message_bodies", columns(bodyColumns), texts(all, order.Publish)})
	names := make([]string, len(filled))
	for i, t := range filled {
		names[i] = t.name
	}
	if err := withoutIndexes(ctx, address, conn, func() error { return forEachConcurrently(ctx, address, filled, fill) }, names...); err != nil {
		return err
	}
	if err := run(ctx, conn, fillOpenOrders); err != nil {
		return fmt.Errorf("listing the orders: %w", err)
	}
	return run(ctx, conn, "vacuum (analyze) open_orders, "+strings.Join(names, ", "))
}

// withoutIndexes drops the indexes of the tables, or of all if none is named, calls do and builds
// them again: this is faster than updating them for every row. Unique indexes stay, because other
// statements need them.
func withoutIndexes(ctx context.Context, address string, conn *pgx.Conn, do func() error, tables ...string) error {
	indexes, err := conn.Query(ctx, `select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid
		where c.relnamespace = 'public'::regnamespace and not i.indisunique and (cardinality($1::text[]) = 0 or c.relname = any($1))`, append([]string{}, tables...))
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
	if err := do(); err != nil {
		return err
	}
	if err := forEachConcurrently(ctx, address, definitions, run); err != nil {
		return fmt.Errorf("building the indexes: %w", err)
	}
	return nil
}

// forEachConcurrently calls do for each item, for maxConcurrentTables items at a time, each on its
// own connection.
func forEachConcurrently[T any](ctx context.Context, address string, all []T, do func(context.Context, *pgx.Conn, T) error) error {
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

// connect opens a connection with triggers disabled: the generated rows are consistent, and
// checking each one would take longer than writing it.
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
