package routes_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	engineeractivities "epkr/activities/engineers"
	"epkr/apiserver/apitest"
	"epkr/apiserver/orders"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// restriction is one thing that keeps an engineer from new orders: who decides so, and with which
// code the rules then refuse him.
type restriction struct {
	name string
	code order.Code
	set  func(p *apitest.Platform, login string)
	lift func(p *apitest.Platform, login string)
}

func restrictions() []restriction {
	inRegistry := func(status string) func(*apitest.Platform, string) {
		return func(p *apitest.Platform, login string) {
			p.Exec(`update engineers set in_registry = $2, registry_entry = jsonb_build_object('status', $3::text), registry_as_of = $4 where id = $1`,
				p.EngineerID(login), status == "active", status, p.Deps.Now())
			notifyOrders(p, order.BySourceRegistry)
		}
	}
	decide := func(decision string) func(*apitest.Platform, string) {
		return func(p *apitest.Platform, login string) {
			p.Moderator().Do(http.MethodPost, "/api/engineers/"+p.EngineerID(login)+"/"+decision, apitest.Object{"reason": "Жалоба"},
				"Idempotency-Key", uuid.NewString()).OK()
		}
	}
	employ := func(decision string) func(*apitest.Platform, string) {
		return func(p *apitest.Platform, login string) {
			employer := p.Employer(synthetic.LoginEmployerHead)
			id := apitest.Value[string](p, `select id from employments where engineer_id = $1 and status in ('confirmed', 'suspended')`, p.EngineerID(login))
			var member struct {
				Member struct{ Version int }
				Orders []struct{ ID uuid.UUID }
			}
			employer.Do(http.MethodGet, "/api/staff/"+id, nil).OK().Into(&member)
			answers := []apitest.Object{}
			for _, one := range member.Orders {
				answers = append(answers, apitest.Object{"order": one.ID, "answer": "hold"})
			}
			body := apitest.Object{"version": member.Member.Version, "comment": "Отпуск"}
			if decision == "suspend" {
				body["answers"] = answers
			}
			employer.Do(http.MethodPost, "/api/employments/"+id+"/"+decision, body, "Idempotency-Key", uuid.NewString()).OK()
		}
	}
	return []restriction{
		{"blocked by a moderator", order.CodeBlocked, decide("block"), decide("unblock")},
		{"excluded from the registry", order.CodeNotInRegistry, inRegistry("excluded"), inRegistry("active")},
		{"suspended in the registry", order.CodeNotInRegistry, inRegistry("suspended"), inRegistry("active")},
		{"suspended by his employer", order.CodeByEmployer, employ("suspend"), employ("resume")},
	}
}

// notifyOrders does what the registry sync does after it has applied a snapshot.
func notifyOrders(p *apitest.Platform, source order.Source) {
	p.T.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	a := engineeractivities.New(p.Deps.Store, testenv.Temporal(p.T), p.Deps.Now)
	env.RegisterActivity(a.NotifyOrders)
	_, err := env.ExecuteActivity(a.NotifyOrders, source)
	require.NoError(p.T, err)
}

const (
	// applies marks a message that the restricted engineer may send.
	applies order.Code = "applies"
	// refusedByRestriction stands for the code of the restriction.
	refusedByRestriction order.Code = "restriction"
)

