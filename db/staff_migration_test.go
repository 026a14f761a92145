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

const staffMigration = 28

// The database is of the previous version. Its employees, suspended ones and requests get a row with
// a history, engineers without an employer none, and orders are told of a suspension only.
func TestMigrationCarriesEmployments(t *testing.T) {
	acceptance.Covers(t, "S-30")
	_, url := open(t)
	conn, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), staffMigration-1)
	require.NoError(t, err)
	employer := uuid.New()
	testenv.Exec(t, url, `insert into parties (id, kind, name, ogrn, inn, is_employer) values ($1, 'organisation', 'ООО «Ёлка»', '1027700132195', '7707083893', true)`, employer)
	for snils, employment := range map[string]string{"1": "confirmed", "2": "suspended", "3": "pending", "4": "removed", "5": ""} {
		testenv.Exec(t, url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, form, employer_id, employment)
			values (gen_random_uuid(), $1, $1, 'Фамилия', 'Имя', true, now(), 'employee', case when $2 in ('confirmed', 'suspended', 'pending') then $3::uuid end, $2)`,
			snils, employment, employer)
	}
	_, err = provider.UpTo(t.Context(), staffMigration)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"confirmed", "suspended", "pending"}, testenv.Column[string](t, url, `select status from employments`))
	require.Equal(t, []string{"suspended"}, testenv.Column[string](t, url, `select status from employments where status_at is not null`))
	require.Equal(t, 3, testenv.Scalar[int](t, url, `select count(*)::int from employment_events where kind = 'migration'`))
	require.Equal(t, 1, testenv.Scalar[int](t, url, `select count(*)::int from parties where search like '%елка%' and search like '%7707083%'`))
	testenv.Exec(t, url, `select carry_employments()`)
	require.Equal(t, 3, testenv.Scalar[int](t, url, `select count(*)::int from employments`), "again changes nothing")
}
