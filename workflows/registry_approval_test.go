package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/db/sqlcgen"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// sixPercent are the rows of more than a twentieth of the engineers, spread evenly over all СРО.
var sixPercent = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}

// syncPending publishes a snapshot that exceeds the loss limits, and returns the report of the run
// awaiting approval.
func (n *registryEnv) syncPending() workflowapi.RegistryReport {
	n.t.Helper()
	n.exclude(sixPercent...)
	report := n.publishAndSync()
	require.Equal(n.t, workflowapi.VerdictAwaitingApproval, report.Verdict, report.Reason)
	require.Contains(n.t, report.Reason, "12 из 200")
	return report
}

func (n *registryEnv) sendDecision(run, signal string, d workflowapi.RegistryDecision) {
	n.t.Helper()
	require.NoError(n.t, workflowapi.Send(n.t.Context(), n.temporal, workflowapi.ApprovalSignal(run, signal, d)))
}

func (n *registryEnv) approvalResult(run string) workflowapi.RegistryReport {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), testenv.Timeout)
	defer cancel()
	var report workflowapi.RegistryReport
	require.NoError(n.t, n.temporal.GetWorkflow(ctx, workflowapi.RegistryApprovalID(run), "").Get(ctx, &report))
	return report
}

func (n *registryEnv) status(run string) string {
	n.t.Helper()
	return testenv.Scalar[string](n.t, n.url, `select status || ' ' || operator from registry_runs where id = $1`, run)
}

var decision = workflowapi.RegistryDecision{Operator: "Дежурный", Reason: "Проверено со СРО"}

