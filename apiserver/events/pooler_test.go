package events_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/db"
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
	events, _ := follow(customer, "")
	await(p, events, "ready", anyEvent)
	id := p.SignedOrder(customer, engineer, 0)
	await(p, events, "order", ofOrder(id, customer.Card(id).Seq))
	testenv.Eventually(t, "notifications arrive", func() bool { return notifications(p) == health.OK })
}

func TestReadinessReportsAFailedListener(t *testing.T) {
	p := apitest.Start(t, behindPooler(t, false))
	testenv.Eventually(t, "notifications fail", func() bool { return notifications(p) == "failed" })
	require.Contains(t, string(p.GetInternal("/metrics").OK().Body), `epkr_system_up{system="notifications"} 0`)
}
