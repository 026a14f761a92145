package messages_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/orders"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// A term outside the bounds is refused at its field, in conditions, responses and contracts, before
// anything is stored.
func TestTermsWithoutBoundsAreRefusedAtTheField(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id, open := customer.CreateDraft(), customer.PublishOrder("77")
	before := apitest.Value[int](p, "select count(*) from requests")
	file := apitest.Object{"id": uuid.NewString(), "sha256": apitest.HexSum(nil)}
	late := p.Deps.Now().In(order.Moscow).AddDate(0, 0, order.MaxTermDays+2).Format(time.DateOnly)
	past := p.Deps.Now().In(order.Moscow).AddDate(0, 0, -2).Format(time.DateOnly)
	for _, term := range []string{"9999-12-31", late, past, "0000-01-01", "2027-02-29"} {
		conditions := apitest.Conditions("77", 0)
		delete(conditions["details"].(apitest.Object), "termDays")
		conditions["details"].(apitest.Object)["termDate"] = term
		for _, a := range []apitest.Answer{
			customer.Send("k", id, order.Publish, conditions),
			customer.Send("k", open, order.Amend, conditions),
			engineer.Send("k", open, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDate": term}}),
			engineer.Send("k", open, order.SendContract, apitest.Object{"details": apitest.Object{
				"file": file, "signature": file, "price": 1, "advanceBasisPoints": 0, "advance": 0, "termDate": term,
			}}),
		} {
			found := a.Problem()
			require.Equal(t, http.StatusUnprocessableEntity, found.Status, term+a.Text())
			require.Equal(t, "details.termDate", found.Errors[0].Field, term)
		}
	}
	both := engineer.Send("k", open, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDate": late, "termDays": 10}})
	require.Equal(t, "details.termDate", both.Problem().Errors[0].Field)
	neither := engineer.Send("k", open, order.Respond, apitest.Object{"details": apitest.Object{"price": 1}})
	require.Equal(t, "details.termDate", neither.Problem().Errors[0].Field)
	require.Equal(t, before, apitest.Value[int](p, "select count(*) from requests"))
}

// A message that was valid on the day it was sent is still accepted on the next one.
func TestTermOfYesterdayIsCheckedByTheOrder(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	body := apitest.Conditions("77", 0)
	delete(body["details"].(apitest.Object), "termDays")
	body["details"].(apitest.Object)["termDate"] = p.Deps.Now().In(order.Moscow).AddDate(0, 0, -1).Format(time.DateOnly)
	customer.RequireRefused(order.CodeBadTerm, id, order.Publish, body)
}

// The filters of lists accept every date of the calendar.
func TestListFiltersAcceptEveryDate(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	customer.PublishOrder("77")
	for _, date := range []string{"0001-01-01", "2024-02-29", "9999-12-31"} {
		for _, filter := range []string{"publishedFrom", "publishedTo"} {
			customer.Do(http.MethodGet, "/api/orders?"+filter+"="+date, nil).OK()
		}
		engineer.Do(http.MethodGet, "/api/open-orders?termDateTo="+date, nil).OK()
	}
	require.Less(t, customer.Do(http.MethodGet, "/api/orders?publishedTo=0000-01-01", nil).Status, http.StatusInternalServerError)
	require.Less(t, engineer.Do(http.MethodGet, "/api/open-orders?termDateTo=0000-01-01", nil).Status, http.StatusInternalServerError)
}

// The card shows the customer, before he signs, how the contract deviates from the response.
func TestCardShowsDifferencesOfTheContract(t *testing.T) {
	acceptance.Covers(t, "S-5")
	p := apitest.Start(t, apitest.FreezeClock)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 30}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	contract := engineer.Upload(id, "договор.pdf", apitest.PDF("договор"))
	signature := engineer.Sign(id, contract)
	today := p.Deps.Now().In(order.Moscow)
	engineer.RequireApplied(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signature), "price": 120_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": today.AddDate(0, 0, 70).Format(time.DateOnly),
	}})
	was, is := int64(100_000), int64(120_000)
	require.Equal(t, []orders.Difference{
		{Field: string(order.DifferentPrice), From: string(order.AgreedInResponse), WasAmount: &was, IsAmount: &is},
		{
			Field: string(order.DifferentTerm), From: string(order.AgreedInResponse), WasDays: 30, WasDate: today.AddDate(0, 0, 30).Format(time.DateOnly),
			IsDate: today.AddDate(0, 0, 70).Format(time.DateOnly), Days: 40,
		},
	}, customer.Card(id).Differences)
	countersign := customer.Sign(id, contract)
	customer.RequireApplied(id, order.SignContract, apitest.Object{"details": apitest.Object{"contract": contract.SHA256, "signature": apitest.Ref(countersign)}})
	require.Empty(t, customer.Card(id).Differences)
}
