package api

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// pageOf is a page of a list.
type pageOf[T any] struct {
	Items []T
	Next  string
	Total int64
}

func listOf[T any](b *browser, path string, filters ...string) pageOf[T] {
	b.p.t.Helper()
	query := url.Values{}
	for i := 0; i+1 < len(filters); i += 2 {
		query.Add(filters[i], filters[i+1])
	}
	var found pageOf[T]
	b.do(http.MethodGet, path+"?"+query.Encode(), nil).ok().into(&found)
	return found
}

func idsOf(lines []OrderLine) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	return ids
}

func openIDs(lines []OpenOrder) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	return ids
}

func TestMyOrdersAreThoseOfTheRole_R_CUST_3_R_EMP_10(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	draft, open, responded := customer.draft(), customer.published("77"), customer.published("77")
	bid := object{"details": object{"price": 100, "termDays": 5}}
	engineer.tell(responded, order.Respond, bid)
	employee := p.engineer(synthetic.LoginEmployeeFirst)
	employee.tell(open, order.Respond, bid)

	require.ElementsMatch(t, []uuid.UUID{draft, open, responded}, idsOf(listOf[OrderLine](customer, "/api/orders").Items))
	mine := listOf[OrderLine](engineer, "/api/orders").Items
	require.Equal(t, []uuid.UUID{responded}, idsOf(mine))
	require.Nil(t, mine[0].Customer, "who only responded is not told whose order it is")
	require.Equal(t, []uuid.UUID{open}, idsOf(listOf[OrderLine](p.employer(synthetic.LoginEmployerHead), "/api/orders").Items))
	require.ElementsMatch(t, []uuid.UUID{open, responded}, idsOf(listOf[OrderLine](p.moderator(), "/api/orders").Items))
	require.Empty(t, listOf[OrderLine](p.customer(synthetic.LoginSecondCustomer), "/api/orders").Items)

	customer.tell(responded, order.Choose, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}})
	mine = listOf[OrderLine](engineer, "/api/orders").Items
	require.Equal(t, "Иванова Мария Петровна", mine[0].Customer.Name)
}

func TestOrdersAreFilteredByEverySpellingOfAStage_C_1_C_2_R_UI_6(t *testing.T) {
	p := startPlatform(t, clockStands)
	customer, _ := pair(p)
	draft, open := customer.draft(), customer.published("77")
	other := customer.draft()
	customer.tell(other, order.Publish, conditions("16", 10))
	list := func(filters ...string) []uuid.UUID {
		return idsOf(listOf[OrderLine](customer, "/api/orders", filters...).Items)
	}
	require.Equal(t, []uuid.UUID{draft}, list("stage", "draft"))
	require.Equal(t, []uuid.UUID{draft}, list("stage", "Проект заказа"))
	require.ElementsMatch(t, []uuid.UUID{draft, open, other}, list("stage", "draft", "stage", "Выбор исполнителя"))
	for _, spelling := range []string{"Оплата работ", "Оплата заказа", "Завершен", "Заказ выполнен", "Выполнен"} {
		require.Empty(t, list("stage", spelling))
	}
	require.Equal(t, codeValidation, customer.do(http.MethodGet, "/api/orders?stage=nonsense", nil).problem().Code)
	require.Equal(t, []uuid.UUID{other}, list("region", "16"))
	require.ElementsMatch(t, []uuid.UUID{open, other}, list("workKind", "parcel-formation"))
	number := customer.card(open).Number
	require.Equal(t, []uuid.UUID{open}, list("number", number[3:]))
	require.Empty(t, list("number", "%"), "a wildcard is only a character")
	today := p.deps.Now().In(order.Moscow).Format(time.DateOnly)
	require.ElementsMatch(t, []uuid.UUID{open, other}, list("publishedFrom", today, "publishedTo", today))
	require.Empty(t, list("publishedFrom", "2100-01-01"))
}

