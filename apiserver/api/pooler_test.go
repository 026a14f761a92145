package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/internal/health"
	"epkr/internal/testenv"
)

// behindPooler puts a pooler between a server and its database; the server listens past it, or through it.
func behindPooler(t *testing.T, listensPast bool) func(*Setup) {
	return func(s *Setup) {
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
func (p *platform) notifications() string {
	var found map[string]health.State
	p.operator("/readyz").ok().into(&found)
	return found["notifications"].State
}

func TestOrderLivesBehindAPooler(t *testing.T) {
	p := startPlatform(t, behindPooler(t, true))
	customer, engineer := pair(p)
	events, _ := customer.follow("")
	await(p, events, "ready", anyEvent)
	id := p.contracted(customer, engineer, 0)
	await(p, events, "order", about(id, customer.card(id).Seq))
	testenv.Eventually(t, "notifications to be heard", func() bool { return p.notifications() == health.OK })
}

func TestListenerThatIsDeafIsTold(t *testing.T) {
	p := startPlatform(t, behindPooler(t, false))
	testenv.Eventually(t, "no notifications to be heard", func() bool { return p.notifications() == "failed" })
	require.Contains(t, string(p.operator("/metrics").ok().body), `epkr_system_up{system="notifications"} 0`)
}
