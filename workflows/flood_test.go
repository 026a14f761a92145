package workflows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// padded returns a message whose only fault is its size.
func (o *testOrder) padded(by order.Actor, bytes int) order.Message {
	return order.Message{
		ID: uuid.NewString(), Actor: by, ReceivedAt: time.Now().UTC(), Reason: strings.Repeat("=", bytes),
	}
}

// flooded sends an order more signals than the next run can receive. The order continues as new all
// the same: the first messages are decided, the last ones refused, and the engineer status is
// applied at any position.
func flooded(s *env) *testOrder {
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withoutAdvance), nil, order.Work)
	first := o.runID()
	s.stopWorker()
	want := o.decidedIDs()
	for range 420 { // 1.7 MB, in more events than the server wants in one run
		want = append(want, o.signal(o.padded(engineer, 4<<10), order.WithdrawResponse))
	}
	word := o.send(order.Actor{Role: order.RoleRegistry}, order.RegistryStatus,
		order.EngineerStatus{Engineer: engineer.Party, AsOf: time.Now().UTC(), Snapshot: "1"}, nil)
	want = append(want, word)
	s.startWorker()
	require.Equal(o.t, "applied", o.verdict(word))
	require.Equal(o.t, want, o.decidedIDs())
	state := o.requireInSync()
	require.True(o.t, state.Suspended())

	codes := testenv.Column[string](o.t, o.url, `select code from order_messages where order_id = $1 and kind = 'withdraw-response' order by seq`, o.id)
	whole := slices.Index(codes, string(order.CodeFlooded))
	require.InDelta(o.t, 245, whole, 10, "1 MB is decided")
	require.NotContains(o.t, codes[:whole], string(order.CodeFlooded))
	require.Equal(o.t, slices.Repeat([]string{string(order.CodeFlooded)}, 420-whole), codes[whole:])

	events := o.settledEvents(first)
	require.Equal(o.t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, events[len(events)-1].GetEventType())
	require.Less(o.t, count(events, enumspb.EVENT_TYPE_MARKER_RECORDED), whole, "the order decided the whole queue before it continued as new")
	return o
}

// A queue takes no more bytes in the input of the next run than measured. A text that HTML escaping
// would make six times as long does not end an order.
func TestQueueOfEscapedTextIsCarried(t *testing.T) {
	acceptance.Covers(t, "B-2")
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.toSelection(customer)
	first := o.runID()
	s.stopWorker()
	for range 205 { // more than the server wants in one run
		o.send(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil)
		o.send(engineer, order.WithdrawResponse, nil, nil)
	}
	for range 12 { // 700 KB, and 4 MB once escaped
		m := o.padded(engineer, 0)
		m.Reason = strings.Repeat("<", 58<<10)
		o.storeRequest(m, order.WithdrawResponse)
		plain, err := workflowapi.PlainJSON(m)
		require.NoError(t, err)
		o.raw(string(order.WithdrawResponse), string(plain.Payload().GetData()))
	}
	last := o.send(customer, order.Amend, terms(), form)
	s.startWorker()
	testenv.Eventually(t, "a second run", func() bool { return o.runID() != first })
	require.Equal(t, "applied", o.verdict(last))
	require.Equal(t, order.Selection, o.requireInSync().Stage)
	o.requireReplays()
}
