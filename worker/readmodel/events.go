package readmodel

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"epkr/internal/order"
)

const cannotEvent = "подробности действия есть только в истории процесса; восстановите order_events из резервной копии"

// eventDifferences compares the order's events with its record: each applied message has one event,
// and there are no others.
func (c *compared) eventDifferences() []Difference {
	var found []Difference
	wanted := c.wantedEvents()
	for _, w := range wanted {
		i := slices.IndexFunc(c.rows.Events, func(e event) bool { return e.Seq == w.Seq })
		switch {
		case i < 0:
			found = append(found, Difference{What: fmt.Sprintf("нет события для выполненного сообщения %d (%s)", w.Seq, w.Kind), Cannot: cannotEvent})
		case !sameEvent(c.rows.Events[i], w):
			found = append(found, Difference{
				What:   fmt.Sprintf("событие %d (%s) не такое, как его сообщение (%s)", w.Seq, c.rows.Events[i].Kind, w.Kind),
				repair: c.rewriteEvent(w),
			})
		}
	}
	for _, e := range c.rows.Events {
		if !slices.ContainsFunc(wanted, func(w event) bool { return w.Seq == e.Seq }) {
			found = append(found, Difference{
				What: fmt.Sprintf("событие %d (%s) без выполненного сообщения", e.Seq, e.Kind), repair: c.deleteEvent(e.Seq),
			})
		}
	}
	return found
}

func (c *compared) wantedEvents() []event {
	if c.state().Stage == order.Deleted {
		return nil
	}
	var wanted []event
	for i, m := range c.rows.Messages {
		if m.Verdict != order.Applied {
			continue
		}
		wanted = append(wanted, event{
			Seq: m.Seq, Kind: m.Kind, ActorRole: m.ActorRole, ActorPerson: m.ActorPerson, ActorParty: m.ActorParty,
			StageBefore: c.states[i].ShownStage(), StageAfter: c.states[i+1].ShownStage(), BodyID: m.BodyID, HappenedAt: m.HappenedAt,
		})
	}
	return wanted
}

func sameEvent(a, b event) bool {
	return a.Kind == b.Kind && a.ActorRole == b.ActorRole && sameID(a.ActorPerson, b.ActorPerson) && sameID(a.ActorParty, b.ActorParty) &&
		a.StageBefore == b.StageBefore && a.StageAfter == b.StageAfter && sameID(a.BodyID, b.BodyID) && a.HappenedAt.Equal(b.HappenedAt)
}

func sameID(a, b *uuid.UUID) bool { return a == b || (a != nil && b != nil && *a == *b) }

func (c *compared) deleteEvent(seq int) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `delete from order_events where order_id = $1 and seq = $2`, c.id, seq)
		return err
	}
}

// rewriteEvent deletes the event and inserts it with the same id, because readers refer to that id
// and the table allows no update.
func (c *compared) rewriteEvent(w event) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		var id int64
		var details []byte
		err := tx.QueryRowContext(ctx, `delete from order_events where order_id = $1 and seq = $2 returning id, details`, c.id, w.Seq).Scan(&id, &details)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `insert into order_events (id, order_id, seq, kind, actor_role, actor_person, actor_party, stage_before,
			stage_after, details, body_id, happened_at) overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			id, c.id, w.Seq, string(w.Kind), w.ActorRole, w.ActorPerson, w.ActorParty, string(w.StageBefore), string(w.StageAfter), details, w.BodyID, w.HappenedAt)
		return err
	}
}
