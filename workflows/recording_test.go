package workflows_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	orderactivities "epkr/activities/orders"
	"epkr/db"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// recordDirectly judges a message without the workflow, as a worker does that dies before it can tell.
func (l *life) recordDirectly(state order.State, m order.Message, kind order.Kind, now func() time.Time) order.Outcome {
	l.t.Helper()
	l.keepFirst(m, kind)
	a := orderactivities.New(l.store, l.files, now)
	outcome, err := a.RecordMessage(l.t.Context(), orderactivities.RecordInput{State: state, Kind: kind, Message: m})
	require.NoError(l.t, err)
	return outcome
}

// A worker that dies after recording and before telling the server records nothing twice.
func TestMessageRecordedBeforeACrashIsTakenOver(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	l.agrees()
	s.stopWorker()
	m := l.message(customer, order.Publish, terms(), form)
	outcome := l.recordDirectly(l.recorded(), m, order.Publish, time.Now)
	recorded := l.recorded()
	l.signal(m, order.Publish)
	s.startWorker()
	require.Equal(t, recorded, l.agrees())
	require.Equal(t, outcome.Seq, l.asked().Seq)
	require.Equal(t, []string{"create", "publish"}, l.judged())
	require.Equal(t, []string{"create", "publish"}, l.history())
}

// Many runs of the recording at once, as after a time-out, write one verdict and give one outcome.
func TestConcurrentRecordingsGiveOneOutcome(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	l.agrees()
	s.stopWorker()
	state, m := l.recorded(), l.message(customer, order.Publish, terms(), form)
	l.keepFirst(m, order.Publish)
	a := orderactivities.New(s.store, s.files, time.Now)
	outcomes := make([]order.Outcome, 8)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() {
			var err error
			for attempt := 0; attempt < 2; attempt++ { // a retry is what an activity gets
				outcomes[i], err = a.RecordMessage(t.Context(), orderactivities.RecordInput{State: state, Kind: order.Publish, Message: m})
				if err == nil || !db.IsUniqueViolation(err, "") {
					break
				}
			}
			if err != nil {
				t.Errorf("recording: %v", err)
			}
		})
	}
	all.Wait()
	for _, o := range outcomes {
		require.JSONEq(t, string(encode(t, outcomes[0])), string(encode(t, o)))
	}
	require.Equal(t, []string{"create", "publish"}, l.judged())
	require.Equal(t, []string{"create", "publish"}, l.history())
}

// The outcome of a message of another order is never taken over.
func TestMessageOfAnotherOrderIsNotTakenOver(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	one, two := s.create(customer), s.create(customer)
	m := one.message(customer, order.Publish, terms(), form)
	require.Equal(t, "applied", one.verdict(one.signal(m, order.Publish)))
	two.signal(m, order.Publish)
	two.toSelection(customer)
	require.Equal(t, []string{"create", "publish"}, two.judged())
	require.NotEqual(t, one.agrees().Form, two.agrees().Form)
}

// An order whose place in the record is taken by a message that it does not know stops, says so, and goes on with what is
// recorded once an operator tells it to.
func TestDivergedOrderWaitsForAnOperator(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.toSelection(customer)
	l.agrees()
	s.stopWorker()
	unknown := l.message(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil)
	l.recordDirectly(l.recorded(), unknown, order.Respond, time.Now)
	next := l.send(customer, order.Choose, order.Pick{Engineer: engineer.Party}, nil)
	s.startWorker()

	s.found(`WorkflowId = "`+workflowapi.OrderWorkflowID(l.id)+`" and Hold = "`+workflowapi.HoldDiverged+`"`, l)
	require.Contains(t, l.details(), "`"+workflowapi.RejoinSignal+"`")
	require.Contains(t, l.details(), "запись расходится с историей")
	_, err := s.store.Verdict(t.Context(), next)
	require.ErrorIs(t, err, db.ErrNotFound, "a diverged order judges nothing")

	require.NoError(t, workflowapi.Send(t.Context(), s.temporal, workflowapi.RejoinOrder(l.id)))
	require.Equal(t, "applied", l.verdict(next))
	require.Equal(t, order.Contracting, l.agrees().Stage)
	require.Equal(t, []string{"create", "publish", "respond", "choose"}, l.judged())
	require.Contains(t, l.details(), "Подписание договора")
}

// A signal that was judged before another one by a worker that died is judged first again.
func TestRecordedSignalFromTheInboxIsPutFirst(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.toSelection(customer)
	l.agrees()
	s.stopWorker()
	second := l.message(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil)
	l.recordDirectly(l.recorded(), second, order.Respond, time.Now)
	l.send(customer, order.OfferOrder, order.Pick{Engineer: engineer.Party}, nil)
	l.signal(second, order.Respond)
	s.startWorker()
	testenv.Eventually(t, "both to be judged", func() bool { return l.recorded().Seq == 4 })
	require.Equal(t, []string{"create", "publish", "respond", "offer"}, l.judged())
	l.agrees()
}

