package orders_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func TestCustomerFindsCandidatesAndTheReasonsAgainstOthers(t *testing.T) {
	acceptance.Covers(t, "R-GEN-2", "R-OFFER-4", "R-KPROF-13", "R-FAQ-2")
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("77").String()
	find := func(text string) (names map[string]string) {
		t.Helper()
		var found struct{ Items []orders.Candidate }
		customer.Do(http.MethodGet, "/api/orders/"+id+"/candidates?q="+url.QueryEscape(text), nil).OK().Into(&found)
		names = map[string]string{}
		for _, c := range found.Items {
			names[c.Engineer.Name] = c.Reason
		}
		return names
	}
	all := find("")
	require.Equal(t, "", all["Орлов Алексей Николаевич"])
	require.Equal(t, order.ReasonOf(order.CodeNotReceiving), all["Морозова Татьяна Львовна"])
	require.Equal(t, order.ReasonOf(order.CodeOnlyEngineer), all["Фролов Сергей Павлович"])
	require.Equal(t, order.ReasonOf(order.CodeOutsideRegions), all["Каримова Гульнара Маратовна"])
	for _, hidden := range []string{"Белов Илья Романович", "Громов Виктор Степанович", "Зимина Вера Олеговна"} {
		require.NotContains(t, all, hidden, "engineers who are blocked, not in the registry or without a complete profile are not listed")
	}
	require.Equal(t, map[string]string{"Орлов Алексей Николаевич": ""}, find("орлов"))
	number := apitest.Value[string](p, `select registry_number from engineers where last_name = 'Орлов'`)
	require.Contains(t, find(number), "Орлов Алексей Николаевич")
	require.Empty(t, find("%"))
}

func TestResponseOfAnEngineerWhoMayNotTakeTheOrderSaysWhy(t *testing.T) {
	acceptance.Covers(t, "S-15")
	p := apitest.Start(t)
	p.StartWorker()
	customer, engineer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEmployeeFirst)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}})
	require.Empty(t, customer.Card(id).Responses[0].Reason)

	p.Exec(`update engineers set employment = 'suspended' where id = $1`, p.EngineerID(synthetic.LoginEmployeeFirst))
	require.Equal(t, order.ReasonOf(order.CodeByEmployer), customer.Card(id).Responses[0].Reason)
	require.Empty(t, engineer.Card(id).Responses[0].Reason, "the engineer reads in his profile why he may not act")

	chosen := apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}}
	customer.RequireRefused(order.CodeByEmployer, id, order.Choose, chosen)
}

func TestEngineerSeesWhatBecameOfAnOrderThatWasOfferedToHim(t *testing.T) {
	acceptance.Covers(t, "S-16")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	customer.RequireApplied(id, order.OfferOrder, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	require.NotNil(t, engineer.Card(id).Offer)

	customer.RequireApplied(id, order.Cancel, nil)
	card := engineer.Card(id)
	require.Equal(t, order.Cancelled, card.Stage.Code)
	require.Nil(t, card.Offer)
	stranger := p.Engineer(synthetic.LoginEmployeeFirst)
	require.Equal(t, problems.OrderNotFound, stranger.Do(http.MethodGet, "/api/orders/"+id.String(), nil).Problem().Code)
}
