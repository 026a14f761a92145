package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// operation is what the list of all operations knows of each: a test walks it as every role.
type operation struct {
	ID, Method, Path string
	Access           access
	Class            class
}

// registerOperations is the table of contents of the API.
func (s *Server) registerOperations() {
	s.registerAuth()
	s.registerSessions()
	s.registerSecurityEvents()
	s.registerConsent()
	s.registerMe()
	s.registerAdmissions()
	s.registerOrders()
	s.registerModeration()
	s.registerProblems()
}

// register adds an operation. who says who may call it; there is no other way in, so none can go without.
func register[I, O any](s *Server, op huma.Operation, who access, handle func(context.Context, *I) (*O, error)) {
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = maxBody
	}
	if op.BodyReadTimeout == 0 {
		op.BodyReadTimeout = readTimeout
	}
	cost := classOf(op)
	op.Errors = append(op.Errors, who.statuses()...)
	op.Middlewares = append(huma.Middlewares{s.limitTime, s.admit(who, cost), s.inputMiddleware}, op.Middlewares...)
	if who.level > levelPublic {
		op.Security = []map[string][]string{{securityScheme: {}}}
	}
	s.operations = append(s.operations, operation{ID: op.OperationID, Method: op.Method, Path: op.Path, Access: who, Class: cost})
	huma.Register(s.api, op, handle)
}

// limitTime bounds what a handler waits for.
func (s *Server) limitTime(ctx huma.Context, next func(huma.Context)) {
	limited, cancel := context.WithTimeout(ctx.Context(), requestTimeout)
	defer cancel()
	next(huma.WithContext(ctx, limited))
}

// statuses are the refusals that access itself gives, for the description of the API.
func (a access) statuses() []int {
	all := []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError}
	if a.level > levelPublic {
		all = append(all, http.StatusUnauthorized, http.StatusForbidden)
	}
	return all
}

// later describes an answer of the usual shape that comes before all is done.
func later(description, schema string) *huma.Response {
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/" + schema}},
	}}
}
