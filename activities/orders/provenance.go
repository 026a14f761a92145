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

// Any client of Temporal can signal an order and start a workflow with any state. A message is
// therefore applied only if the platform stored its request first or its own data confirms the
// content, and recorded only for a state that equals the recorded one.

// originQueries returns the queries that check the origin of a message: whether the platform stored
// the request before it was sent, or whether its own data on the engineer confirms it.
func (r *recording) originQueries(ctx context.Context) []db.BatchFunc {
	if !order.MustBeStored(r.m) && r.m.Kind != order.RegistryStatus {
		return nil
	}
	r.facts.NotStored = true
	var queries []db.BatchFunc
	if order.MustBeStored(r.m) {
		queries = append(queries, func(q *sqlcgen.Queries) error { return r.checkStoredRequest(ctx, q) })
	}
	if engineer, source := order.RequiredStatusSource(r.m); source != "" {
		queries = append(queries, func(q *sqlcgen.Queries) error { return r.checkEngineerStatus(ctx, q, optional.ID(engineer), source) })
	}
	return queries
}

func (r *recording) checkStoredRequest(ctx context.Context, q *sqlcgen.Queries) error {
	row, err := q.StoredMessage(ctx, r.id)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("finding the stored request of a message: %w", err)
	}
	kept := order.StoredMessage{
		Order: row.OrderID.String(), Person: row.PersonID, Kind: order.Kind(row.Kind), Digest: row.SignalSha256, At: row.CreatedAt.UTC(),
	}
	if !kept.Matches(r.m, r.order.String()) {
		return nil
	}
	r.facts.NotStored = false
	if kept.Digest == "" { // the digest covers the time; without one the stored time counts
		r.m.ReceivedAt = kept.At
	}
	return nil
}

func (r *recording) checkEngineerStatus(ctx context.Context, q *sqlcgen.Queries, engineer *uuid.UUID, source order.Source) error {
	if engineer == nil {
		return nil
	}
	row, err := r.storedStatus(ctx, q, *engineer, source)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("finding the stored status of an engineer: %w", err)
	}
	status := order.StoredStatus{Active: row.Active, AsOf: row.AsOf}
	if row.PersonID != nil {
		status.Person = row.PersonID.String()
	}
	switch held, overtaken := status.Compare(r.m); {
	case !r.facts.NotStored: // a moderator's or an employer's decision for this order alone came through the API
	case held:
		r.facts.NotStored = false
	case overtaken:
		r.facts.NotStored, r.facts.Superseded = false, true
	}
	return nil
}

// storedStatus returns what the source says of the engineer. An employer speaks of him by itself.
func (r *recording) storedStatus(ctx context.Context, q *sqlcgen.Queries, engineer uuid.UUID, source order.Source) (sqlcgen.EngineerStatusRow, error) {
	if source != order.BySourceEmployer {
		return q.EngineerStatus(ctx, sqlcgen.EngineerStatusParams{EngineerID: engineer, Source: string(source)})
	}
	employer := optional.ID(r.m.Actor.Party)
	if employer == nil {
		return sqlcgen.EngineerStatusRow{}, db.ErrNotFound
	}
	row, err := q.EmployerStatus(ctx, sqlcgen.EmployerStatusParams{EngineerID: engineer, EmployerID: *employer})
	if err != nil {
		return sqlcgen.EngineerStatusRow{}, err
	}
	return sqlcgen.EngineerStatusRow{Active: row.Active, AsOf: *row.AsOf, PersonID: row.PersonID}, nil
}

// raiseForgeryAlarm notifies the moderators of a forged message and removes the sender's name and
// the text from it. It does nothing for any other message.
func (r *recording) raiseForgeryAlarm(ctx context.Context, d order.Decision) error {
	if d.Code != order.CodeNotStored {
		return nil
	}
	r.log(ctx, "a message did not come over the platform", "kind", r.m.Kind, "message", r.id, "order", r.order, "role", r.m.Actor.Role)
	r.m.Actor = order.Actor{Role: unknownSender}
	r.m.Body = nil
	return r.p.Deferred.RaiseAlarm(ctx, sqlcgen.RaiseAlarmParams{
		OrderID: r.order, Kind: string(order.AlarmForged), At: d.At, Quiet: d.At.Add(-alarmInterval),
	})
}

// unknownSender is the role recorded for the sender of a forged message.
const unknownSender order.Role = "unknown"

// alarmInterval is the time in which the same alarm on the same order is raised only once.
const alarmInterval = 24 * time.Hour

func (r *recording) log(ctx context.Context, what string, about ...any) {
	if activity.IsActivity(ctx) {
		activity.GetLogger(ctx).Warn(what, about...)
	}
}

// stateMatchesRecord reports whether the state that the message is decided on equals the recorded
// one. It compares with the order's row first. An older version of the program may have written the
// row without a field that it did not know; then it compares with the state rebuilt from the
// recorded outcomes.
func (r *recording) stateMatchesRecord(ctx context.Context) (bool, error) {
	if r.otherState == nil {
		return true, nil
	}
	if same, err := r.equalsState(r.otherState); err != nil || same {
		return same, err
	}
	rebuilt, err := rebuildState(ctx, r.p.Immediate, r.order)
	if err != nil {
		return false, err
	}
	encoded, err := json.Marshal(rebuilt)
	if err != nil {
		return false, fmt.Errorf("encoding a state: %w", err)
	}
	return r.equalsState(encoded)
}

// equalsState compares by meaning and not by bytes: it decodes and encodes the recorded state with
// this version's types first.
func (r *recording) equalsState(recorded []byte) (bool, error) {
	var s order.State
	if err := json.Unmarshal(recorded, &s); err != nil {
		return false, fmt.Errorf("reading a recorded state: %w", err)
	}
	one, err1 := json.Marshal(s)
	two, err2 := json.Marshal(r.state)
	return bytes.Equal(one, two), errors.Join(err1, err2)
}

// rebuildState applies the recorded outcomes of an order and returns the resulting state. It stops
// at a gap in the sequence.
func rebuildState(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (order.State, error) {
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
