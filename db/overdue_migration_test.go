package db_test

import (
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/testenv"
)

// overdueMigration restores the deadlines of overdue orders and moves the operators' notifications
// to the moderators.
const overdueMigration = 11

// The database is of the previous version, with an order that became overdue and an unread
// escalation to the operators.
func TestMigrationFindsOverdueOrdersAndUnreadEscalations(t *testing.T) {
	acceptance.Covers(t, "S-2", "S-23", "S-34")
	_, url := open(t)
	conn, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.ApplyVersion(t.Context(), overdueMigration, false)
	require.NoError(t, err)

	person, party := uuid.New(), uuid.New()
	testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $2, 'Фамилия', 'Имя')`, person, person.String())
	testenv.Exec(t, url, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Заказчик')`, party, person)
	form := uuid.New()
	testenv.Exec(t, url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $1, $2, '{}', repeat('0', 64))`, form, person)
	order := func(number string, overdue bool) uuid.UUID {
		id := uuid.New()
		testenv.Exec(t, url, `insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, waits_for, waits_from,
				waits_since, overdue, form_id, created_at, updated_at)
			values ($1, $2, 5, '{}', 'selection', 'selection', $3, $4, 'choice', 'customer', now(), $5, $6, now(), now())`,
			id, number, party, person, overdue, form)
		return id
	}
	came := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	due := func(id uuid.UUID, seq int, due string, at time.Time) {
		testenv.Exec(t, url, `insert into order_messages (id, order_id, seq, kind, actor_role, verdict, outcome, received_at, happened_at)
			values ($1, $2, $3, 'deadline-due', 'platform', 'applied', '{}', $4, $4)`, uuid.New(), id, seq, at)
		testenv.Exec(t, url, `insert into order_events (order_id, seq, kind, actor_role, stage_before, stage_after, details, happened_at)
			values ($1, $2, 'deadline-due', 'platform', 'selection', 'selection', jsonb_build_object('due', $3::text), $4)`, id, seq, due, at)
	}
	overdue, taken := order("2026-000001", true), order("2026-000002", false)
	due(overdue, 2, "contract-1-overdue", came.AddDate(0, -1, 0)) // of an earlier wait
	due(overdue, 4, "choice-3-overdue", came)
	due(overdue, 5, "offer-4", came.AddDate(0, 0, 1))
	due(taken, 4, "choice-3-overdue", came)
	testenv.Exec(t, url, `insert into notifications (role, party_id, order_id, kind, created_at)
		values ('operator', null, $1, 'overdue', now()), ('customer', $2, $1, 'overdue', now())`, overdue, party)

	_, err = provider.ApplyVersion(t.Context(), overdueMigration, true)
	require.NoError(t, err)
	require.Equal(t, came, testenv.Scalar[time.Time](t, url, `select deadline from orders where id = $1`, overdue).UTC())
	require.True(t, testenv.Scalar[bool](t, url, `select deadline is null from orders where id = $1`, taken))
	// A worker of the previous version still runs.
	testenv.Exec(t, url, `insert into notifications (role, order_id, kind, created_at) values ('operator', $1, 'overdue', now())`, overdue)
	require.Equal(t, []string{"moderator", "customer", "moderator"}, testenv.Column[string](t, url, `select role from notifications order by id`))
}