func TestListIsReadPageByPage(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	want := map[uuid.UUID]bool{}
	for range 5 {
		want[customer.draft()] = true
	}
	for _, sort := range []string{"updated", "published", "deadline", "created"} {
		seen, cursor := map[uuid.UUID]bool{}, ""
		for range 3 {
			page := listOf[OrderLine](customer, "/api/orders", "limit", "2", "sort", sort, "cursor", cursor)
			require.EqualValues(t, 5, page.Total)
			for _, line := range page.Items {
				require.False(t, seen[line.ID], "no order twice")
				seen[line.ID] = true
			}
			cursor = page.Next
		}
		require.Equal(t, want, seen, sort)
		require.Empty(t, cursor, "the last page leads nowhere")
	}
	first := listOf[OrderLine](customer, "/api/orders", "limit", "2", "sort", "created")
	wrong := customer.do(http.MethodGet, "/api/orders?sort=updated&cursor="+first.Next, nil)
	require.Equal(t, codeValidation, wrong.problem().Code, "a cursor is for its own sorting")
	require.Equal(t, codeValidation, customer.do(http.MethodGet, "/api/orders?cursor=%21", nil).problem().Code)
}

func TestCursorHasOneReading(t *testing.T) {
	begin := func(text string) (cursor, error) {
		return Page{Cursor: base64.RawURLEncoding.EncodeToString([]byte(text))}.start("name")
	}
	from, err := begin(`{"s":"name","n":"ёлкин","t":7}`)
	require.NoError(t, err)
	require.Equal(t, cursor{Sort: "name", Text: "ёлкин", Total: 7}, from)
	for _, text := range []string{
		`{"s":"name","n":"\u0000"}`, `{"s":"name","n":"\ud800"}`, `{"s":"other","S":"name"}`, `{"S":"name"}`, `{"s":"name","n":"a","N":"b"}`,
		`{"s":"name","s":"name"}`, `{"s":"name","more":1}`, `{"s":"name"`, `null`, "{\"s\":\"name\",\"n\":\"\xff\"}",
	} {
		_, err := begin(text)
		var p *Problem
		require.ErrorAs(t, err, &p, text)
		require.Equal(t, "cursor", p.Errors[0].Field)
	}
}

func TestOpenOrdersAreThoseOfTheEngineersRegions_R_KORD_3_R_KORD_4_R_KORD_5_R_KORD_6(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	moscow, far := customer.published("77"), customer.draft()
	customer.tell(far, order.Publish, conditions("16", 30))
	customer.draft()
	list := func(filters ...string) []uuid.UUID {
		return openIDs(listOf[OpenOrder](engineer, "/api/open-orders", filters...).Items)
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
	engineer.tell(moscow, order.Respond, object{"details": object{"price": 100, "termDays": 5}})
	require.Empty(t, list("withoutResponses", "true"))
	require.True(t, listOf[OpenOrder](engineer, "/api/open-orders").Items[0].Responded)
}

func TestEngineerIsNotOfferedHisOwnOrder_S_39(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	own := p.customer(synthetic.LoginEngineerMoscow).published("77")
	engineer := p.engineer(synthetic.LoginEngineerMoscow)
	require.Empty(t, listOf[OpenOrder](engineer, "/api/open-orders").Items)
	engineer.refuse(order.CodeOwnOrder, own, order.Respond, object{"details": object{"price": 100, "termDays": 5}})
}

func TestUrgencyIsDaysLeftThenTheEarliestPublication_S_27_R_KORD_7(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	publish := func(details object) uuid.UUID {
		id := customer.draft()
		details["region"], details["workKind"] = "77", "parcel-formation"
		customer.tell(id, order.Publish, object{"details": details, "text": object{"address": "Москва"}})
		return id
	}
	later := publish(object{"termDays": 20})
	soon := publish(object{"termDate": p.deps.Now().In(order.Moscow).AddDate(0, 0, 3).Format(time.DateOnly)})
	same := publish(object{"termDays": 20})
	require.Equal(t, []uuid.UUID{soon, later, same}, openIDs(listOf[OpenOrder](engineer, "/api/open-orders", "sort", "urgency").Items))
	require.Equal(t, []uuid.UUID{same, soon, later}, openIDs(listOf[OpenOrder](engineer, "/api/open-orders").Items))
	first := listOf[OpenOrder](engineer, "/api/open-orders", "sort", "urgency", "limit", "2")
	require.Equal(t, []uuid.UUID{same}, openIDs(listOf[OpenOrder](engineer, "/api/open-orders", "sort", "urgency", "limit", "2", "cursor", first.Next).Items))
}

func TestCardShowsResponsesToTheCustomerAndToAnEngineerOnlyHisOwn_R_RESP_3(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	employee := p.engineer(synthetic.LoginEmployeeFirst)
	engineer.tell(id, order.Respond, object{"details": object{"price": 111, "termDays": 5}, "text": object{"note": "Быстро"}})
	employee.tell(id, order.Respond, object{"details": object{"price": 222, "termDays": 6}, "text": object{"note": "Точно"}})

	seen := customer.card(id)
	require.Len(t, seen.Responses, 2)
	require.Equal(t, "Орлов Алексей Николаевич", seen.Responses[0].Engineer.Name)
	require.Equal(t, "Быстро", seen.Responses[0].Note)
	require.True(t, seen.Party)

	own := employee.card(id)
	require.False(t, own.Party)
	require.Nil(t, own.Customer)
	require.Len(t, own.Responses, 1)
	require.EqualValues(t, 222, own.Responses[0].Price)
	text := string(employee.do(http.MethodGet, "/api/orders/"+id.String(), nil).body)
	for _, foreign := range []string{"Орлов", "Быстро", "Иванова", `"price":111`} {
		require.NotContains(t, text, foreign)
	}
	history := string(employee.do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).body)
	require.NotContains(t, history, "Быстро")
	require.NotContains(t, history, "Иванова")
	require.Contains(t, history, "Точно")
}

