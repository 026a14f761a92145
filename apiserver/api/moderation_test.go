package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	"epkr/dev/synthetic"
	"epkr/internal/registry"
	"epkr/internal/testenv"
	"epkr/workflows"
)

// startModeration works on moderators' decisions.
func (p *platform) startModeration() {
	p.t.Helper()
	temporal := testenv.Temporal(p.t)
	w := worker.New(temporal, p.taskQueue, workflows.Options())
	store, now := p.server.Store, p.server.Now
	workflows.RegisterRegistry(w, activities.NewRegistry(store, p.server.Files, temporal, activities.RegistrySettings{}, now),
		activities.NewStandings(store, temporal, now))
	require.NoError(p.t, w.Start())
	p.t.Cleanup(w.Stop)
}

func TestModeratorBlocksAnEngineer_S_16(t *testing.T) {
	p := startPlatform(t)
	p.startModeration()
	moderator, id := p.moderator(), p.engineerID(synthetic.LoginEngineerMoscow)
	engineer := p.engineer(synthetic.LoginEngineerMoscow)
	path := "/api/engineers/" + id
	key := uuid.NewString()
	say := func(verb, key, reason string) answer {
		return moderator.do(http.MethodPost, path+"/"+verb, map[string]string{"reason": reason}, "Idempotency-Key", key)
	}
	var first, again EngineerDecision
	say("block", key, "Жалоба заказчика").ok().into(&first)
	require.True(t, first.Applied)
	say("block", key, "Жалоба заказчика").ok().into(&again)
	require.Equal(t, first, again)
	require.Equal(t, codeKeyReused, say("block", key, "Другая причина").problem().Code)
	require.Equal(t, codeEngineerBlocked, engineer.do(http.MethodGet, "/api/notifications", nil).problem().Code)

	require.Equal(t, codeValidation, say("block", uuid.NewString(), "  ").problem().Code)
	require.Equal(t, codeNotFound, moderator.do(http.MethodPost, "/api/engineers/"+uuid.NewString()+"/block",
		map[string]string{"reason": "Жалоба"}, "Idempotency-Key", key).problem().Code)
	p.later(time.Second)
	say("unblock", uuid.NewString(), "Разобрались").ok()
	require.Equal(t, []bool{false}, testenv.Column[bool](t, p.databaseURL, `select blocked from engineers where id = $1`, id))
	require.Equal(t, codeWrongRole, p.customer(synthetic.LoginCustomer).do(http.MethodPost, path+"/block",
		map[string]string{"reason": "Не нравится"}, "Idempotency-Key", key).problem().Code)
}

func TestModeratorReadsTheRegistrysNights_S_18(t *testing.T) {
	p := startPlatform(t)
	p.exec(`insert into registry_runs (id, workflow_id, workflow_run_id, status, code, reason, started_at, ended_at, lost)
		values (gen_random_uuid(), 'w', 'r', 'held', 'fuse', 'Снимок задержан', now() + interval '1 day', now() + interval '1 day', 17)`)
	p.exec(`insert into notifications (role, kind, created_at) values ('moderator', 'registry-held', now())`)
	moderator := p.moderator()
	var runs struct{ Items []RegistryRun }
	moderator.do(http.MethodGet, "/api/registry/runs?limit=1", nil).ok().into(&runs)
	require.Len(t, runs.Items, 1)
	require.Equal(t, "held", runs.Items[0].Verdict)
	require.EqualValues(t, 17, runs.Items[0].Lost)
	var notices struct{ Items []Notification }
	moderator.do(http.MethodGet, "/api/notifications", nil).ok().into(&notices)
	require.Equal(t, registry.AlarmHeld.Text(), notices.Items[0].Text)
}