func TestMassLossIsAppliedOnlyWhenConfirmed(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer := n.customer(), n.engineerOf(7)
	o := n.orderInWork(customer, engineer)
	before := testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where in_registry`)
	report := n.syncPending()
	id := workflowapi.RegistryApprovalID(report.RunID)
	testenv.Eventually(t, "the alarm in the Temporal UI", func() bool { return n.alarmOf(id) == string(registry.AlarmAwaitingApproval) })
	require.Equal(t, 1, n.notices(registry.AlarmAwaitingApproval))
	require.Equal(t, before, testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where in_registry`))
	require.Equal(t, string(order.Work), o.shownStage())

	require.Equal(t, workflowapi.VerdictNoop, n.sync().Verdict, "the same snapshot raises no second alarm")
	require.Equal(t, 1, n.notices(registry.AlarmAwaitingApproval))
	n.sendDecision(report.RunID, workflowapi.ConfirmSignal, workflowapi.RegistryDecision{Operator: "Дежурный"})
	n.sendDecision(report.RunID, workflowapi.ConfirmSignal, decision)
	report = n.approvalResult(report.RunID)
	require.Equal(t, workflowapi.VerdictCompleted, report.Verdict)
	require.Equal(t, 12, report.Lost)
	require.Equal(t, 1, report.Notified)
	require.Equal(t, "completed Дежурный", n.status(report.RunID))
	require.Equal(t, before-12, testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where in_registry`))
	require.Empty(t, n.alarmOf(id))
	o.waitStage(order.Suspended)
}

func TestRejectedSnapshotChangesNothing(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	before := n.dataDigest()
	report := n.syncPending()
	n.sendDecision(report.RunID, workflowapi.RejectSignal, decision)
	require.Equal(t, workflowapi.VerdictRejected, n.approvalResult(report.RunID).Verdict)
	require.Equal(t, "rejected Дежурный", n.status(report.RunID))
	require.Equal(t, before, n.dataDigest())
	require.Equal(t, workflowapi.VerdictNoop, n.sync().Verdict, "a rejected snapshot needs no second decision")
	require.Equal(t, 1, n.notices(registry.AlarmAwaitingApproval))
}

func TestNewerSnapshotSupersedesThePendingOne(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	report := n.syncPending()
	n.source.serve(manifestOf(n.asOf.Add(time.Hour), 0, []byte("?")), []byte("?"))
	require.Equal(t, workflowapi.VerdictFailed, n.sync().Verdict)
	require.Equal(t, "held ", n.status(report.RunID), "an unusable snapshot supersedes no other")
	n.restore(sixPercent[1:]...)
	next := n.publishAndSync()
	require.Equal(t, workflowapi.VerdictCompleted, next.Verdict)
	require.Equal(t, 1, next.Lost)
	require.Equal(t, workflowapi.VerdictSuperseded, n.approvalResult(report.RunID).Verdict)
	require.Equal(t, "superseded ", n.status(report.RunID))
	require.Zero(t, testenv.Scalar[int](t, n.url, `select count(*)::int from registry_staging`))
}

func TestLossOfOneSRONeedsApproval(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	n.exclude(0, 4, 8, 12, 16, 20, 24, 28, 32, 36)
	require.Equal(t, workflowapi.VerdictCompleted, n.publishAndSync().Verdict, "10 of 50 are within the limit of a fifth")
	n.exclude(1, 5, 9, 13, 17, 21, 25, 29, 33, 37)
	n.rows[41].Status = registry.StatusDeceased
	report := n.publishAndSync()
	require.Equal(t, workflowapi.VerdictAwaitingApproval, report.Verdict)
	require.Contains(t, report.Reason, "СРО 1: статус теряют 11 из 50")
}

// reportMissed reports a missed run.
func (n *registryEnv) reportMissed(due time.Time) (workflowID string) {
	n.t.Helper()
	run, err := n.temporal.ExecuteWorkflow(n.t.Context(), workflowapi.RegistryMissedOptions(n.queue, due, n.queue),
		workflowapi.RegistryMissedWorkflow, workflowapi.RegistryMissedInput{Due: due})
	require.NoError(n.t, err)
	var missed bool
	require.NoError(n.t, run.Get(n.t.Context(), &missed))
	require.True(n.t, missed)
	return run.GetID()
}

func TestMissedRunIsReportedOnce(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	due := n.asOf.AddDate(10, 0, 0)
	id := n.reportMissed(due)
	require.Equal(t, string(registry.AlarmMissed), n.alarmOf(id))
	require.Equal(t, id, n.reportMissed(due))
	require.Equal(t, 1, n.notices(registry.AlarmMissed))
	require.Equal(t, 1, testenv.Scalar[int](t, n.url, `select count(*)::int from registry_runs where status = 'missed' and started_at = $1`, due))
}

// An invalid decision neither ends the wait nor blocks later decisions.
func TestInvalidDecisionIsIgnored(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	run := n.syncPending().RunID
	for _, word := range []any{
		"да",
		[]int{5},
		map[string]any{"operator": 5},
		map[string]any{"operator": "Дежурный", "reason": "a\x00b"},
		map[string]any{"operator": "\u3164", "reason": "Проверено"},
		map[string]any{"operator": "Дежурный", "reason": "\u3164\u200b"},
	} {
		require.NoError(t, workflowapi.Send(t.Context(), n.temporal, workflowapi.ApprovalSignal(run, workflowapi.ConfirmSignal, word)))
	}
	n.sendDecision(run, workflowapi.RejectSignal, decision)
	require.Equal(t, workflowapi.VerdictRejected, n.approvalResult(run).Verdict)
}

// A client of Temporal cannot decide in a moderator's name. Only a decision that the moderator made
// on the platform counts, and only unchanged.
func TestForgedDecisionOfAModeratorIsIgnored(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	run, moderator := n.syncPending().RunID, uuid.New()
	n.person(moderator)
	d := workflowapi.RegistryDecision{Operator: moderator.String(), Reason: "Проверено"}
	kept := func(run, signal string) {
		require.NoError(t, n.store.InsertRunDecision(t.Context(), sqlcgen.InsertRunDecisionParams{
			RunID: uuid.MustParse(run), PersonID: moderator, Signal: signal, ReasonSha256: d.ReasonDigest(), DecidedAt: time.Now(),
		}))
	}
	n.sendDecision(run, workflowapi.ConfirmSignal, d)
	n.sendDecision(run, workflowapi.RejectSignal, d)
	n.sendDecision(run, workflowapi.ConfirmSignal, workflowapi.RegistryDecision{Operator: "{" + moderator.String() + "}", Reason: d.Reason})
	kept(run, workflowapi.RejectSignal)
	n.sendDecision(run, workflowapi.ConfirmSignal, d)
	n.sendDecision(run, workflowapi.RejectSignal, workflowapi.RegistryDecision{Operator: d.Operator, Reason: "Другая причина"})
	n.sendDecision(run, workflowapi.RejectSignal, d)
	require.Equal(t, workflowapi.VerdictRejected, n.approvalResult(run).Verdict)
	require.Equal(t, "rejected "+moderator.String(), n.status(run))
	require.Equal(t, 1, n.notices(registry.AlarmForged), "the moderators are notified once")

	run = n.syncPending().RunID
	kept(run, workflowapi.ConfirmSignal)
	n.sendDecision(run, workflowapi.ConfirmSignal, d)
	require.Equal(t, workflowapi.VerdictCompleted, n.approvalResult(run).Verdict)
}

// The input of an approval workflow does not change the snapshot in the report of its run.
func TestForgedSnapshotIsNotApplied(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	report := n.syncPending()
	require.NoError(t, n.temporal.TerminateWorkflow(t.Context(), workflowapi.RegistryApprovalID(report.RunID), "", "проверка"))
	kept := n.snapshotOfRun(report.RunID)
	forged := workflowapi.PendingSnapshot{
		RunID: report.RunID, Reason: report.Reason, AsOf: time.Date(2190, 1, 1, 0, 0, 0, 0, time.UTC), SHA256: hash([]byte("?")), Rows: 1,
	}
	_, err := workflowapi.SendSnapshotDecision(t.Context(), n.temporal, n.queue, forged, workflowapi.ConfirmSignal, decision)
	require.NoError(t, err)
	require.Equal(t, workflowapi.VerdictCompleted, n.approvalResult(report.RunID).Verdict)
	require.Equal(t, kept, n.snapshotOfRun(report.RunID))
	require.Equal(t, kept, testenv.Scalar[string](t, n.url,
		`select as_of::text || ' ' || sha256 || ' ' || rows from registry_snapshots order by as_of desc limit 1`))
	require.Equal(t, 12, testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where registry_as_of = $1`, report.AsOf.Truncate(time.Microsecond)))
	n.restore(sixPercent...)
	require.Equal(t, workflowapi.VerdictCompleted, n.publishAndSync().Verdict)
}

