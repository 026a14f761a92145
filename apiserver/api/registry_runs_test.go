package api

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/dev/synthetic"
	"epkr/internal/registry"
	"epkr/internal/testenv"
	"epkr/workflows/contract"
)

// heldRun is a run that waits for a decision: its snapshot takes the engineer away who performs one order.
func (p *platform) heldRun() (id string) {
	p.t.Helper()
	run := uuid.New()
	p.exec(`insert into registry_runs (id, workflow_id, workflow_run_id, status, code, reason, started_at, ended_at, as_of, active_before, lost)
		values ($1, 'w', 'r', 'held', 'fuse', 'Снимок задержан', now() + interval '1 day', now() + interval '1 day', now(), 10, 1)`, run)
	p.exec(`insert into registry_changes (run_id, engineer_id, snils, kind) select $1, id, snils, 'lost' from engineers where id = $2`,
		run, p.engineerID(synthetic.LoginEngineerMoscow))
	_, err := p.deps.Temporal.ExecuteWorkflow(p.t.Context(), client.StartWorkflowOptions{
		ID: contract.RegistryHoldID(run.String()), TaskQueue: p.taskQueue,
	}, contract.RegistryHoldWorkflow, contract.RegistryHoldInput{
		Report:   contract.RegistryReport{RunID: run.String(), Verdict: contract.VerdictHeld},
		Snapshot: registry.Manifest{AsOf: p.deps.Now().UTC(), Files: []registry.File{{SHA256: hexSum(nil)}}},
	})
	require.NoError(p.t, err)
	return run.String()
}

func TestModeratorReadsTheRegistrysNights_S_18(t *testing.T) {
	p := startPlatform(t)
	p.exec(`insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at, lost, apply_ms, tell_ms)
		values ($1, 'registry-sync-1', 'r', 'completed', '2026-01-01', '2026-01-01', 17, 40, 2), ($2, 'w', 'r', 'noop', '2026-01-02', '2026-01-02', 0, 0, 0)`,
		uuid.New(), uuid.New())
	p.exec(`insert into notifications (role, kind, created_at) values ('moderator', 'registry-held', now())`)
	moderator := p.moderator()
	list := func(query string) (runs struct {
		Items []RegistryRun
		Next  string
		Total int
	},
	) {
		t.Helper()
		moderator.do(http.MethodGet, "/api/registry/runs?"+query, nil).ok().into(&runs)
		return runs
	}
	newest := list("limit=1")
	require.Equal(t, "noop", newest.Items[0].Verdict)
	require.Equal(t, 2, newest.Total)
	require.Equal(t, "completed", list("limit=1&cursor=" + newest.Next).Items[0].Verdict)
	require.Equal(t, 1, list("verdict=completed&verdict=held").Total)
	require.Equal(t, 1, list("startedTo=2026-01-01").Total)

	var report RegistryRunReport
	moderator.do(http.MethodGet, "/api/registry/runs/"+list("verdict=completed").Items[0].ID.String(), nil).ok().into(&report)
	require.EqualValues(t, 17, report.Lost)
	require.Equal(t, RegistrySteps{Apply: 40, Tell: 2}, report.Steps)
	require.Nil(t, report.Difference, "what was applied is not kept row by row")
	require.Contains(t, report.Workflow, "/workflows/registry-sync-1")
	var notices struct{ Items []Notification }
	moderator.do(http.MethodGet, "/api/notifications", nil).ok().into(&notices)
	require.Equal(t, registry.AlarmHeld.Text(), notices.Items[0].Text)
}

func TestModeratorRejectsAHeldSnapshotOnce_S_18(t *testing.T) {
	p := startPlatform(t)
	p.startModeration()
	moderator, id := p.moderator(), p.heldRun()
	path := "/api/registry/runs/" + id
	var held RegistryRunReport
	moderator.do(http.MethodGet, path, nil).ok().into(&held)
	require.Equal(t, "Орлов Алексей Николаевич", held.Difference.Engineers[0].Name)
	require.Equal(t, "lost", held.Difference.Engineers[0].Kind)
	require.Contains(t, held.Difference.Groups, RegistryLossOfGroup{Kind: "region", Name: "Московская область", Active: 3, Lost: 1})
	require.Zero(t, held.Difference.Orders)
	require.Contains(t, held.Workflow, contract.RegistryHoldID(id))

	say := func(verb, reason string) answer {
		return moderator.do(http.MethodPost, path+"/"+verb, map[string]string{"reason": reason})
	}
	require.Equal(t, codeValidation, say("reject", " ").problem().Code)
	var rejected RegistryRunReport
	var me Me
	moderator.do(http.MethodGet, "/api/me", nil).ok().into(&me)
	for range 2 { // the second click is answered as the first
		say("reject", "Снимок обрезан").ok().into(&rejected)
		require.Equal(t, contract.VerdictRejected, rejected.Verdict)
		require.Equal(t, "Снимок обрезан", rejected.Decision)
		require.Nil(t, rejected.Difference)
		require.Equal(t, me.Person.Name, rejected.Operator)
	}
	_, err := uuid.Parse(testenv.Scalar[string](t, p.databaseURL, `select operator from registry_runs where id = $1`, id))
	require.NoError(t, err, "Temporal and the row hold the moderator's id, not the name")
	refused := say("confirm", "Всё же верен").problem()
	require.Equal(t, codeRunDecided, refused.Code)
	require.Contains(t, refused.Detail, "уже отклонён")
	require.Equal(t, codeRunDecided, say("reject", "Другая причина").problem().Code)
	require.Equal(t, http.StatusNotFound, moderator.do(http.MethodPost, "/api/registry/runs/"+uuid.NewString()+"/reject",
		map[string]string{"reason": "Нет такой"}).status)
}

func TestModeratorConfirmsAHeldSnapshot_S_18(t *testing.T) {
	p := startPlatform(t)
	p.startModeration()
	id := p.heldRun()
	var report RegistryRunReport
	p.moderator().do(http.MethodPost, "/api/registry/runs/"+id+"/confirm", map[string]string{"reason": "СРО подтвердила"}).ok().into(&report)
	require.Equal(t, "СРО подтвердила", report.Decision)
	testenv.Eventually(t, "the snapshot is applied", func() bool {
		return value[string](p, `select status from registry_runs where id = $1`, id) == contract.VerdictCompleted
	})
}

func TestHeldSnapshotIsRejectedThoughItsWorkflowWasTerminated_S_18(t *testing.T) {
	p := startPlatform(t)
	p.startModeration()
	id := p.heldRun()
	require.NoError(t, p.deps.Temporal.TerminateWorkflow(t.Context(), contract.RegistryHoldID(id), "", "проверка"))
	var report RegistryRunReport
	testenv.Eventually(t, "the rejection", func() bool {
		p.moderator().do(http.MethodPost, "/api/registry/runs/"+id+"/reject", map[string]string{"reason": "Снимок обрезан"}).ok().into(&report)
		return report.Verdict == contract.VerdictRejected
	})
	require.Equal(t, "Снимок обрезан", report.Decision)
}

func TestRunOfTheRegistryNeedsItsSchedule_S_18(t *testing.T) {
	p := startPlatform(t)
	require.Equal(t, codeNotFound, p.moderator().do(http.MethodPost, "/api/registry/runs", nil).problem().Code)
}
