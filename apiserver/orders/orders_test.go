package orders_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/notifications"
	"epkr/apiserver/orders"
	"epkr/apiserver/orders/search"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// pageOf is a page of a list.
type pageOf[T any] struct {
	Items []T
	Next  string
	Total int64
}

func listOf[T any](b *apitest.Browser, path string, filters ...string) pageOf[T] {
	b.Platform.T.Helper()
	query := url.Values{}
	for i := 0; i+1 < len(filters); i += 2 {
		query.Add(filters[i], filters[i+1])
	}
	var found pageOf[T]
	b.Do(http.MethodGet, path+"?"+query.Encode(), nil).OK().Into(&found)
	return found
}

func idsOf(lines []search.OrderLine) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	return ids
}

func openIDs(lines []search.OpenOrder) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	return ids
}

func TestMyOrdersAreThoseOfTheRole(t *testing.T) {
	acceptance.Covers(t, "R-CUST-3", "R-EMP-10")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	draft, open, responded := customer.CreateDraft(), customer.PublishOrder("77"), customer.PublishOrder("77")
	bid := apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}}
	engineer.RequireApplied(responded, order.Respond, bid)
	employee := p.Engineer(synthetic.LoginEmployeeFirst)
	employee.RequireApplied(open, order.Respond, bid)

	require.ElementsMatch(t, []uuid.UUID{draft, open, responded}, idsOf(listOf[search.OrderLine](customer, "/api/orders").Items))
	mine := listOf[search.OrderLine](engineer, "/api/orders").Items
	require.Equal(t, []uuid.UUID{responded}, idsOf(mine))
	require.Nil(t, mine[0].Customer, "an engineer who only responded does not see the customer")
	require.Equal(t, []uuid.UUID{open}, idsOf(listOf[search.OrderLine](p.Employer(synthetic.LoginEmployerHead), "/api/orders").Items))
	require.ElementsMatch(t, []uuid.UUID{open, responded}, idsOf(listOf[search.OrderLine](p.Moderator(), "/api/orders").Items))
	require.Empty(t, listOf[search.OrderLine](p.Customer(synthetic.LoginSecondCustomer), "/api/orders").Items)

	customer.RequireApplied(responded, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	mine = listOf[search.OrderLine](engineer, "/api/orders").Items
	require.Equal(t, "Иванова Мария Петровна", mine[0].Customer.Name)
}

func TestOrdersAreFilteredByEverySpellingOfAStage(t *testing.T) {
	acceptance.Covers(t, "C-1", "C-2", "R-UI-6")
	p := apitest.Start(t, apitest.FreezeClock)
	customer, _ := apitest.StartPair(p)
	draft, open := customer.CreateDraft(), customer.PublishOrder("77")
	other := customer.CreateDraft()
	customer.RequireApplied(other, order.Publish, apitest.Conditions("16", 10))
	list := func(filters ...string) []uuid.UUID {
		return idsOf(listOf[search.OrderLine](customer, "/api/orders", filters...).Items)
	}
	require.Equal(t, []uuid.UUID{draft}, list("stage", "draft"))
	require.Equal(t, []uuid.UUID{draft}, list("stage", "Проект заказа"))
	require.ElementsMatch(t, []uuid.UUID{draft, open, other}, list("stage", "draft", "stage", "Выбор исполнителя"))
	for _, spelling := range []string{"Оплата работ", "Оплата заказа", "Завершен", "Заказ выполнен", "Выполнен"} {
		require.Empty(t, list("stage", spelling))
	}
	require.Equal(t, problems.Validation, customer.Do(http.MethodGet, "/api/orders?stage=nonsense", nil).Problem().Code)
	require.Equal(t, []uuid.UUID{other}, list("region", "16"))
	require.ElementsMatch(t, []uuid.UUID{open, other}, list("workKind", "parcel-formation"))
	number := customer.Card(open).Number
	require.Equal(t, []uuid.UUID{open}, list("number", number[3:]))
	require.Empty(t, list("number", "%"), "a wildcard is an ordinary character")
	today := p.Deps.Now().In(order.Moscow).Format(time.DateOnly)
	require.ElementsMatch(t, []uuid.UUID{open, other}, list("publishedFrom", today, "publishedTo", today))
	require.Empty(t, list("publishedFrom", "2100-01-01"))
}

