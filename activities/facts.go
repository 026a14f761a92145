package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// facts reads what the rules need, locking what must not change before the decision is written.
func (r *recording) facts(ctx context.Context, now time.Time) (order.Facts, error) {
	f := order.Facts{Now: now, BodyFound: r.m.Body == nil}
	var err error
	if r.m.Kind == order.Create {
		if err := r.creationFacts(ctx, &f); err != nil {
			return f, err
		}
	}
	if id := optionalID(order.Concerns(&r.state, r.m)); id != nil {
		if f.Engineer, err = EngineerFacts(ctx, r.q, r.later, *id); err != nil {
			return f, err
		}
	}
	if f.Files, err = r.files(ctx); err != nil {
		return f, err
	}
	if r.m.Body != nil {
		if f.BodyFound, err = r.bodyFound(ctx); err != nil {
			return f, err
		}
	}
	return f, nil
}

// creationFacts looks for the customer, whom the API knows and another sender may not, and takes the order's number.
func (r *recording) creationFacts(ctx context.Context, f *order.Facts) error {
	party, person := optionalID(r.m.Actor.Party), optionalID(r.m.Actor.Person)
	if party == nil || person == nil {
		f.UnknownCustomer = true
		return nil
	}
	known, err := r.q.CustomerKnown(ctx, sqlcgen.CustomerKnownParams{PartyID: *party, PersonID: *person})
	if err != nil {
		return fmt.Errorf("looking for the customer: %w", err)
	}
	if f.UnknownCustomer = !known; !known {
		return nil
	}
	n, err := r.q.NextOrderNumber(ctx)
	if err != nil {
		return fmt.Errorf("taking an order number: %w", err)
	}
	f.Number = numberOf(f.Now.In(order.Moscow).Year(), n)
	return nil
}

// EngineerFacts reads an engineer's standing and locks it, and his employer's first, until the transaction ends, so that a
// change of either waits for this decision or is seen by it. Nil if there is no such engineer. now and later are the two hands of
// a pipeline, or twice the same queries.
func EngineerFacts(ctx context.Context, now, later *sqlcgen.Queries, id uuid.UUID) (*order.EngineerFacts, error) {
	if err := later.LockEmployerOf(ctx, id); err != nil {
		return nil, fmt.Errorf("locking the employer: %w", err)
	}
	row, err := now.EngineerFacts(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the engineer: %w", err)
	}
	e := &order.EngineerFacts{
		ID: row.ID.String(), InRegistry: row.InRegistry, Blocked: row.Blocked, Receives: row.ReceivesOrders,
		Complete: row.ProfileComplete, SoleProprietor: row.Form == "entrepreneur", Confirmed: row.Employment == "confirmed",
		EmployerActive: int(row.EmployerActive), Regions: row.Regions,
	}
	if row.PersonID != nil {
		e.Person = row.PersonID.String()
	}
	if row.EmployerID != nil {
		e.Employer = row.EmployerID.String()
	}
	return e, nil
}

func (r *recording) files(ctx context.Context) (map[string]order.FileFacts, error) {
	named := order.NamedFiles(r.m)
	uploader := optionalID(r.m.Actor.Person)
	if len(named) == 0 || uploader == nil {
		return nil, nil
	}
	ids := make([]uuid.UUID, 0, len(named))
	for _, f := range named {
		if id := optionalID(f.ID); id != nil {
			ids = append(ids, *id)
		}
	}
	rows, err := r.q.StoredFiles(ctx, sqlcgen.StoredFilesParams{OrderID: r.order, UploaderID: *uploader, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("reading the named files: %w", err)
	}
	facts := make(map[string]order.FileFacts, len(rows))
	for _, row := range rows {
		facts[row.ID.String()] = order.FileFacts{SHA256: row.Sha256, ContentType: row.ContentType}
	}
	return facts, nil
}

func (r *recording) bodyFound(ctx context.Context) (bool, error) {
	id, author := optionalID(r.m.Body.ID), optionalID(r.m.Actor.Person)
	if id == nil || author == nil {
		return false, nil
	}
	found, err := r.q.BodyMatches(ctx, sqlcgen.BodyMatchesParams{
		ID: *id, OrderID: r.order, AuthorID: *author, Sha256: r.m.Body.SHA256,
	})
	if err != nil {
		return false, fmt.Errorf("looking for the message's text: %w", err)
	}
	return found, nil
}
