package db_test

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/internal/testenv"
)

// The processes' role is denied what only the owner of the tables may do; each denial has the
// SQLSTATE for missing rights.
func TestProcessesOwnNothing(t *testing.T) {
	t.Parallel()
	owner := testenv.Database(t)
	process, err := sql.Open("pgx", testenv.AsProcess(t, owner))
	require.NoError(t, err)
	t.Cleanup(func() { _ = process.Close() })
	for _, statement := range []string{
		`drop trigger order_messages_append_only on order_messages`,
		`alter table order_messages disable trigger order_messages_append_only`,
		`alter table order_events disable trigger all`,
		`drop function refuse_change() cascade`,
		`create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'`,
		`set session_replication_role = replica`,
		`alter table orders add column x text`,
		`drop table security_events`,
		`create table x (y text)`,
		`create trigger t before insert on orders for each row execute function refuse_change()`,
		`truncate order_messages`, `truncate orders cascade`,
		`update order_messages set verdict = 'applied'`, `delete from order_messages`,
		`update order_events set kind = 'x'`, `delete from order_events`,
		`update security_events set kind = 'x'`, `truncate security_events`,
		`update admissions set as_customer = true`, `delete from admissions`,
		`update order_restarts set operator = 'x'`, `delete from order_restarts`,
		`update documents set kind = 'act'`, `delete from documents`,
		`update file_checks set report = '{}'`, `delete from file_checks`,
		`update registry_snapshots set sha256 = ''`, `delete from registry_snapshots`,
		`update message_bodies set body = '{}'`, `update files set sha256 = ''`, `update engineer_decisions set reason = 'x'`,
		`update consents set given_at = now()`, `update consents set version = ''`, `update registry_decisions set signal = 'reject'`, `delete from registry_decisions`,
		`update requests set request_sha256 = ''`, `delete from requests`, `delete from consents`, `delete from people`, `delete from engineer_decisions`,
		`update generated_documents set input = '{}'`, `update generated_documents set form = '{}'`, `delete from generated_documents`,
		`update chat_messages set side = 'customer'`, `update chat_messages set seq = 1`, `delete from chat_messages`, `update chat_texts set text = ''`,
		`delete from chat_texts`, `update chat_files set n = 2`, `delete from chat_files`, `delete from chats`, `delete from chat_reads`,
		`update goskey_requests set document_sha256 = ''`, `delete from goskey_requests`,
		`update goose_db_version set is_applied = false`, `insert into goose_db_version (version_id, is_applied) values (99, true)`,
		`select grant_process_rights()`,
		`grant epkr_process to current_user with admin option`, `set role epkr`,
	} {
		_, err := process.ExecContext(t.Context(), statement)
		require.ErrorContains(t, err, "(SQLSTATE 42501)", statement)
	}
}

// CheckNotOwner recognises a role that owns the tables or may act for their owner.
func TestCheckNotOwnerDetectsOwner(t *testing.T) {
	t.Parallel()
	owner := testenv.Database(t)
	for url, refused := range map[string]error{testenv.AsProcess(t, owner): nil, owner: db.ErrOwner} {
		store, err := db.Open(t.Context(), url)
		require.NoError(t, err)
		t.Cleanup(store.Close)
		require.ErrorIs(t, store.CheckNotOwner(t.Context()), refused)
	}
}

