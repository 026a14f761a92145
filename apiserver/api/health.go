package api

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.temporal.io/sdk/client"
)

// probeTimeout bounds the look at one system.
const probeTimeout = 3 * time.Second

// healthState is what one look at a system found.
type healthState struct {
	State        string `json:"state"` // ok, failed or closing
	Milliseconds int64  `json:"milliseconds"`
}

// registerHealth adds what anybody may ask: whether the process is alive.
func (s *Server) registerHealth() {
	s.app.Get("/healthz", func(c *fiber.Ctx) error { return c.JSON(healthState{State: "ok"}) })
}

// Internal answers operators and their programs, at an address of its own that the public one does not lead to.
func (s *Server) Internal() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { s.tellHealth(w, http.StatusOK, healthState{State: "ok"}) })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	return mux
}

func (s *Server) tellHealth(w http.ResponseWriter, status int, found any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(found); err != nil {
		s.Log.Warn("an answer about the health could not be written", "error", err)
	}
}

// ready answers 200 when everything that requests need answers, else 503. Why something failed is in the log only: an error
// may name addresses.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), probeTimeout)
	defer cancel()
	probes := map[string]func(context.Context) error{
		"database": s.Store.Ping,
		"storage":  s.Files.Ping,
		"temporal": func(ctx context.Context) error {
			_, err := s.Temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
			return err
		},
	}
	found, status := s.probeAll(ctx, probes), http.StatusOK
	for _, one := range found {
		if one.State != "ok" {
			status = http.StatusServiceUnavailable
		}
	}
	if s.isClosing() {
		found["api"], status = healthState{State: "closing"}, http.StatusServiceUnavailable
	}
	s.tellHealth(w, status, found)
}

func (s *Server) probeAll(ctx context.Context, probes map[string]func(context.Context) error) map[string]healthState {
	found := map[string]healthState{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for name, probe := range probes {
		all.Go(func() {
			began := time.Now()
			err := probe(ctx)
			one := healthState{State: "ok", Milliseconds: time.Since(began).Milliseconds()}
			if err != nil {
				one.State = "failed"
				s.Log.WarnContext(ctx, "a system is not reachable", "system", name, "error", err)
			}
			mu.Lock()
			defer mu.Unlock()
			found[name] = one
		})
	}
	all.Wait()
	return found
}
