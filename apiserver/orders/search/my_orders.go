// Package search lists orders and the reference data of forms and filters.
package search

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/searchtext"
)

func dateOf(d *time.Time) string {
	if d == nil {
		return ""
	}
	return d.Format(time.DateOnly)
}

// OrderConditions are the conditions of an order in lists. A draft has none yet. In «Мои заказы»
// they are those of the contract or of the bid, if there is one.
type OrderConditions struct {
	Region       *wire.Coded `json:"region,omitempty" doc:"Субъект Российской Федерации"`
	WorkKind     *wire.Coded `json:"workKind,omitempty" doc:"Вид кадастровых работ"`
	Price        *int64      `json:"price,omitempty" doc:"Стоимость в копейках"`
	TermDate     string      `json:"termDate,omitempty" format:"date" doc:"Срок выполнения: до даты"`
	TermDays     *int32      `json:"termDays,omitempty" doc:"Срок выполнения: в днях"`
	Prepayment   bool        `json:"prepayment" doc:"С предоплатой"`
	Registration bool        `json:"registration" doc:"С постановкой на ГКУ/ГРП"`
}

// OrderLine is an order in «Мои заказы».
type OrderLine struct {
	ID     uuid.UUID    `json:"id" format:"uuid" doc:"Идентификатор"`
	Number string       `json:"number" doc:"Номер"`
	Stage  orders.Stage `json:"stage"`
	OrderConditions
	Waits       *orders.Waits `json:"waits,omitempty" doc:"Чего ждёт заказ; видно сторонам заказа и тому, кому он предложен"`
	Customer    *wire.Named   `json:"customer,omitempty" doc:"Заказчик; виден сторонам заказа"`
	Engineer    *wire.Named   `json:"engineer,omitempty" doc:"Исполнитель; виден сторонам заказа"`
	OtherChosen bool          `json:"otherChosen" doc:"Исполнителем выбран другой кадастровый инженер"`
	Responses   int32         `json:"responses" doc:"Сколько откликов"`
	PublishedAt *time.Time    `json:"publishedAt,omitempty" doc:"Когда опубликован"`
	CreatedAt   time.Time     `json:"createdAt" doc:"Когда создан"`
	UpdatedAt   time.Time     `json:"updatedAt" doc:"Когда изменён"`
}

// sortPublished sorts by publication, newest first.
const sortPublished = "published"

type myOrdersInput struct {
	httpapi.Page
	Stages    []string  `query:"stage,explode" maxItems:"11" maxLength:"100" doc:"Этапы: код или название"`
	Number    string    `query:"number" maxLength:"50" doc:"Часть номера"`
	Regions   []string  `query:"region,explode" maxItems:"100" maxLength:"10" doc:"Коды субъектов Российской Федерации"`
	WorkKinds []string  `query:"workKind,explode" maxItems:"20" maxLength:"64" doc:"Виды работ"`
	Engineer  uuid.UUID `query:"engineer" format:"uuid" doc:"Исполнитель"`
	Overdue   bool      `query:"overdue" doc:"Только с истёкшим сроком"`
	From      string    `query:"publishedFrom" format:"date" doc:"Опубликован не раньше"`
	To        string    `query:"publishedTo" format:"date" doc:"Опубликован не позже"`
	Sort      string    `query:"sort" enum:"updated,published,deadline,created" doc:"По изменению (если не сказано иное), публикации, сроку ожидания (сначала истёкший) или созданию. Модератору, который видит все заказы, только по публикации"`
}

func (a *Service) registerLists() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "list-orders", Method: http.MethodGet, Path: "/api/orders", Tags: []string{orders.Tag}, Summary: "Мои заказы",
	}, httpapi.Consented(), a.myOrders, httpapi.Costs(limits.Search))
}

// parseStages parses stages in every spelling of the manuals.
func parseStages(texts []string) ([]string, error) {
	codes := []string{}
	for _, text := range texts {
		s, known := order.ParseStage(text)
		if !known {
			return nil, problems.Invalid(problems.FieldProblem{Field: "stage", Message: "Такого этапа у заказа нет."})
		}
		codes = append(codes, string(s))
	}
	return codes, nil
}