// restrictedMessages is written by hand from R-RESP-5, S-16 and S-17: what becomes of each message of
// a restricted engineer about an open order, his order in work, which is suspended, and his order
// whose works are accepted. It has a row for each message that an engineer sends.
var restrictedMessages = map[order.Kind][3]order.Code{
	order.Respond:               {refusedByRestriction, order.CodeStage, order.CodeStage},
	order.WithdrawResponse:      {order.CodeNoResponse, order.CodeStage, order.CodeStage},
	order.AcceptChanges:         {order.CodeNoResponse, order.CodeStage, order.CodeStage},
	order.AcceptOffer:           {order.CodeNoOffer, order.CodeStage, order.CodeStage},
	order.DeclineOffer:          {order.CodeNoOffer, order.CodeStage, order.CodeStage},
	order.LeaveOrder:            {order.CodeNotParty, order.CodeContractSigned, order.CodeContractSigned},
	order.SendContract:          {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.WithdrawContract:      {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.SendPrepaymentInvoice: {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.ConfirmPrepayment:     {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.RefutePrepayment:      {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.SubmitResults:         {order.CodeNotParty, order.CodeSuspended, order.CodeStage},
	order.ReportRegistration:    {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.SubmitFinal:           {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.SignActAlone:          {order.CodeNotParty, order.CodeStage, order.CodeActDone},
	order.SendAct:               {order.CodeNotParty, order.CodeStage, order.CodeActDone},
	order.SendInvoice:           {order.CodeNotParty, order.CodeStage, applies},
	order.RefutePayment:         {order.CodeNotParty, order.CodeStage, applies},
	order.ConfirmPayment:        {order.CodeNotParty, order.CodeStage, applies},
	order.RefuseTermination:     {order.CodeNotParty, applies, order.CodeNoProposal},
	order.ProposeTermination:    {order.CodeNotParty, applies, applies},
	order.WithdrawProposal:      {order.CodeNotParty, applies, applies},
	order.AgreeTermination:      {order.CodeNotParty, order.CodeNoProposal, order.CodeNoProposal},
	order.ProposeRework:         {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.AgreeRework:           {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.RefuseRework:          {order.CodeNotParty, order.CodeStage, order.CodeStage},
	order.OpenDispute:           {order.CodeNotParty, applies, applies},
}

// appliedInTurn are the messages that apply, in an order in which each of them can.
var appliedInTurn = []order.Kind{
	order.RefuseTermination, order.ProposeTermination, order.WithdrawProposal, order.RefutePayment, order.SendInvoice, order.OpenDispute, order.ConfirmPayment,
}

// A restricted engineer reads and downloads all that is his, answers, and finishes what S-16 and S-17
// leave him; each of his other messages is refused with its reason, and the customer can neither offer
// him an order nor choose him.
func TestRestrictedEngineerOnThePlatform(t *testing.T) {
	acceptance.Covers(t, "R-ROLE-4", "R-RESP-5", "R-OFFER-4", "S-16", "S-17")
	for kind := range restrictedMessages {
		require.Contains(t, allowed[string(kind)], string(performer), kind)
	}
	for _, r := range order.Rules() {
		if r.SentByPeople() && slices.ContainsFunc(r.Senders(), func(name string) bool {
			return name == "исполнитель" || name == "кадастровый инженер"
		}) {
			require.Contains(t, restrictedMessages, r.Kind)
		}
	}
	p := apitest.Start(t)
	p.StartWorker()
	p.Exec(`update engineers set regions = regions || array['77'] where id = $1`, p.EngineerID(synthetic.LoginEngineerTatarstan))
	customer := p.Customer(synthetic.LoginCustomer)
	for i, login := range []string{
		synthetic.LoginEngineerMoscow, synthetic.LoginEmployeeSecond, synthetic.LoginEngineerTatarstan, synthetic.LoginEmployeeFirst,
	} {
		one := restrictions()[i]
		restrictedOnThePlatform(p, customer, login, one)
	}
}

func restrictedOnThePlatform(p *apitest.Platform, customer *apitest.Browser, login string, by restriction) {
	t := p.T
	t.Helper()
	t.Log(by.name)
	engineer, id := p.Engineer(login), p.EngineerID(login)
	open, responded := customer.PublishOrder("77"), customer.PublishOrder("77")
	bid := apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}}
	engineer.RequireApplied(responded, order.Respond, bid)
	inWork, accepted := p.SignedOrder(customer, engineer, 0), acceptedOrder(p, customer, engineer)
	customer.RequireApplied(inWork, order.ProposeTermination, apitest.MessageBodies()[string(order.ProposeTermination)])

	by.set(p, login)
	testenv.Eventually(t, "the orders are told", func() bool {
		return customer.Card(inWork).Stage.Code == order.Suspended && len(customer.Card(accepted).Holds) == 1 && len(customer.Card(responded).Responses) == 0
	})
	engineer.SignIn(login)
	engineer.ChooseRole(order.RoleEngineer, "engineer")
	require.NotEmpty(t, apitest.WhoAmI(engineer).Restrictions)

	// He reads and downloads.
	for _, mine := range []uuid.UUID{inWork, accepted} {
		card := engineer.Card(mine)
		require.True(t, card.Party)
		require.NotEmpty(t, card.Holds)
		var list struct{ Items []orders.CardDocument }
		engineer.Do(http.MethodGet, "/api/orders/"+mine.String()+"/documents", nil).OK().Into(&list)
		require.NotEmpty(t, list.Items)
		for _, document := range list.Items {
			leads := engineer.Do(http.MethodGet, "/api/orders/"+mine.String()+"/files/"+document.File.String()+"/content", nil)
			require.Equal(t, http.StatusFound, leads.Status, leads.Text())
			response, err := http.Get(leads.Header.Get("Location"))
			require.NoError(t, err)
			defer response.Body.Close()
			require.Equal(t, []any{http.StatusOK, document.Size}, []any{response.StatusCode, response.ContentLength})
		}
		engineer.Do(http.MethodGet, "/api/orders/"+mine.String()+"/history", nil).OK()
	}
	for _, path := range []string{
		"/api/orders", "/api/open-orders", "/api/saved-searches", "/api/notifications", "/api/engineer/profile", "/api/engineer/rating", "/api/engineer/reviews",
		"/api/requisites", "/api/orders/" + open.String(),
	} {
		engineer.Do(http.MethodGet, path, nil).OK()
	}

	// What is refused is shown closed with the same reason.
	about := [3]uuid.UUID{open, inWork, accepted}
	bodies := apitest.MessageBodies()
	for kind, cells := range restrictedMessages {
		for i, code := range cells {
			if code == refusedByRestriction {
				code = by.code
			}
			if code == applies || kind == order.AgreeTermination && i == 1 {
				continue
			}
			p.AdvanceClock(time.Second) // a person sends so many messages only one after another
			answer := engineer.Send(uuid.NewString(), about[i], kind, bodies[string(kind)])
			if answer.Status != http.StatusConflict || answer.Problem().Code != string(code) {
				t.Errorf("%s: %s about order %d: %s instead of %s", by.name, kind, i, answer.Text(), code)
				continue
			}
			if a := actionOf(engineer.Card(about[i]), kind); a != nil && (a.Open || a.Code != code || a.Reason != answer.Problem().Detail) {
				t.Errorf("%s: %s about order %d: the card says %+v, the order %s", by.name, kind, i, *a, answer.Text())
			}
		}
	}

	// The customer is told as well.
	choice := apitest.Object{"details": apitest.Object{"engineer": id}}
	customer.RequireRefused(by.code, open, order.OfferOrder, choice)
	customer.RequireRefused(order.CodeNoResponse, responded, order.Choose, choice)
	engineer.RequireRefused(by.code, responded, order.Respond, bid)

	// What S-16 and S-17 leave him applies.
	for _, kind := range appliedInTurn {
		for i, code := range restrictedMessages[kind] {
			if code != applies {
				continue
			}
			switch kind {
			case order.SendInvoice:
				file := engineer.Upload(accepted, "счет.pdf", apitest.PDF(login))
				bodies[string(kind)] = apitest.Object{"details": apitest.Object{"file": apitest.Ref(file)}}
			case order.ConfirmPayment:
				customer.RequireApplied(accepted, order.ReportPayment, apitest.Object{"details": apitest.Object{"withoutDocument": true}})
			}
			p.AdvanceClock(time.Second)
			engineer.RequireApplied(about[i], kind, bodies[string(kind)])
		}
	}
	require.Equal(t, order.Completed, engineer.Card(accepted).Stage.Code)

	by.lift(p, login)
	testenv.Eventually(t, "the order resumes", func() bool { return customer.Card(inWork).Stage.Code == order.Work })
	engineer.RequireApplied(responded, order.Respond, bid)
}

// acceptedOrder returns an order whose works are accepted and whose customer has reported the payment.
func acceptedOrder(p *apitest.Platform, customer, engineer *apitest.Browser) uuid.UUID {
	id := p.SignedOrder(customer, engineer, 0)
	result, act := engineer.Upload(id, "план.pdf", apitest.PDF("план")), engineer.Upload(id, "акт.pdf", apitest.PDF("акт"))
	signature := engineer.Sign(id, act)
	engineer.RequireApplied(id, order.SubmitResults, apitest.Object{
		"details": apitest.Object{
			"way": "files", "files": []apitest.Object{apitest.Ref(result)}, "invoice": apitest.Object{"link": true},
			"act": apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(signature)},
		},
		"text": apitest.Object{"invoiceLink": "https://pay.example/1"},
	})
	counter := customer.Sign(id, act)
	customer.RequireApplied(id, order.AcceptResults, apitest.Object{"details": apitest.Object{"act": act.SHA256, "signature": apitest.Ref(counter)}})
	customer.RequireApplied(id, order.ReportPayment, apitest.Object{"details": apitest.Object{"withoutDocument": true}})
	return id
}

// actionOf returns the action of a kind on a card, nil if the card has none.
func actionOf(card orders.OrderCard, kind order.Kind) *orders.Action {
	i := slices.IndexFunc(card.Actions, func(a orders.Action) bool { return a.Kind == kind })
	if i < 0 {
		return nil
	}
	return &card.Actions[i]
}
