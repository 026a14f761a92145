package db_test

import (
	"database/sql"
	"fmt"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"epkr/internal/testenv"
)

// statusNotificationsMigration renames the view untold_orders and keeps the old name for the
// previous version.
const statusNotificationsMigration = 24

// The database is of the previous version, with some orders that wait for a status. Before and
// after the migration the view lists the same orders, under either name.
func TestMigrationKeepsPendingStatusNotifications(t *testing.T) {
	_, url := open(t)
	conn, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), statusNotificationsMigration-1)
	require.NoError(t, err)

	person, party, form := uuid.New(), uuid.New(), uuid.New()
	testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $2, 'Фамилия', 'Имя')`, person, person.String())
	testenv.Exec(t, url, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Заказчик')`, party, person)
	testenv.Exec(t, url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $1, $2, '{}', repeat('0', 64))`, form, person)
	engineer := func(number int, inRegistry bool) uuid.UUID {
		id := uuid.New()
		testenv.Exec(t, url, `insert into engineers (id, snils, registry_number, last_name, first_name, middle_name, sro, in_registry, registry_as_of, standing_at)
			values ($1, $2, $2, 'Фамилия', 'Имя', '', 'СРО', $3, '2026-05-04', '2026-05-01')`, id, fmt.Sprintf("%011d", number), inRegistry)
		return id
	}
	lost, listed := engineer(1, false), engineer(2, true)
	var numbers int
	order := func(stage string, performer *uuid.UUID, holds []string, state string) uuid.UUID {
		id := uuid.New()
		numbers++
		testenv.Exec(t, url, `insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, engineer_id, holds,
				waits_for, waits_from, waits_since, form_id, created_at, updated_at)
			values ($1, $2, 5, $3, $4, $4, $5, $6, $7, $8, 'choice', 'customer', now(), $9, now(), now())`,
			id, fmt.Sprintf("2026-%06d", numbers), state, stage, party, person, performer, holds, form)
		return id
	}
	respond := func(id uuid.UUID) uuid.UUID {
		testenv.Exec(t, url, `insert into responses (order_id, engineer_id, price, term_days, revision, status, created_at, updated_at) values ($1, $2, 1, 1, 1, 'open', now(), now())`, id, lost)
		return id
	}
	none := []string{}
	recorded := `{"standings": [{"source": "registry", "asOf": "2026-05-05T00:00:00Z"}]}`
	offered := order("selection", nil, none, `{}`)
	testenv.Exec(t, url, `insert into offers (order_id, engineer_id, expires_at, created_at) values ($1, $2, now(), now())`, offered, lost)
	pending := []uuid.UUID{
		order("work", &lost, none, `{}`), order("payment", &lost, none, `{}`), order("contract", &listed, []string{"registry"}, `{}`),
		respond(order("selection", nil, none, `{}`)), respond(order("contract", &listed, none, `{}`)), offered,
	}
	order("completed", &lost, none, `{}`)
	order("work", &lost, []string{"registry"}, `{}`)
	order("work", &lost, none, recorded)
	order("contract", &listed, []string{"registry"}, recorded)
	order("work", &listed, none, `{}`)
	respond(order("work", &listed, none, `{}`))

	waiting := func(view string) []uuid.UUID {
		return testenv.Column[uuid.UUID](t, url, `select order_id from `+view+` where source = 'registry'`)
	}
	require.ElementsMatch(t, pending, waiting("untold_orders"))
	_, err = provider.UpTo(t.Context(), statusNotificationsMigration)
	require.NoError(t, err)
	require.ElementsMatch(t, pending, waiting("pending_status_notifications"))
	require.ElementsMatch(t, pending, waiting("untold_orders"), "the previous version reads the old name")
}
