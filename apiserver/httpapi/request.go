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

// request contains what the log records of a request besides its route: ids only, never personal
// data.
type request struct {
	id string
	// foreign is the request id sent by the client; empty if it does not match foreignID.
	foreign string
	Person  uuid.UUID
	Order   uuid.UUID
	Message uuid.UUID
	// cookies is the raw Cookie header; it is never logged.
	cookies string
	// Address and UserAgent describe the client; they are recorded in security events only.
	Address, UserAgent string
	// Host is the Host header of the request.
	Host string
	// from is the address key for rate limits. Streamed reports that the answer continues after the
	// handler has returned.
	from     string
	Streamed bool
	// Navigates reports that a browser opens this address and would show the answer to the person.
	Navigates bool
	// release frees the request's place in the gate; nil if it took none.
	release func()
	// by is the session, once it has been read.
	by Session
	// MoreCookies are cookies that the answer sets or removes besides the cookie of its operation:
	// Fiber would join two cookies of one answer into one header.
	MoreCookies []http.Cookie
	// Failure is the internal error; the caller does not see it.
	Failure error
}

// AddressKey is by what the limits know the client's address; with IPv6 its /64 network.
func (r *request) AddressKey() string { return r.from }

type requestKey struct{}

// RequestFrom returns the request of ctx; outside of requests, an empty one.
func RequestFrom(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

// foreignID matches client-sent request ids that are logged. They never replace the platform's own
// id: otherwise a caller could choose what the log and the security trail show.
var foreignID = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)

// observe assigns the request id, measures, counts and logs each request, and converts a panic into
// a problem.
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
		for _, cookie := range r.MoreCookies {
			c.Response().Header.Add(fiber.HeaderSetCookie, cookie.String())
		}
		s.finished(c, r, time.Since(began))
		releaseOnceWritten(c, r)
	}()
	if failed := c.Next(); failed != nil {
		return s.fiberError(c, failed)
	}
	return nil
}

// releaseOnceWritten frees the request's place when its answer is written. A client that does not
// read its answers therefore blocks only its own places.
func releaseOnceWritten(c *fiber.Ctx, r *request) {
	if r.release == nil {
		return
	}
	if to, ok := c.Context().Conn().(*connections.Conn); ok && !r.Streamed {
		to.OnWritten(r.release)
		return
	}
	r.release()
}

// Routes in metrics for addresses without an operation, so that made-up addresses do not add
// labels.
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
