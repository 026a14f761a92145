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

// Signals sent all along by several senders survive three continue-as-new: none is lost, doubled or put before another of
// its sender; and what was judged before them is known after them.
func TestSignalsSurviveContinueAsNew(t *testing.T) {
	acceptance.Covers(t, "B-2", "S-35")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	first := l.message(customer, order.Publish, terms(), form)
	require.Equal(t, "applied", l.verdict(l.signal(first, order.Publish)))

	const senders = 4
	sent := make([][]uuid.UUID, senders)
	enough := make(chan struct{})
	var all sync.WaitGroup
	for i := range senders {
		engineer := s.engineer()
		all.Go(func() { sent[i] = l.sendsUntil(enough, engineer, first.ReceivedAt) })
	}
	for range 3 {
		now := l.run()
		testenv.Eventually(t, "a continue-as-new", func() bool { return l.run() != now })
	}
	close(enough)
	all.Wait()

	again := l.signal(first, order.Publish)
	require.Equal(t, "applied", l.verdict(l.send(customer, order.Cancel, nil, nil)))
	l.finished()
	place := map[uuid.UUID]int{}
	for seq, id := range l.judgedIDs() {
		require.NotContains(t, place, id, "judged twice")
		place[id] = seq
	}
	require.Equal(t, 1, place[again], "judged anew")
	total := 3 // create, publish, cancel
	for _, ids := range sent {
		total += len(ids)
		last := -1
		for _, id := range ids {
			require.Contains(t, place, id, "lost")
			require.Greater(t, place[id], last, "overtaken by a later message of its sender")
			last = place[id]
		}
	}
	require.Len(t, place, total)
	require.Zero(t, testenv.Scalar[int](t, l.url, `select count(*)::int from order_messages where order_id = $1 and verdict <> 'applied'`, l.id))
	t.Logf("%d messages in %d runs", total, len(l.replays()))
}

// sendsUntil has an engineer respond and withdraw, again and again: out of order, one of the two would be refused. He waits
// for a verdict on each second message only, so that there is always something on its way.
func (l *life) sendsUntil(enough <-chan struct{}, engineer order.Actor, at time.Time) []uuid.UUID {
	var sent []uuid.UUID
	for n := 0; ; n += 2 {
		select {
		case <-enough:
			return sent
		default:
		}
		for i, kind := range []order.Kind{order.Respond, order.WithdrawResponse} {
			m := order.Message{
				ID: workflowapi.HTTPMessageID(engineer, l.id, kind, strconv.Itoa(n+i)).String(), Actor: engineer, ReceivedAt: at,
			}
			if kind == order.Respond {
				m.Details = json.RawMessage(`{"price":2000000,"termDays":20}`)
			}
			m.Kind = kind
			if err := l.request(m); err != nil {
				l.t.Errorf("keeping: %v", err)
				return sent
			}
			err := workflowapi.Send(l.t.Context(), l.temporal, workflowapi.OrderMessage(l.queue, l.id, kind, m))
			if err != nil {
				l.t.Errorf("sending: %v", err)
				return sent
			}
			sent = append(sent, uuid.MustParse(m.ID))
		}
		if !l.answered(sent[len(sent)-1]) {
			return sent
		}
	}
}

// answered waits for a verdict; unlike [life.verdict] it may be used beside the test's own goroutine.
func (l *life) answered(id uuid.UUID) bool {
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case <-l.t.Context().Done():
			return false
		case <-poll.C:
			if _, err := l.store.Verdict(l.t.Context(), id); err == nil {
				return true
			}
		}
	}
}

// What one run had not judged is carried into the next, and stands before what came since.
func TestQueueIsCarriedIntoTheNextRunAndJudgedFirst(t *testing.T) {
	acceptance.Covers(t, "B-2")
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.toSelection(customer)
	first := l.run()
	s.stopWorker()
	want := l.judgedIDs()
	for range 205 { // more than the server wants in one run
		want = append(want, l.send(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil),
			l.send(engineer, order.WithdrawResponse, nil, nil))
	}
	s.startWorker()
	testenv.Eventually(t, "a second run", func() bool { return l.run() != first })
	want = append(want, l.send(customer, order.Amend, terms(), form)) // while the queue is being judged, or after
	require.Equal(t, "applied", l.verdict(want[len(want)-1]))
	require.Equal(t, want, l.judgedIDs())
	l.agrees()
	l.replays()

	events := l.settled(first)
	last := events[len(events)-1]
	require.Equal(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, last.GetEventType())
	var next workflowapi.OrderInput
	input := last.GetWorkflowExecutionContinuedAsNewEventAttributes().GetInput()
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(input, &next))
	require.Greater(t, len(next.Queue), 400, "the queue was not carried over")
}
