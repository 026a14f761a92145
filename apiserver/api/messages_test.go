package api

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/workflows/contract"
)

// partyOfRole pairs the parties of the rules with the role that a session needs.
var partyOfRole = map[string]order.Role{
	"заказчик": order.RoleCustomer, "будущий заказчик": order.RoleCustomer, "исполнитель": order.RoleEngineer, "кадастровый инженер": order.RoleEngineer,
	"работодатель": order.RoleEmployer, "модератор": order.RoleModerator,
}

func TestEveryRuleForPeopleHasOneOperationForTheirRoles_B_2_B_5(t *testing.T) {
	p := startPlatform(t)
	operations := map[string]*Operation{}
	for _, op := range p.server.Operations() {
		operations[op.ID] = op
	}
	for _, rule := range order.Rules() {
		var roles []order.Role
		for _, party := range rule.Senders() {
			if role, person := partyOfRole[party]; person && !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
		op, found := operations[string(rule.Kind)]
		require.Equal(t, len(roles) > 0, found, rule.Kind)
		if !found {
			continue
		}
		require.ElementsMatch(t, roles, op.Access.Roles(), rule.Kind)
		require.True(t, op.Access.NeedsConsent(), rule.Kind)
		require.Equal(t, http.MethodPost, op.Method)
		if rule.Kind != order.Create {
			require.Equal(t, "/api/orders/{order}/"+string(rule.Kind), op.Path)
		}
	}
}

func TestOrderFromDraftToRatingOverHTTP_B_2_B_5_R_CUST_4_R_WORK_3_R_PAY_3_R_RATE_1(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 3_000)

	require.Equal(t, "prepayment", customer.card(id).Stage.Code)
	engineer.tell(id, order.SendPrepaymentInvoice, object{"details": object{"link": true}, "text": object{"link": "https://bank.example/1"}})
	require.Equal(t, "https://bank.example/1", customer.card(id).Prepayment.Link)
	receipt := customer.upload(id, "платёж.pdf", pdf("платёж"))
	customer.tell(id, order.ReportPrepayment, object{"details": object{"file": ref(receipt)}})
	engineer.tell(id, order.ConfirmPrepayment, nil)

	act, signed := engineer.upload(id, "акт.pdf", pdf("акт")), engineer.upload(id, "акт.sig", []byte("подпись под актом"))
	engineer.tell(id, order.SubmitResults, object{
		"details": object{"way": "link", "act": object{"file": ref(act), "signature": ref(signed)}, "invoice": object{"link": true}},
		"text":    object{"link": "https://disk.example/1", "note": "Межевой план и его подпись", "invoiceLink": "https://bank.example/2"},
	})
	require.Equal(t, "acceptance", customer.card(id).Stage.Code)
	customer.tell(id, order.ConfirmReceipt, nil)
	own := customer.upload(id, "акт-заказчик.sig", []byte("подпись заказчика под актом"))
	customer.tell(id, order.AcceptResults, object{"details": object{"act": act.SHA256, "signature": ref(own)}})
	card := customer.card(id)
	require.Equal(t, "Оплата работ", card.Stage.Label)
	require.Equal(t, "Оплата заказа", card.Stage.Heading)
	require.Equal(t, "https://bank.example/2", card.Payment.Link)
	require.EqualValues(t, 70_000, *card.Remainder)

	customer.tell(id, order.ReportPayment, object{"details": object{"file": ref(customer.upload(id, "оплата.pdf", pdf("оплата")))}})
	customer.tell(id, order.Rate, object{"details": object{"mark": 5}, "text": object{"review": "Отличная работа"}})
	last := engineer.tell(id, order.ConfirmPayment, nil)
	require.Equal(t, "Завершен", last.Order.Stage.Label)
	require.Equal(t, "Отличная работа", last.Order.Rating.Review)
	require.Len(t, last.Order.Documents, 8)
}

func TestSameKeyFiftyTimesAtOnceIsOneOrderAndOneAnswer_S_35(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	key := uuid.NewString()
	answers := make([]answer, 50)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = customer.judged(key, "/api/orders", nil) })
	}
	all.Wait()
	for _, a := range answers {
		require.Equal(t, http.StatusCreated, a.status, a.text())
		require.Equal(t, string(answers[0].body), string(a.body))
	}
	require.Equal(t, 1, value[int](p, "select count(*) from order_messages"))
	require.Equal(t, 1, value[int](p, "select count(*) from order_events"))
	require.Equal(t, 1, value[int](p, "select count(*) from requests"))
}

