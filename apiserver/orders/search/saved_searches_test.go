package search_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders/search"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

type object = apitest.Object

const path = "/api/saved-searches"

func save(b *apitest.Browser, key, name string, notify bool, filters object) apitest.Answer {
	b.Platform.T.Helper()
	return b.Do(http.MethodPost, path, object{"name": name, "notify": notify, "filters": filters}, "Idempotency-Key", key)
}

func saved(b *apitest.Browser, name string, notify bool, filters object) (found search.SavedSearch) {
	b.Platform.T.Helper()
	save(b, uuid.NewString(), name, notify, filters).OK().Into(&found)
	return found
}

func searches(b *apitest.Browser) []search.SavedSearch {
	b.Platform.T.Helper()
	var page struct{ Items []search.SavedSearch }
	b.Do(http.MethodGet, path, nil).OK().Into(&page)
	return page.Items
}

func TestEngineerSavesRenamesAndDeletesSearches(t *testing.T) {
	acceptance.Covers(t, "R-KORD-2", "R-KORD-8")
	p := apitest.Start(t)
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	filters := object{
		"region": []string{"77"}, "place": "Химки, улица Заречная", "workKind": []string{"parcel-formation"}, "customer": []string{"individuals"},
		"termDateTo": "2030-01-02", "termDaysTo": 40, "withoutResponses": true, "prepayment": true, "priced": true,
	}
	key := uuid.NewString()
	var first, again search.SavedSearch
	a := save(engineer, key, "  Химки  ", true, filters)
	require.Equal(t, http.StatusCreated, a.Status, a.Text())
	a.Into(&first)
	require.Equal(t, "Химки", first.Name)
	require.EqualValues(t, 1, first.Version)
	require.Equal(t, search.OrderFilters{
		Regions: []string{"77"}, Place: "Химки, улица Заречная", WorkKinds: []string{"parcel-formation"}, CustomerKinds: []string{"individuals"},
		TermDateTo: "2030-01-02", TermDaysTo: 40, NoResponses: true, Prepayment: true, Priced: true,
	}, first.Filters)
	save(engineer, key, "Химки", true, filters).OK().Into(&again)
	require.Equal(t, first, again, "the same key is the same search")
	require.Equal(t, []string{"name"}, apitest.Fields(save(engineer, uuid.NewString(), "химки", false, object{}).Problem()))
	require.Equal(t, problems.Validation, save(engineer, uuid.NewString(), " ", false, object{}).Problem().Code)

	second := saved(engineer, "Авиаторов", false, object{})
	require.Equal(t, []search.SavedSearch{second, first}, searches(engineer), "by name")
	change := func(b *apitest.Browser, id uuid.UUID, body object) apitest.Answer {
		return b.Do(http.MethodPut, path+"/"+id.String(), body)
	}
	change(engineer, first.ID, object{"version": 1, "name": "Заречная", "notify": false}).OK().Into(&again)
	require.Equal(t, "Заречная", again.Name)
	require.False(t, again.Notify)
	require.Equal(t, first.Filters, again.Filters, "the filters stay")
	require.Equal(t, problems.SearchChanged, change(engineer, first.ID, object{"version": 1, "name": "Поздно", "notify": true}).Problem().Code)
	require.Equal(t, []string{"name"}, apitest.Fields(change(engineer, first.ID, object{"version": 2, "name": "авиаторов", "notify": true}).Problem()))
	change(engineer, first.ID, object{"version": 2, "name": "Заречная", "notify": false, "filters": object{"priced": true}}).OK()
	require.Equal(t, search.OrderFilters{Priced: true}, searches(engineer)[1].Filters)

	stranger := p.Engineer(synthetic.LoginEmployeeFirst)
	require.Empty(t, searches(stranger))
	for _, id := range []uuid.UUID{first.ID, uuid.New()} {
		require.Equal(t, problems.NotFound, change(stranger, id, object{"version": 3, "name": "Чужой", "notify": true}).Problem().Code)
		require.Equal(t, problems.NotFound, stranger.Do(http.MethodDelete, path+"/"+id.String(), nil).Problem().Code)
	}
	require.Equal(t, problems.WrongRole, save(p.Customer(synthetic.LoginCustomer), uuid.NewString(), "Поиск", false, object{}).Problem().Code)
	engineer.Do(http.MethodDelete, path+"/"+first.ID.String(), nil).OK()
	require.Equal(t, []search.SavedSearch{second}, searches(engineer))
	require.Equal(t, http.StatusNotFound, engineer.Do(http.MethodDelete, path+"/"+first.ID.String(), nil).Status)
	for i := range 19 {
		saved(engineer, fmt.Sprintf("Поиск %d", i), false, object{})
	}
	require.Equal(t, problems.TooManySearches, save(engineer, uuid.NewString(), "Ещё один", false, object{}).Problem().Code)
	require.Len(t, searches(engineer), 20)
}

