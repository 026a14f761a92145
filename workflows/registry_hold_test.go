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

// sixPercent are more than a twentieth of the engineers, in all СРО alike.
var sixPercent = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}

// held publishes a snapshot that takes too much away and returns the run that waits.
func (n *nights) held() workflowapi.RegistryReport {
	n.t.Helper()
	n.lose(sixPercent...)
	report := n.night()
	require.Equal(n.t, workflowapi.VerdictHeld, report.Verdict, report.Reason)
	require.Contains(n.t, report.Reason, "12 из 200")
	return report
}

func (n *nights) decide(run, signal string, d workflowapi.RegistryDecision) {
	n.t.Helper()
	require.NoError(n.t, workflowapi.Send(n.t.Context(), n.temporal, workflowapi.HoldSignal(run, signal, d)))
}

func (n *nights) decided(run string) workflowapi.RegistryReport {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), testenv.Patience)
	defer cancel()
	var report workflowapi.RegistryReport
	require.NoError(n.t, n.temporal.GetWorkflow(ctx, workflowapi.RegistryHoldID(run), "").Get(ctx, &report))
	return report
}

func (n *nights) status(run string) string {
	n.t.Helper()
	return testenv.Scalar[string](n.t, n.url, `select status || ' ' || operator from registry_runs where id = $1`, run)
}

var decision = workflowapi.RegistryDecision{Operator: "Дежурный", Reason: "Проверено со СРО"}

