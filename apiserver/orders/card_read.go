package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

type cardOutput struct{ Body *OrderCard }

func (a *Service) registerCard() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "get-order", Method: http.MethodGet, Path: "/api/orders/{order}", Tags: []string{Tag}, Summary: "Карточка заказа",
		Errors: []int{http.StatusNotFound},
	}, httpapi.Consented(), func(ctx context.Context, in *OrderPath) (*cardOutput, error) {
		card, err := a.card(ctx, in.Order)
		return &cardOutput{Body: card}, err
	})
}

// card reads an order for the caller.
func (a *Service) card(ctx context.Context, id uuid.UUID) (*OrderCard, error) {
	b := a.NewCard(ctx, id)
	if err := a.Store.Batch(ctx, b.Queries(ctx)...); err != nil {
		return nil, err
	}
	return b.Finish(ctx)
}

// CardBuilder reads an order and adds what the state does not contain: names, texts, files. It
// sends two batches of queries: those that every order needs, and those that depend on the state.
type CardBuilder struct {
	a  *Service
	id uuid.UUID
	by httpapi.Session

	// o is the order; accessErr is set if the caller may not see it.
	o         *Visible
	accessErr error
	facts     order.Facts
	sides     sides
	files     []sqlcgen.NewestDocumentsRow
	// selected are the responses in the card.
	selected []order.Response

	engineerCards map[string]CardEngineer
	card          *OrderCard
}

// NewCard returns a builder of the card of an order for the caller.
func (a *Service) NewCard(ctx context.Context, id uuid.UUID) *CardBuilder {
	return &CardBuilder{a: a, id: id, by: httpapi.SessionFrom(ctx), facts: order.Facts{Now: a.Now().UTC()}}
}

// order returns the query for the order itself.
func (b *CardBuilder) order(ctx context.Context) db.BatchFunc {
	return func(q *sqlcgen.Queries) error {
		var o Visible
		o, b.accessErr = loadVisible(ctx, q, b.id)
		b.o = &o
		return nil
	}
}

// Queries returns the queries that every order needs.
func (b *CardBuilder) Queries(ctx context.Context) []db.BatchFunc {
	return append(b.sides.queries(ctx, b.id, b.by),
		b.order(ctx),
		func(q *sqlcgen.Queries) (err error) {
			b.files, err = q.NewestDocuments(ctx, sqlcgen.NewestDocumentsParams{OrderID: b.id, Page: cardDocuments + 1})
			if err != nil {
				return fmt.Errorf("reading the documents: %w", err)
			}
			return nil
		},
		b.loadFacts(ctx),
	)
}

// Finish builds the card once the queries have run.
func (b *CardBuilder) Finish(ctx context.Context) (*OrderCard, error) {
	if b.accessErr != nil {
		return nil, b.accessErr
	}
	b.card = cardFromState(b.o)
	if b.card.Party {
		b.card.Differences = differencesOf(order.ContractDifferences(&b.o.State, b.facts.Now))
	}
	b.selectResponses(cardResponses)
	if !b.card.Halted {
		b.actions()
	}
	var form *order.Form
	err := unmarshalText(b.o.Row.Form, &form)
	b.card.Form = formOf(form)
	if err == nil {
		// The responses use the names read with the engineers.
		err = b.a.Store.Batch(ctx, b.engineers(ctx), b.responses(ctx), b.texts(ctx), b.documents(ctx), b.missing(ctx), b.whyNotReplaced(ctx))
	}
	if err != nil {
		return nil, fmt.Errorf("reading an order's card: %w", err)
	}
	return b.card, nil
}

// engineers adds the performer and the offer. The customer and the moderator see all engineers; an
// engineer sees only himself.
func (b *CardBuilder) engineers(ctx context.Context) db.BatchFunc {
	return func(q *sqlcgen.Queries) error {
		ids := b.engineersShown()
		if len(ids) == 0 {
			return nil
		}
		rows, err := q.EngineerNames(ctx, ids)
		if err != nil {
			return fmt.Errorf("reading the engineers' names: %w", err)
		}
		b.engineerCards = map[string]CardEngineer{}
		for _, r := range rows {
			b.engineerCards[r.ID.String()] = CardEngineer{
				Named:          wire.Named{ID: r.ID, Name: r.Name, RegistryName: r.RegistryName},
				RegistryNumber: r.RegistryNumber, SRO: r.Sro, Employer: r.Employer,
			}
		}
		s := &b.o.State
		if s.Performer != nil && b.card.Party {
			performer := b.engineerCards[s.Performer.ID]
			b.card.Performer = &performer
		}
		if s.Replacement != nil && b.card.Replacement != nil {
			b.card.Replacement.Engineer = b.engineerCards[s.Replacement.Engineer]
		}
		if s.Offer != nil && b.canSee(s.Offer.Engineer) {
			b.card.Offer = &CardOffer{Engineer: b.engineerCards[s.Offer.Engineer], Expires: s.Offer.Expires}
		}
		return nil
	}
}