func TestSameKeyFiftyTimesAtOnceHasOneEffect_S_35(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	body := object{"details": object{"price": 100_000, "termDays": 20}, "text": object{"note": "Готов взяться"}}
	answers := make([]answer, 50)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = engineer.send("one", id, order.Respond, body) })
	}
	all.Wait()
	for _, a := range answers {
		require.Equal(t, http.StatusOK, a.status, a.text())
		var got told
		a.into(&got)
		require.Equal(t, MessageApplied, got.Message.State)
		require.Equal(t, answers[0].body, a.body)
	}
	require.Equal(t, 1, value[int](p, "select count(*) from order_messages where kind = 'respond'"))
	require.Equal(t, 1, value[int](p, "select count(*) from notifications where kind = 'response'"))
	require.Equal(t, 1, value[int](p, "select count(*) from message_bodies b join responses r on r.body_id = b.id"))
}

func TestSameKeyWithAnotherContentIsRefused_S_35(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	body := func(price int) object { return object{"details": object{"price": price, "termDays": 20}} }
	require.Equal(t, http.StatusOK, engineer.send("k", id, order.Respond, body(100)).status)
	reused := engineer.send("k", id, order.Respond, body(200)).problem()
	require.Equal(t, http.StatusUnprocessableEntity, reused.Status)
	require.Equal(t, codeKeyReused, reused.Code)
	require.EqualValues(t, 100, engineer.card(id).Responses[0].Price, "the first content stands")
}

func TestAnotherPersonsKeyIsAnotherMessage(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	colleague := p.engineer(synthetic.LoginEmployeeFirst)
	body := object{"details": object{"price": 100, "termDays": 20}}
	for _, b := range []*browser{engineer, colleague} {
		require.Equal(t, http.StatusOK, b.send("the same key", id, order.Respond, body).status)
	}
	require.Len(t, customer.card(id).Responses, 2)

	var mine told
	engineer.send("the same key", id, order.Respond, body).ok().into(&mine)
	address := "/api/orders/" + id.String() + "/messages/" + mine.Message.ID.String()
	engineer.do(http.MethodGet, address, nil).ok()
	require.Equal(t, codeNotFound, colleague.do(http.MethodGet, address, nil).problem().Code, "a verdict is for its sender")
}

func TestMessageIDIsNeverTheClients(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	forged := conditions("77", 30)
	forged["id"] = uuid.NewString()
	require.Equal(t, codeValidation, customer.send("k", id, order.Publish, forged).problem().Code)
	got := customer.tell(id, order.Publish, conditions("77", 30))
	require.NotEqual(t, uuid.Nil, got.Message.ID)
	require.Equal(t, 1, value[int](p, "select count(*) from order_messages where id = $1 and kind = 'publish'", got.Message.ID))
}

func TestMessageWaitsForTheWorkersAndCountsFromItsReceipt_S_14(t *testing.T) {
	p := startPlatform(t)
	stop := p.startWorker()
	customer, engineer := p.customer(synthetic.LoginCustomer), p.engineer(synthetic.LoginEngineerMoscow)
	id := customer.published("77")
	customer.tell(id, order.OfferOrder, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}})
	stop()

	accept := "/api/orders/" + id.String() + "/" + string(order.AcceptOffer)
	sent := engineer.do(http.MethodPost, accept, object{"details": object{"revision": 1}}, "Idempotency-Key", "k")
	require.Equal(t, http.StatusAccepted, sent.status, sent.text())
	var pending told
	sent.into(&pending)
	require.Equal(t, MessagePending, pending.Message.State)
	require.Nil(t, pending.Order)
	address := sent.header.Get("Location")
	require.Equal(t, "/api/orders/"+id.String()+"/messages/"+pending.Message.ID.String(), address)
	status := func() (s struct{ Message MessageStatus }) {
		engineer.do(http.MethodGet, address, nil).ok().into(&s)
		return s
	}
	require.Equal(t, MessagePending, status().Message.State)

	// The offer is long over when the workers come back, but the answer to it came in time.
	p.later(96 * time.Hour)
	engineer = p.engineer(synthetic.LoginEngineerMoscow)
	p.startWorker()
	testenv.Eventually(t, "the verdict is there", func() bool { return status().Message.State != MessagePending })
	require.Equal(t, MessageApplied, status().Message.State, status().Message.Reason)
	require.Equal(t, "contract", engineer.card(id).Stage.Code)
	again := engineer.send("k", id, order.AcceptOffer, object{"details": object{"revision": 1}})
	require.Equal(t, http.StatusOK, again.status, "a repetition gets the first verdict")
}