func TestListIsReadPageByPage(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	want := map[uuid.UUID]bool{}
	for range 5 {
		want[customer.CreateDraft()] = true
	}
	for _, sort := range []string{"updated", "published", "deadline", "created"} {
		seen, cursor := map[uuid.UUID]bool{}, ""
		for range 3 {
			page := listOf[search.OrderLine](customer, "/api/orders", "limit", "2", "sort", sort, "cursor", cursor)
			require.EqualValues(t, 5, page.Total)
			for _, line := range page.Items {
				require.False(t, seen[line.ID], "no order twice")
				seen[line.ID] = true
			}
			cursor = page.Next
		}
		require.Equal(t, want, seen, sort)
		require.Empty(t, cursor, "the last page has no cursor")
	}
	first := listOf[search.OrderLine](customer, "/api/orders", "limit", "2", "sort", "created")
	wrong := customer.Do(http.MethodGet, "/api/orders?sort=updated&cursor="+first.Next, nil)
	require.Equal(t, problems.Validation, wrong.Problem().Code, "a cursor is valid for its own sorting only")
	require.Equal(t, problems.Validation, customer.Do(http.MethodGet, "/api/orders?cursor=%21", nil).Problem().Code)
}

func TestModeratorReadsAllOrdersByPublication(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	customer.CreateDraft()
	var newestFirst []uuid.UUID
	for range 5 {
		newestFirst = append([]uuid.UUID{customer.PublishOrder("77")}, newestFirst...)
	}
	engineer.RequireApplied(newestFirst[4], order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}})
	var seen []uuid.UUID
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		require.Less(t, pages, 3)
		page := listOf[search.OrderLine](p.Moderator(), "/api/orders", "limit", "2", "cursor", cursor)
		require.EqualValues(t, 5, page.Total)
		seen, cursor = append(seen, idsOf(page.Items)...), page.Next
	}
	require.Equal(t, newestFirst, seen, "what changes later does not move an order")
	require.Equal(t, seen, idsOf(listOf[search.OrderLine](p.Moderator(), "/api/orders", "sort", "published").Items))
	for _, sort := range []string{"updated", "deadline", "created"} {
		refused := p.Moderator().Do(http.MethodGet, "/api/orders?sort="+sort, nil).Problem()
		require.Equal(t, "sort", refused.Errors[0].Field)
	}
	mine := listOf[search.OrderLine](customer, "/api/orders", "limit", "2", "sort", "created").Next
	require.Equal(t, problems.Validation, p.Moderator().Do(http.MethodGet, "/api/orders?cursor="+mine, nil).Problem().Code)
}

func TestCursorIsUnambiguous(t *testing.T) {
	begin := func(text string) (httpapi.Cursor, error) {
		return httpapi.Page{Cursor: base64.RawURLEncoding.EncodeToString([]byte(text))}.Start("name")
	}
	from, err := begin(`{"s":"name","n":"ёлкин","t":7}`)
	require.NoError(t, err)
	require.Equal(t, httpapi.Cursor{Sort: "name", Text: "ёлкин", Total: 7}, from)
	for _, text := range []string{
		`{"s":"name","n":"\u0000"}`, `{"s":"name","n":"\ud800"}`, `{"s":"other","S":"name"}`, `{"S":"name"}`, `{"s":"name","n":"a","N":"b"}`,
		`{"s":"name","s":"name"}`, `{"s":"name","more":1}`, `{"s":"name"`, `null`, "{\"s\":\"name\",\"n\":\"\xff\"}",
	} {
		_, err := begin(text)
		var p *problems.Problem
		require.ErrorAs(t, err, &p, text)
		require.Equal(t, "cursor", p.Errors[0].Field)
	}
}

