package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"epkr/db"
	"epkr/internal/order"
)

const (
	problemPath  = "/api/problems/"
	problemType  = "application/problem+json"
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
func (*Problem) ContentType(string) string { return problemType }

// GetHeaders are those of a problem beside its type, for huma.
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfter == "" {
		return nil
	}
	return http.Header{"Retry-After": {p.retryAfter}}
}

// problem is the usual problem of a code of the table.
func problem(code string) *Problem {
	kind := problemKinds[code]
	p := &Problem{Type: problemPath + code, Title: kind.title, Status: kind.status, Detail: kind.detail, Code: code}
	if kind.status == http.StatusTooManyRequests {
		p.retryAfter = "2"
	}
	return p
}

// withDetail says the same thing of this very case; code and status stay.
func (p *Problem) withDetail(text string) *Problem {
	p.Detail = text
	return p
}

// invalid says which fields are wrong.
func invalid(fields ...FieldProblem) *Problem {
	p := problem(codeValidation)
	p.Errors = fields
	return p
}

// refused is the verdict of an order on a message, as a problem.
func refused(r order.Refusal) *Problem {
	return &Problem{
		Type: problemPath + string(r.Code), Title: refusedTitle, Status: http.StatusConflict, Detail: r.Reason, Code: string(r.Code),
	}
}

// problemOf is the boundary: any error becomes a problem, and what is not for the caller goes to the log only.
func problemOf(ctx context.Context, err error) *Problem {
	var own *Problem
	if errors.As(err, &own) {
		return own
	}
	r := requestFrom(ctx)
	r.failure = err
	code := codeInternal
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		code = codeTimeout
	case db.IsUnavailable(err):
		code = codeUnavailable
	}
	p := problem(code)
	p.RequestID = r.id
	return p
}

// huma's own errors pass through these two variables, which is how it lets a program shape them.
func init() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return fromHuma(ctx.Context(), status, errs)
	}
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return fromHuma(context.Background(), status, errs)
	}
}

// fromHuma translates what huma found. Its texts are English and may quote the value, so only their kind is used.
func fromHuma(ctx context.Context, status int, errs []error) *Problem {
	if status >= http.StatusInternalServerError && len(errs) > 0 {
		return problemOf(ctx, errs[0])
	}
	code, known := codeOfStatus[status]
	if !known {
		code = codeInternal
		if status >= http.StatusBadRequest && status < http.StatusInternalServerError {
			code = codeBadRequest
		}
	}
	p := problem(code)
	if status == http.StatusUnprocessableEntity {
		for _, err := range errs {
			p.Errors = append(p.Errors, fieldProblem(err))
		}
	}
	return p
}

// writeProblem answers from a middleware.
func (s *Server) writeProblem(ctx huma.Context, p *Problem) {
	ctx.SetHeader("Content-Type", problemType)
	if p.retryAfter != "" {
		ctx.SetHeader("Retry-After", p.retryAfter)
	}
	ctx.SetStatus(p.Status)
	// The answer is a buffer in memory, which takes everything.
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p)
}

// fiberError answers for what goes wrong outside huma: unknown addresses, oversized bodies, broken requests.
func (s *Server) fiberError(c *fiber.Ctx, err error) error {
	var own *fiber.Error
	p := (*Problem)(nil)
	if errors.As(err, &own) {
		p = fromHuma(c.UserContext(), own.Code, nil)
	} else {
		p = problemOf(c.UserContext(), err)
	}
	return sendProblem(c, p)
}

func sendProblem(c *fiber.Ctx, p *Problem) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, problemType)
	if p.retryAfter != "" {
		c.Set(fiber.HeaderRetryAfter, p.retryAfter)
	}
	return c.Status(p.Status).Send(body)
}
