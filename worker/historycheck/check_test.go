package historycheck_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/internal/testenv"
	"epkr/worker/historycheck"
)

// histories is a database with two orders of five messages each, and a deleted draft.
type histories struct {
	t           *testing.T
	url         string
	database    *sql.DB
	first, next uuid.UUID
	draft       uuid.UUID
}

func record(t *testing.T) *histories {
	t.Helper()
	h := &histories{t: t, url: testenv.Database(t)}
	var err error
	h.database, err = db.OpenSQL(t.Context(), h.url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = h.database.Close() })
	person, party := uuid.New(), uuid.New()
	h.exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, '1', '1', 'а', 'б')`, person)
	h.exec(`insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'аб')`, party, person)
	h.first, h.next, h.draft = h.order(person, party, "1"), h.order(person, party, "2"), h.order(person, party, "3")
	for _, id := range []uuid.UUID{h.first, h.next} {
		h.message(id, person, 1, "create", "applied")
		h.message(id, person, 2, "publish", "applied")
		h.message(id, person, 3, "respond", "refused")
		h.message(id, person, 4, "respond", "applied")
		h.message(id, person, 5, "edit", "applied")
	}
	h.message(h.draft, person, 1, "create", "applied")
	h.message(h.draft, person, 2, "delete", "applied")
	h.exec(`delete from orders where id = $1`, h.draft)
	h.exec(`delete from message_bodies where order_id = $1`, h.draft)
	return h
}

func (h *histories) exec(statement string, args ...any) {
	h.t.Helper()
	_, err := h.database.ExecContext(h.t.Context(), statement, args...)
	require.NoError(h.t, err, statement)
}

func (h *histories) order(person, party uuid.UUID, number string) uuid.UUID {
	id := uuid.New()
	h.exec(`insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, waits_since, created_at, updated_at)
		values ($1, $2, 1, '{}', 'draft', 'draft', $3, $4, now(), now(), now())`, id, number, party, person)
	return id
}

// message records a message as the recording of an order does: its text, the message, the order's
// row and the event.
func (h *histories) message(id, person uuid.UUID, seq int, kind, verdict string) {
	body := uuid.New()
	h.exec(`insert into message_bodies (id, order_id, author_id, body, sha256, used) values ($1, $2, $3, jsonb_build_object('text', $4::text, 'n', 1.50), repeat('1', 64), $5)`,
		body, id, person, kind+" «слово»\n", verdict == "applied")
	var details, before, after any
	code := "stage"
	if verdict == "applied" {
		details, before, after, code = `{"price": 100.10, "days": 20}`, "draft", "draft", ""
	}
	h.exec(`insert into order_messages (id, order_id, seq, kind, actor_role, actor_person, body_id, details, stage_before, stage_after, verdict, code, reason, outcome, received_at, happened_at)
		values (gen_random_uuid(), $1, $2, $3, 'customer', $4, $5, $6, $7, $8, $9, $10, '', '{"set": {"ü": [1, null]}}', now(), now())`,
		id, seq, kind, person, body, details, before, after, verdict, code)
	h.exec(`update orders set seq = $2 where id = $1`, id, seq)
	if verdict == "applied" {
		h.exec(`insert into order_events (order_id, seq, kind, actor_role, actor_person, stage_before, stage_after, details, body_id, happened_at)
			select order_id, seq, kind, actor_role, actor_person, stage_before, stage_after, details, body_id, happened_at
			from order_messages where order_id = $1 and seq = $2`, id, seq)
	}
}

// damage changes rows of the first order, $id, past the triggers that forbid it, as an owner of the
// database can.
func (h *histories) damage(statements ...string) {
	h.t.Helper()
	tx, err := h.database.BeginTx(h.t.Context(), nil)
	require.NoError(h.t, err)
	for _, s := range append([]string{`set local session_replication_role = replica`}, statements...) {
		_, err := tx.ExecContext(h.t.Context(), strings.ReplaceAll(s, "$id", "'"+h.first.String()+"'"))
		require.NoError(h.t, err, s)
	}
	require.NoError(h.t, tx.Commit())
}

func (h *histories) check() (historycheck.Report, []string) {
	h.t.Helper()
	var found []string
	report, err := historycheck.Check(h.t.Context(), h.database, func(f historycheck.Finding) {
		require.NotContains(h.t, []string{h.next.String(), h.draft.String()}, f.Order, f.What)
		found = append(found, f.What)
	})
	require.NoError(h.t, err)
	require.Equal(h.t, len(found), report.Findings)
	return report, found
}

// Histories that nobody changed have no findings, whichever way their texts were removed by rule.
func TestUnchangedHistoriesVerify(t *testing.T) {
	t.Parallel()
	h := record(t)
	report, found := h.check()
	require.Empty(t, found)
	require.Equal(t, historycheck.Report{Orders: 3, Messages: 12}, report)

	text := testenv.Scalar[uuid.UUID](t, h.url, `select body_id from order_messages where order_id = $1 and seq = 2`, h.first)
	h.exec(`update orders set form_id = $2 where id = $1`, h.first, text)
	require.True(t, testenv.Scalar[bool](t, h.url, `select erase_text($1)`, text))
	require.False(t, testenv.Scalar[bool](t, h.url, `select erase_text($1)`, text))
	require.Equal(t, []string{"{}  "}, testenv.Column[string](t, h.url,
		`select b.body::text || o.place from message_bodies b join orders o on o.form_id = b.id where b.id = $1 and b.salt is null and b.sha256 = repeat('0', 64)`, text))
	h.exec(`delete from message_bodies where id = (select body_id from order_messages where order_id = $1 and seq = 3)`, h.next)
	report, found = h.check()
	require.Empty(t, found)
	require.Equal(t, historycheck.Report{Orders: 3, Messages: 12, Erased: 1}, report)
}

// Every column of the record is covered: a change of any one is found at its message.
func TestChangeOfAnyColumnIsFound(t *testing.T) {
	t.Parallel()
	h := record(t)
	columns := testenv.Column[string](t, h.url, `select attname::text from pg_attribute where attrelid = 'order_messages'::regclass and attnum > 0 and not attisdropped
		and attname != all('{order_id, seq}') order by attnum`)
	require.Len(t, columns, 19)
	changes := map[string]string{
		"uuid": "gen_random_uuid()", "bytea": "sha256('other')", "timestamp with time zone": "$c + interval '1 microsecond'",
		"jsonb": `coalesce($c, '{}') || '{"x": 1}'`, "text": "coalesce($c, '') || 'x'",
	}
	for _, column := range columns {
		t.Run(column, func(t *testing.T) {
			kind := testenv.Scalar[string](t, h.url, `select format_type(atttypid, null) from pg_attribute where attrelid = 'order_messages'::regclass and attname = $1`, column)
			change, known := changes[kind]
			require.True(t, known, kind)
			if column == "verdict" {
				change = "'refused', code = 'x'"
			}
			if column == "code" {
				change = "'x', verdict = 'refused'"
			}
			h.damage(`create table kept as select * from order_messages`,
				`update order_messages set `+column+` = `+strings.ReplaceAll(change, "$c", column)+` where order_id = $id and seq = 4`)
			_, found := h.check()
			require.Contains(t, found, "сообщение 4 изменено")
			h.damage(`delete from order_messages`, `insert into order_messages select * from kept`, `drop table kept`)
			_, found = h.check()
			require.Empty(t, found, "restored with its hashes")
		})
	}
}

// A message that a worker of the version before records has neither stages nor details. It is
// chained without them.
func TestMessagesOfTheVersionBeforeVerify(t *testing.T) {
	t.Parallel()
	h := record(t)
	h.exec(`insert into order_messages (id, order_id, seq, kind, actor_role, verdict, outcome, received_at, happened_at)
		values (gen_random_uuid(), $1, 6, 'cancel', 'customer', 'applied', '{}', now(), now())`, h.first)
	h.exec(`update orders set seq = 6 where id = $1`, h.first)
	h.exec(`insert into order_events (order_id, seq, kind, actor_role, stage_before, stage_after, details, happened_at)
		select order_id, seq, kind, actor_role, 'selection', 'cancelled', '{"n": 1}', happened_at from order_messages where order_id = $1 and seq = 6`, h.first)
	_, found := h.check()
	require.Empty(t, found)
}

// Each way to falsify a history is found and named. The forger computes new hashes where he can.
func TestFalsifiedHistoriesAreFound(t *testing.T) {
	t.Parallel()
	const (
		unlinked = "сообщение %d не продолжает предыдущее: одно из них заменено или добавлено"
		added    = "событие %d добавлено: выполненного сообщения с таким номером нет"
	)
	// at completes a statement with a number of a message of the first order.
	at := func(seq int, statement string) string {
		return strings.ReplaceAll(statement, "$at", fmt.Sprintf("order_id = $id and seq = %d", seq))
	}
	insert := func(seq int) string {
		return fmt.Sprintf(`insert into order_messages (id, order_id, seq, kind, actor_role, verdict, code, outcome, received_at, happened_at)
			values (gen_random_uuid(), $id, %d, 'x', 'customer', 'refused', 'x', '{}', now(), now())`, seq)
	}
	link := func(seq int) string {
		return at(seq, `update order_messages m set prev = (select p.hash from order_messages p where p.order_id = m.order_id and p.seq < m.seq order by p.seq desc limit 1) where $at`)
	}
	rehash := func(seq int) string {
		return at(seq, `update order_messages m set hash = chain_link(prev, content_hash(m)) where $at`)
	}
	text := func(change string) string {
		return at(2, change+` where id = (select body_id from order_messages where $at)`)
	}
	for _, c := range []struct {
		name    string
		forgery []string
		want    []string
	}{
		{"a message removed from the middle", []string{at(3, `delete from order_messages where $at`)}, []string{"нет сообщения 3"}},
		{
			"removed and linked across the gap",
			[]string{at(3, `delete from order_messages where $at`), link(4), rehash(4)},
			[]string{"нет сообщения 3", fmt.Sprintf(unlinked, 5)},
		},
		{
			"the first messages removed",
			[]string{`delete from order_messages where order_id = $id and seq < 3`},
			[]string{"нет сообщений с 1 по 2", fmt.Sprintf(added, 1), fmt.Sprintf(added, 2)},
		},
		{
			"the end removed",
			[]string{`delete from order_messages where order_id = $id and seq > 3`, `delete from order_events where order_id = $id and seq > 3`},
			[]string{"нет сообщений с 4 по 5"},
		},
		{
			"all messages removed",
			[]string{`delete from order_messages where order_id = $id`, `delete from order_events where order_id = $id`},
			[]string{"нет ни одного сообщения, а должно быть 5"},
		},
		{"a message added at the end", []string{insert(6), link(6), rehash(6)}, []string{"сообщения после 5 добавлены: заказ их не знает"}},
		{"a message added in the middle", []string{
			`update order_messages set seq = seq + 100 where order_id = $id and seq >= 3`, `update order_events set seq = seq + 100 where order_id = $id and seq >= 3`,
			insert(3), link(3), rehash(3),
			`update order_messages set seq = seq - 99 where order_id = $id and seq > 100`, `update order_events set seq = seq - 99 where order_id = $id and seq > 100`,
		}, []string{
			fmt.Sprintf(unlinked, 4), "сообщение 4 изменено", "сообщение 5 изменено", "сообщение 6 изменено", "сообщения после 5 добавлены: заказ их не знает",
		}},
		{"two messages swapped", []string{
			`update order_messages set seq = seq + 100 where order_id = $id and seq in (2, 3)`, `update order_messages set seq = 105 - seq where order_id = $id and seq > 100`,
		}, []string{
			fmt.Sprintf(unlinked, 2), "сообщение 2 изменено", fmt.Sprintf(unlinked, 3), "сообщение 3 изменено", "нет события 3", fmt.Sprintf(unlinked, 4), fmt.Sprintf(added, 2),
		}},
		{
			"a message replaced together with its hash",
			[]string{at(3, `update order_messages set outcome = '{}' where $at`), rehash(3)},
			[]string{fmt.Sprintf(unlinked, 4)},
		},
		{
			"the last message replaced together with its hash",
			[]string{at(5, `update order_messages set reason = 'x' where $at`), rehash(5)},
			[]string{"конец истории (сообщение 5) не тот, что хранит заказ"},
		},
		{"a history given to another order", []string{
			`update order_messages set order_id = '00000000-0000-4000-8000-000000000001' where order_id = $id`, `delete from order_events where order_id = $id`,
			`delete from orders where id = $id`,
		}, []string{
			"сообщение 1 изменено", "сообщение 2 изменено", "сообщение 3 изменено", "сообщение 4 изменено", "сообщение 5 изменено",
			"нет строки заказа, а последнее выполненное сообщение его не удаляло: конец истории не проверен",
		}},
		{
			"the order's row removed",
			[]string{`delete from orders where id = $id`},
			[]string{"нет строки заказа, а последнее выполненное сообщение его не удаляло: конец истории не проверен"},
		},
		{"a text replaced", []string{text(`update message_bodies set body = jsonb_set(body, '{n}', '1.51')`)}, []string{"текст сообщения 2 изменён"}},
		{"a text replaced with a new salt", []string{text(`update message_bodies set body = '{}', salt = '\x00'`)}, []string{"текст сообщения 2 изменён"}},
		{"a text removed", []string{text(`delete from message_bodies`)}, []string{"нет текста сообщения 2"}},
		{"an event changed", []string{at(4, `update order_events set details = jsonb_set(details, '{days}', '21') where $at`)}, []string{"событие 4 изменено"}},
		{"an event removed", []string{at(4, `delete from order_events where $at`)}, []string{"нет события 4"}},
		{"an event moved", []string{at(4, `update order_events set seq = 3 where $at`)}, []string{"нет события 4", fmt.Sprintf(added, 3)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := record(t)
			h.damage(c.forgery...)
			_, found := h.check()
			require.Equal(t, c.want, found)
		})
	}
}

// Nobody but an owner who disables triggers can change the record, not even to erase it.
func TestTheRecordIsAppendOnly(t *testing.T) {
	t.Parallel()
	h := record(t)
	for _, statement := range []string{
		`update order_messages set reason = 'x' where seq = 2`, `update order_messages set hash = null`, `delete from order_messages where seq = 5`,
		`truncate order_messages`,
	} {
		_, err := h.database.ExecContext(t.Context(), statement)
		require.ErrorContains(t, err, "order_messages is append-only", statement)
	}
	process, err := db.OpenSQL(t.Context(), testenv.AsProcess(t, h.url))
	require.NoError(t, err)
	t.Cleanup(func() { _ = process.Close() })
	for _, statement := range []string{`select erase_text(gen_random_uuid())`, `select chain_history()`, `update message_bodies set salt = null`} {
		_, err := process.ExecContext(t.Context(), statement)
		require.ErrorContains(t, err, "(SQLSTATE 42501)", statement)
	}
	_, err = historycheck.Check(t.Context(), process, func(f historycheck.Finding) { require.Fail(t, f.String()) })
	require.NoError(t, err, "the processes' role can check")
}
