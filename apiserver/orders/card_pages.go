package orders

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// How many of an order's documents (the newest) and responses a card contains. The lists here
// return all of them page by page.
const (
	cardDocuments = 100
	cardResponses = 50
)

type cardPage struct {
	OrderPath
	Cursor string `query:"cursor" maxLength:"500" doc:"Откуда продолжить: next из прошлого ответа"`
	Limit  int32  `query:"limit" minimum:"1" maximum:"50" default:"50" doc:"Сколько строк"`
}

type cardPageOutput[T any] struct {
	Body struct {
		Items []T    `json:"items" nullable:"false"`
		Next  string `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
	}
}

func (a *Service) registerCardPages() {
	op := func(name, summary string) huma.Operation {
		return huma.Operation{
			OperationID: "list-" + name, Method: http.MethodGet, Path: "/api/orders/{order}/" + name, Tags: []string{Tag}, Summary: summary,
			Errors: []int{http.StatusNotFound},
		}
	}
	httpapi.Register(a.HTTP, op("documents", "Документы заказа, с начала"), httpapi.Consented(), a.documentsPage, httpapi.Costs(limits.Search))
	httpapi.Register(a.HTTP, op("responses", "Отклики на заказ"), httpapi.Consented(), a.responsesPage, httpapi.Costs(limits.Search))
}

func (a *Service) documentsPage(ctx context.Context, in *cardPage) (*cardPageOutput[CardDocument], error) {
	from, err := httpapi.Page{Cursor: in.Cursor}.Start("documents")
	if err != nil {
		return nil, err
	}
	o, err := a.LoadVisible(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	rows, err := a.documentsAfter(ctx, &o, int32(max(from.Key1, 0)), int32(max(from.Key2, -1)), in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &cardPageOutput[CardDocument]{}
	if len(rows) > int(in.Limit) {
		rows = rows[:in.Limit]
		last := rows[len(rows)-1]
		out.Body.Next = httpapi.Cursor{Sort: "documents", Key1: int64(last.Seq), Key2: int64(last.N)}.Encode()
	}
	out.Body.Items, err = documentsOf(rows)
	return out, err
}

// documentsAfter reads a page of the documents that the viewer may see.
func (a *Service) documentsAfter(ctx context.Context, o *Visible, seq, n, page int32) ([]sqlcgen.DocumentsFromRow, error) {
	since, err := JoinedAt(ctx, a.Store.Queries, o)
	if err != nil {
		return nil, err
	}
	rows, err := a.Store.DocumentsFrom(ctx, sqlcgen.DocumentsFromParams{
		OrderID: o.Row.ID, AfterSeq: seq, AfterN: n, Party: o.visibility == visibilityParty, Since: since, Page: page,
	})
	if err != nil {
		return nil, fmt.Errorf("reading the documents: %w", err)
	}
	return rows, nil
}

func documentsOf(rows []sqlcgen.DocumentsFromRow) ([]CardDocument, error) {
	all := make([]CardDocument, len(rows))
	for i, d := range rows {
		var err error
		if all[i], err = documentOf(sqlcgen.NewestDocumentsRow(d)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// responsesPage lists the responses sorted by the ids of their engineers, so that the order does
// not change between pages.
func (a *Service) responsesPage(ctx context.Context, in *cardPage) (*cardPageOutput[CardResponse], error) {
	from, err := httpapi.Page{Cursor: in.Cursor}.Start("responses")
	if err != nil {
		return nil, err
	}
	b := a.NewCard(ctx, in.Order)
	if err := a.Store.Batch(ctx, append(b.sides.queries(ctx, in.Order, b.by), b.order(ctx))...); err != nil {
		return nil, err
	}
	if b.accessErr != nil {
		return nil, b.accessErr
	}
	b.card = cardFromState(b.o)
	b.o.State.Responses = responsesAfter(b.o.State.Responses, from.ID)
	b.selectResponses(int(in.Limit))
	out := &cardPageOutput[CardResponse]{}
	out.Body.Items = []CardResponse{}
	if err := a.Store.Batch(ctx, b.engineers(ctx), b.responses(ctx)); err != nil {
		return nil, fmt.Errorf("reading the responses: %w", err)
	}
	out.Body.Items = append(out.Body.Items, b.card.Responses...)
	if b.card.MoreResponses {
		last, err := uuid.Parse(b.selected[len(b.selected)-1].Engineer)
		if err != nil {
			return nil, fmt.Errorf("reading who responded: %w", err)
		}
		out.Body.Next = httpapi.Cursor{Sort: "responses", ID: last}.Encode()
	}
	return out, nil
}

func responsesAfter(all []order.Response, after uuid.UUID) []order.Response {
	sorted := slices.SortedFunc(slices.Values(all), func(a, b order.Response) int { return strings.Compare(a.Engineer, b.Engineer) })
	return slices.DeleteFunc(sorted, func(r order.Response) bool { return after != uuid.Nil && r.Engineer <= after.String() })
}
