// Package httpapi is the kernel of the API: the server and everything that all operations share. It
// imports no feature.
//
// It checks the caller and that a request is unambiguous, enforces limits, counts, logs, and never
// exposes internal errors. Every operation is added by [Register], which requires its access. Every
// error leaves through answers.go as application/problem+json (RFC 9457).
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
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/internal/config"
	"epkr/internal/health"
)

const (
	// maxHeaders is the maximum size of the request line and headers in bytes.
	maxHeaders = 16 << 10
	// readTimeout limits the wait for a request's headers, and then for its body.
	readTimeout = 30 * time.Second
	// requestTimeout limits the processing of one request. In Fiber a disconnected client cancels
	// nothing.
	requestTimeout = 25 * time.Second
)

// Options are the dependencies and settings of the server; all are required.
type Options struct {
	Store *db.Store
	Log   *slog.Logger
	Now   func() time.Time
	// PublicURL is the address at which people reach the platform, as scheme://host.
	PublicURL string
	Limits    config.Limits
	// SessionIdle is the idle timeout of a session.
	SessionIdle time.Duration
	// MembershipMaxAge and AuthorityMaxAge are the maximum ages of ЕСИА's confirmation of a
	// person's place in his organisation: to act for it at all, and to sign or decide for it.
	MembershipMaxAge, AuthorityMaxAge time.Duration
	// Moderators are the ЕСИА numbers of the platform's moderators.
	Moderators []string
	// ConsentVersion is the version of the consent to the processing of personal data that is
	// required.
	ConsentVersion string
}

// Server answers HTTP requests. Create it with New, add operations with Register, serve with Serve,
// call Run concurrently, and end it with Close.
type Server struct {
	options     Options
	app         *fiber.App
	api         huma.API
	operations  []*Operation
	crossOrigin *http.CrossOriginProtection
	throttle    *limits.Throttle
	refusals    *limits.Refusals
	connections *connections.PerAddress
	gate        *limits.Gate
	watch       *securityWatch
	systems     *health.Monitor
	metrics     *metrics
	background  []func(context.Context)
	// stall is how long a client may read nothing of its answer.
	stall time.Duration

	closing   chan struct{} // closed when the shutdown begins
	closeOnce sync.Once
	streams   sync.WaitGroup
}

// New returns a server without operations; it does not listen and starts nothing.
func New(o Options) (*Server, error) {
	crossOrigin, err := crossOriginProtection(o.PublicURL)
	if err != nil {
		return nil, err
	}
	s := &Server{
		options: o, crossOrigin: crossOrigin, metrics: newMetrics(o.Store), closing: make(chan struct{}), stall: connections.StallTime,
		watch: newSecurityWatch(), refusals: limits.NewRefusals(), connections: connections.NewPerAddress(), gate: limits.NewGate(o.Limits.ConcurrentRequests),
	}
	s.InBackground(s.writeRefusals)
	s.Every(time.Minute, "deleting what has expired", s.Sweep)
	s.throttle = limits.NewThrottle(o.Store, o.Limits, s.metrics.throttled)
	s.app = fiber.New(fiber.Config{
		Immutable: true, CaseSensitive: true, DisableStartupMessage: true,
		// A body is read only by its operation, after all checks of the headers.
		StreamRequestBody: true, DisablePreParseMultipartForm: true,
		// This limit is how much of the body is read in advance; each operation has its own limit.
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

// humaConfig returns huma's default configuration without its pages and links to schemas.
func humaConfig() huma.Config {
	c := huma.DefaultConfig("ЭПКР: Электронная платформа кадастровых работ", "1")
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "/api/openapi", "", "", nil
	wire.DescribeCodes(c.Components.Schemas)
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		securityScheme: {Type: "apiKey", In: "cookie", Name: SessionCookie, Description: "Сеанс после входа через Госуслуги"},
	}
	return c
}

// Serve accepts connections from the listener until [Server.Close], and closes the listener.
func (s *Server) Serve(l net.Listener) error {
	return s.app.Listener(&connections.Listener{
		Listener: l, Stall: s.stall, Opened: s.metrics.connections.Inc, Closed: s.metrics.connections.Dec, Admits: s.admitsConnection,
		Left: s.connections.Leave,
	})
}

// Close refuses new requests, ends the streams, and waits for running requests until ctx ends.
func (s *Server) Close(ctx context.Context) error {
	s.closeOnce.Do(func() { close(s.closing) })
	// Fiber waits for streams but cannot end them.
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

// Fallback sets the handler of requests that match no operation. Call it during registration only,
// after all operations.
func (s *Server) Fallback(handler fiber.Handler) { s.app.Use(handler) }

// OpenAPI returns the description of the operations.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.api.OpenAPI() }

// Metrics returns the registry to which features add their metrics.
func (s *Server) Metrics() prometheus.Registerer { return s.metrics.registry }

// OpenStream counts a stream that continues after its handler. The writer must end when closing is
// closed, and call ended.
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

// IsClosing reports whether the shutdown has begun.
func (s *Server) IsClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

// admitsConnection reports whether an address may open one more connection. Proxies have no limit,
// because they open the connections of all their clients.
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
