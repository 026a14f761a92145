package db_test

import (
	"database/sql"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/testenv"
)

const beforeProfiles = 24

// A profile that was marked as complete while there was nothing to fill in becomes incomplete. Files
// of orders stay, and the migration can be undone.
func TestProfilesOfADatabaseWithEngineers(t *testing.T) {
	acceptance.Covers(t, "S-28")
	t.Parallel()
	url := testenv.Database(t)
	conn, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), beforeProfiles)
	require.NoError(t, err)
	exec := func(statement string, arguments ...any) {
		t.Helper()
		_, err := conn.ExecContext(t.Context(), statement, arguments...)
		require.NoError(t, err)
	}
	engineer, person, file := uuid.New(), uuid.New(), uuid.New()
	exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, '1', '1', 'Ф', 'И')`, person)
	exec(`insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, profile_complete)
		values ($1, '1', '1', 'Ф', 'И', true, now(), true)`, engineer)
	exec(`insert into files (id, order_id, uploader_id, name, size, sha256, status) values ($1, $1, $2, 'а', 1, repeat('0', 64), 'uploading')`, file, person)
	_, err = provider.Up(t.Context())
	require.NoError(t, err)
	var complete bool
	require.NoError(t, conn.QueryRowContext(t.Context(), `select profile_complete from engineers where id = $1`, engineer).Scan(&complete))
	require.False(t, complete)

	exec(`insert into files (id, profile_id, name, size, sha256, content_type, status, stored_at) values (gen_random_uuid(), $1, 'а', 1, repeat('0', 64), 'a/b', 'stored', now())`, engineer)
	exec(`insert into engineer_files (file_id, engineer_id, purpose, position) select id, profile_id, 'document', 0 from files where profile_id = $1`, engineer)
	_, err = provider.DownTo(t.Context(), beforeProfiles)
	require.NoError(t, err)
	var files int
	require.NoError(t, conn.QueryRowContext(t.Context(), `select count(*) from files`).Scan(&files))
	require.Equal(t, 1, files, "files of orders stay")
	_, err = provider.Up(t.Context())
	require.NoError(t, err)
}
