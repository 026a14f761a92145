package workflows_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/db/sqlcgen"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// applyDecision stores a moderator's decision and runs its workflow to the end.
func (n *registryEnv) applyDecision(engineer, moderator order.Actor, blocked bool, at time.Time) workflowapi.EngineerStatusReport {
	n.t.Helper()
	var report workflowapi.EngineerStatusReport
	require.NoError(n.t, n.startDecision(engineer, moderator, blocked, at).Get(n.t.Context(), &report))
	return report
}

// startDecision stores a moderator's decision and starts its workflow.
func (n *registryEnv) startDecision(engineer, moderator order.Actor, blocked bool, at time.Time) client.WorkflowRun {
	n.t.Helper()
	id := n.storeDecision(engineer, moderator, blocked, at)
	run, err := n.temporal.ExecuteWorkflow(n.t.Context(), workflowapi.EngineerStatusOptions(id, n.queue),
		workflowapi.EngineerStatusWorkflow, workflowapi.EngineerStatusInput{DecisionID: id.String()})
	require.NoError(n.t, err)
	return run
}

// storeDecision stores a moderator's decision without starting its workflow.
func (n *registryEnv) storeDecision(engineer, moderator order.Actor, blocked bool, at time.Time) (decision uuid.UUID) {
	n.t.Helper()
	decision = workflowapi.DecisionID(moderator.Person, uuid.MustParse(engineer.Party), blocked, uuid.NewString())
	require.NoError(n.t, n.store.AddDecision(n.t.Context(), sqlcgen.AddDecisionParams{
		ID: decision, EngineerID: uuid.MustParse(engineer.Party), ModeratorID: uuid.MustParse(moderator.Person), Blocked: blocked,
		Reason: "жалоба", DecidedAt: at,
	}))
	return decision
}

func TestBlockSuspendsTheOrders(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer, moderator := n.customer(), n.engineerOf(7), n.customer()
	o := n.orderInWork(customer, engineer)
	employer := uuid.New()
	testenv.Exec(t, n.url, `insert into parties (id, kind, name, ogrn, active_engineers) values ($1, 'organisation', 'ООО', '1', 1)`, employer)
	testenv.Exec(t, n.url, `update engineers set form = 'employee', employer_id = $1, employment = 'confirmed' where id = $2`, employer, engineer.Party)
	active := func() int {
		return testenv.Scalar[int](t, n.url, `select active_engineers from parties where id = $1`, employer)
	}
	now := time.Now().UTC()

	require.Equal(t, workflowapi.EngineerStatusReport{Applied: true, Notified: 1}, n.applyDecision(engineer, moderator, true, now))
	o.waitStage(order.Suspended)
	require.Equal(t, "жалоба", n.engineerColumn(7, "blocked_reason"))
	require.Zero(t, active())
	n.exclude(7)
	require.Equal(t, 1, n.publishAndSync().Notified)
	testenv.Eventually(t, "both holds", func() bool { return o.holdCount() == 2 })

	require.False(t, n.applyDecision(engineer, moderator, false, now.Add(-time.Minute)).Applied, "an older decision")
	require.Equal(t, workflowapi.EngineerStatusReport{Applied: true, Notified: 1}, n.applyDecision(engineer, moderator, false, now.Add(time.Minute)))
	testenv.Eventually(t, "only the registry's hold to be left", func() bool { return o.holdCount() == 1 })
	require.Equal(t, string(order.Suspended), o.shownStage())
	n.restore(7)
	n.publishAndSync()
	o.waitStage(order.Work)
	require.Equal(t, 1, active())
	require.Equal(t, moderator.Person, testenv.Scalar[string](t, n.url, `select actor_person::text from order_events
		where order_id = $1 and kind = 'moderator-status' limit 1`, o.id))
}

// A sync run carries out a decision whose workflow never began, and notifies its orders.
func TestSyncAppliesPendingDecisions(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	n := newRegistryEnv(t)
	engineer, moderator := n.engineerOf(7), n.customer()
	o := n.orderInWork(n.customer(), engineer)
	now := time.Now().UTC()
	n.storeDecision(engineer, moderator, false, now.Add(-time.Minute))
	n.storeDecision(engineer, moderator, true, now)
	report := n.sync()
	require.Equal(t, workflowapi.VerdictNoop, report.Verdict)
	require.Equal(t, 1, report.Notified)
	o.waitStage(order.Suspended)
	require.Zero(t, n.sync().Notified)
	require.Zero(t, testenv.Scalar[int](t, n.url, `select count(*)::int from engineer_decisions where applied_at is null`))
}

// A moderator's status that arrives after the next decision does not undo it, although no order was
// notified of that decision.
func TestStaleModeratorStatusIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	n := newRegistryEnv(t)
	engineer, moderator := n.engineerOf(7), n.customer()
	moderator.Role, moderator.Party = order.RoleModerator, ""
	o := n.orderInWork(n.customer(), engineer)
	now := time.Now().UTC()
	n.storeDecision(engineer, moderator, true, now)
	n.storeDecision(engineer, moderator, false, now.Add(time.Second))
	require.Zero(t, n.sync().Notified)
	o.requireRefused(moderator, order.ModeratorStatus, order.EngineerStatus{Engineer: engineer.Party, AsOf: now}, nil, order.CodeOutdatedStatus)
	require.Equal(t, string(order.Work), o.shownStage())
}

// A sync run does not override a newer status that a moderator sent to one order alone.
func TestSyncKeepsANewerStatusOfOneOrder(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	n := newRegistryEnv(t)
	engineer, moderator := n.engineerOf(7), n.customer()
	moderator.Role, moderator.Party = order.RoleModerator, ""
	o := n.orderInWork(n.customer(), engineer)
	o.requireApplied(moderator, order.ModeratorStatus, order.EngineerStatus{Engineer: engineer.Party, AsOf: time.Now().UTC()}, order.Note{Note: "Жалоба"}, order.Suspended)
	require.Zero(t, n.sync().Notified)
	require.Equal(t, string(order.Suspended), o.shownStage())
}
