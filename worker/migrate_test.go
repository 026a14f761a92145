package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/config"
	"epkr/internal/testenv"
)

// In production the worker's own role cannot migrate; the role of EPKR_MIGRATION_DATABASE_URL can.
func TestProductionMigratesOnlyAsOwner(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	testenv.Exec(t, url, `drop schema public cascade`)
	testenv.Exec(t, url, `create schema public`)
	tables := func() int {
		return testenv.Scalar[int](t, url, `select count(*)::int from pg_tables where schemaname = 'public'`)
	}
	settings := config.Worker{Platform: config.Platform{Environment: config.Production, Database: config.Secret(url)}}
	require.ErrorIs(t, migrate(t.Context(), settings), errOldSchema)
	require.Zero(t, tables())
	settings.Migration = config.Secret(url)
	require.NoError(t, migrate(t.Context(), settings))
	require.NotZero(t, tables())
	settings.Migration = ""
	require.NoError(t, migrate(t.Context(), settings), "a current schema is accepted")
}
