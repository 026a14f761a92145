package orders_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/wire"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/requisites"
)

// saveBank saves a bank of the directory as the requisites of the caller.
func saveBank(b *apitest.Browser) {
	const bic = "044525225"
	b.Do(http.MethodPut, "/api/requisites", apitest.Object{
		"version": 0, "inn": "", "kpp": "", "address": "", "bic": bic, "bankName": "",
		"account": requisites.CompleteAccount("40702810000000000001", bic), "correspondentAccount": "",
	}).OK()
}

// Each side sees what the contract will need of itself: the customer since publication, the performer
// since he was chosen, and nobody after both have signed.
func TestCardNamesWhatTheContractNeedsOfTheOwnSide(t *testing.T) {
	acceptance.Covers(t, "S-31")
	p := apitest.Start(t)
	p.Exec(`delete from requisites`)
	p.StartWorker()
	customer := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	saveBank(engineer) // without it he may not respond
	id := customer.PublishOrder("77")
	all := []wire.Missing{"inn", "kpp", "address", "bank"} // ЕСИА has reported nothing of the organisation yet
	require.Equal(t, all, customer.Card(id).MissingForContract)
	require.Empty(t, engineer.Card(id).MissingForContract, "an engineer who may respond")

	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	require.Empty(t, engineer.Card(id).MissingForContract)
	p.Exec(`delete from requisites where engineer_id is not null`)
	require.Equal(t, []wire.Missing{"bank"}, engineer.Card(id).MissingForContract)
	require.Equal(t, all, customer.Card(id).MissingForContract)
	require.Empty(t, p.Moderator().Card(id).MissingForContract, "of others' requisites the card says nothing")

	saveBank(engineer)
	require.Empty(t, engineer.Card(id).MissingForContract)
	require.Equal(t, all, customer.Card(id).MissingForContract)
	saveBank(customer)
	require.Equal(t, all[:3], customer.Card(id).MissingForContract)

	contract := engineer.Upload(id, "договор.pdf", apitest.PDF("договор"))
	signed := engineer.Sign(id, contract)
	engineer.RequireApplied(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signed), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	require.Equal(t, all[:3], customer.Card(id).MissingForContract, "the customer has not signed yet")
	countersign := customer.Sign(id, contract)
	customer.RequireApplied(id, order.SignContract, apitest.Object{"details": apitest.Object{"contract": contract.SHA256, "signature": apitest.Ref(countersign)}})
	require.Empty(t, customer.Card(id).MissingForContract)
}
