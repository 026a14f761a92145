package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"epkr/activities/failure"
	"epkr/activities/internal/optional"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// RecordInput is a message to decide, with the state of its order.
type RecordInput struct {
	State   order.State   `json:"state"`
	Kind    order.Kind    `json:"kind"`
	Message order.Message `json:"message"`
	// Unreadable is the reason why the signal could not be decoded.
	Unreadable string `json:"unreadable,omitempty"`
}

func (in RecordInput) message() order.Message {
	m := in.Message
	m.Kind, m.Unreadable = in.Kind, in.Unreadable
	return m
}

// RecordMessage decides one message. In one transaction it writes the verdict, the order, its
// history and the notifications. A second run for the same message returns the recorded outcome and
// writes nothing.
func (a *Activities) RecordMessage(ctx context.Context, in RecordInput) (order.Outcome, error) {
	var outcome order.Outcome
	err := a.store.InPipeline(ctx, func(p *db.Pipeline) error {
		r, err := newRecording(p, in)
		if err != nil {
			return err
		}
		if err := r.load(ctx, a.now().UTC()); err != nil {
			return err
		}
		if earlier, found, err := r.earlierOutcome(ctx); err != nil || found {
			outcome = earlier
			return err
		}
		if matches, err := r.stateMatchesRecord(ctx); err != nil || !matches {
			outcome = order.Outcome{Verdict: order.Diverged, Seq: in.State.Seq, At: in.State.At}
			return err
		}
		if err := r.assignNumber(ctx); err != nil {
			return err
		}
		decision, err := order.Decide(in.State, r.m, r.facts)
		if err != nil {
			return fmt.Errorf("deciding a message: %w", err)
		}
		outcome = decision.Outcome
		return r.write(ctx, decision)
	})
	return outcome, failure.ToTemporal(err)
}

// RecordedOutcomes returns the recorded outcomes of an order from a sequence number on. It only
// reads.
func (a *Activities) RecordedOutcomes(ctx context.Context, orderID string, fromSeq int) ([]order.Outcome, error) {
	id, err := uuid.Parse(orderID)
	if err != nil {
		return nil, failure.ToTemporal(fmt.Errorf("%w: order id %q", order.ErrInvariant, orderID))
	}
	rows, err := a.store.OutcomesFrom(ctx, sqlcgen.OutcomesFromParams{OrderID: id, Seq: int32(fromSeq)})
	if err != nil {
		return nil, fmt.Errorf("reading the record of an order: %w", err)
	}
	outcomes := make([]order.Outcome, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal(row.Outcome, &outcomes[i]); err != nil {
			return nil, fmt.Errorf("reading a recorded outcome: %w", err)
		}
	}
	return outcomes, nil
}

// recording is the state of one RecordMessage call.
type recording struct {
	p *db.Pipeline

	m     order.Message
	id    uuid.UUID
	order uuid.UUID
	state order.State

	// otherState is the state in the order's row if it differs from the message's, else nil.
	// Without a row it is the state of an order that does not exist yet. stored are the verdicts on
	// this message or at its place, facts what the rules need.
	otherState []byte
	stored     []sqlcgen.StoredVerdictsRow
	facts      order.Facts
}

func newRecording(p *db.Pipeline, in RecordInput) (*recording, error) {
	r := &recording{p: p, m: in.message(), state: in.State}
	var err1, err2 error
	r.id, err1 = uuid.Parse(r.m.ID)
	r.order, err2 = uuid.Parse(in.State.ID)
	if err := errors.Join(err1, err2); err != nil {
		return nil, fmt.Errorf("%w: ids: %w", order.ErrInvariant, err)
	}
	return r, nil
}

