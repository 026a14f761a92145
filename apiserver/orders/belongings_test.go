package orders_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/orders/search"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// Texts written by or for one person are not shown to the next, and texts of a step end with it.

func offerOf(id string, note string) apitest.Object {
	o := apitest.Object{"details": apitest.Object{"engineer": id}}
	if note != "" {
		o["text"] = apitest.Object{"note": note}
	}
	return o
}

// The customer's note to one engineer is not shown to the next one.
func TestNoteOfAnOfferIsShownToItsEngineerOnly(t *testing.T) {
	p := apitest.Start(t)
	customer, first := apitest.StartPair(p)
	second := p.Engineer(synthetic.LoginEmployeeFirst)
	id := customer.PublishOrder("77")
	customer.RequireApplied(id, order.OfferOrder, offerOf(p.EngineerID(synthetic.LoginEngineerMoscow), "Иван, вам по старой дружбе за наличные"))
	require.NotEmpty(t, first.Card(id).Offer.Note)
	first.RequireApplied(id, order.DeclineOffer, nil)
	customer.RequireApplied(id, order.OfferOrder, offerOf(p.EngineerID(synthetic.LoginEmployeeFirst), ""))
	require.Empty(t, second.Card(id).Offer.Note)
}

// A new response does not contain the note of the withdrawn one.
func TestNewResponseHasNoFormerNote(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}, "text": apitest.Object{"note": "Сделаю за 1000 рублей"}})
	engineer.RequireApplied(id, order.WithdrawResponse, nil)
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 900_000, "termDays": 20}})
	require.Empty(t, customer.Card(id).Responses[0].Note)
}

// The card shows the results of the current round and the current invoice, not the earlier ones.
func TestCardShowsTheTextsOfTheCurrentMessages(t *testing.T) {
	acceptance.Covers(t, "R-PREP-1")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 5000)
	engineer.RequireApplied(id, order.SendPrepaymentInvoice, apitest.Object{"details": apitest.Object{"link": true}, "text": apitest.Object{"link": "https://pay.example/old", "note": "старый"}})
	invoice := engineer.Upload(id, "счет.pdf", apitest.PDF("счет"))
	engineer.RequireApplied(id, order.SendPrepaymentInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(invoice)}})
	require.Empty(t, customer.Card(id).Prepayment.Link, "the current invoice is a file")
	engineer.RequireApplied(id, order.ConfirmPrepayment, nil)
	act := engineer.Upload(id, "акт.pdf", apitest.PDF("акт"))
	signature := engineer.Sign(id, act)
	signed := apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(signature)}
	engineer.RequireApplied(id, order.SubmitResults, apitest.Object{"details": apitest.Object{"way": "link", "act": signed}, "text": apitest.Object{"link": "https://disk.example/1", "note": "первая редакция"}})
	customer.RequireApplied(id, order.ReturnResults, apitest.Object{"details": apitest.Object{}, "text": apitest.Object{"note": "не то"}})
	result := engineer.Upload(id, "план.pdf", apitest.PDF("план"))
	engineer.RequireApplied(id, order.SubmitResults, apitest.Object{"details": apitest.Object{"way": "files", "files": []apitest.Object{apitest.Ref(result)}, "act": signed}})
	delivered := customer.Card(id).Results
	require.Empty(t, delivered.Link)
	require.Empty(t, delivered.Note, "the note belongs to the returned results")
}

// A payment link stays until another invoice replaces it. The note of an invoice that is a file is
// shown too.
func TestInvoiceLinkStaysUntilTheNextInvoice(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 5000)
	invoice := engineer.Upload(id, "счет.pdf", apitest.PDF("счет"))
	engineer.RequireApplied(id, order.SendPrepaymentInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(invoice)}, "text": apitest.Object{"note": "Оплатить до пятницы"}})
	require.Equal(t, "Оплатить до пятницы", customer.Card(id).Prepayment.Note)
	engineer.RequireApplied(id, order.ConfirmPrepayment, nil)
	result, act := engineer.Upload(id, "план.pdf", apitest.PDF("план")), engineer.Upload(id, "акт.pdf", apitest.PDF("акт"))
	signature := engineer.Sign(id, act)
	engineer.RequireApplied(id, order.SubmitResults, apitest.Object{
		"details": apitest.Object{"way": "files", "files": []apitest.Object{apitest.Ref(result)}, "act": apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(signature)}, "invoice": apitest.Object{"link": true}},
		"text":    apitest.Object{"invoiceLink": "https://pay.example/1"},
	})
	counter := customer.Sign(id, act)
	customer.RequireApplied(id, order.AcceptResults, apitest.Object{"details": apitest.Object{"act": act.SHA256, "signature": apitest.Ref(counter)}})
	require.Equal(t, "https://pay.example/1", customer.Card(id).Payment.Link)
	engineer.RequireApplied(id, order.SendInvoice, apitest.Object{"details": apitest.Object{"link": true}, "text": apitest.Object{"link": "https://pay.example/2", "note": "новый"}})
	require.Equal(t, "https://pay.example/2", customer.Card(id).Payment.Link)
	engineer.RequireApplied(id, order.SendInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(invoice)}, "text": apitest.Object{"note": "счёт файлом"}})
	require.Empty(t, customer.Card(id).Payment.Link, "the current invoice is a file")
	require.Equal(t, "счёт файлом", customer.Card(id).Payment.Note)
}

