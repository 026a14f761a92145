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

// Two records of one human, made under two ЕСИА numbers, become one; two humans with one СНИЛС by an error stay two.
func TestRecordsOfOneHumanInADatabaseWithOpenOrders(t *testing.T) {
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
	order := orderOf(exec, other, second, "selection", "")

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
