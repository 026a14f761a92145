package httpapi

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"epkr/apiserver/httpapi/limits"
	"epkr/internal/config"
)

// SetLimits sets the limits of a server; who signs in before they are set meets none.
func (s *Server) SetLimits(l config.Limits) {
	s.options.Limits, s.throttle, s.gate = l, limits.NewThrottle(s.options.Store, l, s.metrics.throttled), limits.NewGate(l.AtOnce)
}

// SetStall sets how long a client may take none of its answer.
func (s *Server) SetStall(d time.Duration) { s.stall = d }

// App takes handlers past Register.
func (s *Server) App() *fiber.App { return s.app }

// Busy is how many people have requests in hand.
func (s *Server) Busy() int { return s.gate.Busy() }
