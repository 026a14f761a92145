package httpapi

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"epkr/apiserver/httpapi/limits"
	"epkr/internal/config"
)

// SetLimits sets the limits of a server; sign-ins before the call are not limited.
func (s *Server) SetLimits(l config.Limits) {
	s.options.Limits, s.throttle, s.gate = l, limits.NewThrottle(s.options.Store, l, s.metrics.throttled), limits.NewGate(l.ConcurrentRequests)
}

// SetStall sets how long a client may read nothing of its answer.
func (s *Server) SetStall(d time.Duration) { s.stall = d }

// App returns the Fiber app, to which tests add handlers without Register.
func (s *Server) App() *fiber.App { return s.app }

// Busy returns how many people have requests in progress.
func (s *Server) Busy() int { return s.gate.Busy() }