func TestOpenOrdersAreThoseOfTheEngineersRegions(t *testing.T) {
	acceptance.Covers(t, "R-GEN-1", "R-GEN-5", "R-KORD-3", "R-KORD-4", "R-KORD-5", "R-KORD-6", "T-2")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	moscow, far := customer.PublishOrder("77"), customer.CreateDraft()
	customer.RequireApplied(far, order.Publish, apitest.Conditions("16", 30))
	customer.CreateDraft()
	list := func(filters ...string) []uuid.UUID {
		return openIDs(listOf[search.OpenOrder](engineer, "/api/open-orders", filters...).Items)
	}
	require.Equal(t, []uuid.UUID{moscow}, list())
	require.Equal(t, []uuid.UUID{far}, list("region", "16"))
	require.Equal(t, []uuid.UUID{moscow}, list("place", "заречная"))
	require.Empty(t, list("place", "Ленина"))
	require.Equal(t, []uuid.UUID{moscow}, list("termDaysTo", "30"))
	require.Empty(t, list("termDaysTo", "29"))
	require.Empty(t, list("termDateTo", "2100-01-01"))
	require.Equal(t, []uuid.UUID{moscow}, list("customer", "individuals"))
	require.Empty(t, list("customer", "organisations"))
	require.Equal(t, []uuid.UUID{moscow}, list("priced", "true"))
	require.Empty(t, list("prepayment", "true"))
	require.Empty(t, list("workKind", "map-plan"))
	require.Equal(t, []uuid.UUID{moscow}, list("withoutResponses", "true"))
	engineer.RequireApplied(moscow, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}})
	require.Empty(t, list("withoutResponses", "true"))
	require.True(t, listOf[search.OpenOrder](engineer, "/api/open-orders").Items[0].Responded)
}

func TestEngineerIsNotOfferedHisOwnOrder(t *testing.T) {
	acceptance.Covers(t, "R-ROLE-2", "S-39")
	p := apitest.Start(t)
	p.StartWorker()
	own := p.Customer(synthetic.LoginEngineerMoscow).PublishOrder("77")
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	require.Empty(t, listOf[search.OpenOrder](engineer, "/api/open-orders").Items)
	engineer.RequireRefused(order.CodeOwnOrder, own, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}})
}

func TestUrgencySortsByDaysLeftThenByPublication(t *testing.T) {
	acceptance.Covers(t, "S-27", "R-KORD-7")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	publish := func(details apitest.Object) uuid.UUID {
		id := customer.CreateDraft()
		details["region"], details["workKind"] = "77", "parcel-formation"
		customer.RequireApplied(id, order.Publish, apitest.Object{"details": details, "text": apitest.Object{"address": "Москва"}})
		return id
	}
	later := publish(apitest.Object{"termDays": 20})
	soon := publish(apitest.Object{"termDate": p.Deps.Now().In(order.Moscow).AddDate(0, 0, 3).Format(time.DateOnly)})
	same := publish(apitest.Object{"termDays": 20})
	require.Equal(t, []uuid.UUID{soon, later, same}, openIDs(listOf[search.OpenOrder](engineer, "/api/open-orders", "sort", "urgency").Items))
	require.Equal(t, []uuid.UUID{same, soon, later}, openIDs(listOf[search.OpenOrder](engineer, "/api/open-orders").Items))
	first := listOf[search.OpenOrder](engineer, "/api/open-orders", "sort", "urgency", "limit", "2")
	require.Equal(t, []uuid.UUID{same}, openIDs(listOf[search.OpenOrder](engineer, "/api/open-orders", "sort", "urgency", "limit", "2", "cursor", first.Next).Items))
}

func TestCardShowsResponsesToTheCustomerAndToAnEngineerOnlyHisOwn(t *testing.T) {
	acceptance.Covers(t, "R-RESP-3")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	employee := p.Engineer(synthetic.LoginEmployeeFirst)
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 111, "termDays": 5}, "text": apitest.Object{"note": "Быстро"}})
	employee.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 222, "termDays": 6}, "text": apitest.Object{"note": "Точно"}})

	seen := customer.Card(id)
	require.Len(t, seen.Responses, 2)
	require.Equal(t, "Орлов Алексей Николаевич", seen.Responses[0].Engineer.Name)
	require.Equal(t, "Быстро", seen.Responses[0].Note)
	require.True(t, seen.Party)

	own := employee.Card(id)
	require.False(t, own.Party)
	require.Nil(t, own.Customer)
	require.Len(t, own.Responses, 1)
	require.EqualValues(t, 222, own.Responses[0].Price)
	text := string(employee.Do(http.MethodGet, "/api/orders/"+id.String(), nil).Body)
	for _, foreign := range []string{"Орлов", "Быстро", "Иванова", `"price":111`} {
		require.NotContains(t, text, foreign)
	}
	history := string(employee.Do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).Body)
	require.NotContains(t, history, "Быстро")
	require.NotContains(t, history, "Иванова")
	require.Contains(t, history, "Точно")
}

