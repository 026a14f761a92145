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

// recordDirectly records a message without the workflow, like a worker that dies before it reports
// the result.
func (o *testOrder) recordDirectly(state order.State, m order.Message, kind order.Kind, now func() time.Time) order.Outcome {
	o.t.Helper()
	o.storeRequest(m, kind)
	a := orderactivities.New(o.store, o.files, now)
	outcome, err := a.RecordMessage(o.t.Context(), orderactivities.RecordInput{State: state, Kind: kind, Message: m})
	require.NoError(o.t, err)
	return outcome
}

// A message that a worker recorded before it died is not recorded twice.
func TestMessageRecordedBeforeACrashIsNotRepeated(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	o.requireInSync()
	s.stopWorker()
	m := o.message(customer, order.Publish, terms(), form)
	outcome := o.recordDirectly(o.rowState(), m, order.Publish, time.Now)
	recorded := o.rowState()
	o.signal(m, order.Publish)
	s.startWorker()
	require.Equal(t, recorded, o.requireInSync())
	require.Equal(t, outcome.Seq, o.queryState().Seq)
	require.Equal(t, []string{"create", "publish"}, o.decidedKinds())
	require.Equal(t, []string{"create", "publish"}, o.history())
}

// Concurrent runs of the recording, as after a time-out, write one verdict and return one outcome.
func TestConcurrentRecordingsGiveOneOutcome(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	o.requireInSync()
	s.stopWorker()
	state, m := o.rowState(), o.message(customer, order.Publish, terms(), form)
	o.storeRequest(m, order.Publish)
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
	require.Equal(t, []string{"create", "publish"}, o.decidedKinds())
	require.Equal(t, []string{"create", "publish"}, o.history())
}

// An order never takes the outcome of a message of another order.
func TestOutcomeOfAnotherOrderIsNotApplied(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	one, two := s.create(customer), s.create(customer)
	m := one.message(customer, order.Publish, terms(), form)
	require.Equal(t, "applied", one.verdict(one.signal(m, order.Publish)))
	two.signal(m, order.Publish)
	two.toSelection(customer)
	require.Equal(t, []string{"create", "publish"}, two.decidedKinds())
	require.NotEqual(t, one.requireInSync().Form, two.requireInSync().Form)
}

// An order whose place in the record is taken by an unknown message stops and shows it. After an
// operator's signal it continues from the record.
func TestDivergedOrderWaitsForAnOperator(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.toSelection(customer)
	o.requireInSync()
	s.stopWorker()
	unknown := o.message(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil)
	o.recordDirectly(o.rowState(), unknown, order.Respond, time.Now)
	next := o.send(customer, order.Choose, order.EngineerChoice{Engineer: engineer.Party}, nil)
	s.startWorker()

	s.waitFound(`WorkflowId = "`+workflowapi.OrderWorkflowID(o.id)+`" and Hold = "`+workflowapi.HoldDiverged+`"`, o)
	require.Contains(t, o.details(), "`"+workflowapi.RejoinSignal+"`")
	require.Contains(t, o.details(), "запись расходится с историей")
	_, err := s.store.Verdict(t.Context(), next)
	require.ErrorIs(t, err, db.ErrNotFound, "a diverged order decides nothing")

	require.NoError(t, workflowapi.Send(t.Context(), s.temporal, workflowapi.RejoinOrder(o.id)))
	require.Equal(t, "applied", o.verdict(next))
	require.Equal(t, order.Contracting, o.requireInSync().Stage)
	require.Equal(t, []string{"create", "publish", "respond", "choose"}, o.decidedKinds())
	require.Contains(t, o.details(), "Подписание договора")
}

// A signal that a dead worker recorded before an earlier signal is decided first again.
func TestRecordedSignalIsDecidedFirst(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.toSelection(customer)
	o.requireInSync()
	s.stopWorker()
	second := o.message(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil)
	o.recordDirectly(o.rowState(), second, order.Respond, time.Now)
	o.send(customer, order.OfferOrder, order.EngineerChoice{Engineer: engineer.Party}, nil)
	o.signal(second, order.Respond)
	s.startWorker()
	testenv.Eventually(t, "both to be decided", func() bool { return o.rowState().Seq == 4 })
	require.Equal(t, []string{"create", "publish", "respond", "offer"}, o.decidedKinds())
	o.requireInSync()
}

