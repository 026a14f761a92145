package servers

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// reachableFolder returns a temporary folder that Postgres' user can enter.
func reachableFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	return dir
}

// localPostgres returns a server on which only Postgres runs.
func localPostgres(t *testing.T, folder string) *Servers {
	t.Helper()
	ports, err := FreePorts(1)
	require.NoError(t, err)
	p, err := Start(t.Context(), Settings{Dir: folder, PostgresPort: ports[0]})
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	return p
}

// query runs one statement and returns its only value.
func query(t *testing.T, url, sql string) (value string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&value))
	return value
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func TestPostgresKeepsDataBetweenRuns(t *testing.T) {
	folder := reachableFolder(t)
	first := localPostgres(t, folder)
	execute(t, first.OwnerURL(), "create table note as select 'kept' as text")
	first.Stop()
	require.Equal(t, "exit status 0", first.Postgres.End(), "a stopped Postgres exits by itself")

	second := localPostgres(t, folder)
	require.Equal(t, "kept", query(t, second.OwnerURL(), "select text from note"))
}

func TestLocalPostgresRequiresThePassword(t *testing.T) {
	p := localPostgres(t, reachableFolder(t))
	config, err := pgx.ParseConfig(p.OwnerURL())
	require.NoError(t, err)
	config.Password = "wrong"
	_, err = pgx.ConnectConfig(t.Context(), config)
	require.ErrorContains(t, err, "password authentication failed")
	require.Equal(t, "false", query(t, p.OwnerURL(), "select rolsuper::text from pg_roles where rolname = current_user"),
		"the platform's role is no superuser outside tests")
}

// The platform's processes connect as a role that owns nothing; a cluster of an earlier run gets
// that role.
func TestProcessesConnectAsARoleThatOwnsNothing(t *testing.T) {
	folder := reachableFolder(t)
	first := localPostgres(t, folder)
	execute(t, first.OwnerURL(), "create table note as select 'kept' as text")
	execute(t, first.postgresURL(superuser, superuser), "drop role epkr_app")
	execute(t, first.postgresURL(superuser, superuser), "drop role epkr_process")
	first.Stop()

	second := localPostgres(t, folder)
	require.Equal(t, "false", query(t, second.ProcessURL(), "select (rolsuper or rolcreaterole or rolcreatedb)::text from pg_roles where rolname = current_user"))
	require.Equal(t, "true", query(t, second.ProcessURL(), "select pg_has_role('epkr_process', 'usage')::text"))
	require.Equal(t, "false", query(t, second.ProcessURL(), "select has_table_privilege('note', 'select')::text"))
	require.Equal(t, "epkr", query(t, second.OwnerURL(), "select tableowner::text from pg_tables where tablename = 'note'"))
}

// A failed statement does not bring what people wrote into the server's log.
func TestServerLogHoldsNoValues(t *testing.T) {
	folder := reachableFolder(t)
	p := localPostgres(t, folder)
	execute(t, p.OwnerURL(), "create table note (id int primary key, text text check (length(text) < 20))")
	conn, err := pgx.Connect(t.Context(), p.OwnerURL())
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	for statement, arguments := range map[string][]any{
		"insert into note values (1, $1)":                             {"Иванов-в-проверке-условия"},
		"insert into note values (1, 'Петров'), (1, 'Петров-второй')": nil,
		"select ($1::text)::int":                                      {"Сидоров"},
		"select $1::text, 1 / 0":                                      {"Кузнецов"},
	} {
		_, err := conn.Exec(t.Context(), statement, arguments...)
		require.Error(t, err, statement)
	}
	p.Stop()
	log, err := os.ReadFile(filepath.Join(folder, "log", "postgres.log"))
	require.NoError(t, err)
	for _, name := range []string{"Иванов", "Петров", "Сидоров", "Кузнецов"} {
		require.NotContains(t, string(log), name)
	}
}
