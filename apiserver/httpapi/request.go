package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi/connections"
	"epkr/db"
)

const requestIDHeader = "X-Request-Id"

// request is what the log says of one request beside its route: ids only, never personal data.
type request struct {
	id string
	// foreign is the id that came with the request, empty if it is none that a log should hold.
	foreign string
	Person  uuid.UUID
	Order   uuid.UUID
	Message uuid.UUID
	// cookies are the header as it came; it is never logged.
	cookies string
	// Address and userAgent say where it came from; they go into the trail of security events only.
	Address, UserAgent string
	// Host is the name under which the platform was called.
	Host string
	// from is what limits by address count it under; streamed says that its answer goes on after its handler.
	from     string
	Streamed bool
	// Navigates says that a person's browser goes to this address, and would show him what it answers.
	Navigates bool
	// leave gives its place among the person's requests in hand to the next; nil if it took none.
	leave func()
	// by is the session, once it is known.
	by Session
	// EndedCookies are cookies that the answer removes beside the one that an operation sets: Fiber joins two of one answer into one header.
	EndedCookies []http.Cookie
	// Failure is what went wrong inside; the caller does not see it.
	Failure error
}

type requestKey struct{}

// RequestFrom is the request that ctx belongs to; outside of requests, one that nobody reads.
func RequestFrom(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

// foreignID is what the log keeps of the id that a proxy, or anybody, gave a request. The platform's own is never taken from outside: the
// log and the trail would show what the caller wants.
var foreignID = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)

// observe names, times, counts and logs each request, and turns a panic into a problem.
func (s *Server) observe(c *fiber.Ctx) (err error) {
	from := connections.ClientAddress(c, s.options.Limits.Proxies)
	r := &request{
		id: uuid.NewString(), cookies: c.Get(fiber.HeaderCookie), Host: string(c.Request().Host()),
		Address: from.String(), from: connections.AddressKey(from),
		Navigates: c.Get("Sec-Fetch-Mode") == "navigate" || strings.HasPrefix(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML),
		UserAgent: boundedText(c.Get(fiber.HeaderUserAgent), maxUserAgent),
	}
	if given := c.Get(requestIDHeader); foreignID.MatchString(given) {
		r.foreign = given
	}
	c.Set(requestIDHeader, r.id)
	c.SetUserContext(context.WithValue(c.UserContext(), requestKey{}, r))
	began := time.Now()
	defer func() {
		if cause := recover(); cause != nil {
			err = s.fiberError(c, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
		}
		for _, cookie := range r.EndedCookies {
			c.Response().Header.Add(fiber.HeaderSetCookie, cookie.String())
		}
		s.finished(c, r, time.Since(began))
		leaveOnceWritten(c, r)
	}()
	if failed := c.Next(); failed != nil {
		return s.fiberError(c, failed)
	}
	return nil
}

// leaveOnceWritten keeps the place of a request until its answer is written: who does not read his answers has no others made.
func leaveOnceWritten(c *fiber.Ctx, r *request) {
	if r.leave == nil {
		return
	}
	if to, ok := c.Context().Conn().(*connections.Conn); ok && !r.Streamed {
		to.OnWritten(r.leave)
		return
	}
	r.leave()
}

// These stand for addresses that no operation has, so that nobody fills the metrics with made-up ones.
const (
	unmatched = "unmatched" // below /api
	pages     = "pages"     // the web app's
)

func (s *Server) finished(c *fiber.Ctx, r *request, took time.Duration) {
	route, status := c.Route().Path, c.Response().StatusCode()
	switch {
	case route == "/" && IsAPI(c.Path()):
		route = unmatched
	case route == "/":
		route = pages
	}
	s.watchRefusal(context.WithoutCancel(c.UserContext()), r, c.Method(), route, status)
	s.metrics.requests.WithLabelValues(c.Method(), route, strconv.Itoa(status)).Inc()
	s.metrics.durations.WithLabelValues(c.Method(), route).Observe(took.Seconds())
	attributes := []slog.Attr{
		slog.String("request", r.id), slog.String("method", c.Method()), slog.String("route", route),
		slog.Int("status", status), slog.Duration("took", took),
	}
	if r.foreign != "" {
		attributes = append(attributes, slog.String("foreignRequest", r.foreign))
	}
	for name, id := range map[string]uuid.UUID{"person": r.Person, "order": r.Order, "message": r.Message} {
		if id != uuid.Nil {
			attributes = append(attributes, slog.String(name, id.String()))
		}
	}
	level := slog.LevelInfo
	if r.Failure != nil {
		level = slog.LevelError
		attributes = append(attributes, slog.String("error", db.WithoutValues(r.Failure).Error()))
	}
	s.options.Log.LogAttrs(context.WithoutCancel(c.UserContext()), level, "request", attributes...)
}
