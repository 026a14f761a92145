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

// padded is a message that nothing is wrong with but its size.
func (l *life) padded(by order.Actor, bytes int) order.Message {
	return order.Message{
		ID: uuid.NewString(), Actor: by, ReceivedAt: time.Now().UTC(), Reason: strings.Repeat("=", bytes),
	}
}

// flooded sends an order more than the next run can be given. It continues as new all the same: what came first is judged, what came
// last is refused, and the word on its engineer is heard wherever it stands.
func flooded(s *stage) *life {
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, bare), nil, order.Work)
	first := l.run()
	s.stopWorker()
	want := l.judgedIDs()
	for range 420 { // 1.7 MB, in more events than the server wants in one run
		want = append(want, l.signal(l.padded(engineer, 4<<10), order.WithdrawResponse))
	}
	word := l.send(order.Actor{Role: order.RoleRegistry}, order.RegistryStatus,
		order.Standing{Engineer: engineer.Party, AsOf: time.Now().UTC(), Snapshot: "1"}, nil)
	want = append(want, word)
	s.startWorker()
	require.Equal(l.t, "applied", l.verdict(word))
	require.Equal(l.t, want, l.judgedIDs())
	state := l.agrees()
	require.True(l.t, state.Suspended())

	codes := testenv.Column[string](l.t, l.url, `select code from order_messages where order_id = $1 and kind = 'withdraw-response' order by seq`, l.id)
	whole := slices.Index(codes, string(order.CodeFlooded))
	require.InDelta(l.t, 245, whole, 10, "1 MB are judged")
	require.NotContains(l.t, codes[:whole], string(order.CodeFlooded))
	require.Equal(l.t, slices.Repeat([]string{string(order.CodeFlooded)}, 420-whole), codes[whole:])

	events := l.settled(first)
	require.Equal(l.t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, events[len(events)-1].GetEventType())
	require.Less(l.t, count(events, enumspb.EVENT_TYPE_MARKER_RECORDED), whole, "it waited until the queue was judged")
	return l
}

// What is carried into the next run takes no more there than it was measured: a text that encoders make six times as long ends no order.
func TestQueueOfEscapedTextIsCarried(t *testing.T) {
	acceptance.Covers(t, "B-2")
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.toSelection(customer)
	first := l.run()
	s.stopWorker()
	for range 205 { // more than the server wants in one run
		l.send(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil)
		l.send(engineer, order.WithdrawResponse, nil, nil)
	}
	for range 12 { // 700 KB, and 4 MB once escaped
		m := l.padded(engineer, 0)
		m.Reason = strings.Repeat("<", 58<<10)
		l.keepFirst(m, order.WithdrawResponse)
		plain, err := workflowapi.PlainJSON(m)
		require.NoError(t, err)
		l.raw(string(order.WithdrawResponse), string(plain.Payload().GetData()))
	}
	last := l.send(customer, order.Amend, terms(), form)
	s.startWorker()
	testenv.Eventually(t, "a second run", func() bool { return l.run() != first })
	require.Equal(t, "applied", l.verdict(last))
	require.Equal(t, order.Selection, l.agrees().Stage)
	l.replays()
}
