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
	"epkr/internal/document/generated"
	"epkr/internal/order"
	"epkr/internal/pdfa"
)

// load reads in one batch the recorded state, any earlier verdict and the facts that the rules
// need. It locks the rows that must not change before the decision is written.
func (r *recording) load(ctx context.Context, now time.Time) error {
	r.facts = order.Facts{Now: now, BodyFound: r.m.Body == nil, Signatures: map[string]order.SignatureFacts{}}
	state, err := json.Marshal(r.state)
	if err != nil {
		return fmt.Errorf("encoding a state: %w", err)
	}
	queries := []db.BatchFunc{func(q *sqlcgen.Queries) error {
		// The state is read before the verdicts. If no verdict is found, this state is therefore
		// the one that preceded the message.
		other, err := q.ChangedState(ctx, sqlcgen.ChangedStateParams{ID: r.order, Known: state})
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
			return fmt.Errorf("finding an earlier verdict: %w", err)
		}
		return nil
	}}
	queries = append(queries, r.originQueries(ctx)...)
	if r.m.Kind == order.Create {
		queries = append(queries, func(q *sqlcgen.Queries) error { return r.checkCustomer(ctx, q) })
	}
	if order.BindsOrganisation(r.m.Kind) {
		queries = append(queries, r.authorityQueries(ctx)...)
	}
	if id := optional.ID(order.EngineerOf(&r.state, r.m)); id != nil {
		queries = append(queries, func(q *sqlcgen.Queries) (err error) {
			r.facts.Engineer, err = EngineerFacts(ctx, q, r.p.Deferred, *id)
			return err
		})
	}
	if r.m.Kind == order.EmployerStatus {
		// After the engineer is locked: an employer changes his decision under the same lock.
		queries = append(queries, func(q *sqlcgen.Queries) error { return r.readEmployerDecision(ctx, q) })
	}
	for _, ties := range r.tieQueries() {
		queries = append(queries, func(q *sqlcgen.Queries) error { return ties(ctx, q) })
	}
	queries = append(queries, func(q *sqlcgen.Queries) error { return r.readFiles(ctx, q) })
	for _, signed := range order.SignaturesOf(r.m) {
		queries = append(queries, func(q *sqlcgen.Queries) error { return r.readSignature(ctx, q, signed) })
	}
	if r.m.Body != nil {
		queries = append(queries, func(q *sqlcgen.Queries) error { return r.checkBody(ctx, q) })
	}
	return r.p.Batch(ctx, queries...)
}

// checkCustomer reports in the facts whether the customer exists. The API guarantees this; another
// sender of the signal does not.
func (r *recording) checkCustomer(ctx context.Context, q *sqlcgen.Queries) error {
	party, person := optional.ID(r.m.Actor.Party), optional.ID(r.m.Actor.Person)
	if party == nil || person == nil {
		r.facts.UnknownCustomer = true
		return nil
	}
	exists, err := q.CustomerKnown(ctx, sqlcgen.CustomerKnownParams{PartyID: *party, PersonID: *person})
	if err != nil {
		return fmt.Errorf("finding the customer: %w", err)
	}
	r.facts.UnknownCustomer = !exists
	return nil
}

