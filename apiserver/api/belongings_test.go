package api

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// What one person wrote, or was told, is not shown to the next; what belonged to a step ends with it.

func offerOf(id string, note string) object {
	o := object{"details": object{"engineer": id}}
	if note != "" {
		o["text"] = object{"note": note}
	}
	return o
}

// What the customer wrote to one engineer is not read by the next one.
func TestNoteOfAnOfferIsItsEngineers_S_14(t *testing.T) {
	p := startPlatform(t)
	customer, first := pair(p)
	second := p.engineer(synthetic.LoginEmployeeFirst)
	id := customer.published("77")
	customer.tell(id, order.OfferOrder, offerOf(p.engineerID(synthetic.LoginEngineerMoscow), "Иван, вам по старой дружбе за наличные"))
	require.NotEmpty(t, first.card(id).Offer.Note)
	first.tell(id, order.DeclineOffer, nil)
	customer.tell(id, order.OfferOrder, offerOf(p.engineerID(synthetic.LoginEmployeeFirst), ""))
	require.Empty(t, second.card(id).Offer.Note)
}

// A new response has no words of the one that was taken back.
func TestNoteOfAResponseIsItsOwn(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}, "text": object{"note": "Сделаю за 1000 рублей"}})
	engineer.tell(id, order.WithdrawResponse, nil)
	engineer.tell(id, order.Respond, object{"details": object{"price": 900_000, "termDays": 20}})
	require.Empty(t, customer.card(id).Responses[0].Note)
}

// Results of this round, not of the one that was returned; the invoice that stands, not the one before.
func TestTextsAreThoseOfTheMessageThatStands_R_PREP_1(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 5000)
	engineer.tell(id, order.SendPrepaymentInvoice, object{"details": object{"link": true}, "text": object{"link": "https://pay.example/old", "note": "старый"}})
	invoice := engineer.upload(id, "счет.pdf", pdf("счет"))
	engineer.tell(id, order.SendPrepaymentInvoice, object{"details": object{"file": invoice.ref()}})
	require.Empty(t, customer.card(id).Prepayment.Link, "the invoice that stands is a file")
	engineer.tell(id, order.ConfirmPrepayment, nil)
	act := engineer.upload(id, "акт.pdf", pdf("акт"))
	signature := engineer.upload(id, "акт.sig", []byte("подпись акта"))
	signed := object{"file": act.ref(), "signature": signature.ref()}
	engineer.tell(id, order.SubmitResults, object{"details": object{"way": "link", "act": signed}, "text": object{"link": "https://disk.example/1", "note": "первая редакция"}})
	customer.tell(id, order.ReturnResults, object{"details": object{}, "text": object{"note": "не то"}})
	result := engineer.upload(id, "план.pdf", pdf("план"))
	engineer.tell(id, order.SubmitResults, object{"details": object{"way": "files", "files": []object{result.ref()}, "act": signed}})
	delivered := customer.card(id).Results
	require.Empty(t, delivered.Link)
	require.Empty(t, delivered.Note, "of the results that were returned")
}

// A link to pay by stays until another invoice takes its place, and what came with an invoice that is a file is shown too.
func TestLinkOfAnInvoiceStaysUntilTheNextOne_R_PAY_1(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 5000)
	invoice := engineer.upload(id, "счет.pdf", pdf("счет"))
	engineer.tell(id, order.SendPrepaymentInvoice, object{"details": object{"file": invoice.ref()}, "text": object{"note": "Оплатить до пятницы"}})
	require.Equal(t, "Оплатить до пятницы", customer.card(id).Prepayment.Note)
	engineer.tell(id, order.ConfirmPrepayment, nil)
	result, act := engineer.upload(id, "план.pdf", pdf("план")), engineer.upload(id, "акт.pdf", pdf("акт"))
	signature := engineer.upload(id, "акт.sig", []byte("подпись акта"))
	engineer.tell(id, order.SubmitResults, object{
		"details": object{"way": "files", "files": []object{result.ref()}, "act": object{"file": act.ref(), "signature": signature.ref()}, "invoice": object{"link": true}},
		"text":    object{"invoiceLink": "https://pay.example/1"},
	})
	counter := customer.upload(id, "акт-заказчик.sig", []byte("подпись заказчика"))
	customer.tell(id, order.AcceptResults, object{"details": object{"act": act.SHA256, "signature": counter.ref()}})
	require.Equal(t, "https://pay.example/1", customer.card(id).Payment.Link)
	engineer.tell(id, order.SendInvoice, object{"details": object{"link": true}, "text": object{"link": "https://pay.example/2", "note": "новый"}})
	require.Equal(t, "https://pay.example/2", customer.card(id).Payment.Link)
	engineer.tell(id, order.SendInvoice, object{"details": object{"file": invoice.ref()}, "text": object{"note": "счёт файлом"}})
	require.Empty(t, customer.card(id).Payment.Link, "the invoice that stands is a file")
	require.Equal(t, "счёт файлом", customer.card(id).Payment.Note)
}

