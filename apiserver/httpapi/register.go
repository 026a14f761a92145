package httpapi

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"epkr/apiserver/httpapi/input"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
)

// Operation describes a registered operation.
type Operation struct {
	ID, Method, Path string
	Access           Access
	Class            limits.Class
	// foreignParameters accepts query parameters that are not declared.
	foreignParameters bool
	// form accepts a multipart form, which the operation reads itself, instead of JSON.
	form bool
	// timeout limits the processing of one request.
	timeout time.Duration
	// explained returns the page that shows a browser the refusal of a limit; if nil, the answer is
	// a problem.
	explained func(code, returnTo string) string
}

// Operations returns all registered operations.
func (s *Server) Operations() []*Operation { return s.operations }

// OperationOption overrides a default of an operation.
type OperationOption func(*Operation)

// Costs sets the rate-limit class of an operation; the default depends on the method.
func Costs(c limits.Class) OperationOption { return func(o *Operation) { o.Class = c } }

// TakesForeignParameters accepts undeclared query parameters, because ЕСИА adds some.
func TakesForeignParameters() OperationOption {
	return func(o *Operation) { o.foreignParameters = true }
}

// TakesForm accepts a multipart form instead of JSON. The operation reads it itself while it comes, with
// its own limits of size and of time; timeout is for the whole request. It is a POST.
func TakesForm(timeout time.Duration) OperationOption {
	return func(o *Operation) { o.form, o.timeout = true, timeout }
}

// ExplainsRefusals is for operations that a person opens in the browser: page returns the address
// that explains a limit's refusal by its code and links to returnTo.
func ExplainsRefusals(page func(code, returnTo string) string) OperationOption {
	return func(o *Operation) { o.explained = page }
}

// Register adds an operation. It is the only way to add one, so every operation states its access
// in who.
func Register[I, O any](s *Server, op huma.Operation, who Access, handle func(context.Context, *I) (*O, error), options ...OperationOption) {
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = input.MaxBody
	}
	if op.BodyReadTimeout == 0 {
		op.BodyReadTimeout = readTimeout
	}
	known := &Operation{ID: op.OperationID, Method: op.Method, Path: op.Path, Access: who, Class: limits.ClassOf(op.Method), timeout: requestTimeout}
	for _, option := range options {
		option(known)
	}
	op.Errors = append(op.Errors, who.statuses()...)
	op.Middlewares = append(huma.Middlewares{limitTime(known.timeout), s.admit(known), s.checkInput(known)}, op.Middlewares...)
	if who.level > levelPublic {
		op.Security = []map[string][]string{{securityScheme: {}}}
	}
	s.operations = append(s.operations, known)
	if !known.form {
		huma.Register(s.api, op, handle)
		return
	}
	body := op.RequestBody
	op.RequestBody = nil // huma would read it into memory
	huma.Register(s.api, op, handle)
	s.api.OpenAPI().Paths[op.Path].Post.RequestBody = body
}

// DescribeAs makes the API description use the schema of shown for type t, which has the same JSON.
// Call it during registration only, before the operations that use t.
func (s *Server) DescribeAs(t, shown reflect.Type) {
	s.api.OpenAPI().Components.Schemas.RegisterTypeAlias(t, shown)
}

// checkInput returns the middleware that refuses ambiguous requests: names given twice or in
// another case, unknown names, and characters that no text may contain. Every operation has it.
func (s *Server) checkInput(known *Operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c, op := humafiber.UnwrapV2(ctx), ctx.Operation()
		err := input.CheckParameters(c, op, known.foreignParameters)
		switch {
		case err != nil:
		case known.form && !input.IsForm(c):
			err = problems.New(problems.UnsupportedType).WithDetail("Запрос принимается только в виде формы multipart/form-data.")
		case !known.form && op.RequestBody != nil && !input.IsUTF8JSON(c):
			err = problems.New(problems.UnsupportedType)
		}
		if err != nil {
			s.writeProblem(ctx, err)
			return
		}
		if known.form {
			next(ctx)
			return
		}
		next(input.Strict(ctx, s.api.OpenAPI().Components.Schemas))
	}
}

// limitTime returns the middleware that sets the deadline of the handler's context.
func limitTime(timeout time.Duration) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		limited, cancel := context.WithTimeout(ctx.Context(), timeout)
		defer cancel()
		next(huma.WithContext(ctx, limited))
	}
}

// statuses returns the error statuses of the access checks, for the API description.
func (a Access) statuses() []int {
	all := []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError}
	if a.level > levelPublic {
		all = append(all, http.StatusUnauthorized, http.StatusForbidden)
	}
	return all
}

// AcceptedResponse describes a 202 answer with the usual body, for work that is not finished yet.
func AcceptedResponse(description, schema string) *huma.Response {
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/" + schema}},
	}}
}
