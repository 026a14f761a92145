package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/activities/internal/optional"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// read reads at once whether the message is recorded already and what the rules need, locking what must not change before the decision
// is written.
func (r *recording) read(ctx context.Context, now time.Time) error {
	r.facts = order.Facts{Now: now, BodyFound: r.m.Body == nil}
	known, err := json.Marshal(r.state)
	if err != nil {
		return fmt.Errorf("encoding a state: %w", err)
	}
	questions := []db.BatchFunc{func(q *sqlcgen.Queries) error {
		// It is read before the verdicts: who finds none of them at this place has read the state before it.
		other, err := q.OtherState(ctx, sqlcgen.OtherStateParams{ID: r.order, Known: known})
		switch {
		case errors.Is(err, db.ErrNotFound):
			r.otherState = []byte(`{"id":"` + r.order.String() + `"}`)
		case err != nil:
			return fmt.Errorf("reading the recorded state: %w", err)
		default:
			r.otherState = other
		}
		return nil
	}, func(q *sqlcgen.Queries) (err error) {
		r.stored, err = q.StoredVerdicts(ctx, sqlcgen.StoredVerdictsParams{ID: r.id, OrderID: r.order, Seq: int32(r.state.Seq + 1)})
		if err != nil {
			return fmt.Errorf("looking for an earlier verdict: %w", err)
		}
		return nil
	}}
	questions = append(questions, r.provenance(ctx)...)
	if r.m.Kind == order.Create {
		questions = append(questions, func(q *sqlcgen.Queries) error { return r.customer(ctx, q) })
	}
	if order.BindsOrganisation(r.m.Kind) {
		questions = append(questions, r.authority(ctx)...)
	}
	if id := optional.ID(order.Concerns(&r.state, r.m)); id != nil {
		questions = append(questions, func(q *sqlcgen.Queries) (err error) {
			r.facts.Engineer, err = EngineerFacts(ctx, q, r.p.Deferred, *id)
			return err
		})
	}
	for _, ties := range r.ties() {
		questions = append(questions, func(q *sqlcgen.Queries) error { return ties(ctx, q) })
	}
	questions = append(questions, func(q *sqlcgen.Queries) error { return r.files(ctx, q) })
	if r.m.Body != nil {
		questions = append(questions, func(q *sqlcgen.Queries) error { return r.text(ctx, q) })
	}
	return r.p.Batch(ctx, questions...)
}

// customer looks for the customer, whom the API knows and another sender may not.
func (r *recording) customer(ctx context.Context, q *sqlcgen.Queries) error {
	party, person := optional.ID(r.m.Actor.Party), optional.ID(r.m.Actor.Person)
	if party == nil || person == nil {
		r.facts.UnknownCustomer = true
		return nil
	}
	known, err := q.CustomerKnown(ctx, sqlcgen.CustomerKnownParams{PartyID: *party, PersonID: *person})
	if err != nil {
		return fmt.Errorf("looking for the customer: %w", err)
	}
	r.facts.UnknownCustomer = !known
	return nil
}

// authority reads what is known of the sender's authority to sign for an organisation, and locks it until the transaction ends.
func (r *recording) authority(ctx context.Context) []db.BatchFunc {
	party, person := optional.ID(r.m.Actor.Party), optional.ID(r.m.Actor.Person)
	if party == nil || r.m.Actor.Role != order.RoleCustomer {
		return nil
	}
	if person == nil {
		person = &uuid.Nil // nobody's id: whoever names no person is no head
	}
	return []db.BatchFunc{
		func(q *sqlcgen.Queries) error {
			if err := q.LockAuthority(ctx, sqlcgen.LockAuthorityParams{PartyID: *party, PersonID: *person}); err != nil {
				return fmt.Errorf("locking the sender's authority: %w", err)
			}
			return nil
		},
		func(q *sqlcgen.Queries) error {
			row, err := q.AuthorityOf(ctx, sqlcgen.AuthorityOfParams{PartyID: *party, PersonID: *person})
			switch {
			case errors.Is(err, db.ErrNotFound):
				return nil
			case err != nil:
				return fmt.Errorf("reading the sender's authority: %w", err)
			case row.Organisation:
				r.facts.Authority = &order.AuthorityFacts{Head: row.Head}
			}
			return nil
		},
	}
}

// number takes the number of an order that is to be made. It comes after the look for an earlier verdict, so that a repetition takes none.
func (r *recording) number(ctx context.Context) error {
	if r.m.Kind != order.Create || r.facts.UnknownCustomer {
		return nil
	}
	n, err := r.p.Immediate.NextOrderNumber(ctx)
	if err != nil {
		return fmt.Errorf("taking an order number: %w", err)
	}
	r.facts.Number = numberOf(r.facts.Now.In(order.Moscow).Year(), n)
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
	e := db.EngineerFacts(sqlcgen.EngineerEligibilityRow{
		ID: row.ID, PersonID: row.PersonID, InRegistry: row.InRegistry, Blocked: row.Blocked, ReceivesOrders: row.ReceivesOrders,
		ProfileComplete: row.ProfileComplete, Form: row.Form, EmployerID: row.EmployerID, Employment: row.Employment,
		Regions: row.Regions, EmployerActive: row.EmployerActive,
	})
	if row.StandingBy != nil {
		e.JudgedAt = row.StandingAt
	}
	return e, nil
}

// files are those that the message names, as far as the sender's party uploaded them for this order.
func (r *recording) files(ctx context.Context, q *sqlcgen.Queries) error {
	named := order.NamedFiles(r.m)
	person, party := r.author(), optional.ID(r.m.Actor.Party)
	if len(named) == 0 || person == nil || party == nil {
		return nil
	}
	ids := make([]uuid.UUID, 0, len(named))
	for _, f := range named {
		if id := optional.ID(f.ID); id != nil {
			ids = append(ids, *id)
		}
	}
	rows, err := q.StoredFiles(ctx, sqlcgen.StoredFilesParams{
		OrderID: r.order, Ids: ids, Person: *person, Role: string(r.m.Actor.Role), Party: party,
	})
	if err != nil {
		return fmt.Errorf("reading the named files: %w", err)
	}
	r.facts.Files = make(map[string]order.FileFacts, len(rows))
	for _, row := range rows {
		r.facts.Files[row.ID.String()] = order.FileFacts{SHA256: row.Sha256, ContentType: row.ContentType}
	}
	return nil
}

// author is the person whose texts and files a message may name: those who act for nobody on the platform have none.
func (r *recording) author() *uuid.UUID {
	switch r.m.Actor.Role {
	case order.RoleCustomer, order.RoleEngineer, order.RoleEmployer, order.RoleModerator:
		return optional.ID(r.m.Actor.Person)
	}
	return nil
}

// text looks whether the message's text is the sender's own, as it was kept.
func (r *recording) text(ctx context.Context, q *sqlcgen.Queries) error {
	id, author := optional.ID(r.m.Body.ID), r.author()
	if id == nil || author == nil {
		return nil
	}
	found, err := q.BodyMatches(ctx, sqlcgen.BodyMatchesParams{
		ID: *id, OrderID: r.order, AuthorID: *author, Sha256: r.m.Body.SHA256,
	})
	if err != nil {
		return fmt.Errorf("looking for the message's text: %w", err)
	}
	r.facts.BodyFound = found
	return nil
}