// A terminated order does not read that accounts may be settled.
func TestTerminatedOrderHasNoHolds_S_16(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 0)
	p.moderator().tell(id, order.ModeratorStatus, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow), "active": false}, "text": object{"note": "Жалоба"}})
	customer.tell(id, order.ProposeTermination, object{"text": object{"note": "Прекратим"}})
	engineer.tell(id, order.AgreeTermination, nil)
	card := customer.card(id)
	require.Equal(t, "cancelled", card.Stage.Code)
	require.Empty(t, card.Holds)
	require.Equal(t, "{}", value[string](p, `select holds::text from orders where id = $1`, id))
}

// Whose response cannot count any more is dropped from the order, though another engineer is its performer now: he would read that it counts again.
func TestBlockedResponderHearsOfItAfterTheChoice(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	second := p.engineer(synthetic.LoginEmployeeFirst)
	bid := object{"details": object{"price": 100_000, "termDays": 20}}
	engineer.tell(id, order.Respond, bid)
	second.tell(id, order.Respond, bid)
	customer.tell(id, order.Choose, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}})
	blocked := p.engineerID(synthetic.LoginEmployeeFirst)
	p.exec(`update engineers set blocked = true, standing_at = now(), standing_by = person_id where id = $1`, blocked)
	require.Equal(t, 1, value[int](p, `select count(*)::int from pending_status_notifications where engineer_id = $1`, blocked), "the next reading tells the order")
}

// Who is late with an answer reads that, also after the choice.
func TestLateAnswerAfterTheChoiceSaysSo_S_14(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	second := p.engineer(synthetic.LoginEmployeeFirst)
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}})
	customer.tell(id, order.OfferOrder, offerOf(p.engineerID(synthetic.LoginEmployeeFirst), ""))
	p.goesOnFrom(id, func(s *order.State) {
		s.Offer.Expires = time.Now().UTC().Truncate(time.Millisecond)
		s.Dues[slices.IndexFunc(s.Dues, func(d order.Due) bool { return d.Kind == order.DueOfferExpiry })].At = s.Offer.Expires
	})
	testenv.Eventually(t, "the offer has lapsed", func() bool { return value[int](p, `select count(*)::int from offers where order_id = $1`, id) == 0 })
	customer.tell(id, order.Choose, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}})
	a := second.do(http.MethodPost, "/api/orders/"+id.String()+"/accept-offer", object{"details": object{"revision": 1}}, "Idempotency-Key", uuid.NewString())
	require.Equal(t, string(order.CodeOfferExpired), a.problem().Code, a.text())
}

// A list waits for no mark that was given.
func TestNobodyWaitsForAMarkThatWasGiven_R_RATE_1(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.paidFor(customer, engineer)
	customer.tell(id, order.Rate, object{"details": object{"mark": 5}})
	engineer.tell(id, order.ConfirmPayment, nil)
	for _, line := range listOf[OrderLine](customer, "/api/orders").Items {
		if line.ID == id {
			require.Nil(t, line.Waits, "%+v", line.Waits)
		}
	}
}

// One human signs for the customer and heads the employer to which the engineer has moved.
func TestNobodySignsWhoHeadsTheEmployerOfTheDay_S_39(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	head := p.signedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	p.browser().signIn(synthetic.LoginCustomerEmployee)
	p.exec(`update representatives set as_customer = true where not chief and party_id in (select party_id from representatives where chief and person_id = (select id from people where snils = $1))`, p.person(synthetic.LoginCustomerHead).SNILS)
	deputy := p.signedIn(synthetic.LoginCustomerEmployee, order.RoleCustomer, "organisation")
	engineer := p.engineer(synthetic.LoginEmployeeFirst)
	id := deputy.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}})
	deputy.tell(id, order.Choose, object{"details": object{"engineer": p.engineerID(synthetic.LoginEmployeeFirst)}})
	// The engineer changes his employer; the head of the customer heads the new one too.
	p.exec(`update engineers set employer_id = (select id from parties where kind = 'organisation' and id <> employer_id
		and id <> (select customer_id from orders where id = $2) limit 1) where id = $1`, p.engineerID(synthetic.LoginEmployeeFirst), id)
	p.exec(`update parties set active_engineers = 2 where id = (select employer_id from engineers where id = $1)`, p.engineerID(synthetic.LoginEmployeeFirst))
	p.exec(`insert into representatives (person_id, party_id, chief, read_at) select w.id, e.employer_id, true, now() from people w, engineers e
		where w.snils = $2 and e.id = $1`, p.engineerID(synthetic.LoginEmployeeFirst), p.person(synthetic.LoginCustomerHead).SNILS)
	contract := engineer.upload(id, "договор.pdf", pdf("договор"))
	signature := engineer.upload(id, "договор.sig", []byte("подпись исполнителя"))
	engineer.tell(id, order.SendContract, object{"details": object{
		"file": contract.ref(), "signature": signature.ref(), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.server.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	a := head.send("k", id, order.SignContract, object{"details": object{"contract": contract.SHA256, "signature": signature.ref()}})
	require.Equal(t, string(order.CodeBothSides), a.problem().Code, a.text())
}
