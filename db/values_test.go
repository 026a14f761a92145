package db_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/internal/testenv"
)

// A database error written to a log or a workflow's history quotes no value and still matches the
// original error in errors.Is and errors.As.
func TestErrorsQuoteNoValues(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), testenv.Database(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	for statement, code := range map[string]string{
		`select ($1::text)::uuid`:       "22P02",
		`select ($1::text)::date`:       "22007",
		`select ($1::text)::jsonb`:      "22P02",
		`select to_timestamp($1, 'YY')`: "22007",
		`insert into person_esia_numbers (esia_oid, person_id, first_seen, last_seen) values ($1, gen_random_uuid(), now(), now())`: "23503",
	} {
		_, failed := conn.Exec(t.Context(), statement, "Иванов")
		require.Error(t, failed, statement)
		for _, wrapped := range []error{failed, fmt.Errorf("reading: %w", failed), errors.Join(errors.New("first"), fmt.Errorf("then: %w", failed))} {
			redacted := db.WithoutValues(wrapped)
			require.NotContains(t, redacted.Error(), "Иванов", statement)
			require.ErrorContains(t, redacted, code, statement)
			var refused *pgconn.PgError
			require.ErrorAs(t, redacted, &refused)
			var log bytes.Buffer
			slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{ReplaceAttr: db.LogWithoutValues})).Error("x", "error", wrapped)
			require.NotContains(t, log.String(), "Иванов", statement)
			require.Contains(t, log.String(), code)
		}
	}
	require.NoError(t, db.WithoutValues(nil))
}
