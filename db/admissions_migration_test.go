package db_test

import (
	"database/sql"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver

	"epkr/internal/testenv"
)

const (
	beforeAdmissions = 14
	admissions       = 15
)

// Heads keep their rights. Any other person gets the customer role if he acted for the organisation
// in an open order, and no role otherwise.
func TestAdmissionsOfADatabaseWithOpenOrders(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	conn, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), beforeAdmissions)
	require.NoError(t, err)

	exec := func(statement string, arguments ...any) {
		t.Helper()
		_, err := conn.ExecContext(t.Context(), statement, arguments...)
		require.NoError(t, err)
	}
	party := uuid.New()
	exec(`insert into parties (id, kind, name, ogrn) values ($1, 'organisation', 'ООО', '1')`, party)
	person := func(chief, active bool) uuid.UUID {
		id := uuid.New()
		exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $2, 'Ф', 'И')`, id, id.String())
		exec(`insert into representatives (person_id, party_id, chief, active, read_at) values ($1, $2, $3, $4, now())`, id, party, chief, active)
		return id
	}
	head, acted, acts, idle, left := person(true, true), person(false, true), person(false, true), person(false, true), person(false, false)
	closed := insertOrder(exec, party, acted, "cancelled", "customer")
	open := insertOrder(exec, party, acts, "selection", "")
	insertMessage := func(id, by uuid.UUID, seq int, verdict, code string) {
		exec(`insert into order_messages (id, order_id, seq, kind, actor_role, actor_person, actor_party, verdict, code, outcome, received_at, happened_at)
			values ($1, $2, $3, 'publish', 'customer', $4, $5, $6, $7, '{}', now(), now())`, uuid.New(), id, seq, by, party, verdict, code)
	}
	insertMessage(closed, acted, 1, "applied", "")
	insertMessage(open, acts, 1, "applied", "")
	insertMessage(open, idle, 2, "refused", "not_a_party")
	insertMessage(open, left, 3, "applied", "")
	insertMessage(open, head, 4, "applied", "")

	_, err = provider.UpTo(t.Context(), admissions)
	require.NoError(t, err)
	for id, want := range map[uuid.UUID]bool{head: false, acted: false, acts: true, idle: false, left: false} {
		var asCustomer, asEmployer bool
		require.NoError(t, conn.QueryRowContext(t.Context(), `select as_customer, as_employer from representatives where person_id = $1`, id).
			Scan(&asCustomer, &asEmployer))
		require.Equal(t, want, asCustomer)
		require.False(t, asEmployer)
	}
	var decided int
	require.NoError(t, conn.QueryRowContext(t.Context(), `select count(*) from admissions where cause = 'migration' and person_id = $1`, acts).Scan(&decided))
	require.Equal(t, 1, decided)
	_, err = provider.Up(t.Context())
	require.NoError(t, err)
}

// insertOrder inserts an organisation's order in the previous schema.
func insertOrder(exec func(string, ...any), party, by uuid.UUID, stage, cause string) uuid.UUID {
	id := uuid.New()
	exec(`insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $1, $2, '{}', repeat('0', 64))`, id, by)
	exec(`insert into orders (id, number, seq, state, stage, shown_stage, cause, customer_id, customer_person_id, waits_since, form_id, created_at, updated_at)
		values ($1, $2, 1, '{}', $3, $3, $4, $5, $6, now(), $1, now(), now())`, id, id.String(), stage, cause, party, by)
	return id
}