// earlierOutcome returns the outcome if the message was decided before, or a Diverged outcome if
// another message has its place.
func (r *recording) earlierOutcome(ctx context.Context) (order.Outcome, bool, error) {
	seq, rows := r.state.Seq+1, r.stored
	if foreign, err := r.decidedByAnotherOrder(ctx, rows); err != nil || foreign {
		return order.Outcome{Verdict: order.Duplicate, Seq: r.state.Seq, At: r.state.At}, true, err
	}
	var other string
	for _, row := range rows {
		switch {
		case row.ID == r.id && int(row.Seq) == seq:
			var o order.Outcome
			if err := json.Unmarshal(row.Outcome, &o); err != nil {
				return o, false, fmt.Errorf("reading an earlier outcome: %w", err)
			}
			return o, true, nil
		case row.ID == r.id && int(row.Seq) < seq:
			return order.Outcome{Verdict: order.Duplicate, Seq: r.state.Seq, At: r.state.At}, true, nil
		case int(row.Seq) == seq:
			other = row.ID.String()
		}
	}
	return order.Outcome{Verdict: order.Diverged, Seq: r.state.Seq, At: r.state.At, Other: other}, len(rows) > 0, nil
}

// decidedByAnotherOrder reports whether another order has decided a message of this id. Nothing of
// that order may be returned here.
func (r *recording) decidedByAnotherOrder(ctx context.Context, rows []sqlcgen.StoredVerdictsRow) (bool, error) {
	if !slices.ContainsFunc(rows, func(row sqlcgen.StoredVerdictsRow) bool { return row.ID == r.id }) {
		return false, nil
	}
	verdict, err := r.p.Immediate.Verdict(ctx, r.id)
	if err != nil {
		return false, fmt.Errorf("looking whose message it was: %w", err)
	}
	return verdict.OrderID != r.order, nil
}

func (r *recording) write(ctx context.Context, d order.Decision) error {
	if err := r.raiseForgeryAlarm(ctx, d); err != nil {
		return fmt.Errorf("calling the moderators: %w", err)
	}
	if err := r.insertVerdict(ctx, d); err != nil {
		return fmt.Errorf("writing the verdict: %w", err)
	}
	if err := r.project(ctx, d); err != nil {
		return err
	}
	payload, err := json.Marshal(db.OrderChange{Order: r.order.String(), Message: r.id.String(), Seq: d.Seq})
	if err != nil {
		return fmt.Errorf("writing the notification: %w", err)
	}
	return r.p.Deferred.Notify(ctx, string(payload))
}

func (r *recording) insertVerdict(ctx context.Context, d order.Decision) error {
	outcome, err := json.Marshal(d.Outcome)
	if err != nil {
		return fmt.Errorf("encoding the outcome: %w", err)
	}
	row := sqlcgen.InsertVerdictParams{
		ID: r.id, OrderID: r.order, Seq: int32(d.Seq), Kind: string(r.m.Kind),
		ActorRole: string(r.m.Actor.Role), ActorPerson: optional.ID(r.m.Actor.Person), ActorParty: optional.ID(r.m.Actor.Party),
		BodyID: r.bodyID(), Verdict: string(d.Verdict), Code: string(d.Code), Reason: d.Reason,
		Outcome: outcome, ReceivedAt: r.m.ReceivedAt, HappenedAt: d.At,
	}
	if d.Verdict == order.Applied {
		before, after := string(d.Before.ShownStage()), string(d.After.ShownStage())
		row.Details, row.StageBefore, row.StageAfter = r.m.Details, &before, &after
	}
	return r.p.Deferred.InsertVerdict(ctx, row)
}

// project writes what an applied message changed. A refused message changes only the sequence.
func (r *recording) project(ctx context.Context, d order.Decision) error {
	if d.Verdict != order.Applied {
		return r.touchRow(ctx, d)
	}
	if d.After.Stage == order.Deleted {
		return r.deleteDraft(ctx)
	}
	steps := []struct {
		what string
		run  func(context.Context, order.Decision) error
	}{
		{"order", r.upsertRow},
		{"event", r.insertEvent},
		{"responses", r.updateResponses},
		{"offer", r.updateOffer},
		{"documents", r.insertDocuments},
		{"notifications", r.insertNotices},
	}
	for _, step := range steps {
		if err := step.run(ctx, d); err != nil {
			return fmt.Errorf("writing the %s: %w", step.what, err)
		}
	}
	if body := r.bodyID(); body != nil {
		return r.p.Deferred.UseBody(ctx, *body)
	}
	return nil
}

func (r *recording) bodyID() *uuid.UUID {
	if r.m.Body == nil {
		return nil
	}
	return optional.ID(r.m.Body.ID)
}

func formatNumber(year int, n int64) string { return strconv.Itoa(year) + fmt.Sprintf("-%06d", n) }