func TestOfferTellsTheEngineerWhatTheCustomerWrote_R_OFFER_2(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	customer, engineer := pair(p)
	id := customer.published("77")
	offered := object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}, "text": object{"note": "Нужно до зимы."}}
	customer.tell(id, order.OfferOrder, offered)
	require.Equal(t, "Нужно до зимы.", engineer.card(id).Offer.Note)
	require.Nil(t, p.engineer(synthetic.LoginEmployeeFirst).card(id).Offer, "nobody else sees it")
}

func TestOfferedOrderWaitsForTheEngineerWhomItIsOffered(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	other := p.engineer(synthetic.LoginEmployeeFirst)
	id := customer.published("77")
	other.tell(id, order.Respond, object{"details": object{"price": 100, "termDays": 5}})
	customer.tell(id, order.OfferOrder, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}})

	line := listOf[OrderLine](engineer, "/api/orders").Items[0]
	card := engineer.card(id)
	for _, waits := range []*Waits{line.Waits, card.Waits} {
		require.Equal(t, string(order.WaitOfferAnswer), waits.For)
		require.Equal(t, card.Offer.Expires, *waits.Deadline)
	}
	require.Nil(t, line.Customer)
	require.Nil(t, other.card(id).Waits)
	require.Nil(t, listOf[OrderLine](other, "/api/orders").Items[0].Waits)
}

// A list tells price and term as they are agreed: the bid before the contract, then the contract's. Nobody learns another's.
func TestListHasTheBidUntilThereIsAContract(t *testing.T) {
	p := startPlatform(t, clockStands)
	customer, engineer := pair(p)
	rival := p.engineer(synthetic.LoginEmployeeFirst)
	employer := p.employer(synthetic.LoginEmployerHead)
	id := customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}})
	rival.tell(id, order.Respond, object{"details": object{"price": 300_000, "termDays": 40}})
	terms := func(b *browser) (int64, any) {
		line := listOf[OrderLine](b, "/api/orders").Items[0]
		if line.TermDays != nil {
			require.Empty(t, line.TermDate)
			return *line.Price, *line.TermDays
		}
		return *line.Price, line.TermDate
	}
	has := func(b *browser, price int64, term any) {
		t.Helper()
		gotPrice, gotTerm := terms(b)
		require.Equal(t, price, gotPrice)
		require.EqualValues(t, term, gotTerm)
	}
	has(customer, 5_000_000, 30)
	has(engineer, 100_000, 20)
	has(rival, 300_000, 40)

	customer.tell(id, order.Choose, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}})
	has(customer, 100_000, 20)
	has(p.moderator(), 100_000, 20)

	contract, signature := engineer.upload(id, "договор.pdf", pdf("договор")), engineer.upload(id, "договор.sig", []byte("подпись"))
	last := p.deps.Now().In(order.Moscow).AddDate(0, 0, 70).Format(time.DateOnly)
	engineer.tell(id, order.SendContract, object{"details": object{
		"file": ref(contract), "signature": ref(signature), "price": 120_000, "advanceBasisPoints": 5000, "advance": 60_000, "termDate": last,
	}})
	has(customer, 120_000, last)
	has(engineer, 120_000, last)
	require.True(t, listOf[OrderLine](customer, "/api/orders").Items[0].Prepayment)
	has(rival, 300_000, 40)
	has(employer, 5_000_000, 30)
}