func TestDraftIsCreatedWhileTheWorkersAreAway(t *testing.T) {
	p := startPlatform(t)
	customer := p.customer(synthetic.LoginCustomer)
	a := customer.do(http.MethodPost, "/api/orders", nil, "Idempotency-Key", "first")
	require.Equal(t, http.StatusAccepted, a.status, a.text())
	p.startWorker()
	require.Equal(t, http.StatusCreated, customer.judged("first", "/api/orders", nil).status)
	require.Equal(t, 1, value[int](p, "select count(*) from orders"))
}

func TestStrangerFindsNoOrder(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	draft, open := customer.draft(), customer.published("77")
	stranger, moderator, employer := p.customer(synthetic.LoginSecondCustomer), p.moderator(), p.employer(synthetic.LoginEmployerHead)
	address := func(id uuid.UUID) string { return "/api/orders/" + id.String() }
	for _, one := range []struct {
		who *browser
		id  uuid.UUID
	}{{stranger, draft}, {stranger, open}, {engineer, draft}, {moderator, draft}, {employer, open}, {customer, uuid.New()}} {
		for _, path := range []string{"", "/history"} {
			got := one.who.do(http.MethodGet, address(one.id)+path, nil).problem()
			require.Equal(t, codeOrderNotFound, got.Code)
			require.Equal(t, http.StatusNotFound, got.Status)
		}
	}
	require.Equal(t, codeOrderNotFound, stranger.send("k", open, order.Cancel, nil).problem().Code)
	require.Equal(t, codeOrderNotFound, engineer.send("k", draft, order.Respond, object{"details": object{"price": 1, "termDays": 1}}).problem().Code)
	require.Equal(t, codeOrderNotFound, stranger.do(http.MethodGet, address(draft)+"/form", nil).problem().Code)
	require.Zero(t, value[int](p, "select count(*) from requests r where r.person_id = (select id from people where snils = $1)",
		p.person(synthetic.LoginSecondCustomer).SNILS), "nothing of a stranger's message is kept")
}

func TestWrongFormIsToldPerFieldBeforeAnythingIsSent(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.draft()
	before := value[int](p, "select count(*) from requests")
	fields := func(a answer) []string {
		found := a.problem()
		require.Equal(t, http.StatusUnprocessableEntity, found.Status, a.text())
		require.Equal(t, codeValidation, found.Code)
		var names []string
		for _, f := range found.Errors {
			require.NotEmpty(t, f.Message)
			names = append(names, f.Field)
		}
		return names
	}
	wrong := conditions("00", 30)
	wrong["text"] = object{"address": " ", "cadastralNumbers": []string{"77:01:0001001:12", "not a number"}}
	require.ElementsMatch(t, []string{"details.region", "text.address", "text.cadastralNumbers[1]"}, fields(customer.send("k", id, order.Publish, wrong)))
	require.ElementsMatch(t, []string{"details.workKind", "details.termDate", "text.address"},
		fields(customer.send("k", id, order.Publish, object{"details": object{"region": "77", "workKind": "dancing"}})))
	require.Contains(t, fields(customer.send("k", id, order.Publish, object{"text": object{"address": "a"}})), "details")
	require.Equal(t, []string{"Idempotency-Key"}, fields(customer.send("", id, order.Delete, nil)))
	require.Equal(t, []string{"Idempotency-Key"}, fields(customer.send(strings.Repeat("k", 129), id, order.Delete, nil)))
	require.Equal(t, []string{"text.note"}, fields(engineer.send("k", id, order.LeaveOrder, nil)))
	require.Equal(t, []string{"text.note"}, fields(engineer.send("k", id, order.LeaveOrder, object{"text": object{"note": "  "}})))
	invoice := object{"details": object{"link": true}, "text": object{"link": "http://bank.example"}}
	require.Equal(t, []string{"text.link"}, fields(engineer.send("k", id, order.SendInvoice, invoice)))
	require.Equal(t, []string{"text.link"}, fields(engineer.send("k", id, order.SendInvoice, object{"details": object{"link": true}})))
	for way, text := range map[string]object{"link": {"link": "https://disk.example/1"}, "uin": {"uin": "1234567890"}, "physical": {}} {
		for _, note := range []string{"", " ", "\u200b", "\u2800\u3164"} { // a comment is owed with each of them
			text["note"] = note
			handover := object{"details": object{"way": way}, "text": text}
			require.Equal(t, []string{"text.note"}, fields(engineer.send("k", id, order.SubmitResults, handover)), "%s %+q", way, note)
		}
	}
	require.Equal(t, before, value[int](p, "select count(*) from requests"))
	require.Zero(t, value[int](p, "select count(*) from message_bodies"))
}

func TestCadastralNumbersAreStoredInTheirNormalForm(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	body := conditions("77", 30)
	body["text"] = object{"address": "Москва", "cadastralNumbers": []string{" 77:01:0001001:12 ", "77:01: 0001001"}}
	customer.tell(id, order.Publish, body)
	require.Equal(t, []string{"77:01:0001001:12", "77:01:0001001"}, customer.card(id).Form.CadastralNumbers)
}

