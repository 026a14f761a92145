package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/config"
	"epkr/internal/ratelimit"
)

// class says what a request costs the platform. Each has a rate of its own.
type class string

const (
	classSignIn class = "sign-in" // a signature, and requests to ЕСИА
	classRead   class = "read"
	classSearch class = "search" // looks at many rows
	classWrite  class = "write"
	classUpload class = "upload"
	classStream class = "stream"
	// The rest is of addresses: of all that comes from one, and of what comes from it without a session.
	classAddress   class = "address"
	classAnonymous class = "anonymous"
)

// classes are those that the method of an operation does not tell.
var classes = map[string]class{
	"begin-login": classSignIn, "finish-login": classSignIn,
	"list-orders": classSearch, "list-open-orders": classSearch, "list-candidates": classSearch, "get-history": classSearch,
	"list-documents": classSearch, "list-responses": classSearch,
	"list-moderated-engineers": classSearch, "list-admission-history": classSearch, "list-registry-runs": classSearch,
	"begin-upload": classUpload, "sign-part": classUpload, "complete-upload": classUpload,
	"follow-events": classStream,
}

func classOf(op huma.Operation) class {
	if known, found := classes[op.OperationID]; found {
		return known
	}
	if op.Method == http.MethodGet {
		return classRead
	}
	return classWrite
}

func rateOf(l config.Limits, c class) ratelimit.Rate {
	return map[class]ratelimit.Rate{
		classSignIn: l.SignIn, classRead: l.Read, classSearch: l.Search, classWrite: l.Write, classUpload: l.Upload, classStream: l.Stream,
		classAddress: l.Address, classAnonymous: l.Anonymous,
	}[c]
}

// throttle refuses what somebody asks too often, over all API servers.
type throttle struct {
	limits  config.Limits
	limiter *ratelimit.Limiter
	metrics *metrics
}

func newThrottle(d Dependencies, m *metrics) *throttle {
	ledger := func(ctx context.Context, key string, r ratelimit.Rate, want int) (int, error) {
		granted, err := d.Store.TakeTokens(ctx, sqlcgen.TakeTokensParams{
			Key: key, PerSecond: r.PerSecond, Burst: float64(r.Burst), Want: int32(want),
		})
		return int(granted), err
	}
	// The clock of the machine: what it measures are seconds, and the bucket fills by the database's.
	return &throttle{limits: d.Config.Limits, limiter: ratelimit.New(ledger, time.Now), metrics: m}
}

// take counts one request of whom, a person's id or an address. It gives the refusal, nil if there is none.
func (t *throttle) take(ctx context.Context, c class, whom string) error {
	wait, ok := t.limiter.Take(ctx, string(c)+":"+whom, rateOf(t.limits, c))
	if ok {
		return nil
	}
	return t.refuse(c, wait)
}

func (t *throttle) refuse(c class, wait time.Duration) error {
	t.metrics.throttled.WithLabelValues(string(c)).Inc()
	code := codeTooManyRequests
	if c == classSignIn {
		code = codeTooManySignIns
	}
	return problem(code).after(wait)
}

// throttleAddress counts everything that comes from an address, the web app's files too. Probes have no limit.
func (s *Server) throttleAddress(c *fiber.Ctx) error {
	if c.Path() == "/healthz" {
		return c.Next()
	}
	if err := s.throttle.take(c.UserContext(), classAddress, requestFrom(c.UserContext()).from); err != nil {
		c.Context().SetConnectionClose()
		return sendProblem(c, problemOf(c.UserContext(), err))
	}
	return c.Next()
}

// admitted counts a request of somebody who may call the operation, and waits for his others to make room. leave is called once the
// answer is written.
func (s *Server) admitted(ctx huma.Context, c class, person uuid.UUID) error {
	r, whom := requestFrom(ctx.Context()), person.String()
	switch {
	case c == classSignIn:
		whom = r.from
	case person == uuid.Nil:
		c, whom = classAnonymous, r.from
	}
	if err := s.throttle.take(ctx.Context(), c, whom); err != nil {
		return err
	}
	leave, ok := s.gate.enter(ctx.Context(), whom)
	if !ok {
		return s.throttle.refuse(c, time.Second)
	}
	r.leave = leave
	return nil
}

// refuseAdmission answers a program with the problem. A browser on its way to sign in is led to the page that explains it. The connection
// ends with the answer: those that a flood leaves open cost their buffers for as long as they are idle.
func (s *Server) refuseAdmission(ctx huma.Context, c class, err error) {
	humafiber.UnwrapV2(ctx).Context().SetConnectionClose()
	p := problemOf(ctx.Context(), err)
	if c != classSignIn || !requestFrom(ctx.Context()).navigates {
		s.writeProblem(ctx, p)
		return
	}
	ctx.SetHeader("Location", signInError(p.Code, ctx.Query("returnTo")))
	ctx.SetHeader("Retry-After", p.retryAfter)
	ctx.SetStatus(http.StatusSeeOther)
}

// after says when another try may succeed.
func (p *Problem) after(wait time.Duration) *Problem {
	p.retryAfter = strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
	return p
}

// limitsKept is how long the record of a limit is kept that nobody touches: by then it has no effect any more.
const limitsKept = time.Hour

func (s *Server) sweepLimits(ctx context.Context, now time.Time) error {
	before := now.Add(-limitsKept)
	if err := errors.Join(s.Store.SweepBuckets(ctx, before), s.Store.SweepStreams(ctx, before)); err != nil {
		return fmt.Errorf("deleting the records of limits: %w", err)
	}
	return nil
}

// endOldestSessions ends those of a person's sessions that are too many. The sign-ins of a person come one after the other: each
// has locked his row.
func (s *Server) endOldestSessions(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID) error {
	kept := s.Config.Limits.Sessions
	if kept == 0 {
		return nil
	}
	ended, err := q.EndOldestSessions(ctx, sqlcgen.EndOldestSessionsParams{PersonID: person, Kept: int32(kept)})
	if err != nil {
		return fmt.Errorf("ending the oldest sessions of a person: %w", err)
	}
	if ended > 0 {
		s.metrics.throttled.WithLabelValues("sessions").Add(float64(ended))
	}
	return nil
}
