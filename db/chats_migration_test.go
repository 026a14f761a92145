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

const chatsMigration = 49

// The database is of the previous version. Engineers who responded to its orders, were offered them
// or perform them have chats; those of ended orders stay open from the end of the order on.
func TestMigrationOpensTheChatsOfOrders(t *testing.T) {
	acceptance.Covers(t, "S-32")
	_, url := open(t)
	conn, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), chatsMigration-1)
	require.NoError(t, err)
	person, party := uuid.New(), uuid.New()
	testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, '1', '1', 'а', 'б')`, person)
	testenv.Exec(t, url, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'аб')`, party, person)
	engineers := make([]uuid.UUID, 3)
	for i := range engineers {
		engineers[i] = uuid.New()
		testenv.Exec(t, url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of)
			values ($1, $2, $2, 'Фамилия', 'Имя', true, now())`, engineers[i], string(rune('1'+i)))
	}
	text := uuid.New()
	testenv.Exec(t, url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $1, $2, '{}', repeat('0', 64))`, text, person)
	add := func(stage string, engineer *uuid.UUID) uuid.UUID {
		id := uuid.New()
		testenv.Exec(t, url, `insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, engineer_id, form_id, waits_since, created_at, updated_at)
			values ($1, $2, 1, '{}', $3, $3, $4, $5, $6, $7, now(), now(), now())`, id, id.String(), stage, party, person, engineer, text)
		return id
	}
	respond := func(id, engineer uuid.UUID, status string) {
		testenv.Exec(t, url, `insert into responses (order_id, engineer_id, price, term_days, revision, status, created_at, updated_at)
			values ($1, $2, 1, 1, 1, $3, now(), now())`, id, engineer, status)
	}
	open, done := add("selection", nil), add("completed", &engineers[0])
	respond(open, engineers[0], "open")
	respond(open, engineers[1], "closed")
	testenv.Exec(t, url, `insert into offers (order_id, engineer_id, expires_at, created_at) values ($1, $2, now(), now())`, open, engineers[2])
	respond(done, engineers[0], "chosen")
	respond(done, engineers[1], "closed")
	ended := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	for seq, stage := range []string{"payment", "completed", "completed"} {
		testenv.Exec(t, url, `insert into order_events (order_id, seq, kind, actor_role, stage_before, stage_after, happened_at) values ($1, $2, 'x', 'engineer', '', $3, $4)`,
			done, seq+1, stage, ended.Add(time.Duration(seq-1)*24*time.Hour))
	}
	_, err = provider.UpTo(t.Context(), chatsMigration)
	require.NoError(t, err)
	of := func(id, engineer uuid.UUID) string {
		return testenv.Scalar[string](t, url, `select concat_ws(' ', performs, open, to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD'))
			from chats where order_id = $1 and engineer_id = $2`, id, engineer)
	}
	require.Equal(t, "f t", of(open, engineers[0]))
	require.Equal(t, "f f", of(open, engineers[1]))
	require.Equal(t, "f t", of(open, engineers[2]))
	require.Equal(t, "t t 2026-03-01", of(done, engineers[0]))
	require.Equal(t, "f f", of(done, engineers[1]))
	require.Equal(t, 5, testenv.Scalar[int](t, url, `select count(*)::int from chats`))
}

// What an author writes over is kept by the database itself, and a line of the platform stays.
func TestDatabaseKeepsWhatMessagesSaid(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	person, party, engineer, id := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, '1', '1', 'а', 'б')`, person)
	testenv.Exec(t, url, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'аб')`, party, person)
	testenv.Exec(t, url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of)
		values ($1, '1', '1', 'Фамилия', 'Имя', true, now())`, engineer)
	testenv.Exec(t, url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $1, $2, '{}', repeat('0', 64))`, id, person)
	testenv.Exec(t, url, `insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, engineer_id, form_id, waits_since, created_at, updated_at)
		values ($1, '1', 1, '{}', 'work', 'work', $2, $3, $4, $1, now(), now(), now())`, id, party, person, engineer)
	process, err := sql.Open("pgx", testenv.AsProcess(t, url))
	require.NoError(t, err)
	t.Cleanup(func() { _ = process.Close() })
	do := func(statement string) error {
		_, err := process.ExecContext(t.Context(), statement)
		return err
	}
	for seq, side := range []string{"customer", "platform"} {
		testenv.Exec(t, url, `insert into chat_messages (order_id, engineer_id, seq, id, side, author_id, text, sent_at) values ($1, $2, $3, gen_random_uuid(), $4, $5, 'Первый', now())`,
			id, engineer, seq+1, side, person)
	}
	require.NoError(t, do(`update chat_messages set text = 'Второй', corrected_at = now() where seq = 1`))
	require.NoError(t, do(`update chat_messages set text = 'Третий', corrected_at = now() where seq = 1`))
	require.NoError(t, do(`update chat_messages set withdrawn_at = now() where seq = 1`))
	require.Equal(t, []string{"Первый", "Второй"}, testenv.Column[string](t, url, `select text from chat_texts order by n`))
	for _, statement := range []string{
		`update chat_messages set text = 'Снова', corrected_at = now() where seq = 1`, `update chat_messages set withdrawn_at = null where seq = 1`,
		`update chat_messages set withdrawn_at = now() where seq = 2`,
	} {
		require.ErrorContains(t, do(statement), "(SQLSTATE 23000)", statement)
	}
}
