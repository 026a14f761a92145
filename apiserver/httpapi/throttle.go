package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi/limits"
)

// throttleAddress counts everything that comes from an address, the web app's files too. Probes have no limit.
func (s *Server) throttleAddress(c *fiber.Ctx) error {
	if c.Path() == "/healthz" {
		return c.Next()
	}
	if err := s.throttle.Take(c.UserContext(), limits.Address, RequestFrom(c.UserContext()).from); err != nil {
		c.Context().SetConnectionClose()
		return sendProblem(c, ProblemOf(c.UserContext(), err))
	}
	return c.Next()
}

// admitted counts a request of somebody who may call the operation, and waits for his others to make room. leave is called once the
// answer is written.
func (s *Server) admitted(ctx huma.Context, c limits.Class, person uuid.UUID) error {
	r, whom := RequestFrom(ctx.Context()), person.String()
	switch {
	case c == limits.SignIn:
		whom = r.from
	case person == uuid.Nil:
		c, whom = limits.Anonymous, r.from
	}
	if err := s.throttle.Take(ctx.Context(), c, whom); err != nil {
		return err
	}
	leave, ok := s.gate.Enter(ctx.Context(), whom)
	if !ok {
		return s.throttle.Refuse(c, time.Second)
	}
	r.leave = leave
	return nil
}

// refuseAdmission answers a program with the problem. A browser on its way to sign in is led to the page that explains it. The connection
// ends with the answer: those that a flood leaves open cost their buffers for as long as they are idle.
func (s *Server) refuseAdmission(ctx huma.Context, op *Operation, err error) {
	humafiber.UnwrapV2(ctx).Context().SetConnectionClose()
	p := ProblemOf(ctx.Context(), err)
	if op.explained == nil || !RequestFrom(ctx.Context()).Navigates {
		s.writeProblem(ctx, p)
		return
	}
	ctx.SetHeader("Location", op.explained(p.Code, ctx.Query("returnTo")))
	ctx.SetHeader("Retry-After", p.RetryAfter())
	ctx.SetStatus(http.StatusSeeOther)
}
