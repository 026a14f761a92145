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

// namesMigration names engineers by ЕСИА and lists those who use their accounts.
const namesMigration = 34

// The database is of the previous version, with an engineer whom ЕСИА names otherwise than the
// registry, one whose account is off, and one who withdrew his consent.
func TestMigrationNamesAndUnlistsEngineers(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-2", "R-GEN-6", "R-AUTH-6")
	_, url := open(t)
	conn, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), namesMigration-1)
	require.NoError(t, err)

	employer := uuid.New()
	testenv.Exec(t, url, `insert into parties (id, kind, name, is_employer, ogrn, active_engineers) values ($1, 'organisation', 'Межа', true, '1', 3)`, employer)
	engineer := func(number, own string) uuid.UUID {
		person, id := uuid.New(), uuid.New()
		testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $2, $3, 'Имя')`, person, person.String(), own)
		testenv.Exec(t, url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, profile_complete, regions, person_id,
				form, employer_id, employment)
			values ($1, $2, $2, 'Реестров', 'Имя', true, now(), true, '{77}', $3, 'employee', $4, 'confirmed')`, id, number, person, employer)
		return person
	}
	engineer("1", "Собственнов")
	off, withdrawn := engineer("2", "Реестров"), engineer("3", "Реестров")
	testenv.Exec(t, url, `update people set active = false where id = $1`, off)
	testenv.Exec(t, url, `insert into consents (person_id, version, withdrawn_at) values ($1, '1', now())`, withdrawn)
	listed := func() []string {
		return testenv.Column[string](t, url, `select e.registry_number || l.search from engineer_listing l join engineers e on e.id = l.engineer_id order by 1`)
	}
	require.Len(t, listed(), 3)

	_, err = provider.ApplyVersion(t.Context(), namesMigration, true)
	require.NoError(t, err)
	require.Equal(t, []string{"1 реестров имя собственнов имя 1 "}, listed(), "both names are searched for")
	require.Equal(t, []string{"Собственнов Имя|Реестров Имя", "Реестров Имя|", "Реестров Имя|"},
		testenv.Column[string](t, url, `select name || '|' || coalesce(registry_name, '') from engineers order by registry_number`))
	require.Equal(t, "1", testenv.Scalar[string](t, url, `select active_engineers::text from parties where id = $1`, employer))
	require.Equal(t, "собственнов", testenv.Scalar[string](t, url, `select word from name_spellings where spelling = 'собственов'`))

	_, err = provider.DownTo(t.Context(), namesMigration-1)
	require.NoError(t, err)
	require.Equal(t, []string{"1 собственнов имя 1 ", "2 реестров имя 2 ", "3 реестров имя 3 "}, listed())
	require.Equal(t, "3", testenv.Scalar[string](t, url, `select active_engineers::text from parties where id = $1`, employer))
}