// A deadline that a dying worker recorded before a signal came stays before it.
func TestRecordedDeadlineIsPutFirst(t *testing.T) {
	acceptance.Covers(t, "S-14")
	t.Parallel()
	s := newStage(t)
	l, engineer := s.offeredLongAgo()
	s.stopWorker()
	before := l.recorded()
	due, ok := before.NextDue()
	require.True(t, ok)
	m := order.Message{
		ID: workflowapi.DueMessageID(l.id.String(), due).String(), Actor: order.Actor{Role: order.RolePlatform},
		ReceivedAt: due.At, Details: encode(t, order.DueNow{Due: due.ID}),
	}
	l.recordDirectly(before, m, order.DeadlineDue, time.Now)
	l.resume(before)
	answer := l.send(engineer, order.AcceptOffer, order.Revised{Revision: 1}, nil)
	s.startWorker()
	require.Equal(t, string(order.CodeOfferExpired), l.verdict(answer))
	require.Equal(t, []string{"create", "publish", "offer", "deadline-due", "accept-offer"}, l.judged())
	l.agrees()
}

// A signal that came with a deadline, and is not recorded yet, is judged before it.
func TestSignalIsJudgedBeforeADueDeadline(t *testing.T) {
	acceptance.Covers(t, "S-14")
	t.Parallel()
	s := newStage(t)
	l, engineer := s.offeredLongAgo()
	s.stopWorker()
	state := l.recorded()
	due, _ := state.NextDue()
	l.resume(state)
	m := l.message(engineer, order.AcceptOffer, order.Revised{Revision: 1}, nil)
	m.ReceivedAt = due.At.Add(-time.Second) // in time, and then it waited out an outage
	answer := l.signal(m, order.AcceptOffer)
	s.startWorker()
	require.Equal(t, "applied", l.verdict(answer))
	require.Equal(t, []string{"create", "publish", "offer", "accept-offer"}, l.judged())
	require.Equal(t, order.Contracting, l.agrees().Stage)
}

// An effect whose end a dying worker recorded is waited for again, and its end stays before what came since.
func TestRecordedEndOfAnEffectIsPutFirst(t *testing.T) {
	acceptance.Covers(t, "S-11")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l, state := s.existing(customer, time.Now)
	s.stopWorker()
	remove := l.message(customer, order.Delete, nil, nil)
	require.NoError(t, state.Apply(l.recordDirectly(state, remove, order.Delete, time.Now)))
	require.Len(t, state.Effects, 1)
	key := state.Effects[0].Key
	end := order.Message{
		ID: workflowapi.EffectMessageID(l.id.String(), key).String(), Actor: order.Actor{Role: order.RolePlatform},
		ReceivedAt: time.Now(), Details: encode(t, order.EffectResult{Effect: key}),
	}
	l.recordDirectly(state, end, order.EffectFinished, time.Now)
	l.resume(state)
	late := l.send(customer, order.Publish, nil, nil)
	s.startWorker()
	require.Equal(t, string(order.CodeClosed), l.verdict(late))
	require.Equal(t, []string{"create", "delete", "effect-finished", "publish"}, l.judged())
	l.finished()
}

// offeredLongAgo records an order whose offer has expired and nobody has noticed.
func (s *stage) offeredLongAgo() (*life, order.Actor) {
	s.t.Helper()
	customer, engineer := s.customer(), s.engineer()
	then := func() time.Time { return time.Now().AddDate(0, 0, -3).Add(-time.Hour) }
	l, state := s.existing(customer, then)
	publish := l.message(customer, order.Publish, terms(), form)
	require.NoError(s.t, state.Apply(l.recordDirectly(state, publish, order.Publish, then)))
	offer := l.message(customer, order.OfferOrder, order.Pick{Engineer: engineer.Party}, nil)
	l.recordDirectly(state, offer, order.OfferOrder, then)
	return l, engineer
}

// existing records a draft that has no workflow yet.
func (s *stage) existing(customer order.Actor, now func() time.Time) (*life, order.State) {
	s.t.Helper()
	l := &life{stage: s, id: uuid.New()}
	state := order.State{ID: l.id.String()}
	create := l.message(customer, order.Create, nil, nil)
	require.NoError(s.t, state.Apply(l.recordDirectly(state, create, order.Create, now)))
	return l, state
}

// resume starts the workflow of an order where a run before it would have left it.
func (l *life) resume(state order.State) {
	l.t.Helper()
	_, err := l.temporal.ExecuteWorkflow(l.t.Context(), workflowapi.StartOptions(l.id, l.queue), workflowapi.OrderWorkflow, workflowapi.OrderInput{State: state})
	require.NoError(l.t, err)
}
