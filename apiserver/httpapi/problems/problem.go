// Package problems is every error that leaves the API (RFC 9457), and the one table of their codes, statuses and texts.
package problems

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"epkr/internal/order"
)

// Path is before the code in the address that explains a problem; MediaType is that of every problem.
const (
	Path         = "/api/problems/"
	MediaType    = "application/problem+json"
	refusedTitle = "Действие не принято"
)

// Problem is every error that leaves the API (RFC 9457). Texts are for the person at the screen, in Russian.
type Problem struct {
	Type   string         `json:"type" doc:"Адрес объяснения"`
	Title  string         `json:"title" doc:"Коротко, одинаково для одного кода"`
	Status int            `json:"status" doc:"Код ответа HTTP"`
	Detail string         `json:"detail" doc:"Что случилось и что делать"`
	Code   string         `json:"code" doc:"Постоянный код для программ"`
	Errors []FieldProblem `json:"errors,omitempty" doc:"Что не так с полями"`
	// retryAfter is in seconds, empty where another try is for the person to decide.
	retryAfter string
	RequestID  string `json:"requestId,omitempty" doc:"Номер запроса для службы поддержки"`
}

// FieldProblem is what is wrong with one field.
type FieldProblem struct {
	Field   string `json:"field" doc:"Путь поля в теле запроса или имя параметра, например text.address"`
	Message string `json:"message" doc:"Что исправить"`
}

// Error is for the log.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status, for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of a problem, for huma.
func (*Problem) ContentType(string) string { return MediaType }

// GetHeaders are those of a problem beside its type, for huma.
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfter == "" {
		return nil
	}
	return http.Header{"Retry-After": {p.retryAfter}}
}

// RetryAfter is in seconds when to try again, empty where that is for the person to decide.
func (p *Problem) RetryAfter() string { return p.retryAfter }

// New is the usual problem of a code of the table.
func New(code string) *Problem {
	kind := problemKinds[code]
	p := &Problem{Type: Path + code, Title: kind.title, Status: kind.status, Detail: kind.detail, Code: code}
	if kind.status == http.StatusTooManyRequests {
		p.retryAfter = "2"
	}
	return p
}

// WithDetail says the same thing of this very case; code and status stay.
func (p *Problem) WithDetail(text string) *Problem {
	p.Detail = text
	return p
}

// Invalid says which fields are wrong.
func Invalid(fields ...FieldProblem) *Problem {
	p := New(Validation)
	p.Errors = fields
	return p
}

// Refused is the verdict of an order on a message, as a problem.
func Refused(r order.Refusal) *Problem {
	return &Problem{
		Type: Path + string(r.Code), Title: refusedTitle, Status: http.StatusConflict, Detail: r.Reason, Code: string(r.Code),
	}
}

// After says when another try may succeed.
func (p *Problem) After(wait time.Duration) *Problem {
	p.retryAfter = strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
	return p
}