func TestOfferShowsTheEngineerTheCustomersNote(t *testing.T) {
	acceptance.Covers(t, "R-OFFER-2")
	p := apitest.Start(t)
	p.StartWorker()
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	offered := apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}, "text": apitest.Object{"note": "Нужно до зимы."}}
	customer.RequireApplied(id, order.OfferOrder, offered)
	require.Equal(t, "Нужно до зимы.", engineer.Card(id).Offer.Note)
	require.Nil(t, p.Engineer(synthetic.LoginEmployeeFirst).Card(id).Offer, "nobody else sees it")
}

func TestOfferedOrderAwaitsItsEngineer(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	other := p.Engineer(synthetic.LoginEmployeeFirst)
	id := customer.PublishOrder("77")
	other.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}})
	customer.RequireApplied(id, order.OfferOrder, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})

	line := listOf[search.OrderLine](engineer, "/api/orders").Items[0]
	card := engineer.Card(id)
	for _, waits := range []*orders.Waits{line.Waits, card.Waits} {
		require.Equal(t, order.WaitOfferAnswer, waits.For)
		require.Equal(t, card.Offer.Expires, *waits.Deadline)
	}
	require.Nil(t, line.Customer)
	require.Nil(t, other.Card(id).Waits)
	require.Nil(t, listOf[search.OrderLine](other, "/api/orders").Items[0].Waits)
}

// A list shows the agreed price and term: those of the bid before the contract, then the
// contract's. Nobody sees another's bid.
func TestListShowsTheBidUntilThereIsAContract(t *testing.T) {
	p := apitest.Start(t, apitest.FreezeClock)
	customer, engineer := apitest.StartPair(p)
	rival := p.Engineer(synthetic.LoginEmployeeFirst)
	employer := p.Employer(synthetic.LoginEmployerHead)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	rival.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 300_000, "termDays": 40}})
	terms := func(b *apitest.Browser) (int64, any) {
		line := listOf[search.OrderLine](b, "/api/orders").Items[0]
		if line.TermDays != nil {
			require.Empty(t, line.TermDate)
			return *line.Price, *line.TermDays
		}
		return *line.Price, line.TermDate
	}
	has := func(b *apitest.Browser, price int64, term any) {
		t.Helper()
		gotPrice, gotTerm := terms(b)
		require.Equal(t, price, gotPrice)
		require.EqualValues(t, term, gotTerm)
	}
	has(customer, 5_000_000, 30)
	has(engineer, 100_000, 20)
	has(rival, 300_000, 40)

	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	has(customer, 100_000, 20)
	has(p.Moderator(), 100_000, 20)

	contract := engineer.Upload(id, "договор.pdf", apitest.PDF("договор"))
	signature := engineer.Sign(id, contract)
	last := p.Deps.Now().In(order.Moscow).AddDate(0, 0, 70).Format(time.DateOnly)
	engineer.RequireApplied(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signature), "price": 120_000, "advanceBasisPoints": 5000, "advance": 60_000, "termDate": last,
	}})
	has(customer, 120_000, last)
	has(engineer, 120_000, last)
	require.True(t, listOf[search.OrderLine](customer, "/api/orders").Items[0].Prepayment)
	has(rival, 300_000, 40)
	has(employer, 5_000_000, 30)
}

