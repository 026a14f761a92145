package messages_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders/messages"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// partyOfRole maps the parties of the rules to the roles of sessions.
var partyOfRole = map[string]order.Role{
	"заказчик": order.RoleCustomer, "будущий заказчик": order.RoleCustomer, "исполнитель": order.RoleEngineer, "кадастровый инженер": order.RoleEngineer,
	"работодатель": order.RoleEmployer, "предложенный на замену": order.RoleEngineer, "модератор": order.RoleModerator,
}

func TestEveryRuleForPeopleHasOneOperationForTheirRoles(t *testing.T) {
	acceptance.Covers(t, "B-2", "B-5")
	p := apitest.Start(t)
	operations := map[string]*httpapi.Operation{}
	for _, op := range p.Server.Operations() {
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

func TestOrderFromDraftToRatingOverHTTP(t *testing.T) {
	acceptance.Covers(t, "B-2", "B-5", "R-CUST-4", "R-WORK-3", "R-PAY-3", "R-RATE-1")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 3_000)

	require.Equal(t, order.Prepayment, customer.Card(id).Stage.Code)
	engineer.RequireApplied(id, order.SendPrepaymentInvoice, apitest.Object{"details": apitest.Object{"link": true}, "text": apitest.Object{"link": "https://bank.example/1"}})
	require.Equal(t, "https://bank.example/1", customer.Card(id).Prepayment.Link)
	receipt := customer.Upload(id, "платёж.pdf", apitest.PDF("платёж"))
	customer.RequireApplied(id, order.ReportPrepayment, apitest.Object{"details": apitest.Object{"file": apitest.Ref(receipt)}})
	engineer.RequireApplied(id, order.ConfirmPrepayment, nil)

	act := engineer.Upload(id, "акт.pdf", apitest.PDF("акт"))
	signed := engineer.Sign(id, act)
	engineer.RequireApplied(id, order.SubmitResults, apitest.Object{
		"details": apitest.Object{"way": "link", "act": apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(signed)}, "invoice": apitest.Object{"link": true}},
		"text":    apitest.Object{"link": "https://disk.example/1", "note": "Межевой план и его подпись", "invoiceLink": "https://bank.example/2"},
	})
	require.Equal(t, order.Acceptance, customer.Card(id).Stage.Code)
	customer.RequireApplied(id, order.ConfirmReceipt, nil)
	own := customer.Sign(id, act)
	customer.RequireApplied(id, order.AcceptResults, apitest.Object{"details": apitest.Object{"act": act.SHA256, "signature": apitest.Ref(own)}})
	card := customer.Card(id)
	require.Equal(t, "Оплата работ", card.Stage.Label)
	require.Equal(t, "Оплата заказа", card.Stage.Heading)
	require.Equal(t, "https://bank.example/2", card.Payment.Link)
	require.EqualValues(t, 70_000, *card.Remainder)

	customer.RequireApplied(id, order.ReportPayment, apitest.Object{"details": apitest.Object{"file": apitest.Ref(customer.Upload(id, "оплата.pdf", apitest.PDF("оплата")))}})
	customer.RequireApplied(id, order.Rate, apitest.Object{"details": apitest.Object{"mark": 5}, "text": apitest.Object{"review": "Отличная работа"}})
	last := engineer.RequireApplied(id, order.ConfirmPayment, nil)
	require.Equal(t, "Завершен", last.Order.Stage.Label)
	require.Equal(t, "Отличная работа", last.Order.Rating.Review)
	require.Len(t, last.Order.Documents, 8)
}

func TestConcurrentCreationsWithOneKeyMakeOneOrder(t *testing.T) {
	acceptance.Covers(t, "S-35")
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	key := uuid.NewString()
	answers := make([]apitest.Answer, 50)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = customer.PostUntilDecided(key, "/api/orders", nil) })
	}
	all.Wait()
	for _, a := range answers {
		require.Equal(t, http.StatusCreated, a.Status, a.Text())
		require.Equal(t, string(answers[0].Body), string(a.Body))
	}
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from order_messages"))
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from order_events"))
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from requests"))
}

func TestConcurrentMessagesWithOneKeyHaveOneEffect(t *testing.T) {
	acceptance.Covers(t, "S-35")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	body := apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}, "text": apitest.Object{"note": "Готов взяться"}}
	answers := make([]apitest.Answer, 50)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = engineer.Send("one", id, order.Respond, body) })
	}
	all.Wait()
	for _, a := range answers {
		require.Equal(t, http.StatusOK, a.Status, a.Text())
		var got apitest.MessageResult
		a.Into(&got)
		require.Equal(t, messages.MessageApplied, got.Message.State)
		require.Equal(t, answers[0].Body, a.Body)
	}
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from order_messages where kind = 'respond'"))
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from notifications where kind = 'response'"))
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from message_bodies b join responses r on r.body_id = b.id"))
}

func TestSameKeyWithAnotherContentIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-35")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	body := func(price int) apitest.Object {
		return apitest.Object{"details": apitest.Object{"price": price, "termDays": 20}}
	}
	require.Equal(t, http.StatusOK, engineer.Send("k", id, order.Respond, body(100)).Status)
	reused := engineer.Send("k", id, order.Respond, body(200)).Problem()
	require.Equal(t, http.StatusUnprocessableEntity, reused.Status)
	require.Equal(t, problems.KeyReused, reused.Code)
	require.EqualValues(t, 100, engineer.Card(id).Responses[0].Price, "the first content is kept")
}

func TestSameKeyOfAnotherPersonIsAnotherMessage(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	colleague := p.Engineer(synthetic.LoginEmployeeFirst)
	body := apitest.Object{"details": apitest.Object{"price": 100, "termDays": 20}}
	for _, b := range []*apitest.Browser{engineer, colleague} {
		require.Equal(t, http.StatusOK, b.Send("the same key", id, order.Respond, body).Status)
	}
	require.Len(t, customer.Card(id).Responses, 2)

	var mine apitest.MessageResult
	engineer.Send("the same key", id, order.Respond, body).OK().Into(&mine)
	address := "/api/orders/" + id.String() + "/messages/" + mine.Message.ID.String()
	engineer.Do(http.MethodGet, address, nil).OK()
	require.Equal(t, problems.NotFound, colleague.Do(http.MethodGet, address, nil).Problem().Code, "only the sender sees the verdict")
}

func TestMessageIDIsNotChosenByTheClient(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	forged := apitest.Conditions("77", 30)
	forged["id"] = uuid.NewString()
	require.Equal(t, problems.Validation, customer.Send("k", id, order.Publish, forged).Problem().Code)
	got := customer.RequireApplied(id, order.Publish, apitest.Conditions("77", 30))
	require.NotEqual(t, uuid.Nil, got.Message.ID)
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from order_messages where id = $1 and kind = 'publish'", got.Message.ID))
}

func TestMessageWaitsForTheWorkersAndKeepsItsReceiptTime(t *testing.T) {
	acceptance.Covers(t, "S-14")
	p := apitest.Start(t)
	stop := p.StartWorker()
	customer, engineer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow)
	id := customer.PublishOrder("77")
	customer.RequireApplied(id, order.OfferOrder, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	stop()

	accept := "/api/orders/" + id.String() + "/" + string(order.AcceptOffer)
	sent := engineer.Do(http.MethodPost, accept, apitest.Object{"details": apitest.Object{"revision": 1}}, "Idempotency-Key", "k")
	require.Equal(t, http.StatusAccepted, sent.Status, sent.Text())
	var pending apitest.MessageResult
	sent.Into(&pending)
	require.Equal(t, messages.MessagePending, pending.Message.State)
	require.Nil(t, pending.Order)
	address := sent.Header.Get("Location")
	require.Equal(t, "/api/orders/"+id.String()+"/messages/"+pending.Message.ID.String(), address)
	status := func() (s struct{ Message messages.MessageStatus }) {
		engineer.Do(http.MethodGet, address, nil).OK().Into(&s)
		return s
	}
	require.Equal(t, messages.MessagePending, status().Message.State)

	// The offer has expired when the workers return, but the answer to it was received in time.
	p.AdvanceClock(96 * time.Hour)
	engineer = p.Engineer(synthetic.LoginEngineerMoscow)
	p.StartWorker()
	testenv.Eventually(t, "the verdict is there", func() bool { return status().Message.State != messages.MessagePending })
	require.Equal(t, messages.MessageApplied, status().Message.State, status().Message.Reason)
	require.Equal(t, order.Contracting, engineer.Card(id).Stage.Code)
	again := engineer.Send("k", id, order.AcceptOffer, apitest.Object{"details": apitest.Object{"revision": 1}})
	require.Equal(t, http.StatusOK, again.Status, "a repetition gets the first verdict")
}

func TestDraftIsCreatedAfterTheWorkersReturn(t *testing.T) {
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	a := customer.Do(http.MethodPost, "/api/orders", nil, "Idempotency-Key", "first")
	require.Equal(t, http.StatusAccepted, a.Status, a.Text())
	p.StartWorker()
	require.Equal(t, http.StatusCreated, customer.PostUntilDecided("first", "/api/orders", nil).Status)
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from orders"))
}

