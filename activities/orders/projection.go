package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"epkr/activities/internal/optional"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// OrderRow returns the row of an order. The row depends on the state alone, so that the two can be
// compared.
func OrderRow(s *order.State, happenedAt time.Time) (sqlcgen.UpsertOrderParams, error) {
	state, err := json.Marshal(s)
	if err != nil {
		return sqlcgen.UpsertOrderParams{}, fmt.Errorf("encoding the state: %w", err)
	}
	id, customer, person := optional.ID(s.ID), optional.ID(s.Customer.Party), optional.ID(s.Customer.Person)
	if id == nil || customer == nil || person == nil {
		return sqlcgen.UpsertOrderParams{}, fmt.Errorf("%w: the order's ids are no UUIDs", order.ErrInvariant)
	}
	awaits := s.EffectiveWait()
	row := sqlcgen.UpsertOrderParams{
		ID: *id, Number: s.Number, Seq: int32(s.Seq), State: state,
		Stage: string(s.Stage), ShownStage: string(s.ShownStage()), Cause: string(s.Cause),
		CustomerID: *customer, CustomerPersonID: *person,
		Holds: []string{}, WaitsFor: string(awaits.For), WaitsFrom: string(awaits.From), WaitsSince: awaits.Since,
		Deadline: optional.Time(s.Deadline()), Overdue: s.Overdue,
		Responses: int32(len(s.Responses)), Rounds: int32(s.Rounds), HappenedAt: happenedAt,
	}
	for _, h := range s.Holds() {
		row.Holds = append(row.Holds, string(h))
	}
	row.SubstituteID = optional.ID(s.Substitute())
	if s.Performer != nil {
		row.EngineerID, row.EmployerID = optional.ID(s.Performer.ID), optional.ID(s.Performer.Employer)
	}
	if s.Contract != nil {
		row.ContractPrice, row.ContractAdvance = &s.Contract.Price, &s.Contract.Advance
	}
	if s.Rating != nil {
		row.Mark = optional.Int(s.Rating.Mark)
	}
	return withTerms(row, s, happenedAt), nil
}

func withTerms(row sqlcgen.UpsertOrderParams, s *order.State, happenedAt time.Time) sqlcgen.UpsertOrderParams {
	if s.Terms == nil {
		return row
	}
	t := s.Terms
	row.Region, row.WorkKind, row.Price = t.Region, string(t.WorkKind), t.Price
	row.TermDate, row.TermDays = optional.Date(t.TermDate), optional.Int(t.TermDays)
	row.Prepayment, row.Registration = t.Prepayment, t.Registration
	row.FormID = optional.ID(s.Form.ID)
	row.PublishedAt = &happenedAt
	return row
}

// upsertRow writes the order's row. The database refuses a row whose sequence does not precede this
// message, because the record would be broken.
func (r *recording) upsertRow(ctx context.Context, d order.Decision) error {
	row, err := OrderRow(&d.After, d.At)
	if err != nil {
		return err
	}
	return r.p.Deferred.UpsertOrder(ctx, row)
}

// touchRow advances the sequence of the order's row; a refused message changes nothing else. A
// message refused before the order exists has no row.
func (r *recording) touchRow(ctx context.Context, d order.Decision) error {
	if d.After.Stage == "" || d.After.Stage == order.Deleted {
		return nil
	}
	row, err := OrderRow(&d.After, d.At)
	if err != nil {
		return err
	}
	rows, err := r.p.Immediate.TouchOrder(ctx, sqlcgen.TouchOrderParams{ID: row.ID, Seq: row.Seq, State: row.State})
	if err == nil && rows != 1 {
		return fmt.Errorf("%w: the row of the order is not at the message before this one", order.ErrInvariant)
	}
	return err
}

func (r *recording) insertEvent(ctx context.Context, d order.Decision) error {
	return r.p.Deferred.InsertEvent(ctx, sqlcgen.InsertEventParams{
		OrderID: r.order, Seq: int32(d.Seq), Kind: string(r.m.Kind), ActorRole: string(r.m.Actor.Role),
		ActorPerson: optional.ID(r.m.Actor.Person), ActorParty: optional.ID(r.m.Actor.Party),
		StageBefore: string(d.Before.ShownStage()), StageAfter: string(d.After.ShownStage()),
		Details: r.m.Details, BodyID: r.bodyID(), HappenedAt: d.At,
	})
}

