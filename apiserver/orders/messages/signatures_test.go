package messages_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/files"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/dev/simulators/cryptopro"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/storage"
	"epkr/internal/testenv/pki"
)

// subjectOf returns whom a test user's own certificate names.
func subjectOf(p *apitest.Platform, login string) pki.Subject {
	return cryptopro.Subjects(apitest.World(), p.Person(login))[0]
}

// toContract brings an order to the contract, which the engineer has uploaded.
func toContract(customer, engineer *apitest.Browser) (uuid.UUID, files.File) {
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	return id, engineer.Upload(id, "договор.pdf", apitest.PDF("договор"))
}

// sending returns the body of the message that sends a contract.
func sending(contract, signature files.File) apitest.Object {
	return apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signature), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": time.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}}
}

// requireUnsigned requires that a message is refused because of its signature, at the field.
func requireUnsigned(b *apitest.Browser, code string, id uuid.UUID, kind order.Kind, body apitest.Object) {
	b.Platform.T.Helper()
	requireUnsignedAt(b, "details.signature", code, id, kind, body)
}

// requireUnsignedAt is requireUnsigned with another field.
func requireUnsignedAt(b *apitest.Browser, field, code string, id uuid.UUID, kind order.Kind, body apitest.Object) {
	b.Platform.T.Helper()
	a := b.Send(uuid.NewString(), id, kind, body)
	require.Equal(b.Platform.T, http.StatusConflict, a.Status, a.Text())
	said := a.Problem()
	require.Equal(b.Platform.T, code, said.Code, said.Detail)
	require.Equal(b.Platform.T, field, said.Errors[0].Field)
	require.Equal(b.Platform.T, said.Detail, said.Errors[0].Message)
}

// A contract is sent only with a valid signature of its engineer. Each fault is a refusal of its own,
// and the order stays where it was.
func TestSignatureOfTheContractIsChecked(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-10", "S-6")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id, contract := toContract(customer, engineer)
	other := engineer.Upload(id, "другой.pdf", apitest.PDF("другой"))
	himself, authorities := subjectOf(p, synthetic.LoginEngineerMoscow), pki.Shared(t)
	by := func(c pki.Certificate) files.File {
		t.Helper()
		c.Name = "fault"
		c.Subject = himself
		name, err := authorities.Ensure(c)
		require.NoError(t, err)
		signature, err := authorities.Sign(name, apitest.PDF("договор"), "-cades")
		require.NoError(t, err)
		return engineer.Upload(id, "договор.sig", signature)
	}
	long := time.Now().AddDate(-2, 0, 0)
	for code, signature := range map[string]files.File{
		"signature_other_document": engineer.Sign(id, other),
		"signature_wrong_person":   engineer.SignAs(id, subjectOf(p, synthetic.LoginCustomer), contract),
		"signature_not_signature":  engineer.Upload(id, "договор.sig", []byte("подпись исполнителя")),
		"signature_unknown_issuer": by(pki.Certificate{Issuer: pki.Foreign}),
		"signature_unqualified":    by(pki.Certificate{Issuer: pki.Unqualified}),
		"signature_usage":          by(pki.Certificate{Usage: pki.Encipherer}),
		"signature_expired":        by(pki.Certificate{From: long, To: long.AddDate(0, 6, 0)}),
	} {
		requireUnsigned(engineer, code, id, order.SendContract, sending(contract, signature))
	}
	require.Nil(t, engineer.Card(id).Contract)

	engineer.RequireApplied(id, order.SendContract, sending(contract, engineer.Sign(id, contract)))
	sign := func(signature files.File) apitest.Object {
		return apitest.Object{"details": apitest.Object{"contract": contract.SHA256, "signature": apitest.Ref(signature)}}
	}
	requireUnsigned(customer, "signature_wrong_person", id, order.SignContract, sign(customer.SignAs(id, himself, contract)))
	customer.RequireApplied(id, order.SignContract, sign(customer.Sign(id, contract)))
	var signers []string
	for _, d := range customer.Card(id).Documents {
		if d.Kind == order.DocumentContractSignature {
			require.NotNil(t, d.Signature)
			require.Equal(t, "Аккредитованный тестовый УЦ", d.Signature.Issuer)
			signers = append(signers, d.Signature.Signer)
		}
	}
	require.Equal(t, []string{p.Person(synthetic.LoginEngineerMoscow).FullName(), p.Person(synthetic.LoginCustomer).FullName()}, signers)
}

// A signature is judged once: neither the end of its certificate nor a repetition changes the result.
func TestSignatureIsNeverJudgedAnew(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-10")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id, contract := toContract(customer, engineer)
	signature := engineer.Sign(id, contract)
	body := sending(contract, signature)
	engineer.RequireApplied(id, order.SendContract, body)
	recorded := func() string {
		return apitest.Value[string](p, `select result::text || checked_at from signature_checks where signature_id = $1`, signature.ID)
	}
	first := recorded()
	engineer.RequireApplied(id, order.WithdrawContract, nil)
	engineer.RequireApplied(id, order.SendContract, body)
	require.Equal(t, first, recorded())
	_, err := p.Database.ExecContext(t.Context(), `update signature_checks set valid = false`)
	require.ErrorContains(t, err, "append-only")
	engineer.RequireApplied(id, order.WithdrawContract, nil)

	bad := engineer.Upload(id, "иное.sig", []byte("не подпись"))
	requireUnsigned(engineer, "signature_not_signature", id, order.SendContract, sending(contract, bad))
	require.False(t, apitest.Value[bool](p, `select valid from signature_checks where signature_id = $1`, bad.ID))
}

