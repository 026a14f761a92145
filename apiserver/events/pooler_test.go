package events_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/db"
	"epkr/dev/synthetic"
	"epkr/internal/health"
	"epkr/internal/testenv"
)

// behindPooler connects a server to its database through a pooler. If listensPast is set, LISTEN
// uses a direct connection.
func behindPooler(t *testing.T, listensPast bool) func(*apitest.Setup) {
	return func(s *apitest.Setup) {
		t.Helper()
		pooled := testenv.Pooler(t, s.ListenURL, 4)
		store, err := db.Open(t.Context(), pooled)
		require.NoError(t, err)
		t.Cleanup(store.Close)
		s.Store = store
		if !listensPast {
			s.ListenURL = pooled
		}
	}
}

// notifications returns the state of the database's notifications in readiness.
func notifications(p *apitest.Platform) string {
	var found map[string]health.State
	p.GetInternal("/readyz").OK().Into(&found)
	return found["notifications"].State
}

func TestOrdersWorkBehindAPooler(t *testing.T) {
	p := apitest.Start(t, behindPooler(t, true))
	customer, engineer := apitest.StartPair(p)
	events, _ := customer.Follow("")
	p.Await(events, "ready", anyEvent)
	id := p.SignedOrder(customer, engineer, 0)
	p.Await(events, "order", ofOrder(id, customer.Card(id).Seq))
	testenv.Eventually(t, "notifications arrive", func() bool { return notifications(p) == health.OK })
}

func TestReadinessReportsAFailedListener(t *testing.T) {
	p := apitest.Start(t, behindPooler(t, false))
	testenv.Eventually(t, "notifications fail", func() bool { return notifications(p) == "failed" })
	require.Contains(t, string(p.GetInternal("/metrics").OK().Body), `epkr_system_up{system="notifications"} 0`)
}

// A stream whose server hears nothing of the database must not look alive: without heartbeats the
// page shows that its data may be outdated, and connects again.
func TestStreamWithoutNotificationsHasNoHeartbeats(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.ListenURL = "postgres://nobody@127.0.0.1:1/nothing" })
	events, _ := p.Customer(synthetic.LoginCustomer).Follow("")
	p.Await(events, "ready", anyEvent)
	seen := func() time.Time { return apitest.Value[time.Time](p, "select seen_at from event_streams") }
	for range 2 { // what the first would have sent has arrived by the second
		last := seen()
		testenv.Eventually(t, "a heartbeat is recorded", func() bool { return seen().After(last) })
	}
	require.Empty(t, events)
}
