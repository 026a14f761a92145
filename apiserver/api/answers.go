package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"epkr/db"
)

// codeOfStatus names the problems that huma and Fiber find by themselves.
var codeOfStatus = map[int]string{
	http.StatusBadRequest:                  codeBadRequest,
	http.StatusNotFound:                    codeNotFound,
	http.StatusMethodNotAllowed:            codeMethodNotAllowed,
	http.StatusRequestTimeout:              codeRequestTimeout,
	http.StatusRequestEntityTooLarge:       codeBodyTooLarge,
	http.StatusUnsupportedMediaType:        codeUnsupportedType,
	http.StatusUnprocessableEntity:         codeValidation,
	http.StatusRequestHeaderFieldsTooLarge: codeHeadersTooLarge,
	http.StatusServiceUnavailable:          codeTimeout,
}

type problemPage struct {
	Body struct {
		Code   string `json:"code" doc:"Код ошибки"`
		Title  string `json:"title" doc:"Коротко"`
		Detail string `json:"detail" doc:"Что случилось и что делать"`
	}
}

// Explainer gives the title and the text of a code that it knows.
type Explainer func(code string) (title, detail string, known bool)

// registerProblems makes the address in a problem's type an explanation, of the codes of features too.
func registerProblems(s *Server, features ...Explainer) {
	register(s, huma.Operation{
		OperationID: "get-problem", Method: http.MethodGet, Path: problemPath + "{code}", Tags: []string{"Ошибки"},
		Summary: "Объяснение кода ошибки",
	}, public, func(_ context.Context, in *struct {
		Code string `path:"code" maxLength:"64"`
	},
	) (*problemPage, error) {
		p := &problemPage{}
		p.Body.Code = in.Code
		for _, explain := range append([]Explainer{Explain}, features...) {
			var known bool
			if p.Body.Title, p.Body.Detail, known = explain(in.Code); known {
				return p, nil
			}
		}
		return nil, problem(codeNotFound)
	})
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
	if p.RetryAfter() != "" {
		ctx.SetHeader("Retry-After", p.RetryAfter())
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
	if p.RetryAfter() != "" {
		c.Set(fiber.HeaderRetryAfter, p.RetryAfter())
	}
	return c.Status(p.Status).Send(body)
}