// A saved search notifies of exactly the orders that the same filters list, once for each engineer.
func TestSavedSearchNotifiesOfTheOrdersThatItFinds(t *testing.T) {
	acceptance.Covers(t, "R-KORD-3", "R-KORD-4", "R-KORD-5", "R-NOTIF-1")
	p := apitest.Start(t)
	p.StartWorker()
	person := p.Customer(synthetic.LoginCustomer)
	organisation := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	engineers := map[string]*apitest.Browser{
		"moscow": p.Engineer(synthetic.LoginEngineerMoscow), "employee": p.Engineer(synthetic.LoginEmployeeFirst),
		"tatarstan": p.Engineer(synthetic.LoginEngineerTatarstan), "blocked": p.Engineer(synthetic.LoginEngineerBlocked),
	}
	filters := []object{
		{},
		{"region": []string{"16", "50"}},
		{"region": []string{"77"}, "priced": true},
		{"place": "ул. Заречная"},
		{"place": "Казань"},
		{"workKind": []string{"parcel-formation"}},
		{"workKind": []string{"boundary-clarification", "parcel-formation"}, "customer": []string{"organisations"}},
		{"customer": []string{"individuals"}},
		{"termDaysTo": 20},
		{"termDateTo": "2031-01-01"},
		{"prepayment": true},
		{"withoutResponses": true},
		{"number": "нет такого"},
	}
	in := time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
	publish := func(b *apitest.Browser, change func(details, text object)) uuid.UUID {
		t.Helper()
		conditions := apitest.Conditions("77", 30)
		change(conditions["details"].(object), conditions["text"].(object))
		id := b.CreateDraft()
		b.RequireApplied(id, order.Publish, conditions)
		return id
	}
	for name, b := range engineers {
		for i, f := range filters {
			saved(b, fmt.Sprint(i), false, f)
		}
		require.Len(t, searches(b), len(filters), name)
	}
	publish(person, func(_, _ object) {})
	publish(person, func(d, text object) {
		d["region"], text["city"], text["address"], text["street"] = "16", "Казань", "Казань, Баумана, 1", "Баумана"
	})
	publish(organisation, func(d, _ object) {
		delete(d, "price")
		d["termDays"] = 10
	})
	publish(person, func(d, _ object) {
		delete(d, "termDays")
		d["termDate"], d["prepayment"], d["region"] = in, true, "50"
	})
	told := func(b *apitest.Browser) map[uuid.UUID]int {
		t.Helper()
		var page struct {
			Items []struct {
				Kind, Text string
				Order      uuid.UUID
			}
		}
		b.Do(http.MethodGet, "/api/notifications?limit=100", nil).OK().Into(&page)
		found := map[uuid.UUID]int{}
		for _, n := range page.Items {
			if n.Kind == "saved-search" {
				require.Regexp(t, `^Появился заказ по вашему сохранённому поиску «.+»: .`, n.Text)
				found[n.Order]++
			}
		}
		return found
	}
	settle := func() {
		t.Helper()
		// The API does it by itself every few seconds.
		require.NoError(t, search.New(search.Dependencies{HTTP: p.Server, Store: p.Deps.Store, Now: p.Deps.Now}).NotifyFound(t.Context()))
	}
	settle()
	for name, b := range engineers {
		require.Empty(t, told(b), name+": he asked for no notifications")
		for i, f := range filters {
			p.Exec(`update saved_searches set notify = (name = $1) where engineer_id = $2`, fmt.Sprint(i), *apitest.WhoAmI(b).Party)
			p.Exec(`delete from notifications where kind = 'saved-search'`)
			p.Exec(`delete from saved_search_notices`)
			p.Exec(`insert into announced_orders select id, now() from orders where stage = 'selection'`)
			settle()
			query := url.Values{}
			for key, value := range f {
				if list, many := value.([]string); many {
					query[key] = list
				} else {
					query.Set(key, fmt.Sprint(value))
				}
			}
			var listed struct{ Items []search.OpenOrder }
			b.Do(http.MethodGet, "/api/open-orders?"+query.Encode(), nil).OK().Into(&listed)
			want := map[uuid.UUID]int{}
			for _, o := range listed.Items {
				if name != "blocked" { // he may not respond
					want[o.ID] = 1
				}
			}
			require.Equal(t, want, told(b), "%s: %v", name, f)
		}
		p.Exec(`update saved_searches set notify = false`)
	}

	// The changed conditions fit now; an engineer who was told is not told again.
	moscow, employee := engineers["moscow"], engineers["employee"]
	p.Exec(`delete from notifications where kind = 'saved-search'`)
	p.Exec(`delete from saved_search_notices`)
	saved(moscow, "До двадцати дней", true, object{"termDaysTo": 20})
	saved(moscow, "Любые", true, object{"place": "Заречная"})
	saved(employee, "До двадцати дней", true, object{"termDaysTo": 20})
	id := publish(person, func(_, _ object) {})
	settle()
	require.Equal(t, map[uuid.UUID]int{id: 1}, told(moscow))
	require.Empty(t, told(employee))
	person.RequireApplied(id, order.Amend, apitest.Conditions("77", 15))
	settle()
	require.Equal(t, map[uuid.UUID]int{id: 1}, told(moscow), "once")
	require.Equal(t, map[uuid.UUID]int{id: 1}, told(employee))
	announced := apitest.Value[int](p, `select count(*) from announced_orders`)
	moscow.RequireApplied(id, order.Respond, object{"details": object{"price": 1, "termDays": 1}})
	require.Equal(t, announced, apitest.Value[int](p, `select count(*) from announced_orders`), "a response announces nothing")

	// An engineer on the customer's side neither finds the order nor hears of it.
	p.Exec(`update engineers set person_id = (select id from people where snils_number = snils_digits($1)) where id = $2`,
		p.Person(synthetic.LoginCustomer).SNILS, p.EngineerID(synthetic.LoginEngineerTatarstan))
	p.Exec(`update saved_searches set notify = true where engineer_id = $1`, p.EngineerID(synthetic.LoginEngineerTatarstan))
	p.Exec(`update engineers set regions = '{77}' where id = $1`, p.EngineerID(synthetic.LoginEngineerTatarstan))
	own := publish(person, func(_, _ object) {})
	settle()
	require.Zero(t, apitest.Value[int](p, `select count(*) from notifications where kind = 'saved-search' and order_id = $1 and party_id = $2`,
		own, p.EngineerID(synthetic.LoginEngineerTatarstan)))
}
