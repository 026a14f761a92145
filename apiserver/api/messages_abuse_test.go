package api

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/workflows/contract"
)

// Who can only be refused is refused before anything is kept or sent.
func TestStrangersAreRefusedBeforeAnythingIsKept_S40(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.published("16")
	stranger := p.engineer(synthetic.LoginEngineerTatarstan)
	before := value[int](p, "select count(*) from requests")
	stranger.refuse(order.CodeNotParty, id, order.SubmitResults, object{"details": object{"way": "physical"}, "text": object{"note": "Готово"}})
	stranger.refuse(order.CodeNotParty, id, order.ConfirmPayment, nil)
	stranger.refuse(order.CodeNoResponse, id, order.WithdrawResponse, nil)
	stranger.refuse(order.CodeNoOffer, id, order.DeclineOffer, nil)
	require.Equal(t, before, value[int](p, "select count(*) from requests"))
	require.Zero(t, value[int](p, "select count(*) from order_messages where verdict = 'refused'"))
	stranger.tell(id, order.Respond, object{"details": object{"price": 100, "termDays": 5}})
	stranger.tell(id, order.WithdrawResponse, nil)
}

// However many processes count at once, an order takes no more than its limit.
func TestMessagesAreCountedOverAllProcesses_S35(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.published("77")
	person := value[uuid.UUID](p, "select customer_person_id from orders where id = $1", id)
	var all sync.WaitGroup
	for range 130 {
		all.Go(func() {
			by := session{Person: person, Role: order.RoleCustomer, Party: uuid.New()}
			if err := CountChoice(t.Context(), p.deps.Store, by, id, p.deps.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Equal(t, maxUnanswered, value[int](p, "select count(*) from requests where kind = 'choose'"))
}

// An order whose workflow is gone while its record goes on is halted, not closed: the moderators are called once.
func TestOrderWithoutItsWorkflowIsHalted_B1(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.published("77")
	require.NoError(t, p.deps.Temporal.TerminateWorkflow(t.Context(), contract.OrderWorkflowID(id), "", "по ошибке"))
	for range 2 {
		a := customer.do(http.MethodPost, "/api/orders/"+id.String()+"/cancel", nil, "Idempotency-Key", uuid.NewString())
		require.Equal(t, http.StatusServiceUnavailable, a.status, a.text())
		require.Equal(t, codeOrderHalted, a.problem().Code)
		require.NotEmpty(t, a.header.Get("Retry-After"))
	}
	require.Equal(t, 1, value[int](p, "select count(*) from notifications where kind = 'order-halted' and role = 'moderator'"))
	require.Equal(t, 2, value[int](p, "select count(*) from requests where kind = 'cancel' and undelivered_at is not null"), "they wait for nothing")
	testenv.Eventually(t, "the moderators read it", func() bool {
		return strings.Contains(p.moderator().do(http.MethodGet, "/api/notifications", nil).text(), "order-halted")
	})
}