func TestCardOffersTheActionsOfThePartyWithReasons_R_FAQ_5(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	actions := func(b *browser) map[order.Kind]order.Action {
		found := map[order.Kind]order.Action{}
		for _, a := range b.card(id).Actions {
			found[a.Kind] = a
		}
		return found
	}
	require.True(t, actions(customer)[order.Cancel].Open)
	require.False(t, actions(customer)[order.Choose].Open)
	require.Equal(t, order.CodeNoResponse, actions(customer)[order.Choose].Code)
	require.True(t, actions(engineer)[order.Respond].Open)
	only := actions(p.engineer(synthetic.LoginEmployeeOnly))[order.Respond]
	require.False(t, only.Open)
	require.Contains(t, only.Reason, "единственным")
	require.NotContains(t, actions(engineer), order.Cancel)
}

func TestNewPerformerSeesNothingOfTheOneBeforeHim(t *testing.T) {
	p := startPlatform(t)
	customer, first := pair(p)
	id := customer.published("77")
	second := p.engineer(synthetic.LoginEmployeeFirst)
	bid := func(note string) object {
		return object{"details": object{"price": 100, "termDays": 5}, "text": object{"note": note}}
	}
	first.tell(id, order.Respond, bid("Тайна первого"))
	second.tell(id, order.Respond, bid("Слово второго"))
	customer.tell(id, order.Choose, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}})
	contract, signature := first.upload(id, "договор.pdf", pdf("первый")), first.upload(id, "договор.sig", []byte("подпись"))
	first.tell(id, order.SendContract, object{"details": object{
		"file": ref(contract), "signature": ref(signature), "price": 100, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	customer.tell(id, order.ReturnContract, object{"text": object{"note": "Дорого для первого"}})
	first.tell(id, order.LeaveOrder, object{"text": object{"note": "Не договорились"}})
	customer.tell(id, order.Choose, object{"details": object{"engineer": p.engineerID(synthetic.LoginEmployeeFirst)}})

	for _, path := range []string{"", "/history"} {
		text := string(second.do(http.MethodGet, "/api/orders/"+id.String()+path, nil).ok().body)
		for _, foreign := range []string{"Тайна", "Дорого", "договорились", "договор.pdf"} {
			require.NotContains(t, text, foreign, path)
		}
	}
	require.Equal(t, codeFileNotFound, second.do(http.MethodGet, filesOf(id, contract)+"/content", nil).problem().Code)
	customer.do(http.MethodGet, filesOf(id, contract), nil).ok()
	whole := string(customer.do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).ok().body)
	for _, own := range []string{"Тайна", "Дорого", "договорились", "договор.pdf", "Слово второго"} {
		require.Contains(t, whole, own)
	}
}

func TestHistorySaysWhoDidWhatWhen_R_DONE_1(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.published("77")
	customer.tell(id, order.Cancel, object{"text": object{"note": "Передумала"}})
	var found struct{ Items []HistoryEvent }
	customer.do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).ok().into(&found)
	require.Len(t, found.Items, 3)
	last := found.Items[2]
	require.Equal(t, "Заказ отменен заказчиком", last.Title)
	require.Equal(t, "Иванова Мария Петровна", last.Who)
	require.Equal(t, "Выбор исполнителя", last.From.Label)
	require.Equal(t, "Отменен заказчиком", last.To.Label)
	require.Equal(t, "Передумала", last.Text["note"])
	require.True(t, last.Moved)
}