func TestOrderIsNotFoundForAStranger(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	draft, open := customer.CreateDraft(), customer.PublishOrder("77")
	stranger, moderator, employer := p.Customer(synthetic.LoginSecondCustomer), p.Moderator(), p.Employer(synthetic.LoginEmployerHead)
	address := func(id uuid.UUID) string { return "/api/orders/" + id.String() }
	for _, one := range []struct {
		who *apitest.Browser
		id  uuid.UUID
	}{{stranger, draft}, {stranger, open}, {engineer, draft}, {moderator, draft}, {employer, open}, {customer, uuid.New()}} {
		for _, path := range []string{"", "/history"} {
			got := one.who.Do(http.MethodGet, address(one.id)+path, nil).Problem()
			require.Equal(t, problems.OrderNotFound, got.Code)
			require.Equal(t, http.StatusNotFound, got.Status)
		}
	}
	require.Equal(t, problems.OrderNotFound, stranger.Send("k", open, order.Cancel, nil).Problem().Code)
	require.Equal(t, problems.OrderNotFound, engineer.Send("k", draft, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}}).Problem().Code)
	require.Equal(t, problems.OrderNotFound, stranger.Do(http.MethodGet, address(draft)+"/form", nil).Problem().Code)
	require.Zero(t, apitest.Value[int](p, "select count(*) from requests r where r.person_id = (select id from people where snils = $1)",
		p.Person(synthetic.LoginSecondCustomer).SNILS), "nothing of a stranger's message is stored")
}

func TestInvalidFormIsRefusedPerFieldBeforeItIsSent(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.CreateDraft()
	before := apitest.Value[int](p, "select count(*) from requests")
	fields := func(a apitest.Answer) []string {
		found := a.Problem()
		require.Equal(t, http.StatusUnprocessableEntity, found.Status, a.Text())
		require.Equal(t, problems.Validation, found.Code)
		var names []string
		for _, f := range found.Errors {
			require.NotEmpty(t, f.Message)
			names = append(names, f.Field)
		}
		return names
	}
	wrong := apitest.Conditions("00", 30)
	wrong["text"] = apitest.Object{"address": " ", "cadastralNumbers": []string{"77:01:0001001:12", "not a number"}}
	require.ElementsMatch(t, []string{"details.region", "text.address", "text.cadastralNumbers[1]"}, fields(customer.Send("k", id, order.Publish, wrong)))
	require.ElementsMatch(t, []string{"details.workKind", "details.termDate", "text.address"},
		fields(customer.Send("k", id, order.Publish, apitest.Object{"details": apitest.Object{"region": "77", "workKind": "dancing"}})))
	require.Contains(t, fields(customer.Send("k", id, order.Publish, apitest.Object{"text": apitest.Object{"address": "a"}})), "details")
	require.Equal(t, []string{"Idempotency-Key"}, fields(customer.Send("", id, order.Delete, nil)))
	require.Equal(t, []string{"Idempotency-Key"}, fields(customer.Send(strings.Repeat("k", 129), id, order.Delete, nil)))
	require.Equal(t, []string{"text.note"}, fields(engineer.Send("k", id, order.LeaveOrder, nil)))
	require.Equal(t, []string{"text.note"}, fields(engineer.Send("k", id, order.LeaveOrder, apitest.Object{"text": apitest.Object{"note": "  "}})))
	invoice := apitest.Object{"details": apitest.Object{"link": true}, "text": apitest.Object{"link": "http://bank.example"}}
	require.Equal(t, []string{"text.link"}, fields(engineer.Send("k", id, order.SendInvoice, invoice)))
	require.Equal(t, []string{"text.link"}, fields(engineer.Send("k", id, order.SendInvoice, apitest.Object{"details": apitest.Object{"link": true}})))
	for way, text := range map[string]apitest.Object{"link": {"link": "https://disk.example/1"}, "uin": {"uin": "1234567890"}, "physical": {}} {
		for _, note := range []string{"", " ", "\u200b", "\u2800\u3164"} { // each of them requires a comment
			text["note"] = note
			handover := apitest.Object{"details": apitest.Object{"way": way}, "text": text}
			require.Equal(t, []string{"text.note"}, fields(engineer.Send("k", id, order.SubmitResults, handover)), "%s %+q", way, note)
		}
	}
	require.Equal(t, before, apitest.Value[int](p, "select count(*) from requests"))
	require.Zero(t, apitest.Value[int](p, "select count(*) from message_bodies"))
}

func TestCadastralNumbersAreStoredInTheirNormalForm(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	body := apitest.Conditions("77", 30)
	body["text"] = apitest.Object{"address": "Москва", "cadastralNumbers": []string{" 77:01:0001001:12 ", "77:01: 0001001"}}
	customer.RequireApplied(id, order.Publish, body)
	require.Equal(t, []string{"77:01:0001001:12", "77:01:0001001"}, customer.Card(id).Form.CadastralNumbers)
}