func TestRefusalsAreProblemsWithTheRulesCodeAndReason(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	refusal := customer.refuse(order.CodeStage, id, order.Publish, conditions("77", 30))
	require.Contains(t, refusal.Detail, "Выбор исполнителя")
	engineer.refuse(order.CodeNotParty, id, order.WithdrawContract, nil)
	engineer.refuse(order.CodeNoOffer, id, order.DeclineOffer, nil)
	engineer.tell(id, order.Respond, object{"details": object{"price": 1, "termDays": 1}})
	engineer.refuse(order.CodeHasResponse, id, order.Respond, object{"details": object{"price": 1, "termDays": 1}})
	customer.refuse(order.CodeNoResponse, id, order.Choose, object{"details": object{"engineer": uuid.NewString()}})
	for login, code := range map[string]order.Code{
		synthetic.LoginEngineerTatarstan: order.CodeOutsideRegions, synthetic.LoginEmployeeOnly: order.CodeOnlyEngineer,
		synthetic.LoginEngineerIncomplete: order.CodeProfile,
	} {
		p.engineer(login).refuse(code, id, order.Respond, object{"details": object{"price": 1, "termDays": 1}})
	}
	customer.tell(id, order.Cancel, nil)
	customer.refuse(order.CodeClosed, id, order.Cancel, nil)
}

func TestClosedWorkflowAnswersThatTheOrderIsClosed(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.published("77")
	customer.tell(id, order.Cancel, nil)
	testenv.Eventually(t, "the workflow has ended", func() bool {
		return p.deps.Temporal.SignalWorkflow(t.Context(), contract.OrderWorkflowID(id), "", "probe", nil) != nil
	})
	customer.refuse(order.CodeClosed, id, order.Cancel, nil)
}

func TestRefusedMessageKeepsItsFirstVerdict_S_35(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	bid := object{"details": object{"price": 1, "termDays": 1}}
	engineer.tell(id, order.Respond, bid)
	for range 2 {
		require.Equal(t, string(order.CodeHasResponse), engineer.send("k", id, order.Respond, bid).problem().Code)
	}
	engineer.tell(id, order.WithdrawResponse, nil)
	require.Equal(t, string(order.CodeHasResponse), engineer.send("k", id, order.Respond, bid).problem().Code)
	require.Equal(t, 2, value[int](p, "select count(*) from order_messages where kind = 'respond'"))
}

func TestModeratorHoldsAndReleasesAnOrder_S_16(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 0)
	moderator := p.moderator()
	body := func(active bool) object {
		return object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow), "active": active}, "text": object{"note": "Жалоба"}}
	}
	moderator.tell(id, order.ModeratorStatus, body(false))
	card := customer.card(id)
	require.Equal(t, "Приостановлен", card.Stage.Label)
	require.Equal(t, "Приостановлен", card.Stage.Heading)
	require.Equal(t, "moderator", card.Holds[0].Source)
	engineer.refuse(order.CodeSuspended, id, order.SubmitResults, object{"details": object{"way": "physical"}, "text": object{"note": "Передал"}})
	moderator.tell(id, order.ModeratorStatus, body(true))
	require.Equal(t, "work", customer.card(id).Stage.Code)
	require.Contains(t, moderator.card(id).Workflow, "/workflows/"+contract.OrderWorkflowID(id))
	require.Empty(t, customer.card(id).Workflow)
}

func TestFastMessagesAreRefusedBeforeTheyAreSent(t *testing.T) {
	p := startPlatform(t, clockStands)
	customer, engineer := pair(p)
	id := customer.published("77")
	codes := map[int]int{}
	for range 3 * messageBurst {
		codes[engineer.send(uuid.NewString(), id, order.WithdrawResponse, nil).status]++
	}
	require.Equal(t, map[int]int{http.StatusConflict: messageBurst, http.StatusTooManyRequests: 2 * messageBurst}, codes)
	require.Zero(t, value[int](p, "select count(*) from requests where kind = 'withdraw-response'"), "the order could only refuse them")

	refused := map[int]int{}
	for range 3 * messageBurst {
		refused[customer.send(uuid.NewString(), id, order.Choose, object{"details": object{"engineer": uuid.NewString()}}).status]++
	}
	require.Equal(t, map[int]int{http.StatusConflict: messageBurst - 1, http.StatusTooManyRequests: 2*messageBurst + 1}, refused)
	require.Equal(t, messageBurst-1, value[int](p, "select count(*) from requests where kind = 'choose'"))
}
