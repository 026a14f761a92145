package workflows_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	orderactivities "epkr/activities/orders"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// terminate terminates the order's workflow.
func (o *testOrder) terminate() {
	o.t.Helper()
	require.NoError(o.t, o.temporal.TerminateWorkflow(o.t.Context(), workflowapi.OrderWorkflowID(o.id), "", "по ошибке"))
}

// findLost finds the order as the operators' command does.
func (o *testOrder) findLost() orderactivities.LostOrder {
	o.t.Helper()
	found, err := orderactivities.FindLostOrder(o.t.Context(), o.store, o.temporal, o.rowState().Number)
	require.NoError(o.t, err)
	return found
}

func (o *testOrder) restart(found orderactivities.LostOrder) error {
	return orderactivities.RestartOrder(o.t.Context(), o.store, o.temporal, o.queue, found, "Петрова", "процесс завершён по ошибке", time.Now())
}

// restarted loses the workflow of an order in work and restarts it; the order then runs to its end.
func restarted(s *env) *testOrder {
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withoutAdvance), nil, order.Work)
	known := o.decidedIDs()
	before := o.requireInSync()
	o.terminate()
	late := o.message(customer, order.ProposeTermination, nil, order.Note{Note: "Передумали"})
	o.storeRequest(late, order.ProposeTermination) // stored and never sent

	found := o.findLost()
	require.Empty(o.t, found.BlockedReason)
	require.Equal(o.t, "Terminated", found.Status)
	require.Len(o.t, found.Unanswered, 1)
	require.NoError(o.t, o.restart(found))
	testenv.Eventually(o.t, "the restart in the record", func() bool { return o.rowState().Seq == before.Seq+1 })
	after := o.requireInSync()
	before.Seq, before.At = after.Seq, after.At
	require.Equal(o.t, before, after, "only the restart has changed the order")
	require.Equal(o.t, "restart-order", o.history()[len(o.history())-1])
	require.Equal(o.t, []string{"operator"}, testenv.Column[string](o.t, o.url,
		`select actor_role from order_events where order_id = $1 and kind = 'restart-order'`, o.id))
	require.Equal(o.t, []string{"Петрова: процесс завершён по ошибке"}, testenv.Column[string](o.t, o.url,
		`select operator || ': ' || reason from order_restarts where order_id = $1`, o.id))

	require.Equal(o.t, "applied", o.verdict(o.sendUnstored(late, order.ProposeTermination)), "repeated by its sender")
	o.requireApplied(engineer, order.RefuseTermination, nil, nil, order.Work)
	o.delivered(customer, engineer)
	o.paid(customer, engineer)
	require.Equal(o.t, known, o.decidedIDs()[:len(known)])
	return o
}

// An order is restarted only if its workflow has ended and its record is complete.
func TestOnlyALostOrderIsRestarted(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	o.toSelection(customer)
	o.requireInSync()
	require.Contains(t, o.findLost().BlockedReason, "работает")
	require.Error(t, o.restart(o.findLost()))

	o.terminate()
	require.Empty(t, o.findLost().BlockedReason)
	for _, said := range [][2]string{{" ", "причина"}, {"\u3164", "причина"}, {"Петрова", "\u200b"}, {"Петрова", "при\x00чина"}} {
		var hindered orderactivities.RestartBlockedError
		require.ErrorAs(t, orderactivities.RestartOrder(t.Context(), s.store, s.temporal, s.queue, o.findLost(), said[0], said[1], time.Now()), &hindered, "%q", said)
	}
	testenv.Exec(t, s.url, `update orders set state = state || '{"revision": 7}' where id = $1`, o.id)
	require.Contains(t, o.findLost().BlockedReason, "расходятся")
	testenv.Exec(t, s.url, `update orders set state = state || '{"revision": 1}' where id = $1`, o.id)

	found := o.findLost()
	require.NoError(t, o.restart(found))
	require.Error(t, o.restart(found), "it is already running")
	o.requireApplied(customer, order.Cancel, nil, nil, order.Cancelled)
	o.waitClosed()
	require.Contains(t, o.findLost().BlockedReason, "закрыт")
	_, err := orderactivities.FindLostOrder(t.Context(), s.store, s.temporal, uuid.NewString())
	require.ErrorIs(t, err, orderactivities.ErrNoOrder)
	require.Zero(t, testenv.Scalar[int](t, s.url, `select count(*)::int from order_alarms`))
}

// A deadline that came while the workflow did not run is decided after the restart, and a repeated
// message is recognised.
func TestRestartedOrderKeepsDeadlinesAndRecentMessages(t *testing.T) {
	acceptance.Covers(t, "S-14")
	t.Parallel()
	s := newEnv(t)
	o, _ := s.offeredLongAgo()
	first := o.decidedIDs()[1]
	require.Empty(t, o.findLost().BlockedReason, "it never had a workflow")
	require.NoError(t, o.restart(o.findLost()))
	testenv.Eventually(t, "the deadline", func() bool { return o.rowState().Offer == nil })
	require.Equal(t, []string{"create", "publish", "offer", "restart-order", "deadline-due"}, o.decidedKinds())
	o.raw(string(order.Publish), `{"id":"`+first.String()+`","actor":{"role":"customer"},"receivedAt":"2026-01-01T00:00:00Z"}`)
	o.raw("unknown", `{"id":"`+uuid.NewString()+`","actor":{"role":"operator"},"receivedAt":"2026-01-01T00:00:00Z"}`)
	testenv.Eventually(t, "the next message", func() bool { return o.rowState().Seq == 6 })
	o.requireInSync()
}

// The restarted run removes the files of a deleted draft.
func TestRestartedOrderFinishesItsEffects(t *testing.T) {
	acceptance.Covers(t, "S-11")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o, state := s.recordedDraft(customer, time.Now)
	o.file(customer, "вложение", "text/plain")
	o.recordDirectly(state, o.message(customer, order.Delete, nil, nil), order.Delete, time.Now)
	found, err := orderactivities.FindLostOrder(t.Context(), s.store, s.temporal, o.id.String())
	require.NoError(t, err)
	require.NoError(t, o.restart(found))
	o.waitClosed()
	require.Zero(t, testenv.Scalar[int](t, s.url, `select count(*)::int from files where order_id = $1`, o.id))
}
