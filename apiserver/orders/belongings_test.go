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

// What one person wrote, or was told, is not shown to the next; what belonged to a step ends with it.

func offerOf(id string, note string) apitest.Object {
	o := apitest.Object{"details": apitest.Object{"engineer": id}}
	if note != "" {
		o["text"] = apitest.Object{"note": note}
	}
	return o
}

// What the customer wrote to one engineer is not read by the next one.
func TestNoteOfAnOfferIsItsEngineers(t *testing.T) {
	p := apitest.Start(t)
	customer, first := apitest.Pair(p)
	second := p.Engineer(synthetic.LoginEmployeeFirst)
	id := customer.Published("77")
	customer.Tell(id, order.OfferOrder, offerOf(p.EngineerID(synthetic.LoginEngineerMoscow), "Иван, вам по старой дружбе за наличные"))
	require.NotEmpty(t, first.Card(id).Offer.Note)
	first.Tell(id, order.DeclineOffer, nil)
	customer.Tell(id, order.OfferOrder, offerOf(p.EngineerID(synthetic.LoginEmployeeFirst), ""))
	require.Empty(t, second.Card(id).Offer.Note)
}

// A new response has no words of the one that was taken back.
func TestNoteOfAResponseIsItsOwn(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.Pair(p)
	id := customer.Published("77")
	engineer.Tell(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}, "text": apitest.Object{"note": "Сделаю за 1000 рублей"}})
	engineer.Tell(id, order.WithdrawResponse, nil)
	engineer.Tell(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 900_000, "termDays": 20}})
	require.Empty(t, customer.Card(id).Responses[0].Note)
}

// Results of this round, not of the one that was returned; the invoice that stands, not the one before.
func TestTextsAreThoseOfTheMessageThatStands(t *testing.T) {
	acceptance.Covers(t, "R-PREP-1")
	p := apitest.Start(t)
	customer, engineer := apitest.Pair(p)
	id := p.Contracted(customer, engineer, 5000)
	engineer.Tell(id, order.SendPrepaymentInvoice, apitest.Object{"details": apitest.Object{"link": true}, "text": apitest.Object{"link": "https://pay.example/old", "note": "старый"}})
	invoice := engineer.Upload(id, "счет.pdf", apitest.PDF("счет"))
	engineer.Tell(id, order.SendPrepaymentInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(invoice)}})
	require.Empty(t, customer.Card(id).Prepayment.Link, "the invoice that stands is a file")
	engineer.Tell(id, order.ConfirmPrepayment, nil)
	act := engineer.Upload(id, "акт.pdf", apitest.PDF("акт"))
	signature := engineer.Upload(id, "акт.sig", []byte("подпись акта"))
	signed := apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(signature)}
	engineer.Tell(id, order.SubmitResults, apitest.Object{"details": apitest.Object{"way": "link", "act": signed}, "text": apitest.Object{"link": "https://disk.example/1", "note": "первая редакция"}})
	customer.Tell(id, order.ReturnResults, apitest.Object{"details": apitest.Object{}, "text": apitest.Object{"note": "не то"}})
	result := engineer.Upload(id, "план.pdf", apitest.PDF("план"))
	engineer.Tell(id, order.SubmitResults, apitest.Object{"details": apitest.Object{"way": "files", "files": []apitest.Object{apitest.Ref(result)}, "act": signed}})
	delivered := customer.Card(id).Results
	require.Empty(t, delivered.Link)
	require.Empty(t, delivered.Note, "of the results that were returned")
}

// A link to pay by stays until another invoice takes its place, and what came with an invoice that is a file is shown too.
func TestLinkOfAnInvoiceStaysUntilTheNextOne(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.Pair(p)
	id := p.Contracted(customer, engineer, 5000)
	invoice := engineer.Upload(id, "счет.pdf", apitest.PDF("счет"))
	engineer.Tell(id, order.SendPrepaymentInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(invoice)}, "text": apitest.Object{"note": "Оплатить до пятницы"}})
	require.Equal(t, "Оплатить до пятницы", customer.Card(id).Prepayment.Note)
	engineer.Tell(id, order.ConfirmPrepayment, nil)
	result, act := engineer.Upload(id, "план.pdf", apitest.PDF("план")), engineer.Upload(id, "акт.pdf", apitest.PDF("акт"))
	signature := engineer.Upload(id, "акт.sig", []byte("подпись акта"))
	engineer.Tell(id, order.SubmitResults, apitest.Object{
		"details": apitest.Object{"way": "files", "files": []apitest.Object{apitest.Ref(result)}, "act": apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(signature)}, "invoice": apitest.Object{"link": true}},
		"text":    apitest.Object{"invoiceLink": "https://pay.example/1"},
	})
	counter := customer.Upload(id, "акт-заказчик.sig", []byte("подпись заказчика"))
	customer.Tell(id, order.AcceptResults, apitest.Object{"details": apitest.Object{"act": act.SHA256, "signature": apitest.Ref(counter)}})
	require.Equal(t, "https://pay.example/1", customer.Card(id).Payment.Link)
	engineer.Tell(id, order.SendInvoice, apitest.Object{"details": apitest.Object{"link": true}, "text": apitest.Object{"link": "https://pay.example/2", "note": "новый"}})
	require.Equal(t, "https://pay.example/2", customer.Card(id).Payment.Link)
	engineer.Tell(id, order.SendInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(invoice)}, "text": apitest.Object{"note": "счёт файлом"}})
	require.Empty(t, customer.Card(id).Payment.Link, "the invoice that stands is a file")
	require.Equal(t, "счёт файлом", customer.Card(id).Payment.Note)
}

