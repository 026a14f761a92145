package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/workflowapi"
)

// registryPaths are the ways through a night and through a moderator's decision. Each gives the id of the workflow, closed by then,
// whose history is kept.
var registryPaths = []struct {
	name string
	play func(*nights) string
}{
	{"registry-sync-completed", func(n *nights) string {
		n.inWork(n.customer(), n.engineerOf(7))
		n.lose(7)
		return n.endsAs(n.night(), workflowapi.VerdictCompleted)
	}},
	{"registry-sync-noop", func(n *nights) string { return n.endsAs(n.sync(), workflowapi.VerdictNoop) }},
	{"registry-sync-failed", func(n *nights) string {
		n.source.serve(described(n.asOf.Add(time.Hour), 0, []byte("?")), []byte("?"))
		return n.endsAs(n.sync(), workflowapi.VerdictFailed)
	}},
	{"registry-sync-held", func(n *nights) string { return n.endsAs(n.held(), workflowapi.VerdictHeld) }},
	{"registry-hold-confirmed", func(n *nights) string {
		n.inWork(n.customer(), n.engineerOf(sixPercent[0]))
		run := n.held().RunID
		n.decide(run, workflowapi.ConfirmSignal, workflowapi.RegistryDecision{Operator: decision.Operator}) // passed over
		n.decide(run, workflowapi.ConfirmSignal, decision)
		return n.holdEndsAs(run, workflowapi.VerdictCompleted)
	}},
	{"registry-hold-rejected", func(n *nights) string {
		run := n.held().RunID
		n.decide(run, workflowapi.RejectSignal, decision)
		return n.holdEndsAs(run, workflowapi.VerdictRejected)
	}},
	{"registry-hold-superseded", func(n *nights) string {
		run := n.held().RunID
		n.regain(sixPercent...)
		n.endsAs(n.night(), workflowapi.VerdictCompleted)
		return n.holdEndsAs(run, workflowapi.VerdictSuperseded)
	}},
	{"registry-missed", func(n *nights) string { return n.missed(n.asOf.AddDate(10, 0, 0)) }},
	{"engineer-standing", func(n *nights) string {
		engineer := n.engineerOf(7)
		n.inWork(n.customer(), engineer)
		run := n.beginDecision(engineer, n.customer(), true, time.Now())
		require.NoError(n.t, run.Get(n.t.Context(), nil))
		return run.GetID()
	}},
}

// endsAs gives the id of the night's workflow.
func (n *nights) endsAs(report workflowapi.RegistryReport, verdict string) (workflowID string) {
	n.t.Helper()
	require.Equal(n.t, verdict, report.Verdict, report.Reason)
	return n.nightID()
}

// holdEndsAs gives the id of the workflow that waited for an operator.
func (n *nights) holdEndsAs(run, verdict string) (workflowID string) {
	n.t.Helper()
	require.Equal(n.t, verdict, n.decided(run).Verdict)
	return workflowapi.RegistryHoldID(run)
}

// Every path ends as it should, and today's code makes the same of its history again.
func TestRegistryPaths(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-18")
	t.Parallel()
	for _, p := range registryPaths {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			n := newNights(t)
			keep(t, p.name, n.replays(p.play(n)))
		})
	}
}
