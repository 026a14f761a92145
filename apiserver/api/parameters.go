package api

import (
	"encoding/base64"
	"encoding/json"
	"math"

	"github.com/google/uuid"

	"epkr/internal/strictjson"
)

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

// Idempotent is the header that makes a message one, however often it is sent.
type Idempotent struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128" pattern:"^[\\x20-\\x7e]+$" doc:"Ключ идемпотентности: новый для каждого действия, тот же при повторе"`
}
