package testenv

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Exec runs statements on the database at url, for what no query of the
// platform does: making the rows that another part would have made, or looking
// at what a test claims.
func Exec(t testing.TB, url, statement string, args ...any) {
	t.Helper()
	conn, done := connect(t, url)
	defer done()
	if _, err := conn.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("run %q: %v", statement, err)
	}
}

// Scalar reads the one value that a query gives.
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

// Column reads the values of a query's one column.
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

// connect opens a connection for one statement: tests poll, and many at once would exhaust the server.
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