func TestMassLossIsAppliedOnlyWhenConfirmed(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	customer, engineer := n.customer(), n.engineerOf(7)
	l := n.inWork(customer, engineer)
	before := testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where in_registry`)
	report := n.held()
	id := workflowapi.RegistryHoldID(report.RunID)
	testenv.Eventually(t, "the alarm in the Temporal UI", func() bool { return n.alarmOf(id) == string(registry.AlarmHeld) })
	require.Equal(t, 1, n.notices(registry.AlarmHeld))
	require.Equal(t, before, testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where in_registry`))
	require.Equal(t, string(order.Work), l.shownStage())

	require.Equal(t, workflowapi.VerdictNoop, n.sync().Verdict, "the same snapshot again is no second alarm")
	require.Equal(t, 1, n.notices(registry.AlarmHeld))
	n.decide(report.RunID, workflowapi.ConfirmSignal, workflowapi.RegistryDecision{Operator: "Дежурный"})
	n.decide(report.RunID, workflowapi.ConfirmSignal, decision)
	report = n.decided(report.RunID)
	require.Equal(t, workflowapi.VerdictCompleted, report.Verdict)
	require.Equal(t, 12, report.Lost)
	require.Equal(t, 1, report.Told)
	require.Equal(t, "completed Дежурный", n.status(report.RunID))
	require.Equal(t, before-12, testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where in_registry`))
	require.Empty(t, n.alarmOf(id))
	l.shows(order.Suspended)
}

func TestRejectedSnapshotChangesNothing(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	before := n.platform()
	report := n.held()
	n.decide(report.RunID, workflowapi.RejectSignal, decision)
	require.Equal(t, workflowapi.VerdictRejected, n.decided(report.RunID).Verdict)
	require.Equal(t, "rejected Дежурный", n.status(report.RunID))
	require.Equal(t, before, n.platform())
	require.Equal(t, workflowapi.VerdictNoop, n.sync().Verdict, "it is not asked about again")
	require.Equal(t, 1, n.notices(registry.AlarmHeld))
}

func TestNewerSnapshotTakesTheHeldOnesPlace(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	report := n.held()
	n.source.serve(described(n.asOf.Add(time.Hour), 0, []byte("?")), []byte("?"))
	require.Equal(t, workflowapi.VerdictFailed, n.sync().Verdict)
	require.Equal(t, "held ", n.status(report.RunID), "an unusable snapshot takes nobody's place")
	n.regain(sixPercent[1:]...)
	next := n.night()
	require.Equal(t, workflowapi.VerdictCompleted, next.Verdict)
	require.Equal(t, 1, next.Lost)
	require.Equal(t, workflowapi.VerdictSuperseded, n.decided(report.RunID).Verdict)
	require.Equal(t, "superseded ", n.status(report.RunID))
	require.Zero(t, testenv.Scalar[int](t, n.url, `select count(*)::int from registry_staging`))
}

func TestLossOfOneSROIsHeld(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	n.lose(0, 4, 8, 12, 16, 20, 24, 28, 32, 36)
	require.Equal(t, workflowapi.VerdictCompleted, n.night().Verdict, "10 of 50 are a fifth")
	n.lose(1, 5, 9, 13, 17, 21, 25, 29, 33, 37)
	n.rows[41].Status = registry.StatusDeceased
	report := n.night()
	require.Equal(t, workflowapi.VerdictHeld, report.Verdict)
	require.Contains(t, report.Reason, "СРО 1: статус теряют 11 из 50")
}

// missed has a night reported on which no run began.
func (n *nights) missed(due time.Time) (workflowID string) {
	n.t.Helper()
	run, err := n.temporal.ExecuteWorkflow(n.t.Context(), workflowapi.RegistryMissedOptions(n.queue, due, n.queue),
		workflowapi.RegistryMissedWorkflow, workflowapi.RegistryMissedInput{Due: due})
	require.NoError(n.t, err)
	var missed bool
	require.NoError(n.t, run.Get(n.t.Context(), &missed))
	require.True(n.t, missed)
	return run.GetID()
}

func TestMissedNightIsReportedOnce(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	due := n.asOf.AddDate(10, 0, 0)
	id := n.missed(due)
	require.Equal(t, string(registry.AlarmMissed), n.alarmOf(id))
	require.Equal(t, id, n.missed(due))
	require.Equal(t, 1, n.notices(registry.AlarmMissed))
	require.Equal(t, 1, testenv.Scalar[int](t, n.url, `select count(*)::int from registry_runs where status = 'missed' and started_at = $1`, due))
}

// What cannot be read is passed over; it neither ends the wait nor keeps it from what comes after.
func TestUnreadableWordOnAHeldSnapshotIsPassedOver(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	run := n.held().RunID
	for _, word := range []any{
		"да",
		[]int{5},
		map[string]any{"operator": 5},
		map[string]any{"operator": "Дежурный", "reason": "a\x00b"},
		map[string]any{"operator": "\u3164", "reason": "Проверено"},
		map[string]any{"operator": "Дежурный", "reason": "\u3164\u200b"},
	} {
		require.NoError(t, workflowapi.Send(t.Context(), n.temporal, workflowapi.HoldSignal(run, workflowapi.ConfirmSignal, word)))
	}
	n.decide(run, workflowapi.RejectSignal, decision)
	require.Equal(t, workflowapi.VerdictRejected, n.decided(run).Verdict)
}

// Whoever reaches Temporal decides in no moderator's name: what the moderator decided on the platform counts, as he decided it.
func TestForgedDecisionOfAModeratorIsPassedOver(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	run, moderator := n.held().RunID, uuid.New()
	n.person(moderator)
	d := workflowapi.RegistryDecision{Operator: moderator.String(), Reason: "Проверено"}
	kept := func(run, signal string) {
		require.NoError(t, n.store.InsertRunDecision(t.Context(), sqlcgen.InsertRunDecisionParams{
			RunID: uuid.MustParse(run), PersonID: moderator, Signal: signal, ReasonSha256: d.ReasonDigest(), DecidedAt: time.Now(),
		}))
	}
	n.decide(run, workflowapi.ConfirmSignal, d)
	n.decide(run, workflowapi.RejectSignal, d)
	n.decide(run, workflowapi.ConfirmSignal, workflowapi.RegistryDecision{Operator: "{" + moderator.String() + "}", Reason: d.Reason})
	kept(run, workflowapi.RejectSignal)
	n.decide(run, workflowapi.ConfirmSignal, d)
	n.decide(run, workflowapi.RejectSignal, workflowapi.RegistryDecision{Operator: d.Operator, Reason: "Другая причина"})
	n.decide(run, workflowapi.RejectSignal, d)
	require.Equal(t, workflowapi.VerdictRejected, n.decided(run).Verdict)
	require.Equal(t, "rejected "+moderator.String(), n.status(run))
	require.Equal(t, 1, n.notices(registry.AlarmForged), "the moderators are called once")

	run = n.held().RunID
	kept(run, workflowapi.ConfirmSignal)
	n.decide(run, workflowapi.ConfirmSignal, d)
	require.Equal(t, workflowapi.VerdictCompleted, n.decided(run).Verdict)
}

// What a workflow is started with changes nothing of the snapshot that its run has kept.
func TestForgedSnapshotIsNotApplied(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	report := n.held()
	require.NoError(t, n.temporal.TerminateWorkflow(t.Context(), workflowapi.RegistryHoldID(report.RunID), "", "проверка"))
	kept := n.snapshotOfRun(report.RunID)
	forged := workflowapi.HeldSnapshot{
		RunID: report.RunID, Reason: report.Reason, AsOf: time.Date(2190, 1, 1, 0, 0, 0, 0, time.UTC), SHA256: hash([]byte("?")), Rows: 1,
	}
	_, err := workflowapi.DecideOnHeld(t.Context(), n.temporal, n.queue, forged, workflowapi.ConfirmSignal, decision)
	require.NoError(t, err)
	require.Equal(t, workflowapi.VerdictCompleted, n.decided(report.RunID).Verdict)
	require.Equal(t, kept, n.snapshotOfRun(report.RunID))
	require.Equal(t, kept, testenv.Scalar[string](t, n.url,
		`select as_of::text || ' ' || sha256 || ' ' || rows from registry_snapshots order by as_of desc limit 1`))
	require.Equal(t, 12, testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where registry_as_of = $1`, report.AsOf.Truncate(time.Microsecond)))
	n.regain(sixPercent...)
	require.Equal(t, workflowapi.VerdictCompleted, n.night().Verdict)
}

