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

// throttleAddress limits all requests of an address, including those for the web app's files.
// Health checks have no limit.
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

// takePlace counts a request of a permitted caller and waits for a free place in the gate. The
// place is freed when the answer is written.
func (s *Server) takePlace(ctx huma.Context, c limits.Class, person uuid.UUID) error {
	r, whom := RequestFrom(ctx.Context()), person.String()
	switch {
	case c == limits.SignIn, c == limits.Check:
		whom = r.from
	case person == uuid.Nil:
		c, whom = limits.Anonymous, r.from
	}
	if err := s.throttle.Take(ctx.Context(), c, whom); err != nil {
		return err
	}
	release, ok := s.gate.Enter(ctx.Context(), whom)
	if !ok {
		return s.throttle.Refuse(c, time.Second)
	}
	r.release = release
	return nil
}

// refuseLimited writes the refusal of a limit. A browser that signs in is redirected to the page
// that explains it. The connection closes after the answer, because idle connections left by a
// flood would occupy their buffers.
func (s *Server) refuseLimited(ctx huma.Context, op *Operation, err error) {
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
