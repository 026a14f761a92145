package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// HistoryEvent is one event in the history of an order.
type HistoryEvent struct {
	ID    int64      `json:"id" doc:"Номер события"`
	Seq   int32      `json:"seq" doc:"Место в истории заказа"`
	Kind  order.Kind `json:"kind" doc:"Действие"`
	Title string     `json:"title" doc:"Что произошло"`
	// Who is empty for the platform, the registry and the moderator.
	Role  order.Role `json:"role" doc:"Кто: роль"`
	Who   string     `json:"who,omitempty" doc:"Кто: имя или наименование"`
	At    time.Time  `json:"at" doc:"Когда"`
	From  Stage      `json:"from" doc:"Этап до"`
	To    Stage      `json:"to" doc:"Этап после"`
	Moved bool       `json:"moved" doc:"Этап изменился"`
	// Text contains the fields of the action's text.
	Text      map[string]any `json:"text,omitempty" doc:"Текст действия"`
	Documents []CardDocument `json:"documents,omitempty" doc:"Приложенные документы"`
}

const (
	// historyPage is the maximum number of events in an answer, and historyBytes the approximate
	// maximum of text in bytes.
	historyPage  = 50
	historyBytes = 256 << 10
)

type historyInput struct {
	OrderPath
	Cursor string `query:"cursor" maxLength:"500" doc:"Откуда продолжить: next из прошлого ответа"`
	Limit  int32  `query:"limit" minimum:"1" maximum:"50" default:"50" doc:"Сколько событий"`
}

type historyOutput struct {
	Body struct {
		Items []HistoryEvent `json:"items" nullable:"false"`
		Next  string         `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
	}
}

func (a *Service) registerHistory() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "get-history", Method: http.MethodGet, Path: "/api/orders/{order}/history", Tags: []string{Tag},
		Summary: "История заказа, с начала", Errors: []int{http.StatusNotFound},
	}, httpapi.Consented(), a.history, httpapi.Costs(limits.Search))
}

func (a *Service) history(ctx context.Context, in *historyInput) (*historyOutput, error) {
	from, err := httpapi.Page{Cursor: in.Cursor}.Start("history")
	if err != nil {
		return nil, err
	}
	o, err := a.LoadVisible(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	items, next, err := a.historyAfter(ctx, &o, int32(max(from.Key1, 0)), in.Limit)
	if err != nil {
		return nil, err
	}
	out := &historyOutput{}
	out.Body.Items = items
	if next > 0 {
		out.Body.Next = httpapi.Cursor{Sort: "history", Key1: int64(next)}.Encode()
	}
	return out, nil
}

// historyAfter reads a page of the events that the viewer may see. next is the number to go on from, 0
// on the last page.
func (a *Service) historyAfter(ctx context.Context, o *Visible, seq, limit int32) (events []HistoryEvent, next int32, err error) {
	since, err := JoinedAt(ctx, a.Store.Queries, o)
	if err != nil {
		return nil, 0, err
	}
	rows, err := a.Store.Events(ctx, sqlcgen.EventsParams{
		OrderID: o.Row.ID, After: seq, Published: published, Own: wire.Optional(o.By.Party), Party: o.visibility == visibilityParty,
		Since: since, Page: limit + 1,
	})
	if err != nil {
		return nil, 0, fmt.Errorf("reading the history of an order: %w", err)
	}
	if shown := rowsThatFit(rows, int(limit)); shown < len(rows) {
		rows, next = rows[:shown], rows[shown-1].Seq
	}
	events, err = a.historyEvents(ctx, o, rows)
	return events, next, err
}

// rowsThatFit returns how many rows fit into one answer, at least one.
func rowsThatFit(rows []sqlcgen.EventsRow, limit int) int {
	bytes := 0
	for i, r := range rows {
		if bytes += len(r.Body); i == limit || (i > 0 && bytes > historyBytes) {
			return i
		}
	}
	return len(rows)
}

func (a *Service) historyEvents(ctx context.Context, o *Visible, rows []sqlcgen.EventsRow) ([]HistoryEvent, error) {
	events := make([]HistoryEvent, len(rows))
	if len(rows) == 0 {
		return events, nil
	}
	documents, err := a.documentsBySeq(ctx, o.Row.ID, rows[0].Seq, rows[len(rows)-1].Seq)
	if err != nil {
		return nil, err
	}
	names, err := a.actorNames(ctx, o, rows)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		if events[i], err = historyEvent(r, names, documents); err != nil {
			return nil, err
		}
	}
	return events, nil
}

func (a *Service) documentsBySeq(ctx context.Context, id uuid.UUID, first, last int32) (map[int32][]CardDocument, error) {
	rows, err := a.Store.DocumentsOfEvents(ctx, sqlcgen.DocumentsOfEventsParams{OrderID: id, First: first, Last: last})
	if err != nil {
		return nil, fmt.Errorf("reading the documents: %w", err)
	}
	bySeq := map[int32][]CardDocument{}
	for _, d := range rows {
		one, err := documentOf(sqlcgen.NewestDocumentsRow(d))
		if err != nil {
			return nil, err
		}
		bySeq[d.Seq] = append(bySeq[d.Seq], one)
	}
	return bySeq, nil
}

// actorNames returns the names of engineers, employers and, for parties, the customer.
func (a *Service) actorNames(ctx context.Context, o *Visible, events []sqlcgen.EventsRow) (map[uuid.UUID]string, error) {
	var engineers, parties []uuid.UUID
	for _, e := range events {
		switch {
		case e.ActorParty == nil:
		case order.Role(e.ActorRole) == order.RoleEngineer:
			engineers = append(engineers, *e.ActorParty)
		case order.Role(e.ActorRole) == order.RoleCustomer && o.visibility != visibilityParty:
		default:
			parties = append(parties, *e.ActorParty)
		}
	}
	names := map[uuid.UUID]string{}
	found, err := a.Store.EngineerNames(ctx, engineers)
	if err != nil {
		return nil, fmt.Errorf("reading the engineers' names: %w", err)
	}
	for _, e := range found {
		names[e.ID] = e.Name
	}
	accounts, err := a.Store.PartyNames(ctx, parties)
	if err != nil {
		return nil, fmt.Errorf("reading the parties' names: %w", err)
	}
	for _, p := range accounts {
		names[p.ID] = p.Name
	}
	return names, nil
}

func historyEvent(r sqlcgen.EventsRow, names map[uuid.UUID]string, documents map[int32][]CardDocument) (HistoryEvent, error) {
	e := HistoryEvent{
		ID: r.ID, Seq: r.Seq, Kind: order.Kind(r.Kind), Title: order.DoneText(order.Kind(r.Kind), r.Details, len(r.Body) > 0), Role: order.Role(r.ActorRole), At: r.HappenedAt,
		From: StageOf(r.StageBefore, ""), To: StageOf(r.StageAfter, ""), Moved: r.StageBefore != r.StageAfter,
		Documents: documents[r.Seq],
	}
	if order.Kind(r.Kind) == order.Cancel {
		e.To = StageOf(r.StageAfter, string(order.ByCustomer))
	}
	if r.ActorParty != nil {
		e.Who = names[*r.ActorParty]
	}
	if len(r.Body) > 0 {
		if err := json.Unmarshal(r.Body, &e.Text); err != nil {
			return e, fmt.Errorf("reading a stored text: %w", err)
		}
	}
	return e, nil
}
