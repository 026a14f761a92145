package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// One order is held from its card: the action says what it does, wants a reason that both parties read, and is refused a second time.
func TestOneOrderIsHeldByHandWithAReason_S_16(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	customer, engineer := p.customer(synthetic.LoginCustomer), p.engineer(synthetic.LoginEmployeeFirst)
	id := p.contracted(customer, engineer, 0)
	body := func(active bool, note string) object {
		return object{"details": object{"engineer": p.engineerID(synthetic.LoginEmployeeFirst), "active": active}, "text": object{"note": note}}
	}
	for _, one := range []struct {
		who    *browser
		kind   order.Kind
		source string
		done   string
	}{
		{p.moderator(), order.ModeratorStatus, "moderator", "Модератор приостановил заказ"},
		{p.employer(synthetic.LoginEmployerHead), order.EmployerStatus, "employer", "Работодатель исполнителя приостановил заказ"},
	} {
		a := actionOf(one.who.card(id), one.kind)
		require.Equal(t, "Приостановить этот заказ", a.Title)
		require.True(t, a.Open && a.Reasoned)
		require.Equal(t, "text.note", one.who.send("k", id, one.kind, body(false, " ")).problem().Errors[0].Field)
		one.who.tell(id, one.kind, body(false, "Проверяется жалоба"))
		one.who.refuse(order.CodeAlreadyDone, id, one.kind, body(false, "Ещё раз"))

		for _, party := range []*browser{customer, engineer} {
			hold := party.card(id).Holds[0]
			require.Equal(t, one.source, hold.Source)
			require.Equal(t, "Проверяется жалоба", hold.Reason)
			require.True(t, hold.ThisOrder)
			var history struct{ Items []HistoryEvent }
			party.do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).ok().into(&history)
			last := history.Items[len(history.Items)-1]
			require.Equal(t, one.done, last.Title)
			require.Equal(t, "Проверяется жалоба", last.Text["note"])
		}
		require.Equal(t, "Возобновить этот заказ", actionOf(one.who.card(id), one.kind).Title)
		one.who.tell(id, one.kind, body(true, "Жалоба отозвана"))
		require.Empty(t, customer.card(id).Holds)
		one.who.refuse(order.CodeAlreadyDone, id, one.kind, body(true, "Ещё раз"))
	}
}

// Where nobody performs the order there is nothing to hold.
func TestOrderWithoutPerformerIsNotHeld_S_16(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 1, "termDays": 1}})
	moderator := p.moderator()
	require.False(t, actionOf(moderator.card(id), order.ModeratorStatus).Open)
	moderator.refuse(order.CodeStage, id, order.ModeratorStatus, object{
		"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow), "active": false}, "text": object{"note": "Жалоба"},
	})
	require.Len(t, customer.card(id).Responses, 1)
}

// Each side reads what is proposed, in the proposer's words, and which side it is from.
func TestProposalStandsOnTheCardWithItsReason(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 0)
	for _, note := range []string{"Участок продан", "Межевание больше не нужно"} {
		customer.tell(id, order.ProposeTermination, object{"text": object{"note": note}})
		for b, own := range map[*browser]bool{customer: true, engineer: false, p.moderator(): false} {
			proposal := b.card(id).Proposal
			require.Equal(t, note, proposal.Note)
			require.Equal(t, order.RoleCustomer, proposal.By)
			require.Equal(t, own, proposal.Own)
		}
		engineer.tell(id, order.RefuseTermination, nil)
		require.Nil(t, engineer.card(id).Proposal)
	}
}
