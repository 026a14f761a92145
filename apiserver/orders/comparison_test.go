package orders_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/orders"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// Everybody who acts for the customer compares the responses by price, last day, rating and refusals;
// nobody else sees the numbers of the engineers.
func TestCustomerComparesTheResponses(t *testing.T) {
	acceptance.Covers(t, "R-RESP-2", "R-RESP-3", "S-5", "S-26")
	p := apitest.Start(t, apitest.FreezeClock)
	p.StartWorker()
	head := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	representative := p.Browser()
	representative.SignIn(synthetic.LoginCustomerEmployee)
	p.Exec(`insert into representatives (person_id, party_id, chief, active, read_at, as_customer)
		select id, $2, false, true, now(), true from people where snils_number = snils_digits($1)
		on conflict (person_id, party_id) do update set as_customer = true`,
		p.Person(synthetic.LoginCustomerEmployee).SNILS, *apitest.WhoAmI(head).Party)
	representative.ChooseRole(order.RoleCustomer, "organisation")
	representative.Consent()
	first, second := p.Engineer(synthetic.LoginEngineerMoscow), p.Engineer(synthetic.LoginEmployeeFirst)
	firstID, secondID := p.EngineerID(synthetic.LoginEngineerMoscow), p.EngineerID(synthetic.LoginEmployeeFirst)
	today := p.Deps.Now().In(order.Moscow)
	on := func(days int) string { return today.AddDate(0, 0, days).Format(time.DateOnly) }

	id := head.PublishOrder("77") // within 30 days
	head.RequireApplied(id, order.OfferOrder, apitest.Object{"details": apitest.Object{"engineer": firstID}})
	first.RequireApplied(id, order.DeclineOffer, apitest.Object{"text": apitest.Object{"note": "Занят"}})
	first.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 200, "termDays": 20}})
	second.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDate": on(45)}})
	p.Exec(`insert into engineer_statistics (engineer_id, marks, mark_sum, taken, abandoned, last_active_at) values ($1, 3, 14, 5, 1, now())
		on conflict (engineer_id) do update set marks = 3, mark_sum = 14, taken = 5, abandoned = 1`, secondID)

	compared := func(b *apitest.Browser) map[string]orders.CardResponse {
		t.Helper()
		all := map[string]orders.CardResponse{}
		for _, r := range b.Card(id).Responses {
			all[r.Engineer.ID.String()] = r
		}
		pages, _ := allPages[orders.CardResponse](b, id, "responses", "1")
		require.Len(t, pages, len(all))
		for _, r := range pages {
			require.Equal(t, all[r.Engineer.ID.String()], r, "the list of responses says the same")
		}
		return all
	}
	for _, b := range []*apitest.Browser{head, representative} {
		all := compared(b)
		require.Len(t, all, 2)
		one, other := all[firstID], all[secondID]
		require.Equal(t, []any{on(20), -10}, []any{one.TermUntil, one.DaysLater})
		require.Equal(t, []any{on(45), 15}, []any{other.TermUntil, other.DaysLater})
		require.Nil(t, one.Statistics.Rating)
		require.Equal(t, []int32{1, 1}, []int32{one.Statistics.Refusals, one.Statistics.Asked})
		require.InDelta(t, 4.67, *other.Statistics.Rating, 0)
		require.Equal(t, []int32{3, 1, 5}, []int32{other.Statistics.Marks, other.Statistics.Refusals, other.Statistics.Asked})
	}
	for _, b := range []*apitest.Browser{first, p.Moderator()} {
		for _, r := range compared(b) {
			require.Nil(t, r.Statistics)
			require.NotEmpty(t, r.TermUntil)
		}
	}

	representative.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": firstID}})
	require.Equal(t, on(20), first.Card(id).Responses[0].TermUntil)
}