// The texts of a published order's history cannot be deleted. A draft is deleted with its texts,
// and a text that nothing references expires.
func TestPublishedOrderHistoryCannotBeDeleted(t *testing.T) {
	t.Parallel()
	owner := testenv.Database(t)
	process, err := sql.Open("pgx", testenv.AsProcess(t, owner))
	require.NoError(t, err)
	t.Cleanup(func() { _ = process.Close() })
	do := func(statement string, arguments ...any) error {
		_, err := process.ExecContext(t.Context(), statement, arguments...)
		return err
	}
	person, party, digest := uuid.New(), uuid.New(), strings.Repeat("0", 64)
	require.NoError(t, do(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, '1', '1', 'а', 'б')`, person))
	require.NoError(t, do(`insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'аб')`, party, person))
	// recorded inserts an order with one text that its last message references and one that nothing
	// references.
	recorded := func(kinds ...string) (id uuid.UUID) {
		id = uuid.New()
		text := uuid.New()
		require.NoError(t, do(`insert into message_bodies (id, order_id, author_id, body, sha256, used) values ($1, $2, $3, '{}', $4, true),
			(gen_random_uuid(), $2, $3, '{}', $4, false)`, text, id, person, digest))
		require.NoError(t, do(`insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, waits_since, created_at, updated_at)
			values ($1, $2, 1, '{}', 'draft', 'draft', $3, $4, now(), now(), now())`, id, id.String(), party, person))
		for i, kind := range kinds {
			require.NoError(t, do(`insert into order_messages (id, order_id, seq, kind, actor_role, body_id, verdict, outcome, received_at, happened_at)
				values (gen_random_uuid(), $1, $2, $3, 'customer', $4, 'applied', '{}', now(), now())`, id, i+1, kind, text))
			require.NoError(t, do(`insert into order_events (order_id, seq, kind, actor_role, stage_before, stage_after, body_id, happened_at)
				values ($1, $2, $3, 'customer', '', 'draft', $4, now())`, id, i+1, kind, text))
		}
		return id
	}
	left := func(id uuid.UUID) string {
		return testenv.Scalar[string](t, owner, `select concat_ws(' ', (select count(*) from orders where id = $1), (select count(*) from order_events where order_id = $1),
			(select count(*) from message_bodies where order_id = $1))`, id)
	}
	draft, published := recorded("create"), recorded("create", "publish")
	require.NoError(t, do(`create temp table order_messages (order_id uuid, kind text, verdict text)`))
	for _, statement := range []string{
		`delete from orders where id = $1`,
		`delete from message_bodies where order_id = $1`,
		`update message_bodies set used = false where order_id = $1`,
	} {
		require.ErrorContains(t, do(statement, published), "(SQLSTATE 23000)", statement)
	}
	require.NoError(t, do(`delete from message_bodies where not used and order_id = $1`, published))
	require.Equal(t, "1 2 1", left(published))
	require.NoError(t, do(`delete from orders where id = $1`, draft))
	require.NoError(t, do(`delete from message_bodies where order_id = $1`, draft))
	require.Equal(t, "0 0 0", left(draft))
}

// Every append-only table is protected from the processes by their rights too, including tables of
// later migrations.
func TestProcessesCannotChangeAppendOnlyTables(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	testenv.Exec(t, url, `create table later (id int); create table later_kept (id int)`)
	testenv.Exec(t, url, `create trigger later_kept_append_only before update on later_kept for each row execute function refuse_change()`)
	require.NoError(t, db.Migrate(t.Context(), url))
	const rights = `select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
		and exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname like '%append_only')
		and has_any_column_privilege('epkr_process', c.oid, `
	require.Empty(t, testenv.Column[string](t, url, rights+`'update') order by 1`))
	require.Equal(t, []string{
		"account_decisions", "admissions", "chat_texts", "employment_answers", "employment_events", "file_checks", "later_kept", "order_events",
		"order_messages", "order_restarts", "registry_decisions", "review_decisions", "review_replies", "security_events", "signature_checks",
	}, testenv.Column[string](t, url, rights+`'insert') order by 1`))
	process := testenv.AsProcess(t, url)
	testenv.Exec(t, process, `insert into later values (1)`)
	testenv.Exec(t, process, `update later set id = 2`)
	testenv.Exec(t, process, `delete from later`)
	testenv.Exec(t, process, `insert into later_kept values (1)`)
}

// An owner who may not create roles can migrate, and grants the processes their rights on his
// tables.
func TestMigrationByOwnerWithoutCreateRole(t *testing.T) {
	t.Parallel()
	server, role := os.Getenv("EPKR_TEST_DATABASE_URL"), "test_owner_"+strings.ToLower(rand.Text()[:12])
	t.Cleanup(func() { dropRole(t, server, role) })
	database := testenv.Database(t)
	testenv.Exec(t, database, `create role `+role+` login password 'epkr-test'`)
	testenv.Exec(t, database, `drop schema public cascade`)
	testenv.Exec(t, database, `create schema public authorization `+role)
	testenv.Exec(t, database, `create extension pg_trgm`)
	owner, err := url.Parse(database)
	require.NoError(t, err)
	owner.User = url.UserPassword(role, "epkr-test")
	require.NoError(t, db.Migrate(t.Context(), owner.String()))
	require.Equal(t, role, testenv.Scalar[string](t, database, `select tableowner::text from pg_tables where tablename = 'orders'`))
	require.Zero(t, testenv.Scalar[int](t, testenv.AsProcess(t, database), `select count(*)::int from orders`))
}

func dropRole(t *testing.T, server, role string) {
	conn, err := sql.Open("pgx", server)
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Exec(`drop role if exists ` + role)
	require.NoError(t, err)
}