// A terminated order does not read that accounts may be settled.
func TestTerminatedOrderHasNoHolds(t *testing.T) {
	acceptance.Covers(t, "S-16")
	p := apitest.Start(t)
	customer, engineer := apitest.Pair(p)
	id := p.Contracted(customer, engineer, 0)
	p.Moderator().Tell(id, order.ModeratorStatus, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow), "active": false}, "text": apitest.Object{"note": "Жалоба"}})
	customer.Tell(id, order.ProposeTermination, apitest.Object{"text": apitest.Object{"note": "Прекратим"}})
	engineer.Tell(id, order.AgreeTermination, nil)
	card := customer.Card(id)
	require.Equal(t, "cancelled", card.Stage.Code)
	require.Empty(t, card.Holds)
	require.Equal(t, "{}", apitest.Value[string](p, `select holds::text from orders where id = $1`, id))
}

// Whose response cannot count any more is dropped from the order, though another engineer is its performer now: he would read that it counts again.
func TestBlockedResponderHearsOfItAfterTheChoice(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.Pair(p)
	id := customer.Published("77")
	second := p.Engineer(synthetic.LoginEmployeeFirst)
	bid := apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}}
	engineer.Tell(id, order.Respond, bid)
	second.Tell(id, order.Respond, bid)
	customer.Tell(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	blocked := p.EngineerID(synthetic.LoginEmployeeFirst)
	p.Exec(`update engineers set blocked = true, standing_at = now(), standing_by = person_id where id = $1`, blocked)
	require.Equal(t, 1, apitest.Value[int](p, `select count(*)::int from untold_orders where engineer_id = $1`, blocked), "the next reading tells the order")
}

// Who is late with an answer reads that, also after the choice.
func TestLateAnswerAfterTheChoiceSaysSo(t *testing.T) {
	acceptance.Covers(t, "S-14")
	p := apitest.Start(t)
	customer, engineer := apitest.Pair(p)
	id := customer.Published("77")
	second := p.Engineer(synthetic.LoginEmployeeFirst)
	engineer.Tell(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.Tell(id, order.OfferOrder, offerOf(p.EngineerID(synthetic.LoginEmployeeFirst), ""))
	p.GoesOnFrom(id, func(s *order.State) {
		s.Offer.Expires = time.Now().UTC().Truncate(time.Millisecond)
		s.Dues[slices.IndexFunc(s.Dues, func(d order.Due) bool { return d.Kind == order.DueOfferExpiry })].At = s.Offer.Expires
	})
	testenv.Eventually(t, "the offer has lapsed", func() bool {
		return apitest.Value[int](p, `select count(*)::int from offers where order_id = $1`, id) == 0
	})
	customer.Tell(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	a := second.Do(http.MethodPost, "/api/orders/"+id.String()+"/accept-offer", apitest.Object{"details": apitest.Object{"revision": 1}}, "Idempotency-Key", uuid.NewString())
	require.Equal(t, string(order.CodeOfferExpired), a.Problem().Code, a.Text())
}

// A list waits for no mark that was given.
func TestNobodyWaitsForAMarkThatWasGiven(t *testing.T) {
	acceptance.Covers(t, "S-25")
	p := apitest.Start(t)
	customer, engineer := apitest.Pair(p)
	id := paidFor(p, customer, engineer)
	customer.Tell(id, order.Rate, apitest.Object{"details": apitest.Object{"mark": 5}})
	engineer.Tell(id, order.ConfirmPayment, nil)
	for _, line := range listOf[search.OrderLine](customer, "/api/orders").Items {
		if line.ID == id {
			require.Nil(t, line.Waits, "%+v", line.Waits)
		}
	}
}

// One human signs for the customer and heads the employer to which the engineer has moved.
func TestNobodySignsWhoHeadsTheEmployerOfTheDay(t *testing.T) {
	acceptance.Covers(t, "S-39")
	p := apitest.Start(t)
	p.StartWorker()
	head := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	p.Browser().SignIn(synthetic.LoginCustomerEmployee)
	p.Exec(`update representatives set as_customer = true where not chief and party_id in (select party_id from representatives where chief and person_id = (select id from people where snils = $1))`, p.Person(synthetic.LoginCustomerHead).SNILS)
	deputy := p.SignedIn(synthetic.LoginCustomerEmployee, order.RoleCustomer, "organisation")
	engineer := p.Engineer(synthetic.LoginEmployeeFirst)
	id := deputy.Published("77")
	engineer.Tell(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	deputy.Tell(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEmployeeFirst)}})
	// The engineer changes his employer; the head of the customer heads the new one too.
	p.Exec(`update engineers set employer_id = (select id from parties where kind = 'organisation' and id <> employer_id
		and id <> (select customer_id from orders where id = $2) limit 1) where id = $1`, p.EngineerID(synthetic.LoginEmployeeFirst), id)
	p.Exec(`update parties set active_engineers = 2 where id = (select employer_id from engineers where id = $1)`, p.EngineerID(synthetic.LoginEmployeeFirst))
	p.Exec(`insert into representatives (person_id, party_id, chief, read_at) select w.id, e.employer_id, true, now() from people w, engineers e
		where w.snils = $2 and e.id = $1`, p.EngineerID(synthetic.LoginEmployeeFirst), p.Person(synthetic.LoginCustomerHead).SNILS)
	contract := engineer.Upload(id, "договор.pdf", apitest.PDF("договор"))
	signature := engineer.Upload(id, "договор.sig", []byte("подпись исполнителя"))
	engineer.Tell(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signature), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	a := head.Send("k", id, order.SignContract, apitest.Object{"details": apitest.Object{"contract": contract.SHA256, "signature": apitest.Ref(signature)}})
	require.Equal(t, string(order.CodeBothSides), a.Problem().Code, a.Text())
}
