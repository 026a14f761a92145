package db_test

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/internal/testenv"
)

// The role of the processes is refused what only the owner of the tables may do, each with the code for missing rights.
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
		`update registry_snapshots set sha256 = ''`, `delete from registry_snapshots`,
		`update message_bodies set body = '{}'`, `update files set sha256 = ''`, `update engineer_decisions set reason = 'x'`,
		`update requests set request_sha256 = ''`, `delete from requests`, `delete from consents`, `delete from people`, `delete from engineer_decisions`,
		`update goose_db_version set is_applied = false`, `insert into goose_db_version (version_id, is_applied) values (99, true)`,
		`select grant_process_rights()`,
		`grant epkr_process to current_user with admin option`, `set role epkr`,
	} {
		_, err := process.ExecContext(t.Context(), statement)
		require.ErrorContains(t, err, "(SQLSTATE 42501)", statement)
	}
}

// Every table that says it is append-only is so for the processes by their rights too, the tables of later migrations among them.
func TestAppendOnlyTablesTakeNoChangesFromProcesses(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	testenv.Exec(t, url, `create table later (id int); create table later_kept (id int)`)
	testenv.Exec(t, url, `create trigger later_kept_append_only before update on later_kept for each row execute function refuse_change()`)
	require.NoError(t, db.Migrate(t.Context(), url))
	const rights = `select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
		and exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname like '%append_only')
		and has_any_column_privilege('epkr_process', c.oid, `
	require.Empty(t, testenv.Column[string](t, url, rights+`'update') order by 1`))
	require.Equal(t, []string{"admissions", "later_kept", "order_events", "order_messages", "order_restarts", "registry_decisions", "security_events"},
		testenv.Column[string](t, url, rights+`'insert') order by 1`))
	process := testenv.AsProcess(t, url)
	testenv.Exec(t, process, `insert into later values (1)`)
	testenv.Exec(t, process, `update later set id = 2`)
	testenv.Exec(t, process, `delete from later`)
	testenv.Exec(t, process, `insert into later_kept values (1)`)
}

// An owner who may create no roles migrates all the same, and gives the processes their rights on what is his.
func TestMigrationByAnOwnerWhoMayCreateNoRoles(t *testing.T) {
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