func TestRefusalsAreProblemsWithTheRulesCodeAndReason(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	refusal := customer.RequireRefused(order.CodeStage, id, order.Publish, apitest.Conditions("77", 30))
	require.Contains(t, refusal.Detail, "Выбор исполнителя")
	engineer.RequireRefused(order.CodeNotParty, id, order.WithdrawContract, nil)
	engineer.RequireRefused(order.CodeNoOffer, id, order.DeclineOffer, nil)
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}})
	engineer.RequireRefused(order.CodeHasResponse, id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}})
	customer.RequireRefused(order.CodeNoResponse, id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": uuid.NewString()}})
	for login, code := range map[string]order.Code{
		synthetic.LoginEngineerTatarstan: order.CodeOutsideRegions, synthetic.LoginEmployeeOnly: order.CodeOnlyEngineer,
		synthetic.LoginEngineerIncomplete: order.CodeProfile,
	} {
		p.Engineer(login).RequireRefused(code, id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}})
	}
	customer.RequireApplied(id, order.Cancel, nil)
	customer.RequireRefused(order.CodeClosed, id, order.Cancel, nil)
}

func TestClosedWorkflowAnswersThatTheOrderIsClosed(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	customer.RequireApplied(id, order.Cancel, nil)
	testenv.Eventually(t, "the workflow has ended", func() bool {
		return workflowapi.Send(t.Context(), p.Deps.Temporal, workflowapi.OrderSignal(id, "probe", nil)) != nil
	})
	customer.RequireRefused(order.CodeClosed, id, order.Cancel, nil)
}

func TestRefusedMessageKeepsItsFirstVerdict(t *testing.T) {
	acceptance.Covers(t, "S-35")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	bid := apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}}
	engineer.RequireApplied(id, order.Respond, bid)
	for range 2 {
		require.Equal(t, string(order.CodeHasResponse), engineer.Send("k", id, order.Respond, bid).Problem().Code)
	}
	engineer.RequireApplied(id, order.WithdrawResponse, nil)
	require.Equal(t, string(order.CodeHasResponse), engineer.Send("k", id, order.Respond, bid).Problem().Code)
	require.Equal(t, 2, apitest.Value[int](p, "select count(*) from order_messages where kind = 'respond'"))
}

func TestModeratorSuspendsAndResumesAnOrder(t *testing.T) {
	acceptance.Covers(t, "S-16")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 0)
	moderator := p.Moderator()
	body := func(active bool) apitest.Object {
		return apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow), "active": active}, "text": apitest.Object{"note": "Жалоба"}}
	}
	moderator.RequireApplied(id, order.ModeratorStatus, body(false))
	card := customer.Card(id)
	require.Equal(t, "Приостановлен", card.Stage.Label)
	require.Equal(t, "Приостановлен", card.Stage.Heading)
	require.Equal(t, order.BySourceModerator, card.Holds[0].Source)
	engineer.RequireRefused(order.CodeSuspended, id, order.SubmitResults, apitest.Object{"details": apitest.Object{"way": "physical"}, "text": apitest.Object{"note": "Передал"}})
	moderator.RequireApplied(id, order.ModeratorStatus, body(true))
	require.Equal(t, order.Work, customer.Card(id).Stage.Code)
	require.Contains(t, moderator.Card(id).Workflow, "/workflows/"+workflowapi.OrderWorkflowID(id))
	require.Empty(t, customer.Card(id).Workflow)
}

func TestFastMessagesAreRefusedBeforeTheyAreSent(t *testing.T) {
	p := apitest.Start(t, apitest.FreezeClock)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	codes := map[int]int{}
	for range 3 * messages.MessageBurst {
		codes[engineer.Send(uuid.NewString(), id, order.WithdrawResponse, nil).Status]++
	}
	require.Equal(t, map[int]int{http.StatusConflict: messages.MessageBurst, http.StatusTooManyRequests: 2 * messages.MessageBurst}, codes)
	require.Zero(t, apitest.Value[int](p, "select count(*) from requests where kind = 'withdraw-response'"), "the order could only refuse them")

	refused := map[int]int{}
	for range 3 * messages.MessageBurst {
		refused[customer.Send(uuid.NewString(), id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": uuid.NewString()}}).Status]++
	}
	require.Equal(t, map[int]int{http.StatusConflict: messages.MessageBurst - 1, http.StatusTooManyRequests: 2*messages.MessageBurst + 1}, refused)
	require.Equal(t, messages.MessageBurst-1, apitest.Value[int](p, "select count(*) from requests where kind = 'choose'"))
}
