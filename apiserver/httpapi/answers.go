package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/internal/storage"
)

// codeOfStatus maps the statuses of errors from huma and Fiber to problem codes.
var codeOfStatus = map[int]string{
	http.StatusBadRequest:                  problems.BadRequest,
	http.StatusNotFound:                    problems.NotFound,
	http.StatusMethodNotAllowed:            problems.MethodNotAllowed,
	http.StatusRequestTimeout:              problems.RequestTimeout,
	http.StatusRequestEntityTooLarge:       problems.BodyTooLarge,
	http.StatusUnsupportedMediaType:        problems.UnsupportedType,
	http.StatusUnprocessableEntity:         problems.Validation,
	http.StatusRequestHeaderFieldsTooLarge: problems.HeadersTooLarge,
	http.StatusServiceUnavailable:          problems.Timeout,
}

type problemPage struct {
	Body struct {
		Code   string `json:"code" doc:"Код ошибки"`
		Title  string `json:"title" doc:"Коротко"`
		Detail string `json:"detail" doc:"Что случилось и что делать"`
	}
}

// Explainer returns the title and the text of a code; known is false for codes of others.
type Explainer func(code string) (title, detail string, known bool)

// RegisterProblems adds the operation that explains the codes of problems, at the address in a
// problem's type. The explainers of features are asked after the table.
func RegisterProblems(s *Server, features ...Explainer) {
	Register(s, huma.Operation{
		OperationID: "get-problem", Method: http.MethodGet, Path: problems.Path + "{code}", Tags: []string{"Ошибки"},
		Summary: "Объяснение кода ошибки",
	}, Public, func(_ context.Context, in *struct {
		Code string `path:"code" maxLength:"64"`
	},
	) (*problemPage, error) {
		p := &problemPage{}
		p.Body.Code = in.Code
		for _, explain := range append([]Explainer{problems.Explain}, features...) {
			var known bool
			if p.Body.Title, p.Body.Detail, known = explain(in.Code); known {
				return p, nil
			}
		}
		return nil, problems.New(problems.NotFound)
	})
}

// ProblemOf converts any error into a problem. Errors that are not meant for the caller are only
// logged.
func ProblemOf(ctx context.Context, err error) *problems.Problem {
	var own *problems.Problem
	if errors.As(err, &own) {
		return own
	}
	r := RequestFrom(ctx)
	r.Failure = err
	code := problems.Internal
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		code = problems.Timeout
	case db.IsUnavailable(err):
		code = problems.Unavailable
	}
	p := problems.New(code)
	p.RequestID = r.id
	return p
}

// huma creates its own errors through these two variables, which a program may replace.
func init() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return fromHuma(ctx.Context(), status, errs)
	}
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return fromHuma(context.Background(), status, errs)
	}
}

// fromHuma translates an error of huma. Only its kind is used, because its texts are English and
// may quote the value.
func fromHuma(ctx context.Context, status int, errs []error) *problems.Problem {
	if status >= http.StatusInternalServerError && len(errs) > 0 {
		return ProblemOf(ctx, errs[0])
	}
	code, known := codeOfStatus[status]
	if !known {
		code = problems.Internal
		if status >= http.StatusBadRequest && status < http.StatusInternalServerError {
			code = problems.BadRequest
		}
	}
	p := problems.New(code)
	if status == http.StatusUnprocessableEntity {
		for _, err := range errs {
			p.Errors = append(p.Errors, problems.FieldOf(err))
		}
	}
	return p
}

// writeProblem writes a problem as the answer, for middlewares.
func (s *Server) writeProblem(ctx huma.Context, p *problems.Problem) {
	ctx.SetHeader("Content-Type", problems.MediaType)
	if p.RetryAfter() != "" {
		ctx.SetHeader("Retry-After", p.RetryAfter())
	}
	ctx.SetStatus(p.Status)
	// The answer is a buffer in memory, so writing cannot fail.
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p)
}

// fiberError answers errors outside huma: unknown addresses, oversized bodies, malformed requests.
func (s *Server) fiberError(c *fiber.Ctx, err error) error {
	var own *fiber.Error
	p := (*problems.Problem)(nil)
	if errors.As(err, &own) {
		p = fromHuma(c.UserContext(), own.Code, nil)
	} else {
		p = ProblemOf(c.UserContext(), err)
	}
	return sendProblem(c, p)
}

func sendProblem(c *fiber.Ctx, p *problems.Problem) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, problems.MediaType)
	if p.RetryAfter() != "" {
		c.Set(fiber.HeaderRetryAfter, p.RetryAfter())
	}
	return c.Status(p.Status).Send(body)
}

// FromStorage converts an outage of the storage into a problem and returns other errors unchanged.
func FromStorage(ctx context.Context, err error) error {
	if errors.Is(err, storage.ErrUnavailable) {
		RequestFrom(ctx).Failure = err
		return problems.New(problems.NoStorage)
	}
	return err
}
