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

// terminated ends the order's workflow from outside, as nobody should.
func (l *life) terminated() {
	l.t.Helper()
	require.NoError(l.t, l.temporal.TerminateWorkflow(l.t.Context(), workflowapi.OrderWorkflowID(l.id), "", "по ошибке"))
}

// lost looks the order up as the operator's command does.
func (l *life) lost() orderactivities.LostOrder {
	l.t.Helper()
	found, err := orderactivities.FindLostOrder(l.t.Context(), l.store, l.temporal, l.recorded().Number)
	require.NoError(l.t, err)
	return found
}

func (l *life) restart(found orderactivities.LostOrder) error {
	return orderactivities.RestartOrder(l.t.Context(), l.store, l.temporal, l.queue, found, "Петрова", "процесс завершён по ошибке", time.Now())
}

// restarted loses the workflow of an order in work and starts it anew; the order goes on to its end.
func restarted(s *stage) *life {
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, bare), nil, order.Work)
	known := l.judgedIDs()
	before := l.agrees()
	l.terminated()
	late := l.message(customer, order.ProposeTermination, nil, order.Note{Note: "Передумали"})
	l.keepFirst(late, order.ProposeTermination) // kept, and never delivered

	found := l.lost()
	require.Empty(l.t, found.Hindrance)
	require.Equal(l.t, "Terminated", found.Status)
	require.Len(l.t, found.Unanswered, 1)
	require.NoError(l.t, l.restart(found))
	testenv.Eventually(l.t, "the restart in the record", func() bool { return l.recorded().Seq == before.Seq+1 })
	after := l.agrees()
	before.Seq, before.At = after.Seq, after.At
	require.Equal(l.t, before, after, "nothing but the restart has happened")
	require.Equal(l.t, "restart-order", l.history()[len(l.history())-1])
	require.Equal(l.t, []string{"operator"}, testenv.Column[string](l.t, l.url,
		`select actor_role from order_events where order_id = $1 and kind = 'restart-order'`, l.id))
	require.Equal(l.t, []string{"Петрова: процесс завершён по ошибке"}, testenv.Column[string](l.t, l.url,
		`select operator || ': ' || reason from order_restarts where order_id = $1`, l.id))

	require.Equal(l.t, "applied", l.verdict(l.forge(late, order.ProposeTermination)), "repeated by its sender")
	l.must(engineer, order.RefuseTermination, nil, nil, order.Work)
	l.delivered(customer, engineer)
	l.paid(customer, engineer)
	require.Equal(l.t, known, l.judgedIDs()[:len(known)])
	return l
}

// An order is started anew only where its workflow is gone and its record whole.
func TestOnlyALostOrderIsStartedAnew(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	l.toSelection(customer)
	l.agrees()
	require.Contains(t, l.lost().Hindrance, "работает")
	require.Error(t, l.restart(l.lost()))

	l.terminated()
	require.Empty(t, l.lost().Hindrance)
	for _, said := range [][2]string{{" ", "причина"}, {"\u3164", "причина"}, {"Петрова", "\u200b"}, {"Петрова", "при\x00чина"}} {
		var hindered orderactivities.HinderedError
		require.ErrorAs(t, orderactivities.RestartOrder(t.Context(), s.store, s.temporal, s.queue, l.lost(), said[0], said[1], time.Now()), &hindered, "%q", said)
	}
	testenv.Exec(t, s.url, `update orders set state = state || '{"revision": 7}' where id = $1`, l.id)
	require.Contains(t, l.lost().Hindrance, "расходятся")
	testenv.Exec(t, s.url, `update orders set state = state || '{"revision": 1}' where id = $1`, l.id)

	found := l.lost()
	require.NoError(t, l.restart(found))
	require.Error(t, l.restart(found), "it runs already")
	l.must(customer, order.Cancel, nil, nil, order.Cancelled)
	l.finished()
	require.Contains(t, l.lost().Hindrance, "закрыт")
	_, err := orderactivities.FindLostOrder(t.Context(), s.store, s.temporal, uuid.NewString())
	require.ErrorIs(t, err, orderactivities.ErrNoOrder)
	require.Zero(t, testenv.Scalar[int](t, s.url, `select count(*)::int from order_alarms`))
}

// A deadline that came while the workflow was gone is judged when the order is started anew, and a repeated message is known.
func TestRestartedOrderKeepsDeadlinesAndKnowsItsMessages(t *testing.T) {
	acceptance.Covers(t, "S-14")
	t.Parallel()
	s := newStage(t)
	l, _ := s.offeredLongAgo()
	first := l.judgedIDs()[1]
	require.Empty(t, l.lost().Hindrance, "its workflow was never there")
	require.NoError(t, l.restart(l.lost()))
	testenv.Eventually(t, "the deadline", func() bool { return l.recorded().Offer == nil })
	require.Equal(t, []string{"create", "publish", "offer", "restart-order", "deadline-due"}, l.judged())
	l.raw(string(order.Publish), `{"id":"`+first.String()+`","actor":{"role":"customer"},"receivedAt":"2026-01-01T00:00:00Z"}`)
	l.raw("unknown", `{"id":"`+uuid.NewString()+`","actor":{"role":"operator"},"receivedAt":"2026-01-01T00:00:00Z"}`)
	testenv.Eventually(t, "the next message", func() bool { return l.recorded().Seq == 6 })
	l.agrees()
}

// The files of a deleted draft are purged by the run that is started anew.
func TestRestartedOrderEndsItsEffects(t *testing.T) {
	acceptance.Covers(t, "S-11")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l, state := s.existing(customer, time.Now)
	l.file(customer, "вложение", "text/plain")
	l.recordDirectly(state, l.message(customer, order.Delete, nil, nil), order.Delete, time.Now)
	found, err := orderactivities.FindLostOrder(t.Context(), s.store, s.temporal, l.id.String())
	require.NoError(t, err)
	require.NoError(t, l.restart(found))
	l.finished()
	require.Zero(t, testenv.Scalar[int](t, s.url, `select count(*)::int from files where order_id = $1`, l.id))
}
