package httpapi

import (
	"encoding/base64"
	"encoding/json"
	"math"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/problems"
	"epkr/internal/strictjson"
)

// Page contains the paging parameters of every list.
type Page struct {
	Cursor string `query:"cursor" maxLength:"500" doc:"Откуда продолжить: next из прошлого ответа"`
	Limit  int32  `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Сколько строк"`
}

// PageOutput is one page of a list.
type PageOutput[T any] struct {
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
		Total int64  `json:"total" doc:"Сколько всего"`
	}
}

// MaxCounted is up to how many rows a search counts: who finds more refines it.
const MaxCounted = 200

// CountedOutput is one page of a search, which counts up to [MaxCounted] rows.
type CountedOutput[T any] struct {
	Body struct {
		Items []T    `json:"items" nullable:"false"`
		Next  string `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
		Total int64  `json:"total" doc:"Сколько всего, не больше двухсот"`
		More  bool   `json:"more" doc:"Всего больше, чем total"`
	}
}

// Counted limits the total of a page.
func Counted[T any](page *PageOutput[T]) *CountedOutput[T] {
	out := &CountedOutput[T]{}
	out.Body.Items, out.Body.Next = page.Body.Items, page.Body.Next
	out.Body.Total, out.Body.More = min(page.Body.Total, MaxCounted), page.Body.Total > MaxCounted
	return out
}

// Cursor is the sort key of the last row of a page. It is valid for one sorting only.
type Cursor struct {
	Sort string    `json:"s"`
	Key1 int64     `json:"a"`
	Key2 int64     `json:"b"`
	ID   uuid.UUID `json:"i"`
	// Text is the sort key of lists sorted by name.
	Text string `json:"n,omitempty"`
	// Day is the day from which urgency is counted, so that the order does not change at midnight
	// between pages.
	Day   string `json:"d,omitempty"`
	Total int64  `json:"t"`
}

// Encode returns the cursor as clients send it back.
func (c Cursor) Encode() string {
	data, err := json.Marshal(c)
	if err != nil { // numbers and texts always encode
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// Start decodes the cursor of the request, or returns one before all rows.
func (p Page) Start(sort string) (Cursor, error) {
	if p.Cursor == "" {
		return Cursor{Sort: sort, Key1: math.MinInt64, Key2: math.MinInt64}, nil
	}
	var c Cursor
	data, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err == nil {
		err = strictjson.Unmarshal(data, &c)
	}
	if err != nil || c.Sort != sort {
		return c, ForeignCursor()
	}
	return c, nil
}

// ForeignCursor returns the problem of a cursor from another list.
func ForeignCursor() *problems.Problem {
	return problems.Invalid(problems.FieldProblem{Field: "cursor", Message: "Этот курсор от другого списка. Начните с первой страницы."})
}

// PageOf builds a page from rows; a row beyond limit means that there is a next page.
func PageOf[R, T any](rows []R, limit int32, from Cursor, line func(R) T, end func(R) Cursor) *PageOutput[T] {
	out := &PageOutput[T]{}
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
		out.Body.Next = last.Encode()
	}
	return out
}

// Idempotent is the header by which repeated requests count as one message.
type Idempotent struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128" pattern:"^[\\x20-\\x7e]+$" doc:"Ключ идемпотентности: новый для каждого действия, тот же при повторе"`
}

// createdNamespace is the namespace of ids made from idempotency keys.
var createdNamespace = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b006")

// ID returns the id of what a request creates. It includes the caller, the operation and what it
// concerns, so that a repetition has the same id and nobody else's request has it.
func (i Idempotent) ID(by Session, operation string, about ...string) uuid.UUID {
	parts, err := json.Marshal(append([]string{by.Person.String(), string(by.Role), by.Party.String(), operation, i.Key}, about...))
	if err != nil { // texts always encode
		panic(err)
	}
	return uuid.NewSHA1(createdNamespace, parts)
}
