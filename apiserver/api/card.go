package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/workflows/contract"
)

// OrderCard is an order as one viewer sees it. What he has no right to see is left out.
type OrderCard struct {
	ID     uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Number string    `json:"number" doc:"Номер"`
	Seq    int32     `json:"seq" doc:"Растёт с каждым действием"`
	Stage  Stage     `json:"stage"`
	Cause  string    `json:"cause,omitempty" doc:"Кто прекратил заказ: customer, agreement, moderator"`
	// Party says that the viewer is a party of the order, and not an engineer who may take it.
	Party bool `json:"party" doc:"Вы сторона этого заказа"`

	CreatedAt   time.Time  `json:"createdAt" doc:"Когда создан"`
	PublishedAt *time.Time `json:"publishedAt,omitempty" doc:"Когда опубликован"`
	UpdatedAt   time.Time  `json:"updatedAt" doc:"Когда изменён"`

	Terms    *order.Terms `json:"terms,omitempty"`
	Form     *order.Form  `json:"form,omitempty"`
	Region   *Coded       `json:"region,omitempty"`
	WorkKind *Coded       `json:"workKind,omitempty"`
	Revision int          `json:"revision,omitempty" doc:"Номер редакции условий"`

	Customer     *Named         `json:"customer,omitempty" doc:"Заказчик; виден сторонам заказа"`
	CustomerKind string         `json:"customerKind,omitempty" doc:"person, entrepreneur или organisation"`
	Performer    *CardEngineer  `json:"performer,omitempty"`
	Reaccept     bool           `json:"reaccept,omitempty" doc:"Исполнитель ещё не согласился с изменёнными условиями"`
	Responses    []CardResponse `json:"responses,omitempty"`
	Offer        *CardOffer     `json:"offer,omitempty"`

	Contract    *order.Contract `json:"contract,omitempty"`
	Remainder   *int64          `json:"remainder,omitempty" doc:"Остаток к оплате после аванса, в копейках"`
	Prepayment  *CardBill       `json:"prepayment,omitempty"`
	Results     *CardResults    `json:"results,omitempty"`
	Rounds      int             `json:"rounds,omitempty" doc:"Сколько раз результаты возвращались"`
	Act         *order.Act      `json:"act,omitempty"`
	Application *CardFiling     `json:"application,omitempty"`
	Payment     *CardBill       `json:"payment,omitempty"`
	Rating      *CardRating     `json:"rating,omitempty"`

	Holds    []CardHold      `json:"holds,omitempty"`
	Dispute  *order.Dispute  `json:"dispute,omitempty"`
	Proposal *order.Proposal `json:"proposal,omitempty"`
	Waits    *Waits          `json:"waits,omitempty"`

	Documents []CardDocument `json:"documents,omitempty"`
	Actions   []order.Action `json:"actions" nullable:"false" doc:"Действия, доступные вам, и почему недоступны остальные; решает сам заказ"`
	// Workflow is for moderators only.
	Workflow string `json:"workflow,omitempty" doc:"Адрес заказа в Temporal UI"`
}

// CardEngineer is an engineer with what the registry says of him.
type CardEngineer struct {
	Named
	RegistryNumber string `json:"registryNumber,omitempty" doc:"Номер в реестре"`
	SRO            string `json:"sro,omitempty" doc:"СРО"`
	Employer       string `json:"employer,omitempty" doc:"Работодатель"`
}

// CardResponse is a response with its author and his words.
type CardResponse struct {
	Engineer CardEngineer `json:"engineer"`
	order.Bid
	Note string `json:"note,omitempty" doc:"Пояснение"`
	// Current says that it is for the conditions as they are now.
	Current   bool       `json:"current" doc:"Отклик на действующие условия"`
	CreatedAt *time.Time `json:"createdAt,omitempty" doc:"Когда отправлен"`
}

// CardOffer is the open offer.
type CardOffer struct {
	Engineer CardEngineer `json:"engineer"`
	Expires  time.Time    `json:"expires" doc:"До какого времени действует"`
}

// CardBill is a payment with the link of its invoice.
type CardBill struct {
	order.Bill
	Link string `json:"link,omitempty" doc:"Ссылка на счет"`
	Note string `json:"note,omitempty" doc:"Пояснение к счету"`
}

// CardResults are the results with where they are.
type CardResults struct {
	order.Results
	Link string `json:"link,omitempty" doc:"Ссылка на облачное хранилище"`
	UIN  string `json:"uin,omitempty" doc:"Номер УИН"`
	Note string `json:"note,omitempty" doc:"Пояснение"`
}

