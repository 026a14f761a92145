package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/searchtext"
	"epkr/internal/strictjson"
	"epkr/internal/territory"
)

// Named is somebody with the id and the name under which he appears in an order.
type Named struct {
	ID   uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Name string    `json:"name" doc:"Имя или наименование"`
	Kind string    `json:"kind,omitempty" doc:"person, entrepreneur или organisation; у инженера пусто"`
}

// Stage is a stage as lists show it.
type Stage struct {
	Code    string `json:"code" doc:"Код этапа"`
	Label   string `json:"label" doc:"Название в списке"`
	Heading string `json:"heading" doc:"Название в карточке"`
}

func stageOf(shown, cause string) Stage {
	s := order.Stage(shown)
	stage := Stage{Code: shown, Label: s.Label(), Heading: s.Heading()}
	if s == order.Cancelled && order.Cause(cause) != order.ByCustomer {
		stage.Label, stage.Heading = cancelledOtherwise, cancelledOtherwise
	}
	return stage
}

// cancelledOtherwise is the label of an order that ended by agreement or by the moderator.
const cancelledOtherwise = "Отменен"

// Waits is what an order waits for.
type Waits struct {
	For      string     `json:"for" doc:"Код шага"`
	What     string     `json:"what" doc:"Чего ждёт заказ, в родительном падеже"`
	From     string     `json:"from,omitempty" doc:"От кого: роль"`
	Since    *time.Time `json:"since,omitempty" doc:"С какого времени"`
	Deadline *time.Time `json:"deadline,omitempty" doc:"До какого времени; у просроченного шага уже прошло"`
	// Overdue with for = hold or settlement is about the step that stands still or in a dispute.
	Overdue bool `json:"overdue" doc:"Срок истёк; при for = hold и settlement это срок шага, который ждёт их окончания"`
}

// waitsOf is nil where nobody is waited for: a mark that was given may be changed, and need not be.
func waitsOf(code, from string, since time.Time, deadline *time.Time, overdue, rated bool) *Waits {
	if code == "" || code == string(order.WaitRating) && rated {
		return nil
	}
	if interrupted := code == string(order.WaitHold) || code == string(order.WaitSettlement); interrupted && !overdue {
		deadline = nil // it is not that of a moderator's decision
	}
	return &Waits{For: code, What: order.WaitCode(code).What(), From: from, Since: &since, Deadline: deadline, Overdue: overdue}
}

func regionOf(code string) *Coded {
	if code == "" {
		return nil
	}
	r, _ := territory.RegionByCode(code)
	return &Coded{Code: code, Label: r.Name}
}

func workKindOf(code string) *Coded {
	if code == "" {
		return nil
	}
	return &Coded{Code: code, Label: order.WorkKind(code).Label()}
}

func dateOf(d *time.Time) string {
	if d == nil {
		return ""
	}
	return d.Format(time.DateOnly)
}

// OrderConditions are what lists show of an order's conditions. A draft has none yet. In «Мои заказы» they are those of the contract or of
// the bid where there is one.
type OrderConditions struct {
	Region       *Coded `json:"region,omitempty" doc:"Субъект Российской Федерации"`
	WorkKind     *Coded `json:"workKind,omitempty" doc:"Вид кадастровых работ"`
	Price        *int64 `json:"price,omitempty" doc:"Стоимость в копейках"`
	TermDate     string `json:"termDate,omitempty" format:"date" doc:"Срок выполнения: до даты"`
	TermDays     *int32 `json:"termDays,omitempty" doc:"Срок выполнения: в днях"`
	Prepayment   bool   `json:"prepayment" doc:"С предоплатой"`
	Registration bool   `json:"registration" doc:"С постановкой на ГКУ/ГРП"`
}