// snapshotOfRun returns the snapshot in the report of a run.
func (n *registryEnv) snapshotOfRun(run string) string {
	n.t.Helper()
	return testenv.Scalar[string](n.t, n.url, `select as_of::text || ' ' || sha256 || ' ' || rows from registry_runs where id = $1`, run)
}

// Only the workflow whose id names the run awaiting approval can decide on it.
func TestPendingRunHasOneWorkflow(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	report := n.syncPending()
	in := workflowapi.RegistryApprovalInput{Report: report}
	for _, id := range []string{"anything", workflowapi.RegistryApprovalID(strings.ToUpper(report.RunID))} {
		for _, signal := range []string{workflowapi.ConfirmSignal, workflowapi.RejectSignal} {
			in.Report.RunID = strings.TrimPrefix(id, "RegistryHold-")
			if id == "anything" {
				in.Report.RunID = report.RunID
			}
			require.NoError(t, workflowapi.Send(t.Context(), n.temporal, workflowapi.Signal{
				WorkflowID: id, Name: signal, Payload: decision, Start: &workflowapi.Start{
					Workflow: workflowapi.RegistryApprovalWorkflow, Input: in, Options: client.StartWorkflowOptions{TaskQueue: n.queue},
				},
			}))
			twin := n.temporal.GetWorkflow(t.Context(), id, "")
			require.ErrorContains(t, twin.Get(t.Context(), nil), "names no held run", id)
		}
	}
	require.Equal(t, "held ", n.status(report.RunID))
}

// A decision on a snapshot awaiting approval is carried out although its workflow was terminated.
func TestDecisionRestartsATerminatedApproval(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	for _, c := range []struct{ signal, verdict string }{
		{workflowapi.RejectSignal, workflowapi.VerdictRejected}, {workflowapi.ConfirmSignal, workflowapi.VerdictCompleted},
	} {
		report := n.syncPending()
		require.NoError(t, n.temporal.TerminateWorkflow(t.Context(), workflowapi.RegistryApprovalID(report.RunID), "", "проверка"))
		held := workflowapi.PendingSnapshot{RunID: report.RunID, Reason: report.Reason, AsOf: report.AsOf, SHA256: report.SHA256, Rows: report.Rows}
		waits, err := workflowapi.SendSnapshotDecision(t.Context(), n.temporal, n.queue, held, c.signal, decision)
		require.NoError(t, err)
		var after workflowapi.RegistryReport
		require.NoError(t, waits.Get(t.Context(), &after))
		require.Equal(t, c.verdict, after.Verdict, after.Reason)
		require.Equal(t, c.verdict+" Дежурный", n.status(report.RunID))
	}
	require.Equal(t, workflowapi.VerdictNoop, n.sync().Verdict, "the confirmed snapshot is the newest")
	require.Equal(t, 12, testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where not in_registry`))
}
