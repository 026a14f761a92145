package orders_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	activities "epkr/activities/orders"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// Of several messages that are recorded at once for the same place, one takes it. The next message
// follows that one: the chain does not fork and has no gap.
func TestConcurrentRecordingsDoNotForkTheChain(t *testing.T) {
	t.Parallel()
	d := newRecorder(t)
	state := d.recordCreation().State
	for range 3 {
		contenders := make([]activities.RecordInput, 6)
		for i := range contenders {
			contenders[i] = d.input(order.Cancel, d.customer) // refused: a draft is deleted instead
			contenders[i].State = state
			testenv.Exec(t, d.url, `insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at) values ($1, $2, $3, 'cancel', repeat('0', 64), $4)`,
				contenders[i].Message.ID, state.ID, d.customer.Person, contenders[i].Message.ReceivedAt)
		}
		var recorded sync.Map
		var all sync.WaitGroup
		for _, in := range contenders {
			all.Go(func() {
				if outcome, err := d.orders.RecordMessage(t.Context(), in); err == nil && outcome.Verdict != order.Diverged {
					recorded.Store(in.Message.ID, outcome)
				}
			})
		}
		all.Wait()
		taken := testenv.Column[uuid.UUID](t, d.url, `select id from order_messages where order_id = $1 and seq = $2`, state.ID, state.Seq+1)
		require.Len(t, taken, 1)
		outcomes := 0
		recorded.Range(func(id, outcome any) bool {
			require.Equal(t, taken[0].String(), id)
			require.NoError(t, state.Apply(outcome.(order.Outcome)))
			outcomes++
			return true
		})
		require.Equal(t, 1, outcomes)
	}
	require.Equal(t, []int{1, 2, 3, 4}, testenv.Column[int](t, d.url, `select seq from order_messages where order_id = $1 order by seq`, state.ID))
	require.Equal(t, []int{2, 3, 4}, testenv.Column[int](t, d.url,
		`select m.seq from order_messages m join order_messages p on p.order_id = m.order_id and p.seq = m.seq - 1 and p.hash = m.prev order by m.seq`))
	require.Equal(t, 4, testenv.Scalar[int](t, d.url, `select m.seq from orders o join order_messages m on m.order_id = o.id and m.hash = o.head`))
}
