package httpapi

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"epkr/db"
)

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
