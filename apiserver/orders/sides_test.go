package orders_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/apiserver/orders/search"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// represent makes an engineer's person a representative of the organisation of an order's customer.
func represent(p *apitest.Platform, login string, id uuid.UUID) {
	p.Exec(`insert into representatives (person_id, party_id, chief, read_at)
		select e.person_id, o.customer_id, true, now() from engineers e, orders o where e.id = $1 and o.id = $2`, p.EngineerID(login), id)
}

func actionsOf(card orders.OrderCard) map[order.Kind]orders.Action {
	found := map[order.Kind]orders.Action{}
	for _, a := range card.Actions {
		found[order.Kind(a.Kind)] = a
	}
	return found
}

func TestEngineerOfTheCustomersSideGetsNoActions(t *testing.T) {
	acceptance.Covers(t, "S-39")
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	id := customer.PublishOrder("77")
	bid := apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}}
	engineer.RequireApplied(id, order.Respond, bid)
	require.Empty(t, customer.Card(id).Responses[0].Reason)
	require.Len(t, listOf[search.OpenOrder](engineer, "/api/open-orders").Items, 1)

	represent(p, synthetic.LoginEngineerMoscow, id)
	require.Empty(t, listOf[search.OpenOrder](engineer, "/api/open-orders").Items, "a search offers no order that the engineer cannot take")
	reason := customer.Card(id).Responses[0].Reason
	require.Contains(t, reason, "представляет организацию заказчика")
	require.Equal(t, reason, customer.RequireRefused(order.CodeOwnOrder, id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}}).Detail)
	var found struct{ Items []orders.Candidate }
	customer.Do(http.MethodGet, "/api/orders/"+id.String()+"/candidates?q="+"%D0%9E%D1%80%D0%BB%D0%BE%D0%B2", nil).OK().Into(&found)
	require.Equal(t, reason, found.Items[0].Reason)

	engineer.RequireApplied(id, order.WithdrawResponse, nil)
	respond := actionsOf(engineer.Card(id))[order.Respond]
	require.False(t, respond.Open)
	require.EqualValues(t, order.CodeOwnOrder, respond.Code)
	require.Equal(t, reason, engineer.RequireRefused(order.CodeOwnOrder, id, order.Respond, bid).Detail)
}

func TestSearchHidesOrdersOfTheOwnSide(t *testing.T) {
	acceptance.Covers(t, "S-39")
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.Customer(synthetic.LoginCustomer)
	employee := p.Engineer(synthetic.LoginEmployeeFirst)
	id := customer.PublishOrder("77")
	seen := func() int { return len(listOf[search.OpenOrder](employee, "/api/open-orders").Items) }
	require.Equal(t, 1, seen())
	for name, tie := range map[string][2]string{
		"он работает у заказчика": {
			`update engineers set employer_id = (select customer_id from orders where id = $2) where id = $1`,
			`update engineers set employer_id = (select id from parties where is_employer and ogrn = (select min(ogrn) from parties where is_employer)) where id = $1 and $2::uuid is not null`,
		},
		"заказчик под другой учётной записью": {
			`update people set snils = (select snils from engineers where id = $1) where id = (select customer_person_id from orders where id = $2)`,
			`update people set snils = '000-000-000 99' where id = (select customer_person_id from orders where id = $2) and $1::uuid is not null`,
		},
		"заказчик представляет его работодателя": {
			`insert into representatives (person_id, party_id, chief, read_at) select o.customer_person_id, e.employer_id, true, now()
				from engineers e, orders o where e.id = $1 and o.id = $2`,
			`delete from representatives where person_id = (select customer_person_id from orders where id = $2) and $1::uuid is not null`,
		},
	} {
		engineer := p.EngineerID(synthetic.LoginEmployeeFirst)
		p.Exec(tie[0], engineer, id)
		require.Zero(t, seen(), name)
		p.Exec(tie[1], engineer, id)
		require.Equal(t, 1, seen(), name)
	}
}

func TestCardRefusesAPersonOnBothSides(t *testing.T) {
	acceptance.Covers(t, "S-39")
	p := apitest.Start(t)
	p.StartWorker()
	customer, engineer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow)
	id := p.SignedOrder(customer, engineer, 0)
	require.True(t, actionsOf(customer.Card(id))[order.ProposeTermination].Open)
	p.Exec(`update people set snils = (select snils from engineers where id = $1) where id = (select customer_person_id from orders where id = $2)`,
		p.EngineerID(synthetic.LoginEngineerMoscow), id)
	action := actionsOf(customer.Card(id))[order.ProposeTermination]
	require.False(t, action.Open)
	require.EqualValues(t, order.CodeBothSides, action.Code)
	customer.RequireRefused(order.CodeBothSides, id, order.ProposeTermination, apitest.Object{"text": apitest.Object{"note": "Прекратим"}})
}

func TestModeratorDoesNotDecideOnHisOwn(t *testing.T) {
	acceptance.Covers(t, "S-39")
	p := apitest.Start(t)
	stop := p.StartWorker()
	moderator := p.Moderator()
	customer, engineer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow)
	id := p.SignedOrder(customer, engineer, 0)
	stop()
	p.StartModeration()
	decide := func(login string) apitest.Answer {
		return moderator.Do(http.MethodPost, "/api/engineers/"+p.EngineerID(login)+"/unblock", map[string]string{"reason": "Разобрались"}, "Idempotency-Key", uuid.NewString())
	}
	decide(synthetic.LoginEngineerMoscow).OK()
	require.True(t, actionsOf(moderator.Card(id))[order.ReplaceEngineer].Open)
	own := apitest.Value[string](p, `select snils from people where id = (select customer_person_id from orders where id = $1)`, id)
	p.Exec(`update people set snils = $1 where last_name = 'Панова'`, own)
	require.Equal(t, problems.OwnDecision, decide(synthetic.LoginEngineerMoscow).Problem().Code, "the moderator is the customer of the engineer's order")
	require.EqualValues(t, order.CodeModeratorIsParty, actionsOf(moderator.Card(id))[order.ReplaceEngineer].Code)
	decide(synthetic.LoginEmployeeFirst).OK()
	p.Exec(`update people set snils = (select snils from engineers where id = $1) where last_name = 'Панова'`, p.EngineerID(synthetic.LoginEmployeeSecond))
	require.Equal(t, problems.OwnDecision, decide(synthetic.LoginEmployeeSecond).Problem().Code, "he is the engineer himself")
	require.Equal(t, problems.OwnDecision, decide(synthetic.LoginEmployeeFirst).Problem().Code, "he is his colleague")
}
