package documents_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/documents"
	"epkr/apiserver/files"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// contracted brings an order to a contract that the platform made and both parties signed. The price is
// 10 000,01 rubles.
func contracted(customer, engineer *apitest.Browser, change func(*documents.ContractForm)) uuid.UUID {
	customer.Platform.T.Helper()
	id := contracting(customer, engineer)
	form := filled(engineer, id)
	form.Number = "КР-7/26"
	if change != nil {
		change(&form)
	}
	contract := made(generate(engineer, id, uuid.NewString(), form, false))
	sendContract(engineer, id, contract)
	signature := customer.Sign(id, fileOf(contract.PDF))
	customer.RequireApplied(id, order.SignContract, apitest.Object{"details": apitest.Object{"contract": contract.PDF.SHA256, "signature": apitest.Ref(signature)}})
	return id
}

func withAdvance(f *documents.ContractForm) { f.AdvanceBasisPoints, f.Advance = 3000, 300_000 }

func withRegistration(f *documents.ContractForm) { f.Registration = true }

func fileOf(f *documents.GeneratedFile) files.File {
	return files.File{ID: f.ID, Name: f.Name, SHA256: f.SHA256}
}

func actDefaults(b *apitest.Browser, id uuid.UUID) (d documents.ActDefaults) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, generatedAt(id)+"/act", nil).OK().Into(&d)
	return d
}

func generateFrom(b *apitest.Browser, id uuid.UUID, document, key string, form any) apitest.Answer {
	b.Platform.T.Helper()
	return b.PostUntilDecided(key, generatedAt(id)+document, apitest.Object{"form": form})
}

// signedAct returns a generated act with its author's signature, as messages name it.
func signedAct(b *apitest.Browser, id uuid.UUID, act documents.GeneratedDocument) apitest.Object {
	b.Platform.T.Helper()
	return apitest.Object{"file": apitest.Ref(fileOf(act.PDF)), "signature": apitest.Ref(b.Sign(id, fileOf(act.PDF)))}
}

// submitWith delivers the results in person with an act.
func submitWith(b *apitest.Browser, id uuid.UUID, act documents.GeneratedDocument) {
	b.Platform.T.Helper()
	b.RequireApplied(id, order.SubmitResults, apitest.Object{
		"details": apitest.Object{"way": "physical", "act": signedAct(b, id, act)}, "text": apitest.Object{"note": "Передано лично"},
	})
}

func requireSays(t *testing.T, text string, all ...string) {
	t.Helper()
	for _, said := range all {
		require.True(t, strings.Contains(text, said), said)
	}
}

