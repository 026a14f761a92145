package api

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"epkr/db"
)

// metrics are what Prometheus reads at /metrics. Labels have few values: routes, never addresses or ids.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	// verdicts is how long messages waited for their verdicts, by what came of it: applied, refused or pending.
	verdicts *prometheus.HistogramVec
	streams  prometheus.Gauge
	// throttled are refusals of limits, by class.
	throttled *prometheus.CounterVec
	// replaced are streams that a newer one of the same session or person has ended.
	replaced prometheus.Counter
	// connections are those of clients, idle ones too.
	connections prometheus.Gauge
	// halted counts messages to orders whose workflow is gone while their record goes on.
	halted prometheus.Counter
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
		verdicts: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "epkr_verdict_wait_seconds", Help: "How long messages waited for their verdicts, by outcome.", Buckets: prometheus.DefBuckets,
		}, []string{"outcome"}),
		throttled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "epkr_throttled_total", Help: "Requests refused by a limit of a person or an address, by class.",
		}, []string{"class"}),
		halted: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "epkr_halted_order_messages_total", Help: "Messages to orders whose workflow is gone while their record goes on.",
		}),
		replaced:    prometheus.NewCounter(prometheus.CounterOpts{Name: "epkr_streams_replaced_total", Help: "Event streams ended by newer ones."}),
		streams:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "epkr_open_streams", Help: "Open event streams."}),
		connections: prometheus.NewGauge(prometheus.GaugeOpts{Name: "epkr_open_connections", Help: "Open connections of clients."}),
	}
	m.registry.MustRegister(m.requests, m.durations, m.verdicts, m.streams, m.connections, m.halted, m.throttled, m.replaced, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registerPool(store)
	return m
}

// registerPool shows the pool of database connections.
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
