package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/workflowapi"
)

// registryPaths are the paths of the registry's workflows and of a moderator's decision. Each
// returns the id of a closed workflow, whose history is saved.
var registryPaths = []struct {
	name string
	run  func(*registryEnv) string
}{
	{"registry-sync-completed", func(n *registryEnv) string {
		n.orderInWork(n.customer(), n.engineerOf(7))
		n.exclude(7)
		return n.endsAs(n.publishAndSync(), workflowapi.VerdictCompleted)
	}},
	{"registry-sync-noop", func(n *registryEnv) string { return n.endsAs(n.sync(), workflowapi.VerdictNoop) }},
	{"registry-sync-failed", func(n *registryEnv) string {
		n.source.serve(manifestOf(n.asOf.Add(time.Hour), 0, []byte("?")), []byte("?"))
		return n.endsAs(n.sync(), workflowapi.VerdictFailed)
	}},
	{"registry-sync-held", func(n *registryEnv) string { return n.endsAs(n.syncPending(), workflowapi.VerdictAwaitingApproval) }},
	{"registry-hold-confirmed", func(n *registryEnv) string {
		n.orderInWork(n.customer(), n.engineerOf(sixPercent[0]))
		run := n.syncPending().RunID
		n.sendDecision(run, workflowapi.ConfirmSignal, workflowapi.RegistryDecision{Operator: decision.Operator}) // ignored
		n.sendDecision(run, workflowapi.ConfirmSignal, decision)
		return n.approvalEndsAs(run, workflowapi.VerdictCompleted)
	}},
	{"registry-hold-rejected", func(n *registryEnv) string {
		run := n.syncPending().RunID
		n.sendDecision(run, workflowapi.RejectSignal, decision)
		return n.approvalEndsAs(run, workflowapi.VerdictRejected)
	}},
	{"registry-hold-superseded", func(n *registryEnv) string {
		run := n.syncPending().RunID
		n.restore(sixPercent...)
		n.endsAs(n.publishAndSync(), workflowapi.VerdictCompleted)
		return n.approvalEndsAs(run, workflowapi.VerdictSuperseded)
	}},
	{"registry-missed", func(n *registryEnv) string { return n.reportMissed(n.asOf.AddDate(10, 0, 0)) }},
	{"engineer-standing", func(n *registryEnv) string {
		engineer := n.engineerOf(7)
		n.orderInWork(n.customer(), engineer)
		run := n.startDecision(engineer, n.customer(), true, time.Now())
		require.NoError(n.t, run.Get(n.t.Context(), nil))
		return run.GetID()
	}},
}

// endsAs requires the verdict and returns the id of the sync workflow.
func (n *registryEnv) endsAs(report workflowapi.RegistryReport, verdict string) (workflowID string) {
	n.t.Helper()
	require.Equal(n.t, verdict, report.Verdict, report.Reason)
	return n.syncID()
}

// approvalEndsAs requires the verdict and returns the id of the approval workflow.
func (n *registryEnv) approvalEndsAs(run, verdict string) (workflowID string) {
	n.t.Helper()
	require.Equal(n.t, verdict, n.approvalResult(run).Verdict)
	return workflowapi.RegistryApprovalID(run)
}

// Every path ends with its verdict, and its history replays on the current code.
func TestRegistryPaths(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-18")
	t.Parallel()
	for _, p := range registryPaths {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			n := newRegistryEnv(t)
			saveHistory(t, p.name, n.requireReplays(p.run(n)))
		})
	}
}
