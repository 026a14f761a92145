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

// decideOn has a moderator's decision carried out.
func (n *nights) decideOn(engineer, moderator order.Actor, blocked bool, at time.Time) workflowapi.EngineerStandingReport {
	n.t.Helper()
	var report workflowapi.EngineerStandingReport
	require.NoError(n.t, n.beginDecision(engineer, moderator, blocked, at).Get(n.t.Context(), &report))
	return report
}

// beginDecision writes a moderator's decision and starts its workflow.
func (n *nights) beginDecision(engineer, moderator order.Actor, blocked bool, at time.Time) client.WorkflowRun {
	n.t.Helper()
	id := n.decideAlone(engineer, moderator, blocked, at)
	run, err := n.temporal.ExecuteWorkflow(n.t.Context(), workflowapi.EngineerStandingOptions(id, n.queue),
		workflowapi.EngineerStandingWorkflow, workflowapi.EngineerStandingInput{DecisionID: id.String()})
	require.NoError(n.t, err)
	return run
}

// decideAlone writes a moderator's decision down, and nothing carries it out.
func (n *nights) decideAlone(engineer, moderator order.Actor, blocked bool, at time.Time) (decision uuid.UUID) {
	n.t.Helper()
	decision = workflowapi.DecisionID(moderator.Person, uuid.MustParse(engineer.Party), blocked, uuid.NewString())
	require.NoError(n.t, n.store.AddDecision(n.t.Context(), sqlcgen.AddDecisionParams{
		ID: decision, EngineerID: uuid.MustParse(engineer.Party), ModeratorID: uuid.MustParse(moderator.Person), Blocked: blocked,
		Reason: "жалоба", DecidedAt: at,
	}))
	return decision
}

func TestModeratorsBlockHoldsTheOrders(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	n := newNights(t)
	customer, engineer, moderator := n.customer(), n.engineerOf(7), n.customer()
	l := n.inWork(customer, engineer)
	employer := uuid.New()
	testenv.Exec(t, n.url, `insert into parties (id, kind, name, ogrn, active_engineers) values ($1, 'organisation', 'ООО', '1', 1)`, employer)
	testenv.Exec(t, n.url, `update engineers set form = 'employee', employer_id = $1, employment = 'confirmed' where id = $2`, employer, engineer.Party)
	active := func() int {
		return testenv.Scalar[int](t, n.url, `select active_engineers from parties where id = $1`, employer)
	}
	now := time.Now().UTC()

	require.Equal(t, workflowapi.EngineerStandingReport{Applied: true, Told: 1}, n.decideOn(engineer, moderator, true, now))
	l.shows(order.Suspended)
	require.Equal(t, "жалоба", n.entry(7, "blocked_reason"))
	require.Zero(t, active())
	n.lose(7)
	require.Equal(t, 1, n.night().Told)
	testenv.Eventually(t, "both hold it", func() bool { return l.holds() == 2 })

	require.False(t, n.decideOn(engineer, moderator, false, now.Add(-time.Minute)).Applied, "an older decision")
	require.Equal(t, workflowapi.EngineerStandingReport{Applied: true, Told: 1}, n.decideOn(engineer, moderator, false, now.Add(time.Minute)))
	testenv.Eventually(t, "the registry holds it still", func() bool { return l.holds() == 1 })
	require.Equal(t, string(order.Suspended), l.shownStage())
	n.regain(7)
	n.night()
	l.shows(order.Work)
	require.Equal(t, 1, active())
	require.Equal(t, moderator.Person, testenv.Scalar[string](t, n.url, `select actor_person::text from order_events
		where order_id = $1 and kind = 'moderator-status' limit 1`, l.id))
}

// A decision whose workflow never began is carried out in the night, and so is the telling of its orders.
func TestNightCarriesOutTheDecisionsLeft(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	n := newNights(t)
	engineer, moderator := n.engineerOf(7), n.customer()
	l := n.inWork(n.customer(), engineer)
	now := time.Now().UTC()
	n.decideAlone(engineer, moderator, false, now.Add(-time.Minute))
	n.decideAlone(engineer, moderator, true, now)
	report := n.sync()
	require.Equal(t, workflowapi.VerdictNoop, report.Verdict)
	require.Equal(t, 1, report.Told)
	l.shows(order.Suspended)
	require.Zero(t, n.sync().Told)
	require.Zero(t, testenv.Scalar[int](t, n.url, `select count(*)::int from engineer_decisions where applied_at is null`))
}

// The moderators' word that comes after their next decision does not undo it, though nothing of that decision was told.
func TestModeratorsWordThatComesLateChangesNothing(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	n := newNights(t)
	engineer, moderator := n.engineerOf(7), n.customer()
	moderator.Role, moderator.Party = order.RoleModerator, ""
	l := n.inWork(n.customer(), engineer)
	now := time.Now().UTC()
	n.decideAlone(engineer, moderator, true, now)
	n.decideAlone(engineer, moderator, false, now.Add(time.Second))
	require.Zero(t, n.sync().Told)
	l.refused(moderator, order.ModeratorStatus, order.Standing{Engineer: engineer.Party, AsOf: now}, nil, order.CodeOldNews)
	require.Equal(t, string(order.Work), l.shownStage())
}

// What a moderator has said to one order since is not gainsaid every night by what stands of the engineer.
func TestNightDoesNotRepeatWhatAnOrderKnowsBetter(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	n := newNights(t)
	engineer, moderator := n.engineerOf(7), n.customer()
	moderator.Role, moderator.Party = order.RoleModerator, ""
	l := n.inWork(n.customer(), engineer)
	l.must(moderator, order.ModeratorStatus, order.Standing{Engineer: engineer.Party, AsOf: time.Now().UTC()}, order.Note{Note: "Жалоба"}, order.Suspended)
	require.Zero(t, n.sync().Told)
	require.Equal(t, string(order.Suspended), l.shownStage())
}
