package historycheck

import (
	"database/sql"

	"epkr/internal/history"
)

// recordQuery reads all messages in the order of their chains, each with what must agree with it. A
// worker of the version before wrote messages without stages and details; of these the event's are
// not compared.
const recordQuery = `select m.order_id, m.seq, m.id, m.kind, m.actor_role, m.actor_person, m.actor_party, m.body_id, m.text_hash,
	m.verdict, m.code, m.reason, m.outcome::text, m.details::text, m.stage_before, m.stage_after, (extract(epoch from m.received_at) * 1000000)::bigint,
	(extract(epoch from m.happened_at) * 1000000)::bigint, (extract(epoch from m.recorded_at) * 1000000)::bigint, m.prev, m.hash,
	o.number, o.seq, o.head, b.id is not null, b.salt, b.body::text, e.id is not null,
	(m.kind, m.actor_role, m.actor_person, m.actor_party, m.body_id, m.happened_at) is not distinct from
		(e.kind, e.actor_role, e.actor_person, e.actor_party, e.body_id, e.happened_at)
	and (m.stage_after is null or (m.stage_before, m.stage_after, m.details) is not distinct from (e.stage_before, e.stage_after, e.details))
	from order_messages m
	left join orders o on o.id = m.order_id
	left join message_bodies b on b.id = m.body_id and m.verdict = 'applied'
	left join order_events e on e.order_id = m.order_id and e.seq = m.seq
	order by m.order_id, m.seq`

// addedEventsQuery reads the events that no applied message has caused.
const addedEventsQuery = `select e.order_id, o.number, e.seq from order_events e join orders o on o.id = e.order_id
	where not exists (select from order_messages m where m.order_id = e.order_id and m.seq = e.seq and m.verdict = 'applied')`

// unrecordedQuery reads the orders that have no message at all.
const unrecordedQuery = `select o.id, o.number, o.seq from orders o where not exists (select from order_messages m where m.order_id = o.id)`

// recorded is a message with the rows that must agree with it.
type recorded struct {
	history.Message

	// Number is nil if the order has no row. Seq and Head are the row's.
	order struct {
		Number *string
		Seq    *int
		Head   []byte
	}
	// Salt is nil if the text was erased.
	text struct {
		Exists bool
		Salt   []byte
		Body   *string
	}
	event struct{ Exists, Same bool }
}

func (r *recorded) scan(rows *sql.Rows) error {
	return rows.Scan(&r.Order, &r.Seq, &r.ID, &r.Kind, &r.ActorRole, &r.ActorPerson, &r.ActorParty, &r.Body, &r.TextHash,
		&r.Verdict, &r.Code, &r.Reason, &r.Outcome, &r.Details, &r.StageBefore, &r.StageAfter, &r.ReceivedAt, &r.HappenedAt, &r.RecordedAt, &r.Prev, &r.Hash,
		&r.order.Number, &r.order.Seq, &r.order.Head, &r.text.Exists, &r.text.Salt, &r.text.Body, &r.event.Exists, &r.event.Same)
}
