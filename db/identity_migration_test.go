package db_test

import (
	"database/sql"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"epkr/internal/testenv"
)

const beforeIdentity = 13

// Two records of one person, made under two ЕСИА numbers, are merged; two persons with the same
// СНИЛС by mistake are not.
func TestMigrationMergesRecordsOfOnePerson(t *testing.T) {
	t.Parallel()
	conn, err := sql.Open("pgx", testenv.Database(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), beforeIdentity)
	require.NoError(t, err)
	exec := func(statement string, arguments ...any) {
		t.Helper()
		_, err := conn.ExecContext(t.Context(), statement, arguments...)
		require.NoError(t, err)
	}
	count := func(query string, arguments ...any) (n int) {
		t.Helper()
		require.NoError(t, conn.QueryRowContext(t.Context(), query, arguments...).Scan(&n))
		return n
	}
	record := func(oid, snils, first, since string) (person, party uuid.UUID) {
		person, party = uuid.New(), uuid.New()
		exec(`insert into people (id, esia_oid, snils, last_name, first_name, created_at) values ($1, $2, $3, 'Королёв', $4, $5)`, person, oid, snils, first, since)
		exec(`insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Королёв')`, party, person)
		exec(`insert into sessions (token_hash, id, person_id, role, party_id, expires_at) values (decode(repeat($1, 32), 'hex'), $2, $3, 'customer', $4, now() + interval '1 hour')`,
			oid, uuid.New(), person, party)
		exec(`insert into consents (person_id, version) values ($1, 'v')`, person)
		exec(`insert into notifications (role, party_id, kind, created_at) values ('customer', $1, 'k', now())`, party)
		return person, party
	}
	kept, account := record("11", "112-233-445 95", "Пётр", "2026-01-01")
	second, other := record("22", "11223344595", "ПЕТР", "2026-02-01")
	third, _ := record("33", "112\u00a0233\u2011445 95", "Пётр", "2026-03-01")
	stranger, _ := record("44", "112-233-445 95", "Павел", "2026-04-01")
	exec(`insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, person_id) values ($1, '112-233-445 95', '1', 'К', 'П', true, now(), $2)`,
		uuid.New(), second)
	business := uuid.New()
	exec(`insert into parties (id, kind, person_id, name, esia_oid, ogrn) values ($1, 'entrepreneur', $2, 'ИП', '77', '3')`, business, third)
	exec(`insert into representatives (person_id, party_id, chief, read_at) values ($1, $2, true, now())`, third, business)
	order := insertOrder(exec, other, second, "selection", "")

	_, err = provider.Up(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, count(`select count(*) from people where same_as = $1`, kept))
	require.Equal(t, 1, count(`select count(*) from people where id = $1 and same_as is null`, stranger))
	require.Equal(t, 3, count(`select count(*) from person_esia_numbers where person_id = $1`, kept))
	require.Equal(t, 3, count(`select count(*) from sessions where person_id = $1 and party_id = $2`, kept, account))
	require.Equal(t, 3, count(`select count(*) from consents where person_id = $1`, kept))
	require.Equal(t, 3, count(`select count(*) from notifications where party_id = $1`, account))
	require.Equal(t, 1, count(`select count(*) from engineers where person_id = $1`, kept))
	require.Equal(t, 1, count(`select count(*) from parties where id = $1 and person_id = $2 and same_as is null`, business, kept))
	require.Equal(t, 1, count(`select count(*) from representatives where person_id = $1 and party_id = $2 and active`, kept, business))
	require.Equal(t, 1, count(`select count(*) from orders where id = $1 and customer_id = $2 and customer_person_id = $3`, order, other, second), "what the order recorded stays")
	require.Equal(t, 1, count(`select count(*) from orders_of('customer', $1) o where o = $2`, account, order))
	exec(`insert into notifications (role, party_id, kind, created_at) values ('customer', $1, 'k', now())`, other)
	require.Equal(t, 4, count(`select count(*) from notifications where party_id = $1`, account))

	_, err = provider.DownTo(t.Context(), beforeIdentity)
	require.NoError(t, err)
	_, err = provider.Up(t.Context())
	require.NoError(t, err)
}