// snapshotOfRun is what the report of a run says of its snapshot.
func (n *nights) snapshotOfRun(run string) string {
	n.t.Helper()
	return testenv.Scalar[string](n.t, n.url, `select as_of::text || ' ' || sha256 || ' ' || rows from registry_runs where id = $1`, run)
}

// Only the workflow whose id names the held run decides on it.
func TestHeldRunHasOneWorkflow(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	report := n.held()
	in := workflowapi.RegistryHoldInput{Report: report}
	for _, id := range []string{"anything", workflowapi.RegistryHoldID(strings.ToUpper(report.RunID))} {
		for _, signal := range []string{workflowapi.ConfirmSignal, workflowapi.RejectSignal} {
			in.Report.RunID = strings.TrimPrefix(id, "RegistryHold-")
			if id == "anything" {
				in.Report.RunID = report.RunID
			}
			require.NoError(t, workflowapi.Send(t.Context(), n.temporal, workflowapi.Signal{
				WorkflowID: id, Name: signal, Payload: decision, Start: &workflowapi.Start{
					Workflow: workflowapi.RegistryHoldWorkflow, Input: in, Options: client.StartWorkflowOptions{TaskQueue: n.queue},
				},
			}))
			twin := n.temporal.GetWorkflow(t.Context(), id, "")
			require.ErrorContains(t, twin.Get(t.Context(), nil), "names no held run", id)
		}
	}
	require.Equal(t, "held ", n.status(report.RunID))
}

// A held snapshot can be decided on though nobody waits for the decision any more.
func TestHeldSnapshotIsDecidedWithoutItsWorkflow(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newNights(t)
	for _, c := range []struct{ signal, verdict string }{
		{workflowapi.RejectSignal, workflowapi.VerdictRejected}, {workflowapi.ConfirmSignal, workflowapi.VerdictCompleted},
	} {
		report := n.held()
		require.NoError(t, n.temporal.TerminateWorkflow(t.Context(), workflowapi.RegistryHoldID(report.RunID), "", "проверка"))
		held := workflowapi.HeldSnapshot{RunID: report.RunID, Reason: report.Reason, AsOf: report.AsOf, SHA256: report.SHA256, Rows: report.Rows}
		waits, err := workflowapi.DecideOnHeld(t.Context(), n.temporal, n.queue, held, c.signal, decision)
		require.NoError(t, err)
		var after workflowapi.RegistryReport
		require.NoError(t, waits.Get(t.Context(), &after))
		require.Equal(t, c.verdict, after.Verdict, after.Reason)
		require.Equal(t, c.verdict+" Дежурный", n.status(report.RunID))
	}
	require.Equal(t, workflowapi.VerdictNoop, n.sync().Verdict, "the confirmed snapshot is the newest")
	require.Equal(t, 12, testenv.Scalar[int](t, n.url, `select count(*)::int from engineers where not in_registry`))
}