// CardFiling is the application for ГКУ/ГРП.
type CardFiling struct {
	Status string `json:"status" doc:"review, suspended или refused"`
	KUVD   string `json:"kuvd,omitempty" doc:"Номер КУВД"`
	Note   string `json:"note,omitempty" doc:"Пояснение"`
}

// CardRating is the mark with the review.
type CardRating struct {
	order.Rating
	Review string `json:"review,omitempty" doc:"Отзыв"`
}

// CardHold is who holds the order.
type CardHold struct {
	Source string    `json:"source" doc:"registry, moderator или employer"`
	Since  time.Time `json:"since" doc:"С какого времени"`
}

// CardDocument is a file in its part.
type CardDocument struct {
	Seq         int32     `json:"seq" doc:"С каким действием пришёл"`
	Kind        string    `json:"kind" doc:"Что это"`
	File        uuid.UUID `json:"file" format:"uuid" doc:"Файл"`
	Name        string    `json:"name" doc:"Имя файла"`
	Size        int64     `json:"size" doc:"Размер в байтах"`
	SHA256      string    `json:"sha256" doc:"SHA-256"`
	ContentType string    `json:"contentType" doc:"Тип содержимого"`
	AuthorRole  string    `json:"authorRole" doc:"Кто приложил: роль"`
	CreatedAt   time.Time `json:"createdAt" doc:"Когда приложен"`
}

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

// outline is the part of a card that follows from the state.
func outline(o *seenOrder) *OrderCard {
	s, r := &o.state, &o.row
	card := &OrderCard{
		ID: r.ID, Number: r.Number, Seq: r.Seq, Stage: stageOf(string(s.ShownStage()), string(s.Cause)), Cause: string(s.Cause),
		Party: o.sight == sightParty, CreatedAt: r.CreatedAt, PublishedAt: r.PublishedAt, UpdatedAt: r.UpdatedAt,
		Terms: s.Terms, Revision: s.Revision, CustomerKind: r.CustomerKind, Actions: []order.Action{},
	}
	if s.Terms != nil {
		card.Region, card.WorkKind = regionOf(s.Terms.Region), workKindOf(string(s.Terms.WorkKind))
	}
	if card.Party {
		partyOutline(card, o)
	}
	return card
}

// partyOutline adds what only parties see.
func partyOutline(card *OrderCard, o *seenOrder) {
	s := &o.state
	customer, _ := uuid.Parse(s.Customer.Party)
	card.Customer = &Named{ID: customer, Name: o.row.CustomerName, Kind: o.row.CustomerKind}
	card.Reaccept, card.Contract, card.Rounds, card.Act = s.Reaccept, s.Contract, s.Rounds, s.Act
	card.Dispute, card.Proposal = s.Dispute, s.Proposal
	if s.Contract != nil {
		rest := s.Contract.Remainder()
		card.Remainder = &rest
	}
	if s.Prepayment != nil {
		card.Prepayment = &CardBill{Bill: *s.Prepayment}
	}
	if s.Payment != nil {
		card.Payment = &CardBill{Bill: *s.Payment}
	}
	if s.Results != nil {
		card.Results = &CardResults{Results: *s.Results}
	}
	if s.Application != "" {
		card.Application = &CardFiling{Status: s.Application}
	}
	if s.Rating != nil {
		card.Rating = &CardRating{Rating: *s.Rating}
	}
	for _, st := range s.Standings {
		if !st.Active {
			card.Holds = append(card.Holds, CardHold{Source: string(st.Source), Since: st.Since})
		}
	}
	w := s.Awaits()
	card.Waits = waitsOf(string(w.For), string(w.From), w.Since, deadlineOf(s), s.Overdue)
}

func deadlineOf(s *order.State) *time.Time {
	if at := s.Deadline(); !at.IsZero() {
		return &at
	}
	return nil
}

func (b *cardBuilder) form(ctx context.Context) error {
	if b.o.row.FormID == nil {
		return nil
	}
	body, err := b.a.Store.Body(ctx, *b.o.row.FormID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the form: %w", err)
	}
	return json.Unmarshal(body, &b.card.Form)
}

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
	if ui := b.a.Config.TemporalUIURL; ui != "" && b.o.by.Role == order.RoleModerator {
		b.card.Workflow = strings.TrimSuffix(ui, "/") + "/namespaces/" + b.a.namespace() +
			"/workflows/" + contract.OrderWorkflowID(b.o.row.ID)
	}
	return nil
}

// namespace is that of the orders in Temporal.
func (a *orderAPI) namespace() string {
	return cmp.Or(a.Config.Temporal.Options().Namespace, client.DefaultNamespace)
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