// OrderLine is an order in «Мои заказы».
type OrderLine struct {
	ID     uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Number string    `json:"number" doc:"Номер"`
	Stage  Stage     `json:"stage"`
	OrderConditions
	Waits       *Waits     `json:"waits,omitempty" doc:"Чего ждёт заказ; видно сторонам заказа и тому, кому он предложен"`
	Customer    *Named     `json:"customer,omitempty" doc:"Заказчик; виден сторонам заказа"`
	Engineer    *Named     `json:"engineer,omitempty" doc:"Исполнитель; виден сторонам заказа"`
	OtherChosen bool       `json:"otherChosen" doc:"Исполнителем выбран другой кадастровый инженер"`
	Responses   int32      `json:"responses" doc:"Сколько откликов"`
	PublishedAt *time.Time `json:"publishedAt,omitempty" doc:"Когда опубликован"`
	CreatedAt   time.Time  `json:"createdAt" doc:"Когда создан"`
	UpdatedAt   time.Time  `json:"updatedAt" doc:"Когда изменён"`
}

// Page is what every list has besides its filters.
type Page struct {
	Cursor string `query:"cursor" maxLength:"500" doc:"Откуда продолжить: next из прошлого ответа"`
	Limit  int32  `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Сколько строк"`
}

type pageOutput[T any] struct {
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
		Total int64  `json:"total" doc:"Сколько всего"`
	}
}

// cursor is where a page ended: the sort key of its last row. It is for one sorting only.
type cursor struct {
	Sort string    `json:"s"`
	Key1 int64     `json:"a"`
	Key2 int64     `json:"b"`
	ID   uuid.UUID `json:"i"`
	// Text is the key of what is sorted by name.
	Text string `json:"n,omitempty"`
	// Day is from which urgency is counted, so that midnight does not shuffle pages.
	Day   string `json:"d,omitempty"`
	Total int64  `json:"t"`
}

