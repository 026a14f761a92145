package servers

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// reachableFolder is a temporary folder that the user who runs Postgres can enter.
func reachableFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	return dir
}

func localPostgres(t *testing.T, folder string) *Postgres {
	t.Helper()
	ports, err := FreePorts(1)
	require.NoError(t, err)
	p, err := startPostgres(t.Context(), postgresOptions{
		folder: folder, log: filepath.Join(folder, "postgres.log"), port: ports[0],
	})
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

func TestPostgresGoesOnWithTheDataOfTheRunBefore(t *testing.T) {
	folder := reachableFolder(t)
	first := localPostgres(t, folder)
	execute(t, first.URL(), "create table note as select 'kept' as text")
	first.Stop()
	require.NoError(t, first.Err(), "a stopped Postgres ends by itself")

	second := localPostgres(t, folder)
	require.Equal(t, "kept", query(t, second.URL(), "select text from note"))
}

func TestLocalPostgresTrustsNobodyWithoutThePassword(t *testing.T) {
	p := localPostgres(t, reachableFolder(t))
	config, err := pgx.ParseConfig(p.URL())
	require.NoError(t, err)
	config.Password = "wrong"
	_, err = pgx.ConnectConfig(t.Context(), config)
	require.ErrorContains(t, err, "password authentication failed")
	require.Equal(t, "false", query(t, p.URL(), "select rolsuper::text from pg_roles where rolname = current_user"),
		"the platform's role is no superuser outside tests")
}
