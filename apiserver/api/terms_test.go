package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// A term without bounds is refused at its field, of conditions, of a response and of a contract alike, before anything is kept.
func TestTermsWithoutBoundsAreRefusedAtTheField(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id, open := customer.draft(), customer.published("77")
	before := value[int](p, "select count(*) from requests")
	file := object{"id": uuid.NewString(), "sha256": hexSum(nil)}
	late := p.deps.Now().In(order.Moscow).AddDate(0, 0, order.MaxTermDays+2).Format(time.DateOnly)
	past := p.deps.Now().In(order.Moscow).AddDate(0, 0, -2).Format(time.DateOnly)
	for _, term := range []string{"9999-12-31", late, past, "0000-01-01", "2027-02-29"} {
		conditions := conditions("77", 0)
		delete(conditions["details"].(object), "termDays")
		conditions["details"].(object)["termDate"] = term
		for _, a := range []answer{
			customer.send("k", id, order.Publish, conditions),
			customer.send("k", open, order.Amend, conditions),
			engineer.send("k", open, order.Respond, object{"details": object{"price": 1, "termDate": term}}),
			engineer.send("k", open, order.SendContract, object{"details": object{
				"file": file, "signature": file, "price": 1, "advanceBasisPoints": 0, "advance": 0, "termDate": term,
			}}),
		} {
			found := a.problem()
			require.Equal(t, http.StatusUnprocessableEntity, found.Status, term+a.text())
			require.Equal(t, "details.termDate", found.Errors[0].Field, term)
		}
	}
	both := engineer.send("k", open, order.Respond, object{"details": object{"price": 1, "termDate": late, "termDays": 10}})
	require.Equal(t, "details.termDate", both.problem().Errors[0].Field)
	neither := engineer.send("k", open, order.Respond, object{"details": object{"price": 1}})
	require.Equal(t, "details.termDate", neither.problem().Errors[0].Field)
	require.Equal(t, before, value[int](p, "select count(*) from requests"))
}

// A message that was sent for its own day is known on the next one.
func TestTermOfYesterdayIsJudgedByTheOrder(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	body := conditions("77", 0)
	delete(body["details"].(object), "termDays")
	body["details"].(object)["termDate"] = p.deps.Now().In(order.Moscow).AddDate(0, 0, -1).Format(time.DateOnly)
	customer.refuse(order.CodeBadTerm, id, order.Publish, body)
}

// The filters of lists take every date that the calendar has.
func TestListsTakeEveryDate(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	customer.published("77")
	for _, date := range []string{"0001-01-01", "2024-02-29", "9999-12-31"} {
		for _, filter := range []string{"publishedFrom", "publishedTo"} {
			customer.do(http.MethodGet, "/api/orders?"+filter+"="+date, nil).ok()
		}
		engineer.do(http.MethodGet, "/api/open-orders?termDateTo="+date, nil).ok()
	}
	require.Less(t, customer.do(http.MethodGet, "/api/orders?publishedTo=0000-01-01", nil).status, http.StatusInternalServerError)
	require.Less(t, engineer.do(http.MethodGet, "/api/open-orders?termDateTo=0000-01-01", nil).status, http.StatusInternalServerError)
}

// The customer sees on the card, before he signs, where the contract is other than the response.
func TestDifferencesOfTheContractStandOnTheCard_S_5(t *testing.T) {
	p := startPlatform(t, clockStands)
	customer, engineer := pair(p)
	id := customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 30}})
	customer.tell(id, order.Choose, object{"details": object{"engineer": customer.card(id).Responses[0].Engineer.ID}})
	contract, signature := engineer.upload(id, "договор.pdf", pdf("договор")), engineer.upload(id, "договор.sig", []byte("подпись"))
	today := p.deps.Now().In(order.Moscow)
	engineer.tell(id, order.SendContract, object{"details": object{
		"file": ref(contract), "signature": ref(signature), "price": 120_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": today.AddDate(0, 0, 70).Format(time.DateOnly),
	}})
	was, is := order.Kopecks(100_000), order.Kopecks(120_000)
	require.Equal(t, []order.Difference{
		{Field: order.DifferentPrice, From: order.AgreedInResponse, WasAmount: &was, IsAmount: &is},
		{
			Field: order.DifferentTerm, From: order.AgreedInResponse, WasDays: 30, WasDate: today.AddDate(0, 0, 30).Format(time.DateOnly),
			IsDate: today.AddDate(0, 0, 70).Format(time.DateOnly), Days: 40,
		},
	}, customer.card(id).Differences)
	countersign := customer.upload(id, "договор-заказчик.sig", []byte("подпись заказчика"))
	customer.tell(id, order.SignContract, object{"details": object{"contract": contract.SHA256, "signature": ref(countersign)}})
	require.Empty(t, customer.card(id).Differences)
}