func (a *Service) myOrders(ctx context.Context, in *myOrdersInput) (*httpapi.PageOutput[OrderLine], error) {
	stages, err := parseStages(in.Stages)
	if err != nil {
		return nil, err
	}
	by, number := httpapi.SessionFrom(ctx), searchtext.Number(in.Number)
	if by.Role == order.RoleModerator {
		return a.allOrders(ctx, in, stages, number)
	}
	from, err := in.Start(cmp.Or(in.Sort, "updated"))
	if err != nil {
		return nil, err
	}
	rows, err := a.Store.MyOrders(ctx, sqlcgen.MyOrdersParams{
		Role: string(by.Role), Party: by.Party, Stages: stages, Regions: wire.NonNil(in.Regions), WorkKinds: wire.NonNil(in.WorkKinds),
		NumberParts: number.All, Engineer: wire.Optional(in.Engineer), Overdue: in.Overdue,
		PublishedFrom: wire.DayStart(in.From, 0), PublishedTo: wire.DayStart(in.To, 1),
		Sort: from.Sort, After1: from.Key1, After2: from.Key2, AfterID: from.ID, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing orders: %w", err)
	}
	line := func(r sqlcgen.MyOrdersRow) OrderLine { return orderLine(r, by) }
	return httpapi.PageOf(rows, in.Limit, from, line, func(r sqlcgen.MyOrdersRow) httpapi.Cursor {
		return httpapi.Cursor{Key1: r.Key1, Key2: r.Key2, ID: r.ID, Total: r.Total}
	}), nil
}

// allOrders lists all orders by publication, newest first. Other sortings of so many rows would be
// too slow.
func (a *Service) allOrders(
	ctx context.Context, in *myOrdersInput, stages []string, number searchtext.Query,
) (*httpapi.PageOutput[OrderLine], error) {
	if in.Sort != "" && in.Sort != sortPublished {
		return nil, problems.Invalid(problems.FieldProblem{Field: "sort", Message: "Список всех заказов идёт по дате публикации, сначала новые."})
	}
	from, err := in.Start(sortPublished)
	if err != nil {
		return nil, err
	}
	before, id := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max
	if in.Cursor != "" {
		before, id = time.UnixMicro(-from.Key1).UTC(), from.ID
	}
	rows, err := a.Store.AllOrders(ctx, sqlcgen.AllOrdersParams{
		Stages: stages, Regions: wire.NonNil(in.Regions), WorkKinds: wire.NonNil(in.WorkKinds), NumberParts: number.All,
		Engineer: wire.Optional(in.Engineer), Overdue: in.Overdue, PublishedFrom: wire.DayStart(in.From, 0), PublishedTo: wire.DayStart(in.To, 1),
		Before: before, BeforeID: id, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing all orders: %w", err)
	}
	line := func(r sqlcgen.AllOrdersRow) OrderLine {
		return orderLine(sqlcgen.MyOrdersRow(r), httpapi.SessionFrom(ctx))
	}
	return httpapi.PageOf(rows, in.Limit, from, line,
		func(r sqlcgen.AllOrdersRow) httpapi.Cursor {
			return httpapi.Cursor{Key1: r.Key1, ID: r.ID, Total: r.Total}
		}), nil
}

// orderLine returns a row of the list for its viewer.
func orderLine(r sqlcgen.MyOrdersRow, by httpapi.Session) OrderLine {
	line := OrderLine{
		ID: r.ID, Number: r.Number, Stage: orders.StageOf(r.ShownStage, r.Cause), OrderConditions: agreedConditions(&r),
		Responses: r.Responses, PublishedAt: r.PublishedAt, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		OtherChosen: r.EngineerID != nil && !r.Party,
	}
	if r.Own {
		line.Waits = orders.WaitsOf(r.WaitsFor, r.WaitsFrom, r.WaitsSince, r.Deadline, r.Overdue, r.Mark != nil)
		line.Waits.MarkForHead(by, line.Registration)
	}
	if r.Party {
		line.Customer = &wire.Named{ID: r.CustomerID, Name: r.CustomerName, Kind: order.CustomerKind(r.CustomerKind)}
		if r.EngineerID != nil {
			line.Engineer = &wire.Named{ID: *r.EngineerID, Name: r.EngineerName, RegistryName: r.EngineerRegistryName}
		}
	}
	return line
}

// agreedConditions returns the conditions of the contract if the parties have one, otherwise those
// of the bid, otherwise those that the customer published.
func agreedConditions(r *sqlcgen.MyOrdersRow) OrderConditions {
	c := OrderConditions{
		Region: wire.RegionOf(r.Region), WorkKind: orders.WorkKindOf(r.WorkKind), Price: r.Price, TermDate: dateOf(r.TermDate), TermDays: r.TermDays,
		Prepayment: r.Prepayment, Registration: r.Registration,
	}
	switch {
	case r.Party && r.ContractPrice != nil:
		c.Price, c.TermDate, c.TermDays = r.ContractPrice, r.ContractTermDate, nil
		c.Prepayment, c.Registration = r.ContractAdvance != nil && *r.ContractAdvance > 0, r.ContractRegistration
	case r.BidPrice != nil:
		c.Price, c.TermDate, c.TermDays = r.BidPrice, dateOf(r.BidTermDate), r.BidTermDays
	}
	return c
}
