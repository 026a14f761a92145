package events_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/db"
	"epkr/internal/health"
	"epkr/internal/testenv"
)

// behindPooler puts a pooler between a server and its database; the server listens past it, or through it.
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

// notifications is what readiness tells of them.
func notifications(p *apitest.Platform) string {
	var found map[string]health.State
	p.Operator("/readyz").OK().Into(&found)
	return found["notifications"].State
}

func TestOrderLivesBehindAPooler(t *testing.T) {
	p := apitest.Start(t, behindPooler(t, true))
	customer, engineer := apitest.Pair(p)
	events, _ := follow(customer, "")
	await(p, events, "ready", anyEvent)
	id := p.Contracted(customer, engineer, 0)
	await(p, events, "order", about(id, customer.Card(id).Seq))
	testenv.Eventually(t, "notifications to be heard", func() bool { return notifications(p) == health.OK })
}

func TestListenerThatIsDeafIsTold(t *testing.T) {
	p := apitest.Start(t, behindPooler(t, false))
	testenv.Eventually(t, "no notifications to be heard", func() bool { return notifications(p) == "failed" })
	require.Contains(t, string(p.Operator("/metrics").OK().Body), `epkr_system_up{system="notifications"} 0`)
}