func (c cursor) text() string {
	data, err := json.Marshal(c)
	if err != nil { // numbers and texts always encode
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// start reads the cursor of a page, or begins before every row.
func (p Page) start(sort string) (cursor, error) {
	if p.Cursor == "" {
		return cursor{Sort: sort, Key1: math.MinInt64, Key2: math.MinInt64}, nil
	}
	var c cursor
	data, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err == nil {
		err = strictjson.Unmarshal(data, &c)
	}
	if err != nil || c.Sort != sort {
		return c, foreignCursor()
	}
	return c, nil
}

func foreignCursor() *Problem {
	return invalid(FieldProblem{"cursor", "Этот курсор от другого списка. Начните с первой страницы."})
}

// turn makes a page of the rows that were read, one more than asked for if there are more.
func turn[R, T any](rows []R, limit int32, from cursor, line func(R) T, end func(R) cursor) *pageOutput[T] {
	out := &pageOutput[T]{}
	out.Body.Items, out.Body.Total = []T{}, from.Total
	more := len(rows) > int(limit)
	if more {
		rows = rows[:limit]
	}
	for _, row := range rows {
		out.Body.Items = append(out.Body.Items, line(row))
	}
	if len(rows) == 0 {
		return out
	}
	last := end(rows[len(rows)-1])
	last.Sort, last.Day = from.Sort, from.Day
	out.Body.Total = last.Total
	if more {
		out.Body.Next = last.text()
	}
	return out
}

// dayStart is the beginning of a Moscow day, nil for no date; after says how many days later.
func dayStart(date string, after int) *time.Time {
	day, err := time.ParseInLocation(time.DateOnly, date, order.Moscow)
	if err != nil {
		return nil
	}
	day = day.AddDate(0, 0, after).UTC()
	return &day
}

// sortPublished sorts by publication, the newest first.
const sortPublished = "published"

type myOrdersInput struct {
	Page
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

func (a *orderAPI) registerLists() {
	register(a.Server, huma.Operation{
		OperationID: "list-orders", Method: http.MethodGet, Path: "/api/orders", Tags: []string{orderTag}, Summary: "Мои заказы",
	}, consented(), a.myOrders)
}

// parseStages accepts every spelling of the manuals.
func parseStages(texts []string) ([]string, error) {
	codes := []string{}
	for _, text := range texts {
		s, known := order.ParseStage(text)
		if !known {
			return nil, invalid(FieldProblem{"stage", "Такого этапа у заказа нет."})
		}
		codes = append(codes, string(s))
	}
	return codes, nil
}

func (a *orderAPI) myOrders(ctx context.Context, in *myOrdersInput) (*pageOutput[OrderLine], error) {
	stages, err := parseStages(in.Stages)
	if err != nil {
		return nil, err
	}
	by, number := sessionFrom(ctx), searchtext.Number(in.Number)
	if by.Role == order.RoleModerator {
		return a.allOrders(ctx, in, stages, number)
	}
	from, err := in.start(cmp.Or(in.Sort, "updated"))
	if err != nil {
		return nil, err
	}
	rows, err := a.Store.MyOrders(ctx, sqlcgen.MyOrdersParams{
		Role: string(by.Role), Party: by.Party, Stages: stages, Regions: listed(in.Regions), WorkKinds: listed(in.WorkKinds),
		NumberParts: number.All, Engineer: optional(in.Engineer), Overdue: in.Overdue, PublishedFrom: dayStart(in.From, 0), PublishedTo: dayStart(in.To, 1),
		Sort: from.Sort, After1: from.Key1, After2: from.Key2, AfterID: from.ID, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing orders: %w", err)
	}
	return turn(rows, in.Limit, from, orderLine, func(r sqlcgen.MyOrdersRow) cursor {
		return cursor{Key1: r.Key1, Key2: r.Key2, ID: r.ID, Total: r.Total}
	}), nil
}

// allOrders lists the orders of everybody by publication, the newest first: no other order of so many rows is read soon enough.
func (a *orderAPI) allOrders(ctx context.Context, in *myOrdersInput, stages []string, number searchtext.Query) (*pageOutput[OrderLine], error) {
	if in.Sort != "" && in.Sort != sortPublished {
		return nil, invalid(FieldProblem{"sort", "Список всех заказов идёт по дате публикации, сначала новые."})
	}
	from, err := in.start(sortPublished)
	if err != nil {
		return nil, err
	}
	before, id := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max
	if in.Cursor != "" {
		before, id = time.UnixMicro(-from.Key1).UTC(), from.ID
	}
	rows, err := a.Store.AllOrders(ctx, sqlcgen.AllOrdersParams{
		Stages: stages, Regions: listed(in.Regions), WorkKinds: listed(in.WorkKinds), NumberParts: number.All, Engineer: optional(in.Engineer),
		Overdue: in.Overdue, PublishedFrom: dayStart(in.From, 0), PublishedTo: dayStart(in.To, 1), Before: before, BeforeID: id, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing all orders: %w", err)
	}
	return turn(rows, in.Limit, from, func(r sqlcgen.AllOrdersRow) OrderLine { return orderLine(sqlcgen.MyOrdersRow(r)) },
		func(r sqlcgen.AllOrdersRow) cursor { return cursor{Key1: r.Key1, ID: r.ID, Total: r.Total} }), nil
}

// listed is never nil: to the database that would be no list at all.
func listed(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}

// orderLine shows a row of the list to the one whose list it is.
func orderLine(r sqlcgen.MyOrdersRow) OrderLine {
	line := OrderLine{
		ID: r.ID, Number: r.Number, Stage: stageOf(r.ShownStage, r.Cause), OrderConditions: agreedConditions(&r),
		Responses: r.Responses, PublishedAt: r.PublishedAt, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		OtherChosen: r.EngineerID != nil && !r.Party,
	}
	if r.Own {
		line.Waits = waitsOf(r.WaitsFor, r.WaitsFrom, r.WaitsSince, r.Deadline, r.Overdue, r.Mark != nil)
	}
	if r.Party {
		line.Customer = &Named{ID: r.CustomerID, Name: r.CustomerName, Kind: r.CustomerKind}
		if r.EngineerID != nil {
			line.Engineer = &Named{ID: *r.EngineerID, Name: r.EngineerName}
		}
	}
	return line
}

// agreedConditions are those of the contract once its parties have one, before that the bid's, and else what the customer published.
func agreedConditions(r *sqlcgen.MyOrdersRow) OrderConditions {
	c := OrderConditions{
		Region: regionOf(r.Region), WorkKind: workKindOf(r.WorkKind), Price: r.Price, TermDate: dateOf(r.TermDate), TermDays: r.TermDays,
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
