package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"epkr/internal/health"
)

// registerHealth adds what anybody may ask: whether the process is alive.
func (s *Server) registerHealth() {
	s.app.Get("/healthz", func(c *fiber.Ctx) error { return c.JSON(health.State{State: health.OK}) })
}

// Internal answers operators and their programs, at an address of its own that the public one does not lead to.
func (s *Server) Internal() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		s.tellHealth(w, http.StatusOK, health.State{State: health.OK})
	})
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	return mux
}

func (s *Server) tellHealth(w http.ResponseWriter, status int, found any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(found); err != nil {
		s.options.Log.Warn("an answer about the health could not be written", "error", err)
	}
}

// ready answers 200 while the process takes requests, with what is known of the systems that they need. Those are no condition: they are
// the same for every process, and what needs none of them that is away goes on.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	found, status := s.systems.States(), http.StatusOK
	found["api"] = health.State{State: health.OK}
	if s.IsClosing() {
		found["api"], status = health.State{State: "closing"}, http.StatusServiceUnavailable
	}
	s.tellHealth(w, status, found)
}

// Watch has readiness and metrics tell of the systems that requests need; each is asked by its function. It is for registration only.
func (s *Server) Watch(systems map[string]func(context.Context) error) {
	s.systems = health.New(s.options.Log, systems)
	s.metrics.registry.MustRegister(s.systems)
	s.InBackground(s.systems.Run)
}