// updateResponses writes the rows of the responses that changed and closes those that left the
// state.
func (r *recording) updateResponses(ctx context.Context, d order.Decision) error {
	for _, now := range d.After.Responses {
		i := slices.IndexFunc(d.Before.Responses, func(b order.Response) bool { return b == now })
		if i >= 0 && d.Before.Performer == nil && d.After.Performer == nil {
			continue
		}
		if err := r.upsertResponse(ctx, d, now); err != nil {
			return err
		}
	}
	for _, before := range d.Before.Responses {
		stays := slices.ContainsFunc(d.After.Responses, func(n order.Response) bool { return n.Engineer == before.Engineer })
		if stays {
			continue
		}
		err := r.p.Deferred.CloseResponse(ctx, sqlcgen.CloseResponseParams{
			HappenedAt: d.At, OrderID: r.order, EngineerID: *optional.ID(before.Engineer),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *recording) upsertResponse(ctx context.Context, d order.Decision, now order.Response) error {
	row := sqlcgen.UpsertResponseParams{
		OrderID: r.order, EngineerID: *optional.ID(now.Engineer), Price: now.Price, TermDate: optional.Date(now.TermDate),
		TermDays: optional.Int(now.TermDays), Revision: int32(now.Revision),
		Status: responseStatus(now.Engineer, d.After.Performer, responseOpen), HappenedAt: d.At,
	}
	if r.m.Kind == order.Respond && r.m.Actor.Party == now.Engineer {
		row.BodyID = r.bodyID()
	}
	return r.p.Deferred.UpsertResponse(ctx, row)
}

// The statuses of a response that is not closed.
const (
	responseOpen   = "open"
	responseChosen = "chosen"
)

func responseStatus(engineer string, performer *order.Performer, otherwise string) string {
	if performer != nil && performer.ID == engineer {
		return responseChosen
	}
	return otherwise
}

func (r *recording) updateOffer(ctx context.Context, d order.Decision) error {
	switch now, before := d.After.Offer, d.Before.Offer; {
	case now != nil && (before == nil || *before != *now):
		return r.p.Deferred.UpsertOffer(ctx, sqlcgen.UpsertOfferParams{
			OrderID: r.order, EngineerID: *optional.ID(now.Engineer), ExpiresAt: now.Expires, HappenedAt: d.At,
		})
	case now == nil && before != nil:
		return r.p.Deferred.DeleteOffer(ctx, r.order)
	}
	return nil
}

func (r *recording) insertDocuments(ctx context.Context, d order.Decision) error {
	for n, doc := range order.Documents(r.m) {
		err := r.p.Deferred.InsertDocument(ctx, sqlcgen.InsertDocumentParams{
			OrderID: r.order, Seq: int32(d.Seq), N: int32(n), Kind: string(doc.Kind), FileID: *optional.ID(doc.File.ID),
			AuthorRole: string(r.m.Actor.Role), CreatedAt: d.At,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *recording) insertNotices(ctx context.Context, d order.Decision) error {
	for _, notice := range d.Notices {
		err := r.p.Deferred.InsertNotice(ctx, sqlcgen.InsertNoticeParams{
			Role: string(notice.To.Role), PartyID: optional.ID(notice.To.Party), OrderID: &r.order,
			Kind: string(notice.Kind), CreatedAt: d.At,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteDraft deletes a draft's form, texts and row. Its verdicts stay, without any text. An effect
// removes its files, because they are in S3.
func (r *recording) deleteDraft(ctx context.Context) error {
	for _, remove := range []func(context.Context, uuid.UUID) error{r.p.Deferred.DeleteForm, r.p.Deferred.DeleteDraft, r.p.Deferred.DeleteDraftBodies} {
		if err := remove(ctx, r.order); err != nil {
			return fmt.Errorf("deleting a draft: %w", err)
		}
	}
	return nil
}
