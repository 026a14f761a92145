package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"epkr/internal/health"
)

// registerHealth adds the public check whether the process runs.
func (s *Server) registerHealth() {
	s.app.Get("/healthz", func(c *fiber.Ctx) error { return c.JSON(health.State{State: health.OK}) })
}

// Internal returns the handler for operators and monitoring, which is served at a separate internal
// address.
func (s *Server) Internal() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		s.writeHealth(w, http.StatusOK, health.State{State: health.OK})
	})
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	return mux
}

func (s *Server) writeHealth(w http.ResponseWriter, status int, found any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(found); err != nil {
		s.options.Log.Warn("an answer about the health could not be written", "error", err)
	}
}

// ready answers 200 while the process accepts requests, with the states of the systems that
// requests need. Those states do not change the status: they are the same for every process, and
// requests that do not need a failed system still work.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	found, status := s.systems.States(), http.StatusOK
	found["api"] = health.State{State: health.OK}
	if s.IsClosing() {
		found["api"], status = health.State{State: "closing"}, http.StatusServiceUnavailable
	}
	s.writeHealth(w, status, found)
}

// Watch adds the systems that requests need to readiness and metrics, each with its check. Call it
// during registration only.
func (s *Server) Watch(systems map[string]func(context.Context) error) {
	s.systems = health.New(s.options.Log, systems)
	s.metrics.registry.MustRegister(s.systems)
	s.InBackground(s.systems.Run)
}
