package messages_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders/messages"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// A sender whom the order would certainly refuse is refused before anything is stored or sent.
func TestStrangersAreRefusedBeforeAnythingIsStored(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("16")
	stranger := p.Engineer(synthetic.LoginEngineerTatarstan)
	before := apitest.Value[int](p, "select count(*) from requests")
	stranger.RequireRefused(order.CodeNotParty, id, order.SubmitResults, apitest.Object{"details": apitest.Object{"way": "physical"}, "text": apitest.Object{"note": "Готово"}})
	stranger.RequireRefused(order.CodeNotParty, id, order.ConfirmPayment, nil)
	stranger.RequireRefused(order.CodeNoResponse, id, order.WithdrawResponse, nil)
	stranger.RequireRefused(order.CodeNoOffer, id, order.DeclineOffer, nil)
	require.Equal(t, before, apitest.Value[int](p, "select count(*) from requests"))
	require.Zero(t, apitest.Value[int](p, "select count(*) from order_messages where verdict = 'refused'"))
	stranger.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}})
	stranger.RequireApplied(id, order.WithdrawResponse, nil)
}

// The limit of an order holds when several processes count concurrently.
func TestMessagesAreCountedOverAllProcesses(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	person := apitest.Value[uuid.UUID](p, "select customer_person_id from orders where id = $1", id)
	var all sync.WaitGroup
	for range 130 {
		all.Go(func() {
			by := httpapi.Session{Person: person, Role: order.RoleCustomer, Party: uuid.New()}
			if err := messages.StoreChoice(t.Context(), p.Deps.Store, by, id, p.Deps.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Equal(t, messages.MaxUnanswered, apitest.Value[int](p, "select count(*) from requests where kind = 'choose'"))
}

// An order whose workflow is not running although its record is not final is halted, not closed:
// the moderators are alerted once.
func TestOrderWithoutItsWorkflowIsHalted(t *testing.T) {
	acceptance.Covers(t, "B-1")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	require.Contains(t, engineer.Do(http.MethodGet, "/api/open-orders", nil).OK().Text(), id.String())
	require.NoError(t, p.Deps.Temporal.TerminateWorkflow(t.Context(), workflowapi.OrderWorkflowID(id), "", "по ошибке"))
	for range 2 {
		a := customer.Do(http.MethodPost, "/api/orders/"+id.String()+"/cancel", nil, "Idempotency-Key", uuid.NewString())
		require.Equal(t, http.StatusServiceUnavailable, a.Status, a.Text())
		require.Equal(t, problems.OrderHalted, a.Problem().Code)
		require.NotEmpty(t, a.Header.Get("Retry-After"))
	}
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from notifications where kind = 'order-halted' and role = 'moderator'"))
	require.Equal(t, 2, apitest.Value[int](p, "select count(*) from requests where kind = 'cancel' and undelivered_at is not null"), "they wait for nothing")
	testenv.Eventually(t, "the moderators read it", func() bool {
		return strings.Contains(p.Moderator().Do(http.MethodGet, "/api/notifications", nil).Text(), "order-halted")
	})
	card := customer.Card(id)
	require.True(t, card.Halted)
	require.Empty(t, card.Actions)
	require.NotContains(t, engineer.Do(http.MethodGet, "/api/open-orders", nil).OK().Text(), id.String())
}

// Messages that Temporal did not take wait for nothing: an outage leaves their sender no limit used up.
func TestUndeliveredMessagesCountForNoLimit(t *testing.T) {
	acceptance.Covers(t, "S-35")
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	p.Exec(`insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at, signal_sha256, bytes, by_strangers, undelivered_at)
		select gen_random_uuid(), o.id, o.customer_person_id, 'amend', repeat('0', 64), now(), repeat('0', 64), 1, false, now()
		from orders o, generate_series(1, $2::integer) where o.id = $1`, id, messages.MaxUnanswered)
	customer.RequireApplied(id, order.Amend, apitest.Conditions("77", 40))

	p.Exec("update requests set undelivered_at = null where kind = 'amend'")
	a := customer.Do(http.MethodPost, "/api/orders/"+id.String()+"/cancel", nil, "Idempotency-Key", uuid.NewString())
	require.Equal(t, problems.TooManyPending, a.Problem().Code)
}
