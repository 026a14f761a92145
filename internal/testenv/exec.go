package testenv

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Exec runs a statement on the database at url, for what no query of the platform does: inserting
// rows that another component would insert, or checking the result of a test.
func Exec(t testing.TB, url, statement string, args ...any) {
	t.Helper()
	conn, done := connect(t, url)
	defer done()
	if _, err := conn.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("run %q: %v", statement, err)
	}
}

// HoldTransaction runs a statement in a transaction and leaves it open until commit is called. If
// it is not called, the transaction is rolled back when the test ends.
func HoldTransaction(t testing.TB, url, statement string, args ...any) (commit func()) {
	t.Helper()
	conn, done := connect(t, url)
	t.Cleanup(done)
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatalf("begin a transaction: %v", err)
	}
	if _, err := tx.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("run %q: %v", statement, err)
	}
	return func() {
		t.Helper()
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatalf("commit %q: %v", statement, err)
		}
	}
}

// Blocked reports whether a session of the database waits for a lock of another transaction.
func Blocked(t testing.TB, url string) bool {
	t.Helper()
	return BlockedSessions(t, url) > 0
}

// BlockedSessions returns how many sessions of the database wait for a lock of another transaction.
func BlockedSessions(t testing.TB, url string) int {
	t.Helper()
	return Scalar[int](t, url, `select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
}

// Scalar returns the single value of a query.
func Scalar[T any](t testing.TB, url, query string, args ...any) T {
	t.Helper()
	conn, done := connect(t, url)
	defer done()
	var value T
	if err := conn.QueryRow(t.Context(), query, args...).Scan(&value); err != nil {
		t.Fatalf("read %q: %v", query, err)
	}
	return value
}

// Column returns the values of a one-column query.
func Column[T any](t testing.TB, url, query string, args ...any) []T {
	t.Helper()
	conn, done := connect(t, url)
	defer done()
	rows, err := conn.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("read %q: %v", query, err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatalf("read %q: %v", query, err)
	}
	return values
}

// connect opens a connection for one statement. Tests poll, and many long-lived connections would
// exhaust the server.
func connect(t testing.TB, url string) (conn *pgx.Conn, done func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("reach the test database: %v", err)
	}
	return conn, func() { _ = conn.Close(context.WithoutCancel(t.Context())) }
}