// The act comes filled in from the signed contract, is made in both formats, is sent with the results
// and is signed by the customer.
func TestActIsMadeOfTheSignedContract(t *testing.T) {
	acceptance.Covers(t, "R-GEN-3", "R-WORK-4")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracted(customer, engineer, withAdvance)
	require.Equal(t, http.StatusConflict, engineer.Do(http.MethodGet, generatedAt(id)+"/act", nil).Status, "the prepayment comes first")
	engineer.RequireApplied(id, order.ConfirmPrepayment, nil)

	d := actDefaults(engineer, id)
	require.Equal(t, "КР-7/26", d.Form.ContractNumber)
	require.Equal(t, time.Now().In(order.Moscow).Format(time.DateOnly), d.Form.ContractDate)
	require.EqualValues(t, 1_000_001, d.Price)
	require.EqualValues(t, 300_000, d.Paid)
	require.Equal(t, "Земельный участок площадью 1 200 м², № 15", d.Form.Object)
	require.Equal(t, []documents.ActResult{{Name: "Межевой план"}}, d.Form.Results)
	require.Equal(t, p.Person(synthetic.LoginEngineerMoscow).FullName(), d.Performer)
	require.Empty(t, d.PerformerMissing)
	require.False(t, d.Registration)

	d.Form.Results = append(d.Form.Results, documents.ActResult{Name: "Акт согласования", Details: "№ 3", Form: "PDF"})
	act := made(generateFrom(engineer, id, "/act", uuid.NewString(), d.Form))
	require.Equal(t, documents.Kind("act"), act.Kind)
	requireSays(t, docxText(t, engineer.Download(id, act.DOCX.ID)),
		"КР-7/26", "1 200 м²", "10 000,01", "3 000,00", "7 000,01", "Межевой план", "Акт согласования", "№ 3", "файлами через Платформу",
		p.Person(synthetic.LoginCustomer).FullName(), p.Person(synthetic.LoginEngineerMoscow).FullName())
	kinds := map[documents.Kind]uuid.UUID{}
	for _, one := range current(engineer, id) {
		kinds[one.Kind] = one.ID
	}
	require.Equal(t, act.ID, kinds["act"])
	require.Contains(t, kinds, documents.Kind("contract"))
	require.Equal(t, problems.FileNotFound, customer.Do(http.MethodGet, contentAt(id, act.PDF.ID), nil).Problem().Code, "a draft is its author's")

	submitWith(engineer, id, act)
	require.Equal(t, engineer.Download(id, act.PDF.ID), customer.Download(id, act.PDF.ID))
	customer.RequireApplied(id, order.ConfirmReceipt, nil)
	signature := customer.Sign(id, fileOf(act.PDF))
	customer.RequireApplied(id, order.AcceptResults, apitest.Object{"details": apitest.Object{"act": act.PDF.SHA256, "signature": apitest.Ref(signature)}})
	require.Equal(t, order.Payment, customer.Card(id).Stage.Code)
}

// A contract that the performer wrote himself is named by what the platform knows of it.
func TestActOfOwnContract(t *testing.T) {
	acceptance.Covers(t, "R-GEN-3")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 0)
	form := actDefaults(engineer, id).Form
	require.Equal(t, engineer.Card(id).Number, form.ContractNumber)
	require.Equal(t, time.Now().In(order.Moscow).Format(time.DateOnly), form.ContractDate, "the day of the customer's signature")
	form.Object, form.ContractNumber = "Земельный участок", "Д-5"
	requireSays(t, docxText(t, engineer.Download(id, made(generateFrom(engineer, id, "/act", uuid.NewString(), form)).DOCX.ID)),
		"Д-5", "1 000,00", "Образование земельного участка")
}

