package moderation_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/moderation"
	"epkr/apiserver/notifications"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/registry"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// pendingRun inserts a run that awaits approval: its snapshot removes an engineer who performs one
// order.
func pendingRun(p *apitest.Platform) (id string) {
	p.T.Helper()
	run := uuid.New()
	p.Exec(`insert into registry_runs (id, workflow_id, workflow_run_id, status, code, reason, started_at, ended_at, as_of, active_before, lost)
		values ($1, 'w', 'r', 'held', 'fuse', 'Снимок задержан', now() + interval '1 day', now() + interval '1 day', now(), 10, 1)`, run)
	p.Exec(`insert into registry_changes (run_id, engineer_id, snils, kind) select $1, id, snils, 'lost' from engineers where id = $2`,
		run, p.EngineerID(synthetic.LoginEngineerMoscow))
	_, err := p.Deps.Temporal.ExecuteWorkflow(p.T.Context(), client.StartWorkflowOptions{
		ID: workflowapi.RegistryApprovalID(run.String()), TaskQueue: p.TaskQueue,
	}, workflowapi.RegistryApprovalWorkflow, workflowapi.RegistryApprovalInput{
		Report:   workflowapi.RegistryReport{RunID: run.String(), Verdict: workflowapi.VerdictAwaitingApproval},
		Snapshot: registry.Manifest{AsOf: p.Deps.Now().UTC(), Files: []registry.File{{SHA256: apitest.HexSum(nil)}}},
	})
	require.NoError(p.T, err)
	return run.String()
}

func TestModeratorReadsTheRegistryRuns(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := apitest.Start(t)
	p.Exec(`insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at, lost, apply_ms, notify_ms)
		values ($1, 'registry-sync-1', 'r', 'completed', '2026-01-01', '2026-01-01', 17, 40, 2), ($2, 'w', 'r', 'noop', '2026-01-02', '2026-01-02', 0, 0, 0)`,
		uuid.New(), uuid.New())
	p.Exec(`insert into notifications (role, kind, created_at) values ('moderator', 'registry-held', now())`)
	moderator := p.Moderator()
	list := func(query string) (runs struct {
		Items []moderation.RegistryRun
		Next  string
		Total int
	},
	) {
		t.Helper()
		moderator.Do(http.MethodGet, "/api/registry/runs?"+query, nil).OK().Into(&runs)
		return runs
	}
	newest := list("limit=1")
	require.Equal(t, "noop", newest.Items[0].Verdict)
	require.Equal(t, 2, newest.Total)
	require.Equal(t, "completed", list("limit=1&cursor=" + newest.Next).Items[0].Verdict)
	require.Equal(t, 1, list("verdict=completed&verdict=held").Total)
	require.Equal(t, 1, list("startedTo=2026-01-01").Total)

	var report moderation.RegistryRunReport
	moderator.Do(http.MethodGet, "/api/registry/runs/"+list("verdict=completed").Items[0].ID.String(), nil).OK().Into(&report)
	require.EqualValues(t, 17, report.Lost)
	require.Equal(t, moderation.RegistrySteps{Apply: 40, Notify: 2}, report.Steps)
	require.Nil(t, report.Difference, "the rows of an applied snapshot are not stored")
	require.Contains(t, report.Workflow, "/workflows/registry-sync-1")
	var notices struct{ Items []notifications.Notification }
	moderator.Do(http.MethodGet, "/api/notifications", nil).OK().Into(&notices)
	require.Equal(t, registry.AlarmAwaitingApproval.Text(), notices.Items[0].Text)
}

func TestModeratorRejectsAPendingSnapshotOnce(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := apitest.Start(t)
	p.StartModeration()
	moderator, id := p.Moderator(), pendingRun(p)
	path := "/api/registry/runs/" + id
	var pending moderation.RegistryRunReport
	moderator.Do(http.MethodGet, path, nil).OK().Into(&pending)
	require.Equal(t, "Орлов Алексей Николаевич", pending.Difference.Engineers[0].Name)
	require.Equal(t, "lost", pending.Difference.Engineers[0].Kind)
	require.Contains(t, pending.Difference.Groups, moderation.RegistryLossOfGroup{Kind: "region", Name: "Московская область", Active: 3, Lost: 1})
	require.Zero(t, pending.Difference.Orders)
	require.Contains(t, pending.Workflow, workflowapi.RegistryApprovalID(id))

	say := func(verb, reason string) apitest.Answer {
		return moderator.Do(http.MethodPost, path+"/"+verb, map[string]string{"reason": reason})
	}
	require.Equal(t, problems.Validation, say("reject", " ").Problem().Code)
	var rejected moderation.RegistryRunReport
	var me auth.Me
	moderator.Do(http.MethodGet, "/api/me", nil).OK().Into(&me)
	for range 2 { // the second click gets the answer of the first
		say("reject", "Снимок обрезан").OK().Into(&rejected)
		require.Equal(t, workflowapi.VerdictRejected, rejected.Verdict)
		require.Equal(t, "Снимок обрезан", rejected.Decision)
		require.Nil(t, rejected.Difference)
		require.Equal(t, me.Person.Name, rejected.Operator)
	}
	_, err := uuid.Parse(testenv.Scalar[string](t, p.DatabaseURL, `select operator from registry_runs where id = $1`, id))
	require.NoError(t, err, "Temporal and the row hold the moderator's id, not the name")
	refused := say("confirm", "Всё же верен").Problem()
	require.Equal(t, problems.RunDecided, refused.Code)
	require.Contains(t, refused.Detail, "уже отклонён")
	require.Equal(t, problems.RunDecided, say("reject", "Другая причина").Problem().Code)
	require.Equal(t, http.StatusNotFound, moderator.Do(http.MethodPost, "/api/registry/runs/"+uuid.NewString()+"/reject",
		map[string]string{"reason": "Нет такой"}).Status)
}

func TestModeratorConfirmsAPendingSnapshot(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := apitest.Start(t)
	p.StartModeration()
	id := pendingRun(p)
	var report moderation.RegistryRunReport
	p.Moderator().Do(http.MethodPost, "/api/registry/runs/"+id+"/confirm", map[string]string{"reason": "СРО подтвердила"}).OK().Into(&report)
	require.Equal(t, "СРО подтвердила", report.Decision)
	testenv.Eventually(t, "the snapshot is applied", func() bool {
		return apitest.Value[string](p, `select status from registry_runs where id = $1`, id) == workflowapi.VerdictCompleted
	})
}

func TestPendingSnapshotIsRejectedAfterItsWorkflowWasTerminated(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := apitest.Start(t)
	p.StartModeration()
	id := pendingRun(p)
	require.NoError(t, p.Deps.Temporal.TerminateWorkflow(t.Context(), workflowapi.RegistryApprovalID(id), "", "проверка"))
	var report moderation.RegistryRunReport
	testenv.Eventually(t, "the snapshot is rejected", func() bool {
		p.Moderator().Do(http.MethodPost, "/api/registry/runs/"+id+"/reject", map[string]string{"reason": "Снимок обрезан"}).OK().Into(&report)
		return report.Verdict == workflowapi.VerdictRejected
	})
	require.Equal(t, "Снимок обрезан", report.Decision)
}

func TestStartOfARegistryRunRequiresItsSchedule(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := apitest.Start(t)
	require.Equal(t, problems.NotFound, p.Moderator().Do(http.MethodPost, "/api/registry/runs", nil).Problem().Code)
}
