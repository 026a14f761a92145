// Package problems defines every error that leaves the API (RFC 9457), and the one table of their
// codes, statuses and texts.
package problems

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"epkr/internal/order"

	"github.com/danielgtaylor/huma/v2"
)

// Path is the prefix of the address that explains a problem. MediaType is the content type of every
// problem.
const (
	Path         = "/api/problems/"
	MediaType    = "application/problem+json"
	refusedTitle = "Действие не принято"
)

// Problem is an error that leaves the API (RFC 9457). Its texts are Russian, for the person at the
// screen.
type Problem struct {
	Type   string         `json:"type" doc:"Адрес объяснения"`
	Title  string         `json:"title" doc:"Коротко, одинаково для одного кода"`
	Status int            `json:"status" doc:"Код ответа HTTP"`
	Detail string         `json:"detail" doc:"Что случилось и что делать"`
	Code   string         `json:"code" doc:"Постоянный код для программ"`
	Errors []FieldProblem `json:"errors,omitempty" doc:"Что не так с полями"`
	// retryAfter is the number of seconds after which to retry; empty if the person decides.
	retryAfter string
	RequestID  string `json:"requestId,omitempty" doc:"Номер запроса для службы поддержки"`
}

// FieldProblem describes what is wrong with one field.
type FieldProblem struct {
	Field   string `json:"field" doc:"Путь поля в теле запроса или имя параметра, например text.address"`
	Message string `json:"message" doc:"Что исправить"`
}

// Error returns the text for the log.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus returns the HTTP status, for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns the content type of a problem, for huma.
func (*Problem) ContentType(string) string { return MediaType }

// GetHeaders returns the headers of a problem besides its content type, for huma.
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfter == "" {
		return nil
	}
	return http.Header{"Retry-After": {p.retryAfter}}
}

// TransformSchema lists the codes in the description of the API, for huma.
func (*Problem) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	for _, code := range Codes() {
		s.Properties["code"].Enum = append(s.Properties["code"].Enum, code)
	}
	return s
}

// RetryAfter returns the number of seconds after which to retry; empty if the person decides.
func (p *Problem) RetryAfter() string { return p.retryAfter }

// New returns the problem of a code with the texts of the table.
func New(code string) *Problem {
	kind := problemKinds[code]
	p := &Problem{Type: Path + code, Title: kind.title, Status: kind.status, Detail: kind.detail, Code: code}
	if kind.status == http.StatusTooManyRequests {
		p.retryAfter = "2"
	}
	return p
}

// WithDetail replaces the detail; code and status stay.
func (p *Problem) WithDetail(text string) *Problem {
	p.Detail = text
	return p
}

// Invalid returns a validation problem with the invalid fields.
func Invalid(fields ...FieldProblem) *Problem {
	p := New(Validation)
	p.Errors = fields
	return p
}

// Refused returns an order's refusal of a message as a problem.
func Refused(r order.Refusal) *Problem {
	return &Problem{
		Type: Path + string(r.Code), Title: refusedTitle, Status: http.StatusConflict, Detail: r.Reason, Code: string(r.Code),
	}
}

// After sets the time after which to retry.
func (p *Problem) After(wait time.Duration) *Problem {
	p.retryAfter = strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
	return p
}
