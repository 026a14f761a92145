package orders

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"

	"epkr/activities/internal/optional"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// Whoever reaches Temporal can signal an order and start a workflow in any state. The record takes a message only if the platform
// kept it or holds what it says, and only for a state that is the record's own.

// provenance asks what the platform kept of the message before it was sent, or holds itself of the engineer of whom it speaks.
func (r *recording) provenance(ctx context.Context) []db.BatchFunc {
	if !order.NeedsKeeping(r.m) && r.m.Kind != order.RegistryStatus {
		return nil
	}
	r.facts.NotKept = true
	var questions []db.BatchFunc
	if order.NeedsKeeping(r.m) {
		questions = append(questions, func(q *sqlcgen.Queries) error { return r.kept(ctx, q) })
	}
	if engineer, source := order.HeldBy(r.m); source != "" {
		questions = append(questions, func(q *sqlcgen.Queries) error { return r.held(ctx, q, optional.ID(engineer), source) })
	}
	return questions
}

func (r *recording) kept(ctx context.Context, q *sqlcgen.Queries) error {
	row, err := q.StoredMessage(ctx, r.id)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for what was kept of a message: %w", err)
	}
	kept := order.Kept{
		Order: row.OrderID.String(), Person: row.PersonID, Kind: order.Kind(row.Kind), Digest: row.SignalSha256, At: row.CreatedAt.UTC(),
	}
	if !kept.Covers(r.m, r.order.String()) {
		return nil
	}
	r.facts.NotKept = false
	if kept.Digest == "" { // the time is not under a digest
		r.m.ReceivedAt = kept.At
	}
	return nil
}

func (r *recording) held(ctx context.Context, q *sqlcgen.Queries, engineer *uuid.UUID, source order.Source) error {
	if engineer == nil {
		return nil
	}
	row, err := q.EngineerStatus(ctx, sqlcgen.EngineerStatusParams{EngineerID: *engineer, Source: string(source)})
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for what is held of an engineer: %w", err)
	}
	stands := order.Held{Active: row.Active, AsOf: row.AsOf}
	if row.PersonID != nil {
		stands.Person = row.PersonID.String()
	}
	switch held, overtaken := stands.Holds(r.m); {
	case !r.facts.NotKept: // a moderator's word on this order alone came over the API
	case held:
		r.facts.NotKept = false
	case overtaken:
		r.facts.NotKept, r.facts.Overtaken = false, true
	}
	return nil
}

// forgery calls the moderators to an order to which somebody sent a message past the platform, and leaves nobody's name on it.
func (r *recording) forgery(ctx context.Context, d order.Decision) error {
	if d.Code != order.CodeNotKept {
		return nil
	}
	r.log(ctx, "a message did not come over the platform", "kind", r.m.Kind, "message", r.id, "order", r.order, "role", r.m.Actor.Role)
	r.m.Actor = order.Actor{Role: unknownSender}
	r.m.Body = nil
	return r.p.Deferred.RaiseAlarm(ctx, sqlcgen.RaiseAlarmParams{
		OrderID: r.order, Kind: string(order.AlarmForged), At: d.At, Quiet: d.At.Add(-alarmQuiet),
	})
}

// unknownSender stands in the record for who sent a message that did not come over the platform.
const unknownSender order.Role = "unknown"

// alarmQuiet is how long the moderators are not called again to the same order for the same.
const alarmQuiet = 24 * time.Hour

func (r *recording) log(ctx context.Context, what string, about ...any) {
	if activity.IsActivity(ctx) {
		activity.GetLogger(ctx).Warn(what, about...)
	}
}

// own compares the state for which a message is to be judged with the record's. It is the row's, or, where another version of the
// program wrote the row without a part that it did not know, what the recorded outcomes make of an order.
func (r *recording) own(ctx context.Context) (bool, error) {
	if r.otherState == nil {
		return true, nil
	}
	if same, err := r.isState(r.otherState); err != nil || same {
		return same, err
	}
	folded, err := foldRecord(ctx, r.p.Immediate, r.order)
	if err != nil {
		return false, err
	}
	whole, err := json.Marshal(folded)
	if err != nil {
		return false, fmt.Errorf("encoding a state: %w", err)
	}
	return r.isState(whole)
}

// isState compares by what a state means to this version, not by how it is written.
func (r *recording) isState(recorded []byte) (bool, error) {
	var s order.State
	if err := json.Unmarshal(recorded, &s); err != nil {
		return false, fmt.Errorf("reading a recorded state: %w", err)
	}
	one, err1 := json.Marshal(s)
	two, err2 := json.Marshal(r.state)
	return bytes.Equal(one, two), errors.Join(err1, err2)
}

// foldRecord is the state that the recorded outcomes make of an order.
func foldRecord(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (order.State, error) {
	s := order.State{ID: id.String()}
	rows, err := q.OutcomesFrom(ctx, sqlcgen.OutcomesFromParams{OrderID: id, Seq: 1})
	if err != nil {
		return s, fmt.Errorf("reading the record of an order: %w", err)
	}
	for _, row := range rows {
		var o order.Outcome
		if err := json.Unmarshal(row.Outcome, &o); err != nil {
			return s, fmt.Errorf("reading a recorded outcome: %w", err)
		}
		if o.Seq != s.Seq+1 {
			return s, nil
		}
		if err := s.Apply(o); err != nil {
			return s, fmt.Errorf("folding the record of an order: %w", err)
		}
	}
	return s, nil
}