// authorityQueries returns the queries that lock and read the sender's authority to sign for an
// organisation. The lock is held until the transaction ends.
func (r *recording) authorityQueries(ctx context.Context) []db.BatchFunc {
	party, person := optional.ID(r.m.Actor.Party), optional.ID(r.m.Actor.Person)
	if party == nil || r.m.Actor.Role != order.RoleCustomer {
		return nil
	}
	if person == nil {
		person = &uuid.Nil // belongs to nobody, so a sender without a person is not the head
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

// assignNumber takes a number for a new order. It runs after the search for an earlier verdict, so
// that a repeated message takes no number.
func (r *recording) assignNumber(ctx context.Context) error {
	if r.m.Kind != order.Create || r.facts.UnknownCustomer {
		return nil
	}
	n, err := r.p.Immediate.NextOrderNumber(ctx)
	if err != nil {
		return fmt.Errorf("taking an order number: %w", err)
	}
	r.facts.Number = formatNumber(r.facts.Now.In(order.Moscow).Year(), n)
	return nil
}

// EngineerFacts reads an engineer's status, and returns nil if there is no such engineer. It locks
// the engineer's employer and then the engineer until the transaction ends, so that a change of
// either is either seen here or waits for this decision. immediate and deferred are the two modes
// of a pipeline, or the same queries twice.
func EngineerFacts(ctx context.Context, immediate, deferred *sqlcgen.Queries, id uuid.UUID) (*order.EngineerFacts, error) {
	if err := deferred.LockEmployerOf(ctx, id); err != nil {
		return nil, fmt.Errorf("locking the employer: %w", err)
	}
	row, err := immediate.EngineerFacts(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the engineer: %w", err)
	}
	e := db.EngineerFacts(sqlcgen.EngineerEligibilityRow{
		ID: row.ID, PersonID: row.PersonID, InRegistry: row.InRegistry, Blocked: row.Blocked, AccountOn: row.AccountOn, ReceivesOrders: row.ReceivesOrders,
		ProfileComplete: row.ProfileComplete, Form: row.Form, EmployerID: row.EmployerID, Employment: row.Employment,
		Regions: row.Regions, EmployerActive: row.EmployerActive,
	})
	if row.StatusBy != nil {
		e.DecidedAt = row.StatusAt
	}
	return e, nil
}

// readEmployerDecision reads what the sender, an employer, decided about the engineer of the message.
func (r *recording) readEmployerDecision(ctx context.Context, q *sqlcgen.Queries) error {
	engineer, employer := optional.ID(order.EngineerOf(&r.state, r.m)), optional.ID(r.m.Actor.Party)
	if engineer == nil || employer == nil {
		return nil
	}
	row, err := q.EmployerDecision(ctx, sqlcgen.EmployerDecisionParams{EngineerID: *engineer, EmployerID: *employer, OrderID: r.order})
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading an employer's decision: %w", err)
	}
	r.facts.EmployerDecision = &order.EmployerDecision{Active: row.Active, At: *row.StatusAt, Reselect: row.Reselect}
	return nil
}

// readFiles reads the files that the message names. It skips those that the sender's party did not
// upload for this order.
func (r *recording) readFiles(ctx context.Context, q *sqlcgen.Queries) error {
	refs := order.NamedFiles(r.m)
	person, party := r.author(), optional.ID(r.m.Actor.Party)
	if len(refs) == 0 || person == nil || party == nil {
		return nil
	}
	ids := make([]uuid.UUID, 0, len(refs))
	for _, f := range refs {
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
		checked, err := pdfaCheck(row.Report)
		if err != nil {
			return err
		}
		file := order.FileFacts{SHA256: row.Sha256, ContentType: row.ContentType, PDFA: checked}
		if row.GeneratedAs != nil {
			in, err := generated.Read(row.Input)
			if err != nil {
				return err
			}
			file.Generated = in.Facts(generated.Kind(*row.GeneratedAs))
		}
		r.facts.Files[row.ID.String()] = file
	}
	return nil
}

// pdfaCheck returns what the rules read of a stored report. It returns nil if there is none.
func pdfaCheck(stored json.RawMessage) (*order.PDFACheck, error) {
	report, err := pdfa.ReadReport(stored)
	if err != nil || report == nil {
		return nil, err
	}
	check := &order.PDFACheck{Checked: report.Checked}
	for _, fault := range report.Faults {
		check.Faults = append(check.Faults, fault.Message)
	}
	return check, nil
}

// readSignature reads whether a signature of the message is valid for the sender's party. It was
// checked when it came in.
func (r *recording) readSignature(ctx context.Context, q *sqlcgen.Queries, signed order.SignedDocument) error {
	id, party := optional.ID(signed.Signature.ID), optional.ID(r.m.Actor.Party)
	if id == nil || party == nil {
		return nil
	}
	powers := signed.Powers.IDs()
	valid, err := q.IsSignatureValid(ctx, sqlcgen.IsSignatureValidParams{
		OrderID: r.order, SignatureID: *id, DocumentSha256: signed.Document, Powers: powers, Role: string(r.m.Actor.Role), PartyID: *party,
	})
	if err != nil {
		return fmt.Errorf("reading the check of a signature: %w", err)
	}
	if valid {
		r.facts.Signatures[signed.Signature.ID] = order.SignatureFacts{Document: signed.Document, ByPower: len(powers) > 0}
	}
	return nil
}

// author returns the person whose texts and files a message may name. It returns nil for roles that
// do not act for a party or as a moderator.
func (r *recording) author() *uuid.UUID {
	switch r.m.Actor.Role {
	case order.RoleCustomer, order.RoleEngineer, order.RoleEmployer, order.RoleModerator:
		return optional.ID(r.m.Actor.Person)
	}
	return nil
}

// checkBody reports in the facts whether the message's text is stored and was written by the
// sender.
func (r *recording) checkBody(ctx context.Context, q *sqlcgen.Queries) error {
	id, author := optional.ID(r.m.Body.ID), r.author()
	if id == nil || author == nil {
		return nil
	}
	found, err := q.BodyMatches(ctx, sqlcgen.BodyMatchesParams{
		ID: *id, OrderID: r.order, AuthorID: *author, Sha256: r.m.Body.SHA256,
	})
	if err != nil {
		return fmt.Errorf("finding the message's text: %w", err)
	}
	r.facts.BodyFound = found
	return nil
}