// missing adds what the contract will need of the viewer's own side and is missing: of the customer
// since the order was published, of the performer and his employer since he was chosen.
func (b *CardBuilder) missing(ctx context.Context) db.BatchFunc {
	return func(q *sqlcgen.Queries) error {
		s, performer := &b.o.State, b.o.Row.EngineerID
		var codes []string
		var err error
		switch {
		case !b.card.Party || s.Contract != nil && s.Contract.CustomerSignature != nil:
		case b.by.Role == order.RoleCustomer && (s.Stage == order.Selection || s.Stage == order.Contracting):
			codes, err = q.MissingForContract(ctx, b.o.Row.CustomerAccount)
		case (b.by.Role == order.RoleEngineer || b.by.Role == order.RoleEmployer) && s.Stage == order.Contracting && performer != nil:
			codes, err = q.PerformerMissingForContract(ctx, *performer)
		}
		if err != nil {
			return fmt.Errorf("reading what a contract needs: %w", err)
		}
		b.card.MissingForContract = wire.MissingOf(codes)
		return nil
	}
}

// engineersShown returns the authors of the shown responses, the engineer to whom the order is
// offered, the performer, and the one proposed in his place.
func (b *CardBuilder) engineersShown() (ids []uuid.UUID) {
	add := func(id string) {
		if parsed, err := uuid.Parse(id); err == nil {
			ids = append(ids, parsed)
		}
	}
	s := &b.o.State
	for _, r := range b.selected {
		add(r.Engineer)
	}
	if s.Performer != nil {
		add(s.Performer.ID)
	}
	if s.Offer != nil {
		add(s.Offer.Engineer)
	}
	if s.Replacement != nil {
		add(s.Replacement.Engineer)
	}
	return ids
}

// selectResponses selects up to most of the responses that the viewer may see.
func (b *CardBuilder) selectResponses(most int) {
	for _, r := range b.o.State.Responses {
		if !b.canSee(r.Engineer) {
			continue
		}
		if len(b.selected) == most {
			b.card.MoreResponses = true
			return
		}
		b.selected = append(b.selected, r)
	}
}

// canSee reports whether the viewer may see an engineer's response or offer.
func (b *CardBuilder) canSee(engineer string) bool {
	switch b.by.Role {
	case order.RoleCustomer, order.RoleModerator:
		return b.card.Party
	case order.RoleEngineer:
		return b.by.Party.String() == engineer
	}
	return false
}

// responses adds the selected responses.
func (b *CardBuilder) responses(ctx context.Context) db.BatchFunc {
	return func(q *sqlcgen.Queries) error {
		if len(b.selected) == 0 {
			return nil
		}
		engineers := make([]uuid.UUID, 0, len(b.selected))
		for _, r := range b.selected {
			if id, err := uuid.Parse(r.Engineer); err == nil {
				engineers = append(engineers, id)
			}
		}
		rows, err := q.ResponseTexts(ctx, sqlcgen.ResponseTextsParams{OrderID: b.id, Engineers: engineers})
		if err != nil {
			return fmt.Errorf("reading the responses' texts: %w", err)
		}
		stored := map[string]sqlcgen.ResponseTextsRow{}
		for _, r := range rows {
			stored[r.EngineerID.String()] = r
		}
		reasons, err := b.whyNotChosen(ctx, q, engineers)
		if err != nil {
			return err
		}
		statistics, err := b.statistics(ctx, q, engineers)
		if err != nil {
			return err
		}
		for _, r := range b.selected {
			one := CardResponse{
				Engineer: b.engineerCards[r.Engineer], Bid: bidOf(r.Bid), Current: r.Revision == b.o.State.Revision,
				Reason: reasons[r.Engineer], Statistics: statistics[r.Engineer],
			}
			if term, comparable := b.o.State.Promise(r, b.facts.Now); comparable {
				one.TermUntil, one.DaysLater = term.Until, term.Later
			}
			if row, found := stored[r.Engineer]; found {
				var text order.Note
				if err := unmarshalText(row.Body, &text); err != nil {
					return err
				}
				one.Note, one.CreatedAt = text.Note, &row.CreatedAt
			}
			b.card.Responses = append(b.card.Responses, one)
		}
		return nil
	}
}

// whyNotChosen returns the reasons for which the customer may not choose engineers who responded.
func (b *CardBuilder) whyNotChosen(ctx context.Context, q *sqlcgen.Queries, engineers []uuid.UUID) (map[string]string, error) {
	if !b.chooses() {
		return nil, nil
	}
	rows, err := q.EligibilityOfEngineers(ctx, engineers)
	if err != nil {
		return nil, fmt.Errorf("reading the data of the engineers who responded: %w", err)
	}
	reasons := map[string]string{}
	for _, r := range rows {
		reasons[r.ID.String()] = b.o.State.WhyNotChosen(order.Facts{
			Ties: b.sides.tiesOf(r.ID), Engineer: db.EngineerFacts(sqlcgen.EngineerEligibilityRow(r)),
		})
	}
	return reasons, nil
}