// A terminated order does not show the text about settling accounts.
func TestTerminatedOrderHasNoHolds(t *testing.T) {
	acceptance.Covers(t, "S-16")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 0)
	p.Moderator().RequireApplied(id, order.ModeratorStatus, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow), "active": false}, "text": apitest.Object{"note": "Жалоба"}})
	customer.RequireApplied(id, order.ProposeTermination, apitest.Object{"text": apitest.Object{"note": "Прекратим"}})
	engineer.RequireApplied(id, order.AgreeTermination, nil)
	card := customer.Card(id)
	require.Equal(t, order.Cancelled, card.Stage.Code)
	require.Empty(t, card.Holds)
	require.Equal(t, "{}", apitest.Value[string](p, `select holds::text from orders where id = $1`, id))
}

// A response that can no longer count is removed even if another engineer is the performer;
// otherwise its author would be notified that it counts again.
func TestBlockedResponderIsNotifiedAfterTheChoice(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	second := p.Engineer(synthetic.LoginEmployeeFirst)
	bid := apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}}
	engineer.RequireApplied(id, order.Respond, bid)
	second.RequireApplied(id, order.Respond, bid)
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	blocked := p.EngineerID(synthetic.LoginEmployeeFirst)
	p.Exec(`update engineers set blocked = true, status_at = now(), status_by = person_id where id = $1`, blocked)
	require.Equal(t, 1, apitest.Value[int](p, `select count(*)::int from pending_status_notifications where engineer_id = $1`, blocked), "the next sync run notifies the order")
}

// A late answer is refused with that reason, also after the choice.
func TestLateAnswerAfterTheChoiceIsRefusedAsLate(t *testing.T) {
	acceptance.Covers(t, "S-14")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	second := p.Engineer(synthetic.LoginEmployeeFirst)
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.RequireApplied(id, order.OfferOrder, offerOf(p.EngineerID(synthetic.LoginEmployeeFirst), ""))
	p.RestartOrderWith(id, func(s *order.State) {
		s.Offer.Expires = time.Now().UTC().Truncate(time.Millisecond)
		s.Dues[slices.IndexFunc(s.Dues, func(d order.Due) bool { return d.Kind == order.DueOfferExpiry })].At = s.Offer.Expires
	})
	testenv.Eventually(t, "the offer has lapsed", func() bool {
		return apitest.Value[int](p, `select count(*)::int from offers where order_id = $1`, id) == 0
	})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	a := second.Do(http.MethodPost, "/api/orders/"+id.String()+"/accept-offer", apitest.Object{"details": apitest.Object{"revision": 1}}, "Idempotency-Key", uuid.NewString())
	require.Equal(t, string(order.CodeOfferExpired), a.Problem().Code, a.Text())
}

// A list does not show an order as awaiting a mark that was given.
func TestGivenMarkIsNotAwaited(t *testing.T) {
	acceptance.Covers(t, "S-25")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := orderWithReportedPayment(p, customer, engineer)
	customer.RequireApplied(id, order.Rate, apitest.Object{"details": apitest.Object{"mark": 5}})
	engineer.RequireApplied(id, order.ConfirmPayment, nil)
	for _, line := range listOf[search.OrderLine](customer, "/api/orders").Items {
		if line.ID == id {
			require.Nil(t, line.Waits, "%+v", line.Waits)
		}
	}
}

// One person signs for the customer and heads the employer to which the engineer has moved.
func TestHeadOfTheCurrentEmployerDoesNotSignForTheCustomer(t *testing.T) {
	acceptance.Covers(t, "S-39")
	p := apitest.Start(t)
	p.StartWorker()
	head := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	p.Browser().SignIn(synthetic.LoginCustomerEmployee)
	p.Exec(`update representatives set as_customer = true where not chief and party_id in (select party_id from representatives where chief and person_id = (select id from people where snils = $1))`, p.Person(synthetic.LoginCustomerHead).SNILS)
	deputy := p.SignedIn(synthetic.LoginCustomerEmployee, order.RoleCustomer, "organisation")
	engineer := p.Engineer(synthetic.LoginEmployeeFirst)
	id := deputy.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	deputy.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEmployeeFirst)}})
	// The engineer moves to another employer, whose head is also the head of the customer.
	p.Exec(`update engineers set employer_id = (select id from parties where kind = 'organisation' and id <> employer_id
		and id <> (select customer_id from orders where id = $2) limit 1) where id = $1`, p.EngineerID(synthetic.LoginEmployeeFirst), id)
	p.Exec(`update parties set active_engineers = 2 where id = (select employer_id from engineers where id = $1)`, p.EngineerID(synthetic.LoginEmployeeFirst))
	p.Exec(`insert into representatives (person_id, party_id, chief, read_at) select w.id, e.employer_id, true, now() from people w, engineers e
		where w.snils = $2 and e.id = $1`, p.EngineerID(synthetic.LoginEmployeeFirst), p.Person(synthetic.LoginCustomerHead).SNILS)
	contract := engineer.Upload(id, "договор.pdf", apitest.PDF("договор"))
	signature := engineer.Sign(id, contract)
	engineer.RequireApplied(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signature), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	a := head.Send("k", id, order.SignContract, apitest.Object{"details": apitest.Object{"contract": contract.SHA256, "signature": apitest.Ref(signature)}})
	require.Equal(t, string(order.CodeBothSides), a.Problem().Code, a.Text())
}
