package workflows_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// The employer proposes a colleague, each source of a status ends the proposal, and the last colleague
// replaces the performer. The order's history replays.
func TestEmployersReplacementOfAPerformer(t *testing.T) {
	acceptance.Covers(t, "S-17", "S-29", "S-40")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer, colleague := n.customer(), n.engineerOf(7), n.engineerOf(8)
	blocked, excluded, stranger := n.engineerOf(9), n.engineerOf(10), n.engineerOf(11)
	m := n.employed(engineer, colleague, blocked, excluded)
	moderator := n.customer()
	moderator.Role, moderator.Party = order.RoleModerator, ""
	o, note := n.orderInWork(customer, engineer), order.Note{Note: "так решено"}
	propose := func(who order.Actor) {
		t.Helper()
		o.requireApplied(m.person, order.ProposeReplacement, order.EngineerChoice{Engineer: who.Party}, nil, order.Suspended)
	}
	void := func(why order.Code) {
		t.Helper()
		testenv.Eventually(t, "the proposal to end", func() bool {
			r := o.rowState().Replacement
			return r != nil && r.Void == why
		})
		require.Zero(t, testenv.Scalar[int](t, n.url, `select count(*)::int from orders where id = $1 and substitute_id is not null`, o.id))
	}
	o.requireRefused(m.person, order.ProposeReplacement, order.EngineerChoice{Engineer: colleague.Party}, nil, order.CodeNotSuspended)
	m.change("suspended")
	o.waitStage(order.Suspended)
	o.requireRefused(m.person, order.ProposeReplacement, order.EngineerChoice{Engineer: stranger.Party}, nil, order.CodeOtherEmployer)

	// The registry.
	propose(excluded)
	o.requireApplied(excluded, order.AgreeReplacement, nil, nil, order.Suspended)
	n.exclude(10)
	require.Equal(t, 1, n.publishAndSync().Notified)
	void(order.CodeNotInRegistry)
	o.requireRefused(moderator, order.ApproveReplacement, order.EngineerChoice{Engineer: excluded.Party}, note, order.CodeNoReplacement)

	// The moderators.
	propose(blocked)
	require.Equal(t, 1, n.applyDecision(blocked, moderator, true, time.Now()).Notified)
	void(order.CodeBlocked)

	// The employer itself. The rule of two counts who is left.
	testenv.Exec(t, n.url, `update parties set active_engineers = 2 where id = $1`, m.org)
	propose(colleague)
	other := &employment{n: n, org: m.org, engineer: colleague, person: m.person, version: 1}
	other.id = testenv.Scalar[uuid.UUID](t, n.url, `select id from employments where engineer_id = $1`, colleague.Party)
	require.Equal(t, 1, other.change("suspended").Notified)
	void(order.CodeByEmployer)
	other.version++
	require.Zero(t, other.tell().Notified, "nothing is left to tell")
	other.change("confirmed")

	// A fact that nobody tells is checked when the moderator decides.
	testenv.Exec(t, n.url, `update parties set active_engineers = 2 where id = $1`, m.org)
	propose(colleague)
	o.requireApplied(colleague, order.AgreeReplacement, nil, note, order.Suspended)
	testenv.Exec(t, n.url, `update parties set active_engineers = 1 where id = $1`, m.org)
	o.requireRefused(moderator, order.ApproveReplacement, order.EngineerChoice{Engineer: colleague.Party}, note, order.CodeOnlyEngineer)
	testenv.Exec(t, n.url, `update parties set active_engineers = 2 where id = $1`, m.org)
	o.requireApplied(moderator, order.ApproveReplacement, order.EngineerChoice{Engineer: colleague.Party}, note, order.Work)
	s := o.requireInSync()
	require.Equal(t, colleague.Party, s.Performer.ID)
	require.Nil(t, s.Replacement)
	o.requireApplied(customer, order.ProposeTermination, nil, note, order.Work)
	o.requireApplied(colleague, order.AgreeTermination, nil, nil, order.Cancelled)
	o.waitClosed()
	n.requireReplays(workflowapi.OrderWorkflowID(o.id))
}