func TestDeletedDraftLeavesNeitherRowsNorFiles_S_11(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	f := customer.upload(id, "план.pdf", pdf("план"))
	customer.do(http.MethodPut, "/api/orders/"+id.String()+"/form", object{"version": 0, "text": object{"address": "Москва"}}).ok()
	farewell := object{"text": object{"note": "Не понадобится"}}
	got := customer.send("k", id, order.Delete, farewell)
	require.Equal(t, http.StatusOK, got.status, got.text())
	var deleted told
	got.into(&deleted)
	require.Nil(t, deleted.Order)
	require.Equal(t, http.StatusOK, customer.send("k", id, order.Delete, farewell).status, "a repetition gets the first verdict")
	require.Equal(t, codeOrderNotFound, customer.do(http.MethodGet, "/api/orders/"+id.String(), nil).problem().Code)
	testenv.Eventually(t, "the rows are gone", func() bool {
		return value[int](p, `select (select count(*) from orders) + (select count(*) from files) + (select count(*) from order_forms)
			+ (select count(*) from message_bodies) + (select count(*) from order_events)`) == 0
	})
	_, _, err := p.deps.Files.Open(t.Context(), f.SHA256)
	require.Error(t, err)
	require.Equal(t, http.StatusOK, customer.send("k", id, order.Delete, farewell).status)
	require.Zero(t, value[int](p, "select count(*) from message_bodies"), "a repetition brings no text back")
}

func TestNotificationsAreReadOnceForTheRole_R_NOTIF_1_R_NOTIF_3_R_NOTIF_7(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 1, "termDays": 1}})
	engineer.tell(id, order.WithdrawResponse, nil)
	var list struct {
		Items  []Notification
		Next   string
		Unread int64
	}
	read := func(b *browser, query string) {
		list.Items, list.Next = nil, ""
		b.do(http.MethodGet, "/api/notifications"+query, nil).ok().into(&list)
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
	customer.do(http.MethodPost, "/api/notifications/read", object{"upTo": list.Items[0].ID}).ok().into(&left)
	require.EqualValues(t, 1, left.Unread)
	read(customer, "?unread=true")
	require.Len(t, list.Items, 1)
	read(p.customer(synthetic.LoginSecondCustomer), "")
	require.Empty(t, list.Items)
}

func TestReferencesNeedNoSignIn_R_KORD_6_R_CUST_5(t *testing.T) {
	b := startPlatform(t).browser()
	require.Len(t, listOf[Coded](b, "/api/reference/work-kinds").Items, 10)
	require.Len(t, listOf[Coded](b, "/api/reference/regions").Items, 89)
	require.Len(t, listOf[ReferenceStage](b, "/api/reference/stages").Items, 11)
	require.Equal(t, "Химки", listOf[ReferenceCity](b, "/api/reference/cities", "q", "химк").Items[0].Name)
}

// Who takes an offer works on the customer's conditions, whatever he bade before, and leaves nothing of it behind.
func TestListForgetsTheBidOfWhoTookAnOffer(t *testing.T) {
	p := startPlatform(t, clockStands)
	customer, engineer := pair(p)
	id := customer.published("77")
	price := func(b *browser) int64 { return *listOf[OrderLine](b, "/api/orders").Items[0].Price }
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}})
	require.EqualValues(t, 100_000, price(engineer))
	customer.tell(id, order.OfferOrder, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}})
	require.EqualValues(t, 5_000_000, price(engineer), "he is asked to work on these conditions")
	engineer.tell(id, order.AcceptOffer, object{"details": object{"revision": 1}})
	for _, b := range []*browser{customer, engineer, p.moderator()} {
		require.EqualValues(t, 5_000_000, price(b))
	}
	engineer.tell(id, order.LeaveOrder, object{"text": object{"note": "Не успею"}})
	require.Empty(t, listOf[OrderLine](engineer, "/api/orders").Items)
}