// A person who repeats his request gets one act; another form needs another key.
func TestRepeatedRequestMakesOneAct(t *testing.T) {
	acceptance.Covers(t, "R-GEN-3")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracted(customer, engineer, nil)
	key, form := uuid.NewString(), actDefaults(engineer, id).Form
	first := made(generateFrom(engineer, id, "/act", key, form))
	require.Equal(t, first, made(generateFrom(engineer, id, "/act", key, form)))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from generated_documents where kind = 'act'`))
	submitWith(engineer, id, first)
	require.Equal(t, first, made(generateFrom(engineer, id, "/act", key, form)), "also when the order has moved on")
	form.Number = "2"
	require.Equal(t, problems.KeyReused, generateFrom(engineer, id, "/act", key, form).Problem().Code)
	require.Equal(t, string(order.CodeStage), generateFrom(engineer, id, "/act", uuid.NewString(), form).Problem().Code)
}

// Whatever cannot stand in the act is refused at its field before anything is stored.
func TestActIsRefusedAtItsFields(t *testing.T) {
	acceptance.Covers(t, "R-GEN-3")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracted(customer, engineer, nil)
	for field, change := range map[string]func(f *documents.ActForm){
		"number":             func(f *documents.ActForm) { f.Number = "" },
		"place":              func(f *documents.ActForm) { f.Place = "" },
		"contractNumber":     func(f *documents.ActForm) { f.ContractNumber = "" },
		"contractDate":       func(f *documents.ActForm) { f.ContractDate = "2999-01-01" },
		"basis":              func(f *documents.ActForm) { f.Basis = "" },
		"representativeName": func(f *documents.ActForm) { f.Representative = true },
		"object":             func(f *documents.ActForm) { f.Object = "" },
		"delivery":           func(f *documents.ActForm) { f.Delivery = "" },
		"results":            func(f *documents.ActForm) { f.Results = []documents.ActResult{{Details: "№ 1"}} },
		"registrationNumber": func(f *documents.ActForm) { f.RegistrationNumber = "КУВД-001/2026-1" },
	} {
		form := actDefaults(engineer, id).Form
		change(&form)
		said := generateFrom(engineer, id, "/act", uuid.NewString(), form).Problem()
		require.Equal(t, problems.Validation, said.Code, field)
		require.Equal(t, []string{field}, apitest.Fields(said))
		require.NotEmpty(t, said.Errors[0].Message)
	}
	form := actDefaults(engineer, id).Form
	form.Results = []documents.ActResult{}
	require.Equal(t, []string{"results"}, apitest.Fields(generateFrom(engineer, id, "/act", uuid.NewString(), form).Problem()))
	require.Zero(t, apitest.Value[int](p, `select count(*) from generated_documents where kind = 'act'`))
}

// Only the performer makes the act; with ГКУ/ГРП in the contract he makes it of its outcome, when he
// sends that.
func TestActComesWithTheOutcomeOfRegistration(t *testing.T) {
	acceptance.Covers(t, "R-WORK-4", "S-20")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracted(customer, engineer, withRegistration)
	require.Equal(t, string(order.CodeActNotNow), engineer.Do(http.MethodGet, generatedAt(id)+"/act", nil).Problem().Code)
	require.Equal(t, problems.WrongRole, customer.Do(http.MethodGet, generatedAt(id)+"/act", nil).Problem().Code)
	require.Equal(t, http.StatusNotFound, p.Engineer(synthetic.LoginEmployeeFirst).Do(http.MethodGet, generatedAt(id)+"/act", nil).Status)

	engineer.RequireApplied(id, order.SubmitResults, apitest.Object{
		"details": apitest.Object{"way": "physical"}, "text": apitest.Object{"note": "Передано лично"},
	})
	customer.RequireApplied(id, order.ConfirmReceipt, nil)
	customer.RequireApplied(id, order.AcceptResults, apitest.Object{"details": apitest.Object{}})
	d := actDefaults(engineer, id)
	require.True(t, d.Registration)
	require.Equal(t, "лично, вне Платформы", d.Form.Delivery)
	require.Equal(t, []string{"registrationDescription", "registrationNumber", "registrationDate"},
		apitest.Fields(generateFrom(engineer, id, "/act", uuid.NewString(), d.Form).Problem()))
	d.Form.RegistrationDescription, d.Form.RegistrationNumber, d.Form.RegistrationDate = "учтён земельный участок", "КУВД-001/2026-12345", "2026-11-20"
	act := made(generateFrom(engineer, id, "/act", uuid.NewString(), d.Form))
	requireSays(t, docxText(t, engineer.Download(id, act.DOCX.ID)), "учтён земельный участок", "КУВД-001/2026-12345", "20 ноября 2026 г.")

	extract := engineer.Upload(id, "выписка.pdf", apitest.PDF("выписка"))
	engineer.RequireApplied(id, order.SubmitFinal, apitest.Object{"details": apitest.Object{"files": []any{apitest.Ref(extract)}, "act": signedAct(engineer, id, act)}})
	customer.RequireApplied(id, order.ReturnAct, apitest.Object{"text": apitest.Object{"note": "Уточните номер записи"}})
	d.Form.RegistrationNumber = "77:01:0001001:12-77/051/2026-1"
	again := made(generateFrom(engineer, id, "/act", uuid.NewString(), d.Form))
	engineer.RequireApplied(id, order.SendAct, apitest.Object{"details": apitest.Object{"act": signedAct(engineer, id, again)}})
	customer.RequireApplied(id, order.SignAct, apitest.Object{"details": apitest.Object{
		"act": again.PDF.SHA256, "signature": apitest.Ref(customer.Sign(id, fileOf(again.PDF))),
	}})
}
