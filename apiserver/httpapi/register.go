package httpapi

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"epkr/apiserver/httpapi/input"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
)

// Operation is what the server knows of each of its operations.
type Operation struct {
	ID, Method, Path string
	Access           Access
	Class            limits.Class
	// foreignParameters accepts query parameters that are not declared.
	foreignParameters bool
	// explained returns the page that shows a browser the refusal of a limit; nil answers with a problem.
	explained func(code, returnTo string) string
}

// Operations are all operations of the server.
func (s *Server) Operations() []*Operation { return s.operations }

// OperationOption changes a default of an operation.
type OperationOption func(*Operation)

// Costs puts an operation into a class of limits; without it the method decides.
func Costs(c limits.Class) OperationOption { return func(o *Operation) { o.Class = c } }

// TakesForeignParameters accepts query parameters that are not declared: ЕСИА adds some.
func TakesForeignParameters() OperationOption {
	return func(o *Operation) { o.foreignParameters = true }
}

// ExplainsRefusals is for an operation that a person's browser opens: page gives the address that explains the code of a refusal by a
// limit, and leads on to where the person was going.
func ExplainsRefusals(page func(code, returnTo string) string) OperationOption {
	return func(o *Operation) { o.explained = page }
}

// Register adds an operation. who says who may call it; there is no other way in, so none can go without.
func Register[I, O any](s *Server, op huma.Operation, who Access, handle func(context.Context, *I) (*O, error), options ...OperationOption) {
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = input.MaxBody
	}
	if op.BodyReadTimeout == 0 {
		op.BodyReadTimeout = readTimeout
	}
	known := &Operation{ID: op.OperationID, Method: op.Method, Path: op.Path, Access: who, Class: limits.ClassOf(op.Method)}
	for _, option := range options {
		option(known)
	}
	op.Errors = append(op.Errors, who.statuses()...)
	op.Middlewares = append(huma.Middlewares{s.limitTime, s.admit(known), s.checkInput(known)}, op.Middlewares...)
	if who.level > levelPublic {
		op.Security = []map[string][]string{{securityScheme: {}}}
	}
	s.operations = append(s.operations, known)
	huma.Register(s.api, op, handle)
}

// DescribeAs has the description of the API show a type of messages as another one of the same JSON. It is for registration only, before
// the operations that have it.
func (s *Server) DescribeAs(t, shown reflect.Type) {
	s.api.OpenAPI().Components.Schemas.RegisterTypeAlias(t, shown)
}

// checkInput refuses a request that two readers could understand differently: names given twice or in another case, names that the
// operation does not have, and characters that no text has. Every operation has it.
func (s *Server) checkInput(known *Operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c, op := humafiber.UnwrapV2(ctx), ctx.Operation()
		err := input.CheckParameters(c, op, known.foreignParameters)
		if err == nil && op.RequestBody != nil && !input.IsUTF8JSON(c) {
			err = problems.New(problems.UnsupportedType)
		}
		if err != nil {
			s.writeProblem(ctx, err)
			return
		}
		next(input.Strict(ctx, s.api.OpenAPI().Components.Schemas))
	}
}

// limitTime bounds what a handler waits for.
func (s *Server) limitTime(ctx huma.Context, next func(huma.Context)) {
	limited, cancel := context.WithTimeout(ctx.Context(), requestTimeout)
	defer cancel()
	next(huma.WithContext(ctx, limited))
}

// statuses are the refusals that access itself gives, for the description of the API.
func (a Access) statuses() []int {
	all := []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError}
	if a.level > levelPublic {
		all = append(all, http.StatusUnauthorized, http.StatusForbidden)
	}
	return all
}

// LaterAnswer describes an answer of the usual shape that comes before all is done.
func LaterAnswer(description, schema string) *huma.Response {
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/" + schema}},
	}}
}
