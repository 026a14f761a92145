package orders_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/orders"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// A single order is suspended from its card: the action requires a reason that both parties see,
// and is refused a second time.
func TestSingleOrderIsSuspendedByHandWithAReason(t *testing.T) {
	acceptance.Covers(t, "S-16")
	p := apitest.Start(t)
	p.StartWorker()
	customer, engineer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEmployeeFirst)
	id := p.SignedOrder(customer, engineer, 0)
	body := func(active bool, note string) apitest.Object {
		return apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEmployeeFirst), "active": active}, "text": apitest.Object{"note": note}}
	}
	for _, one := range []struct {
		who    *apitest.Browser
		kind   order.Kind
		source string
		done   string
	}{
		{p.Moderator(), order.ModeratorStatus, "moderator", "Модератор приостановил заказ"},
		{p.Employer(synthetic.LoginEmployerHead), order.EmployerStatus, "employer", "Работодатель исполнителя приостановил заказ"},
	} {
		a := actionOf(one.who.Card(id), one.kind)
		require.Equal(t, "Приостановить этот заказ", a.Title)
		require.True(t, a.Open && a.Reasoned)
		require.Equal(t, "text.note", one.who.Send("k", id, one.kind, body(false, " ")).Problem().Errors[0].Field)
		one.who.RequireApplied(id, one.kind, body(false, "Проверяется жалоба"))
		one.who.RequireRefused(order.CodeAlreadyDone, id, one.kind, body(false, "Ещё раз"))

		for _, party := range []*apitest.Browser{customer, engineer} {
			hold := party.Card(id).Holds[0]
			require.EqualValues(t, one.source, hold.Source)
			require.Equal(t, "Проверяется жалоба", hold.Reason)
			require.True(t, hold.ThisOrder)
			var history struct{ Items []orders.HistoryEvent }
			party.Do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).OK().Into(&history)
			last := history.Items[len(history.Items)-1]
			require.Equal(t, one.done, last.Title)
			require.Equal(t, "Проверяется жалоба", last.Text["note"])
		}
		require.Equal(t, "Возобновить этот заказ", actionOf(one.who.Card(id), one.kind).Title)
		one.who.RequireApplied(id, one.kind, body(true, "Жалоба отозвана"))
		require.Empty(t, customer.Card(id).Holds)
		one.who.RequireRefused(order.CodeAlreadyDone, id, one.kind, body(true, "Ещё раз"))
	}
}

// An order without a performer cannot be suspended.
func TestOrderWithoutPerformerIsNotSuspended(t *testing.T) {
	acceptance.Covers(t, "S-16")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}})
	moderator := p.Moderator()
	require.False(t, actionOf(moderator.Card(id), order.ModeratorStatus).Open)
	moderator.RequireRefused(order.CodeStage, id, order.ModeratorStatus, apitest.Object{
		"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow), "active": false}, "text": apitest.Object{"note": "Жалоба"},
	})
	require.Len(t, customer.Card(id).Responses, 1)
}

// Each side sees the proposal with the proposer's note and the side that made it.
func TestCardShowsTheProposalWithItsReason(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 0)
	for _, note := range []string{"Участок продан", "Межевание больше не нужно"} {
		customer.RequireApplied(id, order.ProposeTermination, apitest.Object{"text": apitest.Object{"note": note}})
		for b, own := range map[*apitest.Browser]bool{customer: true, engineer: false, p.Moderator(): false} {
			proposal := b.Card(id).Proposal
			require.Equal(t, note, proposal.Note)
			require.EqualValues(t, order.RoleCustomer, proposal.By)
			require.Equal(t, own, proposal.Own)
		}
		engineer.RequireApplied(id, order.RefuseTermination, nil)
		require.Nil(t, engineer.Card(id).Proposal)
	}
}
