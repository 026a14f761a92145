package api

import (
	"context"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
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

// registerHealth adds what operators ask, without a session: a proxy shows people none of it.
func (s *Server) registerHealth() {
	s.app.Get("/healthz", func(c *fiber.Ctx) error { return c.JSON(healthState{State: "ok"}) })
	s.app.Get("/readyz", s.ready)
	s.app.Get("/metrics", adaptor.HTTPHandler(promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})))
}

// ready answers 200 when everything that requests need answers, else 503. Why something failed is in the log only: an error
// may name addresses.
func (s *Server) ready(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), probeTimeout)
	defer cancel()
	probes := map[string]func(context.Context) error{
		"database": s.Store.Ping,
		"storage":  s.Files.Ping,
		"temporal": func(ctx context.Context) error {
			_, err := s.Temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
			return err
		},
	}
	found, status := s.probeAll(ctx, probes), fiber.StatusOK
	for _, one := range found {
		if one.State != "ok" {
			status = fiber.StatusServiceUnavailable
		}
	}
	if s.isClosing() {
		found["api"], status = healthState{State: "closing"}, fiber.StatusServiceUnavailable
	}
	return c.Status(status).JSON(found)
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