// An engineer who ordered works before ЕСИА reported his СНИЛС is still recognised as the customer
// after his rows are merged.
func TestTiesIncludeMergedRowsAndEverySpelling(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	exec := func(statement string, arguments ...any) { testenv.Exec(t, url, statement, arguments...) }
	record := func(oid, snils string) (person, party uuid.UUID) {
		person, party = uuid.New(), uuid.New()
		exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $3, 'Королёв', 'Пётр')`, person, oid, snils)
		exec(`insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Королёв')`, party, person)
		return person, party
	}
	kept, _ := record("1", "112-233-445 95")
	merged, account := record("2", "000-000-000 00")
	respelled, _ := record("3", "11223344595")
	stranger, _ := record("4", "00000000000")
	engineer, employer := uuid.New(), uuid.New()
	exec(`insert into parties (id, kind, name, ogrn) values ($1, 'organisation', 'ООО', '1')`, employer)
	exec(`insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, form, employer_id, employment)
		values ($1, '112-233-445 95', '1', 'К', 'П', true, now(), 'employee', $2, 'confirmed')`, engineer, employer)
	order := insertOrder(exec, account, merged, "selection", "")
	same := func(person uuid.UUID) []string {
		return testenv.Column[string](t, url, `select p.esia_oid from people p where p.id = any(same_people(array[$1::uuid])) order by 1`, person)
	}
	tie := func(person uuid.UUID) string {
		return testenv.Scalar[string](t, url, `select tie_to_customer($1, $2)`, person, order)
	}
	engineerTie := func() string {
		return testenv.Scalar[string](t, url, `select t.tie from engineer_ties($1, $2, $3) t`, order, engineer, kept)
	}
	hidden := func() int64 {
		return testenv.Scalar[int64](t, url, `select count(*) from own_side_orders($1)`, engineer)
	}

	require.Equal(t, []string{"2"}, same(merged), "zeros are not a number")
	require.Equal(t, []string{"4"}, same(stranger))
	require.Equal(t, []string{"1", "3"}, same(respelled))
	require.Equal(t, "employed", testenv.Scalar[string](t, url, `select tie_to_party(array[$1::uuid], $2)`, respelled, employer))
	require.Empty(t, tie(kept))
	require.Empty(t, engineerTie())
	require.Zero(t, hidden())

	exec(`select merge_people($1, $2)`, merged, kept)
	for _, person := range []uuid.UUID{kept, merged, respelled} {
		require.Equal(t, []string{"1", "2", "3"}, same(person))
		require.Equal(t, "person", tie(person))
	}
	require.Empty(t, tie(stranger))
	require.Equal(t, "person", engineerTie())
	require.EqualValues(t, 1, hidden())
}

// An employee of a sole proprietor is his employee for orders of any of the proprietor's accounts.
func TestEmployerTieIncludesMergedAccounts(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	exec := func(statement string, arguments ...any) { testenv.Exec(t, url, statement, arguments...) }
	record := func(oid string) (person, account uuid.UUID) {
		person, account = uuid.New(), uuid.New()
		exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, '', 'Королёв', 'Пётр')`, person, oid)
		exec(`insert into parties (id, kind, person_id, name) values ($1, 'entrepreneur', $2, 'ИП Королёв')`, account, person)
		return person, account
	}
	kept, _ := record("1")
	merged, former := record("2")
	engineer, engineersPerson := uuid.New(), uuid.New()
	exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, '3', '112-233-445 95', 'Н', 'П')`, engineersPerson)
	exec(`insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, form, employer_id, employment)
		values ($1, '112-233-445 95', '1', 'Н', 'П', true, now(), 'employee', $2, 'confirmed')`, engineer, former)
	order := insertOrder(exec, former, merged, "selection", "")
	exec(`update parties set is_employer = true, active_engineers = 1 where id = $1`, former)
	exec(`select merge_people($1, $2)`, merged, kept)
	require.EqualValues(t, 1, testenv.Scalar[int64](t, url, `select active_engineers from parties where person_id = $1 and same_as is null and is_employer`, kept))
	require.Equal(t, "employed", testenv.Scalar[string](t, url, `select t.tie from engineer_ties($1, $2, $3) t`, order, engineer, kept))
	require.Equal(t, "employed", testenv.Scalar[string](t, url, `select tie_to_customer($1, $2)`, engineersPerson, order))
	require.EqualValues(t, 1, testenv.Scalar[int64](t, url, `select count(*) from own_side_orders($1)`, engineer))
}
