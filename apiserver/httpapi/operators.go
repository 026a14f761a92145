package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"epkr/db"
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

// metrics are the metrics at /metrics. Labels have few values: routes, never addresses or ids.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	streams   prometheus.Gauge
	// throttled counts refusals of limits by class.
	throttled *prometheus.CounterVec
	// connections is the number of client connections, including idle ones.
	connections prometheus.Gauge
}

func newMetrics(store *db.Store) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "epkr_http_requests_total", Help: "Requests by method, route and status.",
		}, []string{"method", "route", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "epkr_http_request_duration_seconds", Help: "How long requests took, by method and route.", Buckets: prometheus.DefBuckets,
		}, []string{"method", "route"}),
		throttled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "epkr_throttled_total", Help: "Requests refused by a limit of a person or an address, by class.",
		}, []string{"class"}),
		streams:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "epkr_open_streams", Help: "Open event streams."}),
		connections: prometheus.NewGauge(prometheus.GaugeOpts{Name: "epkr_open_connections", Help: "Open connections of clients."}),
	}
	m.registry.MustRegister(m.requests, m.durations, m.streams, m.connections, m.throttled, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registerPool(store)
	return m
}

// registerPool adds the metrics of the database connection pool.
func (m *metrics) registerPool(store *db.Store) {
	for _, one := range []struct {
		name, help string
		read       func(db.PoolStats) float64
	}{
		{"epkr_db_connections_max", "The most connections that the pool opens.", func(p db.PoolStats) float64 { return float64(p.Max) }},
		{"epkr_db_connections_in_use", "Connections in use.", func(p db.PoolStats) float64 { return float64(p.InUse) }},
		{"epkr_db_connections_idle", "Idle connections.", func(p db.PoolStats) float64 { return float64(p.Idle) }},
		{"epkr_db_waits", "How often a request had to wait for a connection, since the start.", func(p db.PoolStats) float64 { return float64(p.Waits) }},
		{"epkr_db_wait_seconds", "How long all requests together waited for a connection, since the start.", func(p db.PoolStats) float64 { return p.Waited.Seconds() }},
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: one.name, Help: one.help},
			func() float64 { return one.read(store.PoolStats()) }))
	}
}

// CountThrottled counts n refusals of a limit by its class.
func (s *Server) CountThrottled(class string, n int) {
	s.metrics.throttled.WithLabelValues(class).Add(float64(n))
}