// A deadline that a dead worker recorded before a signal came still precedes it.
func TestRecordedDeadlineIsDecidedFirst(t *testing.T) {
	acceptance.Covers(t, "S-14")
	t.Parallel()
	s := newEnv(t)
	o, engineer := s.offeredLongAgo()
	s.stopWorker()
	before := o.rowState()
	due, ok := before.NextDue()
	require.True(t, ok)
	m := order.Message{
		ID: workflowapi.DueMessageID(o.id.String(), due).String(), Actor: order.Actor{Role: order.RolePlatform},
		ReceivedAt: due.At, Details: encode(t, order.DueNow{Due: due.ID}),
	}
	o.recordDirectly(before, m, order.DeadlineDue, time.Now)
	o.resume(before)
	answer := o.send(engineer, order.AcceptOffer, order.Revised{Revision: 1}, nil)
	s.startWorker()
	require.Equal(t, string(order.CodeOfferExpired), o.verdict(answer))
	require.Equal(t, []string{"create", "publish", "offer", "deadline-due", "accept-offer"}, o.decidedKinds())
	o.requireInSync()
}

// A signal that is not recorded yet is decided before a deadline that has come.
func TestSignalIsDecidedBeforeADueDeadline(t *testing.T) {
	acceptance.Covers(t, "S-14")
	t.Parallel()
	s := newEnv(t)
	o, engineer := s.offeredLongAgo()
	s.stopWorker()
	state := o.rowState()
	due, _ := state.NextDue()
	o.resume(state)
	m := o.message(engineer, order.AcceptOffer, order.Revised{Revision: 1}, nil)
	m.ReceivedAt = due.At.Add(-time.Second) // sent in time and delayed by an outage
	answer := o.signal(m, order.AcceptOffer)
	s.startWorker()
	require.Equal(t, "applied", o.verdict(answer))
	require.Equal(t, []string{"create", "publish", "offer", "accept-offer"}, o.decidedKinds())
	require.Equal(t, order.Contracting, o.requireInSync().Stage)
}

// An effect whose end a dead worker recorded is awaited again, and its end still precedes later
// messages.
func TestRecordedEffectEndIsDecidedFirst(t *testing.T) {
	acceptance.Covers(t, "S-11")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o, state := s.recordedDraft(customer, time.Now)
	s.stopWorker()
	remove := o.message(customer, order.Delete, nil, nil)
	require.NoError(t, state.Apply(o.recordDirectly(state, remove, order.Delete, time.Now)))
	require.Len(t, state.Effects, 1)
	key := state.Effects[0].Key
	end := order.Message{
		ID: workflowapi.EffectMessageID(o.id.String(), key).String(), Actor: order.Actor{Role: order.RolePlatform},
		ReceivedAt: time.Now(), Details: encode(t, order.EffectResult{Effect: key}),
	}
	o.recordDirectly(state, end, order.EffectFinished, time.Now)
	o.resume(state)
	late := o.send(customer, order.Publish, nil, nil)
	s.startWorker()
	require.Equal(t, string(order.CodeClosed), o.verdict(late))
	require.Equal(t, []string{"create", "delete", "effect-finished", "publish"}, o.decidedKinds())
	o.waitClosed()
}

// offeredLongAgo records an order with an offer that has expired, without the deadline's message.
func (s *env) offeredLongAgo() (*testOrder, order.Actor) {
	s.t.Helper()
	customer, engineer := s.customer(), s.engineer()
	then := func() time.Time { return time.Now().AddDate(0, 0, -3).Add(-time.Hour) }
	o, state := s.recordedDraft(customer, then)
	publish := o.message(customer, order.Publish, terms(), form)
	require.NoError(s.t, state.Apply(o.recordDirectly(state, publish, order.Publish, then)))
	offer := o.message(customer, order.OfferOrder, order.EngineerChoice{Engineer: engineer.Party}, nil)
	o.recordDirectly(state, offer, order.OfferOrder, then)
	return o, engineer
}

// recordedDraft records a draft that has no workflow yet.
func (s *env) recordedDraft(customer order.Actor, now func() time.Time) (*testOrder, order.State) {
	s.t.Helper()
	o := &testOrder{env: s, id: uuid.New()}
	state := order.State{ID: o.id.String()}
	create := o.message(customer, order.Create, nil, nil)
	require.NoError(s.t, state.Apply(o.recordDirectly(state, create, order.Create, now)))
	return o, state
}

// resume starts the workflow of an order in the state that an earlier run would have left.
func (o *testOrder) resume(state order.State) {
	o.t.Helper()
	_, err := o.temporal.ExecuteWorkflow(o.t.Context(), workflowapi.StartOptions(o.id, o.queue), workflowapi.OrderWorkflow, workflowapi.OrderInput{State: state})
	require.NoError(o.t, err)
}