// whyNotReplaced adds why the engineer whom the employer proposes cannot replace the performer now.
func (b *CardBuilder) whyNotReplaced(ctx context.Context) db.BatchFunc {
	return func(q *sqlcgen.Queries) error {
		engineer, err := uuid.Parse(b.o.State.Substitute())
		if err != nil || b.card.Replacement == nil {
			return nil
		}
		row, err := q.EngineerEligibility(ctx, engineer)
		if err != nil {
			return fmt.Errorf("reading the data of the engineer who is proposed: %w", err)
		}
		tie, err := q.EngineerTie(ctx, sqlcgen.EngineerTieParams{OrderID: b.id, Engineer: engineer})
		if err != nil {
			return fmt.Errorf("reading the ties of the engineer who is proposed: %w", err)
		}
		b.card.Replacement.Reason = b.o.State.WhyNotReplacedBy(order.Facts{
			Ties: order.Ties{Engineer: order.Tie(tie.Tie)}, Engineer: db.EngineerFacts(row),
		})
		return nil
	}
}

// statistics returns the numbers of the engineers whom the customer compares.
func (b *CardBuilder) statistics(ctx context.Context, q *sqlcgen.Queries, engineers []uuid.UUID) (map[string]*EngineerStatistics, error) {
	if !b.chooses() {
		return nil, nil
	}
	rows, err := q.StatisticsOfEngineers(ctx, engineers)
	if err != nil {
		return nil, fmt.Errorf("reading the numbers of the engineers who responded: %w", err)
	}
	all := map[string]*EngineerStatistics{}
	for _, r := range rows {
		all[r.ID.String()] = new(StatisticsOf(sqlcgen.EngineerStatisticsRow(r)))
	}
	return all, nil
}

// chooses reports whether the viewer chooses the performer now.
func (b *CardBuilder) chooses() bool {
	return b.by.Role == order.RoleCustomer && b.o.State.Stage == order.Selection
}

func unmarshalText(body json.RawMessage, into any) error {
	if len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("reading a stored text: %w", err)
	}
	return nil
}

// loadFacts reads the facts about the viewer that the rules need.
func (b *CardBuilder) loadFacts(ctx context.Context) db.BatchFunc {
	return func(q *sqlcgen.Queries) error {
		if b.by.PartyKind == string(order.OrganisationKind) {
			b.facts.Authority = &order.AuthorityFacts{Head: b.by.Head}
		}
		if b.by.Role != order.RoleEngineer {
			return nil
		}
		row, err := q.EngineerEligibility(ctx, b.by.Party)
		switch {
		case errors.Is(err, db.ErrNotFound):
			return nil
		case err != nil:
			return fmt.Errorf("reading the engineer's status: %w", err)
		}
		b.facts.Engineer = db.EngineerFacts(row)
		return nil
	}
}

// actions adds the actions of the viewer according to the rules.
func (b *CardBuilder) actions() {
	b.facts.Ties = b.sides.viewer
	b.card.Actions = actionsOf(order.Actions(b.o.State, b.by.Actor(), b.facts))
	if b.by.Role == order.RoleModerator {
		b.card.Workflow = b.a.UI.Workflow(workflowapi.OrderWorkflowID(b.id))
	}
}

// LoadForUpload reads an order to which the caller may upload now. It requires that an action that
// takes files is open to him.
func (a *Service) LoadForUpload(ctx context.Context, id uuid.UUID) (*Visible, error) {
	b, err := a.loadWithFacts(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case b.o.State.Closed():
		return nil, problems.Refused(order.Refusal{Code: order.CodeClosed, Reason: order.ReasonOf(order.CodeClosed)})
	case !order.TakesFiles(b.o.State, b.o.By.Actor(), b.facts):
		return nil, problems.New(problems.NoUploads)
	}
	return b.o, nil
}

// LoadForMessage reads an order for the caller, and the refusal that a message of one of these kinds
// without its details would get from him now; nil if he may send one of them. Of several refusals it
// returns that of the kind that fits the stage, otherwise the first.
func (a *Service) LoadForMessage(ctx context.Context, id uuid.UUID, kinds ...order.Kind) (*Visible, *order.Refusal, error) {
	b, err := a.loadWithFacts(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	var refusal *order.Refusal
	for _, action := range order.Actions(b.o.State, b.o.By.Actor(), b.facts) {
		switch {
		case !slices.Contains(kinds, action.Kind):
		case action.Open:
			return b.o, nil, nil
		case refusal == nil || refusal.Code == order.CodeStage:
			refusal = &order.Refusal{Code: action.Code, Reason: action.Reason}
		}
	}
	if refusal == nil {
		refusal = &order.Refusal{Code: order.CodeNotParty, Reason: order.ReasonOf(order.CodeNotParty)}
	}
	return b.o, refusal, nil
}

// loadWithFacts reads an order for the caller with what the rules need to know of him.
func (a *Service) loadWithFacts(ctx context.Context, id uuid.UUID) (*CardBuilder, error) {
	b := a.NewCard(ctx, id)
	if err := a.Store.Batch(ctx, append(b.sides.queries(ctx, id, b.by), b.order(ctx), b.loadFacts(ctx))...); err != nil {
		return nil, err
	}
	b.facts.Ties = b.sides.viewer
	return b, b.accessErr
}
