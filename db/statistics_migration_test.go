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

// statisticsMigration counts what the engineers' orders came to, listMigration lists the engineers.
const statisticsMigration, listMigration = 29, 31

// The database is of the previous version, with an engineer whose orders have ended and been rated.
func TestMigrationCountsOrdersAndListsEngineers(t *testing.T) {
	acceptance.Covers(t, "R-CUST-8", "R-KPROF-3", "S-26")
	_, url := open(t)
	conn, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), statisticsMigration-1)
	require.NoError(t, err)

	person, party, engineer := uuid.New(), uuid.New(), uuid.New()
	testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $2, 'Фамилия', 'Имя')`, person, person.String())
	testenv.Exec(t, url, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Заказчик')`, party, person)
	testenv.Exec(t, url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, profile_complete, regions)
		values ($1, '1', '77', 'Киселёв', 'Пётр', true, now(), true, '{77}')`, engineer)
	body := func(text string) uuid.UUID {
		id := uuid.New()
		testenv.Exec(t, url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $1, $2, $3, repeat('0', 64))`, id, person, text)
		return id
	}
	form := body(`{}`)
	order := func(stage string, mark, rounds any) uuid.UUID {
		id := uuid.New()
		testenv.Exec(t, url, `insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, engineer_id, waits_since, form_id, mark,
				rounds, created_at, updated_at)
			values ($1, $2, 5, '{}', $3, $3, $4, $5, $6, now(), $7, $8, $9, now(), now())`, id, id.String(), stage, party, person, engineer, form, mark, rounds)
		testenv.Exec(t, url, `insert into order_events (order_id, seq, kind, actor_role, stage_before, stage_after, details, happened_at)
			values ($1, 1, 'choose', 'customer', 'selection', 'contract', jsonb_build_object('engineer', upper($2::text)), now())`, id, engineer)
		return id
	}
	rate := func(order uuid.UUID, seq int, text any) {
		testenv.Exec(t, url, `insert into order_events (order_id, seq, kind, actor_role, stage_before, stage_after, body_id, happened_at)
			values ($1, $2, 'rate', 'customer', 'completed', 'completed', $3, now())`, order, seq, text)
	}
	rated := order("completed", 5, 1)
	rate(rated, 2, body(`{"review": "Хорошо"}`))
	rate(rated, 3, body(`{"review": "Отлично"}`))
	rate(order("completed", 2, 0), 2, nil)
	order("completed", nil, 0)
	order("completed", nil, 1)
	order("work", nil, 0)
	order("payment", nil, 0)

	_, err = provider.UpTo(t.Context(), listMigration)
	require.NoError(t, err)
	require.Equal(t, "2 7 1 4 2 2 7 6 0 0", testenv.Scalar[string](t, url, `select concat_ws(' ', marks, mark_sum, reviews, completed, successful, in_work, steps, taken,
		abandoned, declined) from engineer_statistics where engineer_id = $1`, engineer), "the mark decides on success, and without one the remarks")
	require.Equal(t, []string{"5 Отлично", "2"}, testenv.Column[string](t, url, `select concat_ws(' ', r.mark, b.body ->> 'review')
		from reviews r left join message_bodies b on b.id = r.body_id order by r.id`))
	require.Equal(t, "-350000002", testenv.Scalar[string](t, url, `select rating_key::text from engineer_listing where search like '% киселев петр 77 %'`))
	require.Equal(t, "киселев", testenv.Scalar[string](t, url, `select word from name_spellings where spelling = 'киселв'`))
}
