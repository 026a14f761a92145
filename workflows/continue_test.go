package workflows_test

import (
	"encoding/json"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/converter"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// Signals that several senders send throughout three continue-as-new are not lost, not doubled and
// not reordered for one sender; a message decided before is recognised after.
func TestSignalsSurviveContinueAsNew(t *testing.T) {
	acceptance.Covers(t, "B-2", "S-35")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	first := o.message(customer, order.Publish, terms(), form)
	require.Equal(t, "applied", o.verdict(o.signal(first, order.Publish)))

	const senders = 4
	sent := make([][]uuid.UUID, senders)
	enough := make(chan struct{})
	var all sync.WaitGroup
	for i := range senders {
		engineer := s.engineer()
		all.Go(func() { sent[i] = o.sendUntil(enough, engineer, first.ReceivedAt) })
	}
	for range 3 {
		now := o.runID()
		testenv.Eventually(t, "a continue-as-new", func() bool { return o.runID() != now })
	}
	close(enough)
	all.Wait()

	again := o.signal(first, order.Publish)
	require.Equal(t, "applied", o.verdict(o.send(customer, order.Cancel, nil, nil)))
	o.waitClosed()
	place := map[uuid.UUID]int{}
	for seq, id := range o.decidedIDs() {
		require.NotContains(t, place, id, "decided twice")
		place[id] = seq
	}
	require.Equal(t, 1, place[again], "decided again")
	total := 3 // create, publish, cancel
	for _, ids := range sent {
		total += len(ids)
		last := -1
		for _, id := range ids {
			require.Contains(t, place, id, "lost")
			require.Greater(t, place[id], last, "decided after a later message of its sender")
			last = place[id]
		}
	}
	require.Len(t, place, total)
	require.Zero(t, testenv.Scalar[int](t, o.url, `select count(*)::int from order_messages where order_id = $1 and verdict <> 'applied'`, o.id))
	t.Logf("%d messages in %d runs", total, len(o.requireReplays()))
}

// sendUntil has an engineer respond and withdraw repeatedly; out of order, one of the two would be
// refused. It waits for a verdict on each second message only, so that there is always a message in
// flight.
func (o *testOrder) sendUntil(enough <-chan struct{}, engineer order.Actor, at time.Time) []uuid.UUID {
	var sent []uuid.UUID
	for n := 0; ; n += 2 {
		select {
		case <-enough:
			return sent
		default:
		}
		for i, kind := range []order.Kind{order.Respond, order.WithdrawResponse} {
			m := order.Message{
				ID: workflowapi.HTTPMessageID(engineer, o.id, kind, strconv.Itoa(n+i)).String(), Actor: engineer, ReceivedAt: at,
			}
			if kind == order.Respond {
				m.Details = json.RawMessage(`{"price":2000000,"termDays":20}`)
			}
			m.Kind = kind
			if err := o.insertRequest(m); err != nil {
				o.t.Errorf("storing the request: %v", err)
				return sent
			}
			err := workflowapi.Send(o.t.Context(), o.temporal, workflowapi.OrderMessage(o.queue, o.id, kind, m))
			if err != nil {
				o.t.Errorf("sending: %v", err)
				return sent
			}
			sent = append(sent, uuid.MustParse(m.ID))
		}
		if !o.waitAnswered(sent[len(sent)-1]) {
			return sent
		}
	}
}

// waitAnswered waits for a verdict. Unlike [testOrder.verdict] it may run in a goroutine of the
// test.
func (o *testOrder) waitAnswered(id uuid.UUID) bool {
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case <-o.t.Context().Done():
			return false
		case <-poll.C:
			if _, err := o.store.Verdict(o.t.Context(), id); err == nil {
				return true
			}
		}
	}
}

// Signals that a run has not decided are carried into the next run and precede newer ones.
func TestCarriedQueueIsDecidedFirst(t *testing.T) {
	acceptance.Covers(t, "B-2")
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.toSelection(customer)
	first := o.runID()
	s.stopWorker()
	want := o.decidedIDs()
	for range 205 { // more than the server wants in one run
		want = append(want, o.send(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil),
			o.send(engineer, order.WithdrawResponse, nil, nil))
	}
	s.startWorker()
	testenv.Eventually(t, "a second run", func() bool { return o.runID() != first })
	want = append(want, o.send(customer, order.Amend, terms(), form)) // while the queue is being decided, or after
	require.Equal(t, "applied", o.verdict(want[len(want)-1]))
	require.Equal(t, want, o.decidedIDs())
	o.requireInSync()
	o.requireReplays()

	events := o.settledEvents(first)
	last := events[len(events)-1]
	require.Equal(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, last.GetEventType())
	var next workflowapi.OrderInput
	input := last.GetWorkflowExecutionContinuedAsNewEventAttributes().GetInput()
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(input, &next))
	require.Greater(t, len(next.Queue), 400, "the queue was not carried over")
}
