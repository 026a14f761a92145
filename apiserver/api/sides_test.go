package api

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// represent lets an engineer's person act for the organisation of an order's customer.
func (p *platform) represent(login string, id uuid.UUID) {
	p.exec(`insert into representatives (person_id, party_id, chief, read_at)
		select e.person_id, o.customer_id, true, now() from engineers e, orders o where e.id = $1 and o.id = $2`, p.engineerID(login), id)
}

func actionsOf(card OrderCard) map[order.Kind]order.Action {
	found := map[order.Kind]order.Action{}
	for _, a := range card.Actions {
		found[a.Kind] = a
	}
	return found
}

func TestEngineerOfTheCustomersSideIsOfferedNothing_S_39(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	customer := p.signedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	engineer := p.engineer(synthetic.LoginEngineerMoscow)
	id := customer.published("77")
	bid := object{"details": object{"price": 100, "termDays": 5}}
	engineer.tell(id, order.Respond, bid)
	require.Empty(t, customer.card(id).Responses[0].Reason)
	require.Len(t, listOf[OpenOrder](engineer, "/api/open-orders").Items, 1)

	p.represent(synthetic.LoginEngineerMoscow, id)
	require.Empty(t, listOf[OpenOrder](engineer, "/api/open-orders").Items, "a search offers no order that the engineer cannot take")
	reason := customer.card(id).Responses[0].Reason
	require.Contains(t, reason, "представляет организацию заказчика")
	require.Equal(t, reason, customer.refuse(order.CodeOwnOrder, id, order.Choose, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}}).Detail)
	var found struct{ Items []Candidate }
	customer.do(http.MethodGet, "/api/orders/"+id.String()+"/candidates?q="+"%D0%9E%D1%80%D0%BB%D0%BE%D0%B2", nil).ok().into(&found)
	require.Equal(t, reason, found.Items[0].Reason)

	engineer.tell(id, order.WithdrawResponse, nil)
	respond := actionsOf(engineer.card(id))[order.Respond]
	require.False(t, respond.Open)
	require.Equal(t, order.CodeOwnOrder, respond.Code)
	require.Equal(t, reason, engineer.refuse(order.CodeOwnOrder, id, order.Respond, bid).Detail)
}

func TestSearchHidesTheOrdersOfEachOwnSide_S_39(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	customer := p.customer(synthetic.LoginCustomer)
	employee := p.engineer(synthetic.LoginEmployeeFirst)
	id := customer.published("77")
	seen := func() int { return len(listOf[OpenOrder](employee, "/api/open-orders").Items) }
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
		engineer := p.engineerID(synthetic.LoginEmployeeFirst)
		p.exec(tie[0], engineer, id)
		require.Zero(t, seen(), name)
		p.exec(tie[1], engineer, id)
		require.Equal(t, 1, seen(), name)
	}
}

func TestCardKnowsWhoStandsOnBothSides_S_39(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	customer, engineer := p.customer(synthetic.LoginCustomer), p.engineer(synthetic.LoginEngineerMoscow)
	id := p.contracted(customer, engineer, 0)
	require.True(t, actionsOf(customer.card(id))[order.ProposeTermination].Open)
	p.exec(`update people set snils = (select snils from engineers where id = $1) where id = (select customer_person_id from orders where id = $2)`,
		p.engineerID(synthetic.LoginEngineerMoscow), id)
	action := actionsOf(customer.card(id))[order.ProposeTermination]
	require.False(t, action.Open)
	require.Equal(t, order.CodeBothSides, action.Code)
	customer.refuse(order.CodeBothSides, id, order.ProposeTermination, object{"text": object{"note": "Прекратим"}})
}

func TestModeratorDoesNotDecideOnHisOwn_S_39(t *testing.T) {
	p := startPlatform(t)
	stop := p.startWorker()
	moderator := p.moderator()
	customer, engineer := p.customer(synthetic.LoginCustomer), p.engineer(synthetic.LoginEngineerMoscow)
	id := p.contracted(customer, engineer, 0)
	stop()
	p.startModeration()
	decide := func(login string) answer {
		return moderator.do(http.MethodPost, "/api/engineers/"+p.engineerID(login)+"/unblock", map[string]string{"reason": "Разобрались"}, "Idempotency-Key", uuid.NewString())
	}
	decide(synthetic.LoginEngineerMoscow).ok()
	require.True(t, actionsOf(moderator.card(id))[order.ReplaceEngineer].Open)
	own := value[string](p, `select snils from people where id = (select customer_person_id from orders where id = $1)`, id)
	p.exec(`update people set snils = $1 where last_name = 'Панова'`, own)
	require.Equal(t, codeOwnDecision, decide(synthetic.LoginEngineerMoscow).problem().Code, "the moderator is the customer of the engineer's order")
	require.Equal(t, order.CodeModeratorIsParty, actionsOf(moderator.card(id))[order.ReplaceEngineer].Code)
	decide(synthetic.LoginEmployeeFirst).ok()
	p.exec(`update people set snils = (select snils from engineers where id = $1) where last_name = 'Панова'`, p.engineerID(synthetic.LoginEmployeeSecond))
	require.Equal(t, codeOwnDecision, decide(synthetic.LoginEmployeeSecond).problem().Code, "he is the engineer himself")
	require.Equal(t, codeOwnDecision, decide(synthetic.LoginEmployeeFirst).problem().Code, "he is his colleague")
}
