package search

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/searchtext"
)

// OpenOrder is an order that awaits its engineer, as «Поиск по заказам» shows it, without its
// customer.
type OpenOrder struct {
	ID     uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Number string    `json:"number" doc:"Номер"`
	OrderConditions
	City         string             `json:"city,omitempty" doc:"Населенный пункт"`
	Address      string             `json:"address,omitempty" doc:"Адрес"`
	CustomerKind order.CustomerKind `json:"customerKind" doc:"Кто заказчик"`
	Responses    int32              `json:"responses" doc:"Сколько откликов"`
	Responded    bool               `json:"responded" doc:"Вы уже откликнулись"`
	PublishedAt  *time.Time         `json:"publishedAt,omitempty" doc:"Когда опубликован"`
	UpdatedAt    time.Time          `json:"updatedAt" doc:"Когда изменён"`
}

// OrderFilters are the filters of «Поиск по заказам», in the address of the list and in a saved
// search.
type OrderFilters struct {
	Regions       []string `query:"region,explode" json:"region,omitempty" maxItems:"100" maxLength:"10" doc:"Коды субъектов; без них — ваши регионы деятельности"`
	Place         string   `query:"place" json:"place,omitempty" format:"line" maxLength:"200" doc:"Часть адреса, до улицы"`
	Number        string   `query:"number" json:"number,omitempty" format:"line" maxLength:"50" doc:"Часть номера"`
	WorkKinds     []string `query:"workKind,explode" json:"workKind,omitempty" maxItems:"20" maxLength:"64" doc:"Виды работ"`
	CustomerKinds []string `query:"customer,explode" json:"customer,omitempty" maxItems:"2" enum:"individuals,organisations" doc:"Физические или юридические лица"`
	TermDateTo    string   `query:"termDateTo" json:"termDateTo,omitempty" format:"date" doc:"Срок выполнения до даты"`
	TermDaysTo    int32    `query:"termDaysTo" json:"termDaysTo,omitempty" minimum:"1" maximum:"3650" doc:"Срок выполнения в днях, не больше"`
	NoResponses   bool     `query:"withoutResponses" json:"withoutResponses,omitempty" doc:"Заказы без откликов"`
	Prepayment    bool     `query:"prepayment" json:"prepayment,omitempty" doc:"Показывать только заказы с предоплатой"`
	Priced        bool     `query:"priced" json:"priced,omitempty" doc:"Только заказы, где указана стоимость"`
}

type openOrdersInput struct {
	httpapi.Page
	OrderFilters
	Sort string `query:"sort" enum:"published,urgency" default:"published" doc:"По дате публикации или по срочности"`
}

func (a *Service) registerOpenOrders() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "list-open-orders", Method: http.MethodGet, Path: "/api/open-orders", Tags: []string{orders.Tag}, Summary: "Поиск по заказам",
	}, httpapi.Engineers, a.openOrders, httpapi.Costs(limits.Search))
}

func (a *Service) openOrders(ctx context.Context, in *openOrdersInput) (*httpapi.CountedOutput[OpenOrder], error) {
	from, err := in.Start(in.Sort)
	if err != nil {
		return nil, err
	}
	by := httpapi.SessionFrom(ctx)
	regionCodes := wire.NonNil(in.Regions)
	if len(regionCodes) == 0 {
		engineer, err := a.Store.EngineerEligibility(ctx, by.Party)
		if err != nil {
			return nil, fmt.Errorf("reading the engineer's regions: %w", err)
		}
		if regionCodes = engineer.Regions; len(regionCodes) == 0 { // without regions, no orders are open to him
			return httpapi.Counted(httpapi.PageOf(nil, in.Limit, httpapi.Cursor{}, openOrder, nil)), nil
		}
	}
	if from.Day == "" {
		from.Day = a.Now().In(order.Moscow).Format(time.DateOnly)
	}
	today, err := time.Parse(time.DateOnly, from.Day)
	if err != nil {
		return nil, httpapi.ForeignCursor()
	}
	most := int32(0)
	if in.Cursor == "" {
		most = httpapi.MaxCounted + 1
	}
	number, place := searchtext.Number(in.Number), searchtext.Places(in.Place)
	rows, err := a.Store.OpenOrders(ctx, sqlcgen.OpenOrdersParams{
		Engineer: by.Party, Regions: regionCodes, WorkKinds: wire.NonNil(in.WorkKinds), CustomerKinds: customerKinds(in.CustomerKinds),
		NumberParts: longestFirst(number), PlaceWords: longestFirst(place), TermDateTo: datePointer(in.TermDateTo), TermDaysTo: positive(in.TermDaysTo),
		WithoutResponses: in.NoResponses, Prepayment: in.Prepayment, Priced: in.Priced,
		Sort: in.Sort, Today: today, After1: from.Key1, After2: from.Key2, AfterID: from.ID, Page: in.Limit + 1, Most: most,
	})
	if err != nil {
		return nil, fmt.Errorf("listing open orders: %w", err)
	}
	return httpapi.Counted(httpapi.PageOf(rows, in.Limit, from, openOrder, func(r sqlcgen.OpenOrdersRow) httpapi.Cursor {
		return httpapi.Cursor{Key1: r.Key1, Key2: r.Key2, ID: r.ID, Total: max(from.Total, r.Total)}
	})), nil
}

func openOrder(r sqlcgen.OpenOrdersRow) OpenOrder {
	return OpenOrder{
		ID: r.ID, Number: r.Number,
		OrderConditions: OrderConditions{
			Region: wire.RegionOf(r.Region), WorkKind: orders.WorkKindOf(r.WorkKind), Price: r.Price, TermDate: dateOf(r.TermDate), TermDays: r.TermDays,
			Prepayment: r.Prepayment, Registration: r.Registration,
		},
		City: r.City, Address: r.Address, CustomerKind: order.CustomerKind(r.CustomerKind), Responses: r.Responses, Responded: r.Responded,
		PublishedAt: r.PublishedAt, UpdatedAt: r.UpdatedAt,
	}
}

// longestFirst returns the patterns of a query, the most selective one first: the index is searched
// for the first ones.
func longestFirst(q searchtext.Query) []string {
	slices.SortStableFunc(q.All, func(a, b string) int { return len(b) - len(a) })
	return q.All
}

// customerKinds counts a sole proprietor as a natural person, like the manuals' filter.
func customerKinds(chosen []string) []string {
	kinds := []string{}
	for _, c := range chosen {
		switch c {
		case "individuals":
			kinds = append(kinds, string(order.NaturalPerson), string(order.SoleProprietor))
		case "organisations":
			kinds = append(kinds, string(order.OrganisationKind))
		}
	}
	return kinds
}

func datePointer(date string) *time.Time {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return nil
	}
	return &day
}

func positive(n int32) *int32 {
	if n == 0 {
		return nil
	}
	return &n
}