// The head's signature binds the organisation. A representative needs a power of attorney, which is
// checked too and kept with the order.
func TestRepresentativeSignsByAPowerOfAttorney(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t)
	p.StartWorker()
	employee := p.Customer(synthetic.LoginCustomerEmployee)
	head := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	person := apitest.Value[uuid.UUID](p, `select id from people where snils = $1`, p.Person(synthetic.LoginCustomerEmployee).SNILS)
	head.Do(http.MethodPut, "/api/organisation/people/"+person.String()+"/admission", apitest.Object{"customer": true, "employer": false}).OK()
	employee.ChooseRole(order.RoleCustomer, "organisation")
	id, contract := toContract(employee, engineer)
	engineer.RequireApplied(id, order.SendContract, sending(contract, engineer.Sign(id, contract)))

	himself := subjectOf(p, synthetic.LoginCustomerEmployee)
	signature := employee.SignAs(id, himself, contract)
	body := func(powers ...apitest.Object) apitest.Object {
		return apitest.Object{"details": apitest.Object{"contract": contract.SHA256, "signature": apitest.Ref(signature), "powers": powers}}
	}
	requireUnsigned(employee, "signature_no_organisation", id, order.SignContract, body())
	organisation := cryptopro.Subjects(apitest.World(), p.Person(synthetic.LoginCustomerHead))
	from, until := time.Now().AddDate(0, -1, 0).Format(time.DateOnly), time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
	power := func(number string, representative pki.Subject) apitest.Object {
		xml := pki.PowerOfAttorney{
			Number: number, IssuedOn: from, ExpiresOn: until,
			Principal: organisation[len(organisation)-1], Representatives: []pki.Subject{representative}, Text: "Подписывать договоры и акты",
		}.XML()
		by, err := pki.Shared(t).SignAs(organisation[len(organisation)-1], xml)
		require.NoError(t, err)
		return apitest.Object{
			"file":      apitest.Ref(employee.Upload(id, "ON_EMCHD.xml", xml)),
			"signature": apitest.Ref(employee.Upload(id, "ON_EMCHD.xml.sig", by)),
		}
	}
	other := power("5c5c4b1c-2f3c-4f0a-9c55-0e7f5e6d8a01", subjectOf(p, synthetic.LoginCustomer))
	requireUnsignedAt(employee, "details.powers[0].file", "signature_power_for_other_representative", id, order.SignContract, body(other))
	employee.RequireApplied(id, order.SignContract, body(power("5c5c4b1c-2f3c-4f0a-9c55-0e7f5e6d8a02", himself)))
	kinds := apitest.Value[string](p, `select string_agg(kind, ' ' order by n) from documents where order_id = $1 and kind like 'power%'`, id)
	require.Equal(t, "power-of-attorney power-of-attorney-signature", kinds)
	var given []*orders.CardPower
	for _, d := range engineer.Card(id).Documents {
		if d.Signature != nil && d.Signature.ByPower {
			given = append(given, d.Signature.Power)
		}
	}
	require.Equal(t, []*orders.CardPower{{
		Number: "5c5c4b1c-2f3c-4f0a-9c55-0e7f5e6d8a02", IssuedOn: from, ExpiresOn: until,
		Principals: []string{organisation[len(organisation)-1].Organisation}, Powers: []string{"Подписывать договоры и акты"},
	}}, given)
}

// Without authorities nothing can be judged: the message is not sent, and the person is told.
func TestWithoutAuthoritiesNothingIsSigned(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-10")
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Trust = nil })
	customer, engineer := apitest.StartPair(p)
	id, contract := toContract(customer, engineer)
	a := engineer.Send(uuid.NewString(), id, order.SendContract, sending(contract, engineer.Sign(id, contract)))
	require.Equal(t, http.StatusServiceUnavailable, a.Status)
	require.Equal(t, problems.SignaturesOff, a.Problem().Code)
	require.Nil(t, engineer.Card(id).Contract)
}

// While the storage is down a signature cannot be read: the person is told, and the order goes on.
func TestSignatureWaitsForTheStorage(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-10")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id, contract := toContract(customer, engineer)
	body := sending(contract, engineer.Sign(id, contract))
	down := p.StartSecondServer(func(s *apitest.Setup) {
		var err error
		s.Files, err = storage.New(storage.Config{Endpoint: "http://127.0.0.1:1", Region: "r", Bucket: "b", AccessKey: "a", SecretKey: "s", PathStyle: true})
		require.NoError(t, err)
	})
	a := engineer.WithPlatform(down).Send(uuid.NewString(), id, order.SendContract, body)
	require.Equal(t, http.StatusServiceUnavailable, a.Status, a.Text())
	require.Equal(t, problems.NoStorage, a.Problem().Code)
	engineer.RequireApplied(id, order.SendContract, body)
}