func TestCardOffersTheActionsOfThePartyWithReasons(t *testing.T) {
	acceptance.Covers(t, "R-FAQ-5", "R-RESP-5a")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	actions := func(b *apitest.Browser) map[order.Kind]orders.Action {
		found := map[order.Kind]orders.Action{}
		for _, a := range b.Card(id).Actions {
			found[order.Kind(a.Kind)] = a
		}
		return found
	}
	require.True(t, actions(customer)[order.Cancel].Open)
	require.False(t, actions(customer)[order.Choose].Open)
	require.EqualValues(t, order.CodeNoResponse, actions(customer)[order.Choose].Code)
	require.True(t, actions(engineer)[order.Respond].Open)
	only := actions(p.Engineer(synthetic.LoginEmployeeOnly))[order.Respond]
	require.False(t, only.Open)
	require.Contains(t, only.Reason, "единственным")
	require.NotContains(t, actions(engineer), order.Cancel)
}

func TestNewPerformerSeesNothingOfTheFormerOne(t *testing.T) {
	p := apitest.Start(t)
	customer, first := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	second := p.Engineer(synthetic.LoginEmployeeFirst)
	bid := func(note string) apitest.Object {
		return apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}, "text": apitest.Object{"note": note}}
	}
	first.RequireApplied(id, order.Respond, bid("Тайна первого"))
	second.RequireApplied(id, order.Respond, bid("Слово второго"))
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	contract := first.Upload(id, "договор.pdf", apitest.PDF("первый"))
	signature := first.Sign(id, contract)
	first.RequireApplied(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signature), "price": 100, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	customer.RequireApplied(id, order.ReturnContract, apitest.Object{"text": apitest.Object{"note": "Дорого для первого"}})
	first.RequireApplied(id, order.LeaveOrder, apitest.Object{"text": apitest.Object{"note": "Не договорились"}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEmployeeFirst)}})

	for _, path := range []string{"", "/history"} {
		text := string(second.Do(http.MethodGet, "/api/orders/"+id.String()+path, nil).OK().Body)
		for _, foreign := range []string{"Тайна", "Дорого", "договорились", "договор.pdf"} {
			require.NotContains(t, text, foreign, path)
		}
	}
	require.Equal(t, problems.FileNotFound, second.Do(http.MethodGet, apitest.FilePath(id, contract)+"/content", nil).Problem().Code)
	customer.Do(http.MethodGet, apitest.FilePath(id, contract), nil).OK()
	whole := string(customer.Do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).OK().Body)
	for _, own := range []string{"Тайна", "Дорого", "договорились", "договор.pdf", "Слово второго"} {
		require.Contains(t, whole, own)
	}
}

func TestHistoryShowsActorsActionsAndTimes(t *testing.T) {
	acceptance.Covers(t, "R-DONE-1", "R-CANC-1")
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	customer.RequireApplied(id, order.Cancel, apitest.Object{"text": apitest.Object{"note": "Передумала"}})
	var found struct{ Items []orders.HistoryEvent }
	customer.Do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).OK().Into(&found)
	require.Len(t, found.Items, 3)
	last := found.Items[2]
	require.Equal(t, "Заказ отменен заказчиком", last.Title)
	require.Equal(t, "Иванова Мария Петровна", last.Who)
	require.Equal(t, "Выбор исполнителя", last.From.Label)
	require.Equal(t, "Отменен заказчиком", last.To.Label)
	require.Equal(t, "Передумала", last.Text["note"])
	require.True(t, last.Moved)
}

