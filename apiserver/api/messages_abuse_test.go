package api

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/db/sqlcgen"
	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// A signal is measured as it is sent, without HTML escaped, and what is too large is named; nothing of it is kept.
func TestSignalIsMeasuredBeforeItIsKept_S35(t *testing.T) {
	t.Parallel()
	actor := order.Actor{Role: order.RoleEngineer, Person: uuid.NewString(), Party: uuid.NewString()}
	compose := func(way string) error {
		m := outgoing{kind: order.SubmitResults, order: uuid.New(), key: "k", details: order.ResultsDelivery{Way: order.Way(way)}}
		require.NoError(t, m.identify(actor, uuid.MustParse(actor.Person)))
		return m.compose(actor, time.Now())
	}
	require.NoError(t, compose(strings.Repeat("<", 60<<10)), "six times as much once escaped")
	var p *Problem
	require.ErrorAs(t, compose(strings.Repeat("x", 64<<10)), &p)
	require.Equal(t, http.StatusRequestEntityTooLarge, p.Status)
	require.Equal(t, codeMessageTooLarge, p.Code)
	require.Equal(t, "details.way", p.Errors[0].Field)
}

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

// Strangers share limits of their own: they leave the order's parties theirs.
func TestLimitsOfAnOrder_S35(t *testing.T) {
	t.Parallel()
	require.True(t, openToStrangers(order.Respond))
	require.False(t, openToStrangers(order.AcceptOffer))
	require.False(t, openToStrangers(order.Choose))
	for name, c := range map[string]struct {
		stranger bool
		kept     sqlcgen.InsertRequestRow
		bytes    int
		code     string
	}{
		"nothing waits":          {false, sqlcgen.InsertRequestRow{}, 60_000, ""},
		"one sender's":           {false, sqlcgen.InsertRequestRow{OwnWaiting: 50}, 1, codeTooManyPending},
		"one sender's bytes":     {false, sqlcgen.InsertRequestRow{OwnBytes: 320 << 10}, 1, codeTooManyPending},
		"all senders'":           {false, sqlcgen.InsertRequestRow{Waiting: 100}, 1, codeOrderBusy},
		"all senders' bytes":     {false, sqlcgen.InsertRequestRow{WaitingBytes: 640 << 10}, 1, codeOrderBusy},
		"a stranger's":           {true, sqlcgen.InsertRequestRow{OwnWaiting: 10}, 1, codeTooManyPending},
		"all strangers'":         {true, sqlcgen.InsertRequestRow{Waiting: 50}, 1, codeOrderBusy},
		"strangers' in a minute": {true, sqlcgen.InsertRequestRow{Lately: 60}, 1, codeOrderBusy},
		"a stranger's in a day":  {true, sqlcgen.InsertRequestRow{OwnToday: 100}, 1, codeTooManyToday},
	} {
		err := limitsOf(c.stranger).allow(c.kept, c.bytes)
		if c.code == "" {
			require.NoError(t, err, name)
			continue
		}
		var p *Problem
		require.ErrorAs(t, err, &p, name)
		require.Equal(t, c.code, p.Code, name)
		require.Equal(t, http.StatusTooManyRequests, p.Status, name)
	}
	bytes := strangerLimits.bytes + partyLimits.bytes
	require.Less(t, bytes, int64(1<<20), "what waits of both fits whole into the next run of an order")
}

// However many processes count at once, an order takes no more than its limit.
func TestMessagesAreCountedOverAllProcesses_S35(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.published("77")
	person := value[uuid.UUID](p, "select customer_person_id from orders where id = $1", id)
	apis := []*orderAPI{{Server: p.server, turns: newOrderTurns()}, {Server: p.server, turns: newOrderTurns()}}
	var all sync.WaitGroup
	for i := range 130 {
		all.Go(func() {
			m := outgoing{kind: order.Choose, order: id, key: uuid.NewString(), details: order.Pick{Engineer: uuid.NewString()}}
			m.by = session{Person: person, Role: order.RoleCustomer, Party: uuid.New()}
			if err := m.identify(m.by.actor(), person); err != nil {
				t.Error(err)
			}
			if err := m.compose(m.by.actor(), p.server.Now()); err != nil {
				t.Error(err)
			}
			_ = apis[i%2].Store.InTx(t.Context(), func(q *sqlcgen.Queries) error {
				if err := q.LockOrderRequests(t.Context(), id.String()); err != nil {
					return err
				}
				kept, err := q.InsertRequest(t.Context(), m.request(person))
				if err != nil {
					return err
				}
				return limitsOf(false).allow(kept, m.signal.bytes)
			})
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
	require.NoError(t, p.server.Temporal.TerminateWorkflow(t.Context(), workflowapi.OrderWorkflowID(id), "", "по ошибке"))
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
