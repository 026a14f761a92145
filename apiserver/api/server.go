package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"go.temporal.io/sdk/client"

	"epkr/db"
	"epkr/internal/config"
	"epkr/internal/esia"
	"epkr/internal/health"
	"epkr/internal/storage"
)

const (
	// maxBody bounds a request; files go to S3 past the API.
	maxBody = 1 << 20
	// maxHeaders bounds the request line and headers together.
	maxHeaders = 16 << 10
	// readTimeout bounds the wait for a request's headers, and then for its body.
	readTimeout = 30 * time.Second
	// requestTimeout bounds everything that one request waits for. A client that went away cancels nothing in Fiber.
	requestTimeout = 25 * time.Second
)

// Dependencies are what the API needs; all are required.
type Dependencies struct {
	Store     *db.Store
	ListenURL string // of the database, for LISTEN; connected to by Run
	Temporal  client.Client
	Files     *storage.Store
	ESIA      *esia.Client
	Config    config.API
	Log       *slog.Logger
	Now       func() time.Time
}

// Server is the API. Make it with New, serve App, run Run beside it, end it with Close.
type Server struct {
	Dependencies
	app         *fiber.App
	api         huma.API
	operations  []operation
	crossOrigin *http.CrossOriginProtection
	consent     consentText
	limits      *limits
	throttle    *throttle
	refused     *refusals
	connections *addressCount
	gate        *gate
	watch       *securityWatch
	hub         *hub
	listener    *db.Listener
	systems     *health.Watch
	metrics     *metrics
	background  []func(context.Context)
	// stall is how long a client may take none of its answer.
	stall time.Duration

	closing   chan struct{} // closed when the server begins to end
	closeOnce sync.Once
	streams   sync.WaitGroup
}

// New builds the API and registers every operation; it listens to nothing and starts nothing.
func New(d Dependencies) (*Server, error) {
	crossOrigin, err := crossOriginProtection(d.Config.PublicURL)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Dependencies: d, crossOrigin: crossOrigin, consent: currentConsent(), limits: newLimits(),
		metrics: newMetrics(d.Store), closing: make(chan struct{}), stall: stallTime,
	}
	s.watch = newSecurityWatch()
	s.inBackground(s.writeRefusals)
	s.hub = newHub()
	s.listener = db.NewListener(s.hub.changed, s.hub.reconnected)
	s.inBackground(func(ctx context.Context) { s.listener.Run(ctx, s.ListenURL) })
	s.systems = s.watchSystems()
	s.metrics.registry.MustRegister(s.systems)
	s.inBackground(s.systems.Run)
	s.refused = &refusals{until: map[refusedKey]refusal{}}
	s.connections = &addressCount{open: map[string]int{}}
	s.throttle, s.gate = newThrottle(d, s.metrics), newGate(d.Config.Limits.AtOnce)
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
	s.registerOperations()
	if err := s.registerWebApp(); err != nil {
		return nil, err
	}
	return s, nil
}

// securityScheme is the name of the session cookie in the description of the API.
const securityScheme = "session"

// humaConfig is huma's without its pages and its links to schemas.
func humaConfig() huma.Config {
	c := huma.DefaultConfig("ЭПКР: Электронная платформа кадастровых работ", "1")
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "/api/openapi", "", "", nil
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		securityScheme: {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "Сеанс после входа через Госуслуги"},
	}
	return c
}

// Serve answers what comes to the listener until [Server.Close], and closes it.
func (s *Server) Serve(l net.Listener) error {
	return s.app.Listener(&listener{
		Listener: l, stall: s.stall, opened: s.metrics.connections.Inc, closed: s.metrics.connections.Dec, admits: s.admitsConnection,
		left: s.connections.leave,
	})
}

// Run does what goes on beside requests until ctx ends.
func (s *Server) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, part := range s.background {
		all.Go(func() { part(ctx) })
	}
	all.Wait()
}

// inBackground adds a part to Run. It is for registration only.
func (s *Server) inBackground(part func(context.Context)) { s.background = append(s.background, part) }

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

// openStream counts a stream that outlives its handler. The writer ends when closing is closed, and calls ended once.
func (s *Server) openStream() (closing <-chan struct{}, ended func()) {
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

func (s *Server) isClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