func TestDeletedDraftLeavesNoRowsAndNoFiles(t *testing.T) {
	acceptance.Covers(t, "S-11")
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	f := customer.Upload(id, "план.pdf", apitest.PDF("план"))
	customer.Do(http.MethodPut, "/api/orders/"+id.String()+"/form", apitest.Object{"version": 0, "text": apitest.Object{"address": "Москва"}}).OK()
	farewell := apitest.Object{"text": apitest.Object{"note": "Не понадобится"}}
	got := customer.Send("k", id, order.Delete, farewell)
	require.Equal(t, http.StatusOK, got.Status, got.Text())
	var deleted apitest.MessageResult
	got.Into(&deleted)
	require.Nil(t, deleted.Order)
	require.Equal(t, http.StatusOK, customer.Send("k", id, order.Delete, farewell).Status, "a repetition gets the first verdict")
	require.Equal(t, problems.OrderNotFound, customer.Do(http.MethodGet, "/api/orders/"+id.String(), nil).Problem().Code)
	testenv.Eventually(t, "the rows are gone", func() bool {
		return apitest.Value[int](p, `select (select count(*) from orders) + (select count(*) from files where order_id is not null) + (select count(*) from order_forms)
			+ (select count(*) from message_bodies) + (select count(*) from order_events)`) == 0
	})
	_, _, err := p.Deps.Files.Open(t.Context(), f.SHA256)
	require.Error(t, err)
	require.Equal(t, http.StatusOK, customer.Send("k", id, order.Delete, farewell).Status)
	require.Zero(t, apitest.Value[int](p, "select count(*) from message_bodies"), "a repetition brings no text back")
}

func TestNotificationsAreMarkedReadPerRole(t *testing.T) {
	acceptance.Covers(t, "R-GEN-4", "R-NOTIF-1", "R-NOTIF-3", "R-NOTIF-7", "R-CUST-10")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}})
	engineer.RequireApplied(id, order.WithdrawResponse, nil)
	var list struct {
		Items  []notifications.Notification
		Next   string
		Unread int64
	}
	read := func(b *apitest.Browser, query string) {
		list.Items, list.Next = nil, ""
		b.Do(http.MethodGet, "/api/notifications"+query, nil).OK().Into(&list)
	}
	read(customer, "?limit=1")
	require.EqualValues(t, 2, list.Unread)
	require.Len(t, list.Items, 1)
	require.Equal(t, "response-withdrawn", list.Items[0].Kind)
	require.NotEmpty(t, list.Items[0].Text)
	require.NotEmpty(t, list.Items[0].Number)
	read(customer, "?limit=1&cursor="+list.Next)
	require.Equal(t, "response", list.Items[0].Kind)
	require.Empty(t, list.Next)

	var left struct{ Unread int64 }
	customer.Do(http.MethodPost, "/api/notifications/read", apitest.Object{"upTo": list.Items[0].ID}).OK().Into(&left)
	require.EqualValues(t, 1, left.Unread)
	read(customer, "?unread=true")
	require.Len(t, list.Items, 1)
	read(p.Customer(synthetic.LoginSecondCustomer), "")
	require.Empty(t, list.Items)
}

func TestReferenceDataNeedsNoSignIn(t *testing.T) {
	acceptance.Covers(t, "R-KORD-6", "R-CUST-5")
	b := apitest.Start(t).Browser()
	require.Len(t, listOf[wire.Coded](b, "/api/reference/work-kinds").Items, 10)
	require.Len(t, listOf[wire.Coded](b, "/api/reference/regions").Items, 89)
	require.Len(t, listOf[search.ReferenceStage](b, "/api/reference/stages").Items, 11)
	require.Equal(t, "Химки", listOf[search.ReferenceCity](b, "/api/reference/cities", "q", "химк").Items[0].Name)
}

// An engineer who accepts an offer works on the customer's conditions; his earlier bid is ignored
// and removed.
func TestListIgnoresTheBidAfterAnAcceptedOffer(t *testing.T) {
	p := apitest.Start(t, apitest.FreezeClock)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	price := func(b *apitest.Browser) int64 { return *listOf[search.OrderLine](b, "/api/orders").Items[0].Price }
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	require.EqualValues(t, 100_000, price(engineer))
	customer.RequireApplied(id, order.OfferOrder, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	require.EqualValues(t, 5_000_000, price(engineer), "the engineer sees the conditions of the offer")
	engineer.RequireApplied(id, order.AcceptOffer, apitest.Object{"details": apitest.Object{"revision": 1}})
	for _, b := range []*apitest.Browser{customer, engineer, p.Moderator()} {
		require.EqualValues(t, 5_000_000, price(b))
	}
	engineer.RequireApplied(id, order.LeaveOrder, apitest.Object{"text": apitest.Object{"note": "Не успею"}})
	require.Empty(t, listOf[search.OrderLine](engineer, "/api/orders").Items)
}
