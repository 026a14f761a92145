package workflows_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/converter"

	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/workflows/contract"
)

// Signals sent all along by several senders survive three continue-as-new: none is lost, doubled or put before another of
// its sender; and what was judged before them is known after them.
func TestSignalsSurviveContinueAsNew_B2_S35(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	first := l.message(customer, order.Publish, terms(), form)
	require.Equal(t, "applied", l.verdict(l.signal(first, order.Publish)))

	const senders, most = 4, 600
	sent := make([][]uuid.UUID, senders)
	kinds := []order.Kind{order.Respond, order.WithdrawResponse} // out of order, a sender's second would be refused
	enough := make(chan struct{})
	var all sync.WaitGroup
	for i := range senders {
		engineer := s.engineer()
		all.Go(func() {
			for n := 0; n < most; n++ {
				select {
				case <-enough:
					if n%2 == 0 {
						return
					}
				default:
				}
				m := order.Message{
					ID: contract.HTTPMessageID(engineer, l.id, kinds[n%2], strconv.Itoa(n)).String(), Actor: engineer, ReceivedAt: first.ReceivedAt,
				}
				if n%2 == 0 {
					m.Details = encode(t, order.Bid{Price: price, TermDays: 20})
				}
				err := l.temporal.SignalWorkflow(t.Context(), contract.OrderWorkflowID(l.id), "", string(kinds[n%2]), m)
				if err != nil {
					t.Errorf("sending: %v", err)
					return
				}
				sent[i] = append(sent[i], uuid.MustParse(m.ID))
			}
		})
	}
	seen := map[string]bool{}
	testenv.Eventually(t, "three continue-as-new", func() bool {
		seen[l.run()] = true
		return len(seen) > 3
	})
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
	t.Logf("%d messages in %d runs", total, len(l.runs()))
}

// What one run had not judged is carried into the next, and stands before what came since.
func TestQueueIsCarriedIntoTheNextRunAndJudgedFirst_B2(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.toSelection(customer)
	first := l.run()
	s.stopWorker()
	want := l.judgedIDs()
	for range 250 { // more than the server wants in one run
		want = append(want, l.send(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil),
			l.send(engineer, order.WithdrawResponse, nil, nil))
	}
	s.startWorker()
	testenv.Eventually(t, "a second run", func() bool { return l.run() != first })
	want = append(want, l.send(customer, order.Amend, terms(), form)) // while the queue is being judged, or after
	require.Equal(t, "applied", l.verdict(want[len(want)-1]))
	require.Equal(t, want, l.judgedIDs())
	l.agrees()

	events := l.settled(first)
	last := events[len(events)-1]
	require.Equal(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, last.GetEventType())
	var next contract.OrderInput
	input := last.GetWorkflowExecutionContinuedAsNewEventAttributes().GetInput()
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(input, &next))
	require.Greater(t, len(next.Queue), 400, "the queue was not carried over")
}
