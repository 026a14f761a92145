// Package httpapi is the kernel of the API: the server, and all that every operation shares. It knows no feature.
//
// It checks who calls and whether a request has one meaning, bounds what a caller may cost, counts, logs, and never shows an error's
// inside. Every operation is added by [Register], which asks who may call it; every error leaves through answers.go as
// application/problem+json (RFC 9457).
package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"epkr/apiserver/httpapi/connections"
	"epkr/apiserver/httpapi/limits"
	"epkr/db"
	"epkr/internal/config"
	"epkr/internal/health"
)

const (
	// maxHeaders bounds the request line and headers together.
	maxHeaders = 16 << 10
	// readTimeout bounds the wait for a request's headers, and then for its body.
	readTimeout = 30 * time.Second
	// requestTimeout bounds everything that one request waits for. A client that went away cancels nothing in Fiber.
	requestTimeout = 25 * time.Second
)

// Options are what the server needs; all are required.
type Options struct {
	Store *db.Store
	Log   *slog.Logger
	Now   func() time.Time
	// PublicURL is the address at which people reach the platform, as scheme://host.
	PublicURL string
	Limits    config.Limits
	// SessionIdle ends a session that nobody uses.
	SessionIdle time.Duration
	// MembershipMaxAge and AuthorityMaxAge are how old the word of ЕСИА on a person's place in his organisation may be: to act for it at
	// all, and to sign or decide for it.
	MembershipMaxAge, AuthorityMaxAge time.Duration
	// Moderators are the ЕСИА numbers of the platform's moderators.
	Moderators []string
	// ConsentVersion is the edition of the consent to the processing of personal data that is asked for.
	ConsentVersion string
}

// Server answers HTTP requests. Make it with New, add operations by Register, serve it by Serve, run Run beside it, end it with Close.
type Server struct {
	options     Options
	app         *fiber.App
	api         huma.API
	operations  []*Operation
	crossOrigin *http.CrossOriginProtection
	throttle    *limits.Throttle
	refused     *limits.Refusals
	connections *connections.PerAddress
	gate        *limits.Gate
	watch       *securityWatch
	systems     *health.Watch
	metrics     *metrics
	background  []func(context.Context)
	// stall is how long a client may take none of its answer.
	stall time.Duration

	closing   chan struct{} // closed when the server begins to end
	closeOnce sync.Once
	streams   sync.WaitGroup
}

// New builds a server without operations; it listens to nothing and starts nothing.
func New(o Options) (*Server, error) {
	crossOrigin, err := crossOriginProtection(o.PublicURL)
	if err != nil {
		return nil, err
	}
	s := &Server{
		options: o, crossOrigin: crossOrigin, metrics: newMetrics(o.Store), closing: make(chan struct{}), stall: connections.StallTime,
		watch: newSecurityWatch(), refused: limits.NewRefusals(), connections: connections.NewPerAddress(), gate: limits.NewGate(o.Limits.AtOnce),
	}
	s.InBackground(s.writeRefusals)
	s.Every(time.Minute, "deleting what has expired", s.Sweep)
	s.throttle = limits.NewThrottle(o.Store, o.Limits, s.metrics.throttled)
	s.app = fiber.New(fiber.Config{
		Immutable: true, CaseSensitive: true, DisableStartupMessage: true,
		// A body is read by its operation only, after everything that may refuse the request has seen its headers.
		StreamRequestBody: true, DisablePreParseMultipartForm: true,
		// The limit here is only how much of it must have come before; each operation has its own.
		BodyLimit: 1, ReadBufferSize: maxHeaders, ReadTimeout: readTimeout, IdleTimeout: 75 * time.Second,
		ErrorHandler: s.fiberError,
	})
	s.app.Use(s.observe, refuseEncoded, s.protect, s.throttleAddress)
	s.registerHealth()
	s.api = humafiber.NewV2(s.app, humaConfig())
	return s, nil
}

// securityScheme is the name of the session cookie in the description of the API.
const securityScheme = "session"

// humaConfig is huma's without its pages and its links to schemas.
func humaConfig() huma.Config {
	c := huma.DefaultConfig("ЭПКР: Электронная платформа кадастровых работ", "1")
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "/api/openapi", "", "", nil
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		securityScheme: {Type: "apiKey", In: "cookie", Name: SessionCookie, Description: "Сеанс после входа через Госуслуги"},
	}
	return c
}

// Serve answers what comes to the listener until [Server.Close], and closes it.
func (s *Server) Serve(l net.Listener) error {
	return s.app.Listener(&connections.Listener{
		Listener: l, Stall: s.stall, Opened: s.metrics.connections.Inc, Closed: s.metrics.connections.Dec, Admits: s.admitsConnection,
		Left: s.connections.Leave,
	})
}

// Close refuses new requests, ends the streams, and waits for the requests in hand until ctx ends.
func (s *Server) Close(ctx context.Context) error {
	s.closeOnce.Do(func() { close(s.closing) })
	// Fiber cannot end a stream, it only waits for it.
	ended := make(chan struct{})
	go func() { s.streams.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-ctx.Done():
	}
	if err := s.app.ShutdownWithContext(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("shutting the HTTP server down: %w", err)
	}
	return nil
}

// Fallback answers the requests that no operation takes. It is for registration only, after all operations.
func (s *Server) Fallback(handler fiber.Handler) { s.app.Use(handler) }

// OpenAPI describes the operations.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.api.OpenAPI() }

// Metrics take what a feature counts beside requests.
func (s *Server) Metrics() prometheus.Registerer { return s.metrics.registry }

// OpenStream counts a stream that outlives its handler. The writer ends when closing is closed, and calls ended once.
func (s *Server) OpenStream() (closing <-chan struct{}, ended func()) {
	s.streams.Add(1)
	s.metrics.streams.Inc()
	var once sync.Once
	return s.closing, func() {
		once.Do(func() {
			s.metrics.streams.Dec()
			s.streams.Done()
		})
	}
}

// IsClosing reports whether the server has begun to end.
func (s *Server) IsClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

// admitsConnection says whether an address may open one more. A proxy opens those of all its clients.
func (s *Server) admitsConnection(from netip.Addr) bool {
	limits, most := s.options.Limits, s.options.Limits.Connections
	if connections.Within(limits.Proxies, from) {
		most = 0
	}
	if s.connections.Enter(from, most) {
		return true
	}
	s.metrics.throttled.WithLabelValues("connection").Inc()
	return false
}
