package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/workflows/contract"
)

type cardOutput struct{ Body *OrderCard }

func (a *orderAPI) registerCard() {
	register(a.Server, huma.Operation{
		OperationID: "get-order", Method: http.MethodGet, Path: "/api/orders/{order}", Tags: []string{orderTag}, Summary: "Карточка заказа",
		Errors: []int{http.StatusNotFound},
	}, consented(), func(ctx context.Context, in *OrderPath) (*cardOutput, error) {
		card, err := a.card(ctx, in.Order)
		return &cardOutput{Body: card}, err
	})
}

// card reads an order for the caller.
func (a *orderAPI) card(ctx context.Context, id uuid.UUID) (*OrderCard, error) {
	o, err := a.look(ctx, id)
	if err != nil {
		return nil, err
	}
	b := &cardBuilder{a: a, o: &o, card: outline(&o)}
	steps := []func(context.Context) error{b.form, b.engineers, b.texts, b.documents, b.actions}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("reading an order's card: %w", err)
		}
	}
	return b.card, nil
}

// cardBuilder fills in what the state alone does not hold: names, texts, files.
type cardBuilder struct {
	a    *orderAPI
	o    *seenOrder
	card *OrderCard
}

func (b *cardBuilder) form(context.Context) error { return unmarshalText(b.o.row.Form, &b.card.Form) }

// engineers adds the performer, the responses and the offer: all of them for the customer and the moderator, his own for an
// engineer.
func (b *cardBuilder) engineers(ctx context.Context) error {
	s := &b.o.state
	var ids []uuid.UUID
	add := func(id string) {
		if parsed, err := uuid.Parse(id); err == nil {
			ids = append(ids, parsed)
		}
	}
	for _, r := range s.Responses {
		add(r.Engineer)
	}
	if s.Performer != nil {
		add(s.Performer.ID)
	}
	if s.Offer != nil {
		add(s.Offer.Engineer)
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := b.a.Store.EngineerNames(ctx, ids)
	if err != nil {
		return fmt.Errorf("reading the engineers' names: %w", err)
	}
	named := map[string]CardEngineer{}
	for _, r := range rows {
		named[r.ID.String()] = CardEngineer{
			Named:          Named{ID: r.ID, Name: fullName(r.LastName, r.FirstName, r.MiddleName)},
			RegistryNumber: r.RegistryNumber, SRO: r.Sro, Employer: r.Employer,
		}
	}
	if s.Performer != nil && b.card.Party {
		performer := named[s.Performer.ID]
		b.card.Performer = &performer
	}
	if s.Offer != nil && b.concerns(s.Offer.Engineer) {
		b.card.Offer = &CardOffer{Engineer: named[s.Offer.Engineer], Expires: s.Offer.Expires}
	}
	return b.responses(ctx, named)
}

// concerns says whether the viewer may see what an engineer has with the order.
func (b *cardBuilder) concerns(engineer string) bool {
	switch b.o.by.Role {
	case order.RoleCustomer, order.RoleModerator:
		return b.card.Party
	case order.RoleEngineer:
		return b.o.by.Party.String() == engineer
	}
	return false
}

func (b *cardBuilder) responses(ctx context.Context, named map[string]CardEngineer) error {
	if len(b.o.state.Responses) == 0 {
		return nil
	}
	rows, err := b.a.Store.ResponseTexts(ctx, b.o.row.ID)
	if err != nil {
		return fmt.Errorf("reading the responses' texts: %w", err)
	}
	stored := map[string]sqlcgen.ResponseTextsRow{}
	for _, r := range rows {
		stored[r.EngineerID.String()] = r
	}
	for _, r := range b.o.state.Responses {
		if !b.concerns(r.Engineer) {
			continue
		}
		one := CardResponse{Engineer: named[r.Engineer], Bid: r.Bid, Current: r.Revision == b.o.state.Revision}
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

func unmarshalText(body json.RawMessage, into any) error {
	if len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("reading a stored text: %w", err)
	}
	return nil
}

// documents are the files of the order; of those exchanged with others before, an engineer sees none.
func (b *cardBuilder) documents(ctx context.Context) error {
	rows, err := b.a.Store.OrderDocuments(ctx, b.o.row.ID)
	if err != nil {
		return fmt.Errorf("reading the documents: %w", err)
	}
	joined, err := b.a.joined(ctx, b.o)
	if err != nil {
		return err
	}
	for _, d := range rows {
		if b.o.seesDocument(joined, d.Seq, d.Kind) {
			b.card.Documents = append(b.card.Documents, documentOf(d))
		}
	}
	return nil
}

func documentOf(d sqlcgen.OrderDocumentsRow) CardDocument {
	return CardDocument{
		Seq: d.Seq, Kind: d.Kind, File: d.FileID, Name: d.Name, Size: d.Size, SHA256: d.Sha256, ContentType: d.ContentType,
		AuthorRole: d.AuthorRole, CreatedAt: d.CreatedAt,
	}
}

// seesDocument says whether the viewer may open a document that came with a message.
func (o *seenOrder) seesDocument(joined, seq int32, kind string) bool {
	return kind == string(order.DocumentForm) || (o.sight == sightParty && seq >= joined)
}

// actions asks the rules what the viewer may do now.
func (b *cardBuilder) actions(ctx context.Context) error {
	facts := order.Facts{Now: b.a.Now().UTC()}
	if b.o.by.Role == order.RoleEngineer {
		row, err := b.a.Store.EngineerStanding(ctx, b.o.by.Party)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return fmt.Errorf("reading the engineer's standing: %w", err)
		}
		if err == nil {
			facts.Engineer = standingOf(row)
		}
	}
	if actions := order.Actions(b.o.state, b.o.by.actor(), facts); actions != nil {
		b.card.Actions = actions
	}
	if b.o.by.Role == order.RoleModerator {
		b.card.Workflow = b.a.workflowURL(contract.OrderWorkflowID(b.o.row.ID))
	}
	return nil
}

// workflowURL leads to a workflow in the Temporal UI; empty where the platform knows no UI.
func (s *Server) workflowURL(id string) string {
	ui := strings.TrimSuffix(s.Config.TemporalUIURL, "/")
	if ui == "" {
		return ""
	}
	namespace := cmp.Or(s.Config.Temporal.Options().Namespace, client.DefaultNamespace)
	return ui + "/namespaces/" + url.PathEscape(namespace) + "/workflows/" + url.PathEscape(id)
}

func standingOf(r sqlcgen.EngineerStandingRow) *order.EngineerFacts {
	e := &order.EngineerFacts{
		ID: r.ID.String(), InRegistry: r.InRegistry, Blocked: r.Blocked, Receives: r.ReceivesOrders, Complete: r.ProfileComplete,
		SoleProprietor: r.Form == string(order.SoleProprietor), Confirmed: r.Employment == "confirmed",
		EmployerActive: int(r.EmployerActive), Regions: r.Regions,
	}
	if r.PersonID != nil {
		e.Person = r.PersonID.String()
	}
	if r.EmployerID != nil {
		e.Employer = r.EmployerID.String()
	}
	return e
}
