package documents_test

import (
	"archive/zip"
	"bytes"
	"html"
	"io"
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
	"epkr/apiserver/httpapi/wire"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/requisites"
)

func generatedAt(id uuid.UUID) string { return "/api/orders/" + id.String() + "/generated" }

// contracting brings an order to «Подписание договора».
func contracting(customer, engineer *apitest.Browser) uuid.UUID {
	customer.Platform.T.Helper()
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1_000_001, "termDays": 20}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	return id
}

func defaultsOf(b *apitest.Browser, id uuid.UUID) (d documents.ContractDefaults) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, generatedAt(id)+"/contract", nil).OK().Into(&d)
	return d
}

// filled returns the defaults with what the performer must type.
func filled(b *apitest.Browser, id uuid.UUID) documents.ContractForm {
	b.Platform.T.Helper()
	form := defaultsOf(b, id).Form
	form.Object = "Земельный участок площадью 1 200 м², № 15"
	return form
}

func generate(b *apitest.Browser, id uuid.UUID, key string, form documents.ContractForm, withdraw bool) apitest.Answer {
	b.Platform.T.Helper()
	return b.PostUntilDecided(key, generatedAt(id)+"/contract", apitest.Object{"form": form, "withdrawSent": withdraw})
}

func made(a apitest.Answer) documents.GeneratedDocument {
	a.T.Helper()
	var out struct{ Document documents.GeneratedDocument }
	a.OK().Into(&out)
	require.Equal(a.T, documents.Status("ready"), out.Document.Status, out.Document.Problem)
	return out.Document
}

func current(b *apitest.Browser, id uuid.UUID) []documents.GeneratedDocument {
	b.Platform.T.Helper()
	var out struct{ Items []documents.GeneratedDocument }
	b.Do(http.MethodGet, generatedAt(id), nil).OK().Into(&out)
	return out.Items
}

func contentAt(id, file uuid.UUID) string {
	return apitest.FilePath(id, files.File{ID: file}) + "/content"
}

// docxText returns the XML of a DOCX file.
func docxText(t *testing.T, content []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	body, err := archive.Open("word/document.xml")
	require.NoError(t, err)
	defer body.Close()
	text, err := io.ReadAll(body)
	require.NoError(t, err)
	return html.UnescapeString(strings.ReplaceAll(string(text), "\u00a0", " "))
}

func sendContract(b *apitest.Browser, id uuid.UUID, d documents.GeneratedDocument) {
	b.Platform.T.Helper()
	signature := b.Sign(id, files.File{ID: d.PDF.ID, Name: d.PDF.Name, SHA256: d.PDF.SHA256})
	b.RequireApplied(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Object{"id": d.PDF.ID, "sha256": d.PDF.SHA256}, "signature": apitest.Ref(signature), "price": d.Contract.Price,
		"advanceBasisPoints": d.Contract.AdvanceBasisPoints, "advance": d.Contract.Advance, "termDate": d.Contract.TermDate, "registration": d.Contract.Registration,
	}})
}

// The form comes filled in, the contract is made of it in both formats, only its author sees it until
// he sends it, and then the customer reads the same bytes.
func TestContractIsMadeOfWhatThePlatformKnows(t *testing.T) {
	acceptance.Covers(t, "R-GEN-3", "R-CONTR-1", "R-CONTR-2", "R-CONTR-5", "R-CONTR-8", "R-CONTR-14")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracting(customer, engineer)
	d := defaultsOf(engineer, id)
	require.Equal(t, p.Person(synthetic.LoginEngineerMoscow).FullName(), d.Performer)
	require.Empty(t, d.PerformerMissing)
	require.Empty(t, d.CustomerMissing)
	require.EqualValues(t, 1_000_001, d.Form.Price, "the price of the response")
	require.Equal(t, time.Now().In(order.Moscow).AddDate(0, 0, 20).Format(time.DateOnly), d.Form.TermDate)
	require.NotEmpty(t, d.Form.Email)
	require.NotEmpty(t, d.Form.Phone)
	require.NotEmpty(t, d.Form.Basis)

	form := filled(engineer, id)
	form.AdvanceBasisPoints, form.Advance = 3000, 300_000
	contract := made(generate(engineer, id, uuid.NewString(), form, false))
	require.EqualValues(t, 1_000_001, contract.Contract.Price)
	require.Equal(t, []documents.GeneratedDocument{contract}, current(engineer, id))
	pdf, docx := engineer.Download(id, contract.PDF.ID), engineer.Download(id, contract.DOCX.ID)
	require.Equal(t, contract.PDF.SHA256, apitest.HexSum(pdf))
	require.True(t, bytes.HasPrefix(pdf, []byte("%PDF-")))
	text := docxText(t, docx)
	for _, said := range []string{
		p.Person(synthetic.LoginCustomer).FullName(), p.Person(synthetic.LoginEngineerMoscow).FullName(), "1 200 м²", "10 000,01", "3 000,00", "7 000,01",
	} {
		require.True(t, strings.Contains(text, said), said)
	}

	require.Equal(t, problems.FileNotFound, customer.Do(http.MethodGet, contentAt(id, contract.PDF.ID), nil).Problem().Code, "a draft is its author's")
	require.Equal(t, problems.FileNotFound, customer.Do(http.MethodGet, contentAt(id, contract.DOCX.ID), nil).Problem().Code)
	var loose struct{ Items []files.File }
	customer.Do(http.MethodGet, "/api/orders/"+id.String()+"/files", nil).OK().Into(&loose)
	require.Empty(t, loose.Items)
	require.Equal(t, problems.FileInUse, engineer.Do(http.MethodDelete, apitest.FilePath(id, files.File{ID: contract.PDF.ID}), nil).Problem().Code)

	sendContract(engineer, id, contract)
	require.Equal(t, pdf, customer.Download(id, contract.PDF.ID))
	require.Equal(t, docx, customer.Download(id, contract.DOCX.ID))
	shown := customer.Card(id).Documents
	require.Equal(t, &contract.DOCX.ID, shown[len(shown)-2].DOCX, "beside the contract, before its signature")
	require.Nil(t, shown[len(shown)-1].DOCX)
}

// The form of the last contract awaits its author wherever he signs in; one that was refused does not
// replace it. Nobody else reads it.
func TestFormOfTheLastContractAwaitsItsAuthor(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-2", "R-GEN-3")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracting(customer, engineer)
	form := filled(engineer, id)
	require.Nil(t, defaultsOf(engineer, id).Last)

	attachment := engineer.Upload(id, "Задание.pdf", []byte("%PDF-1.4\nЗадание"))
	form.Attachment = &order.FileRef{ID: attachment.ID.String(), SHA256: attachment.SHA256}
	form.Number, form.Result, form.Phone = "КР-7/26", "Межевой план, два экземпляра", "8 (900) 111-22-33"
	form.AdvanceBasisPoints, form.Advance, form.SilentAcceptance = 3000, 300_000, true
	made(generate(engineer, id, uuid.NewString(), form, false))
	refused := form
	refused.Object = ""
	require.Equal(t, http.StatusUnprocessableEntity, generate(engineer, id, uuid.NewString(), refused, false).Status)

	elsewhere := p.Engineer(synthetic.LoginEngineerMoscow)
	d := defaultsOf(elsewhere, id)
	require.Equal(t, &form, d.Last)
	require.Equal(t, &documents.GeneratedFile{ID: attachment.ID, Name: "Задание.pdf", Size: attachment.Size, SHA256: attachment.SHA256}, d.LastAttachment)
	require.NotEqual(t, form.Number, d.Form.Number, "what the platform fills in stays")
	form.Number, form.Attachment = "КР-8/26", nil
	made(generate(elsewhere, id, uuid.NewString(), form, false))
	d = defaultsOf(engineer, id)
	require.Equal(t, &form, d.Last, "the newest")
	require.Nil(t, d.LastAttachment)

	for _, address := range []string{generatedAt(id), generatedAt(id) + "/contract"} {
		require.Equal(t, problems.WrongRole, customer.Do(http.MethodGet, address, nil).Problem().Code)
		require.Equal(t, problems.OrderNotFound, p.Engineer(synthetic.LoginEmployeeFirst).Do(http.MethodGet, address, nil).Problem().Code)
	}
	require.NotContains(t, string(customer.Do(http.MethodGet, "/api/orders/"+id.String(), nil).OK().Body), "КР-8/26")

	p.Exec(`update generated_documents set form = null`)
	require.Nil(t, defaultsOf(engineer, id).Last, "a document from before forms were kept")
}

// The form of a contract that was made for an earlier choice does not come back with a new one: its
// conditions are not agreed any more.
func TestFormOfAnEarlierChoiceDoesNotComeBack(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-2", "S-13")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracting(customer, engineer)
	made(generate(engineer, id, uuid.NewString(), filled(engineer, id), false))
	require.NotNil(t, defaultsOf(engineer, id).Last)
	customer.RequireApplied(id, order.DismissEngineer, nil)
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 2_000_002, "termDays": 20}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	d := defaultsOf(engineer, id)
	require.Nil(t, d.Last)
	require.EqualValues(t, 2_000_002, d.Form.Price)
}

// A person who repeats his request gets one document; another form needs another key.
func TestRepeatedRequestMakesOneContract(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-4")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracting(customer, engineer)
	key, form := uuid.NewString(), filled(engineer, id)
	first := made(generate(engineer, id, key, form, false))
	require.Equal(t, first, made(generate(engineer, id, key, form, false)))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from generated_documents`))
	require.Equal(t, 2, apitest.Value[int](p, `select count(*) from files where order_id = $1`, id))
	form.Result = "Карта-план"
	require.Equal(t, problems.KeyReused, generate(engineer, id, key, form, false).Problem().Code)
	second := made(generate(engineer, id, uuid.NewString(), form, false))
	require.Equal(t, []documents.GeneratedDocument{second}, current(engineer, id), "the newest is the current one")
}

// Whatever cannot stand in the contract is refused at its field before anything is stored.
func TestContractIsRefusedAtItsFields(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-2", "R-CONTR-3", "S-4")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracting(customer, engineer)
	stranger := customer.Upload(id, "чужой.pdf", apitest.PDF("чужой"))
	for field, change := range map[string]func(f *documents.ContractForm){
		"basis":              func(f *documents.ContractForm) { f.Basis = "" },
		"object":             func(f *documents.ContractForm) { f.Object = "" },
		"email":              func(f *documents.ContractForm) { f.Email = "" },
		"phone":              func(f *documents.ContractForm) { f.Phone = "12" },
		"termDate":           func(f *documents.ContractForm) { f.TermDate = "2020-01-01" },
		"price":              func(f *documents.ContractForm) { f.Price = 0 },
		"advance":            func(f *documents.ContractForm) { f.AdvanceBasisPoints, f.Advance = 3000, 300_001 },
		"prepaymentDays":     func(f *documents.ContractForm) { f.AdvanceBasisPoints, f.Advance, f.PrepaymentDays = 3000, 300_000, 0 },
		"representativeName": func(f *documents.ContractForm) { f.Representative = true },
		"attachment": func(f *documents.ContractForm) {
			f.Attachment = &order.FileRef{ID: stranger.ID.String(), SHA256: stranger.SHA256}
		},
	} {
		form := filled(engineer, id)
		change(&form)
		said := generate(engineer, id, uuid.NewString(), form, false).Problem()
		require.Equal(t, problems.Validation, said.Code, field)
		require.Equal(t, []string{field}, apitest.Fields(said))
		require.NotEmpty(t, said.Errors[0].Message)
	}
	form := filled(engineer, id)
	form.Object = "Участок 㐀"
	require.Contains(t, generate(engineer, id, uuid.NewString(), form, false).Problem().Errors[0].Message, "«㐀»")

	p.Exec(`delete from requisites where engineer_id is not null`)
	require.Equal(t, []wire.Missing{"bank"}, defaultsOf(engineer, id).PerformerMissing)
	said := generate(engineer, id, uuid.NewString(), filled(engineer, id), false).Problem()
	require.Equal(t, []string{"performer"}, apitest.Fields(said))
	require.Zero(t, apitest.Value[int](p, `select count(*) from generated_documents`))
}

// A file that the performer attaches goes with the contract to the customer.
func TestAttachmentGoesWithTheContract(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-2")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracting(customer, engineer)
	plan := engineer.Upload(id, "задание.pdf", apitest.PDF("задание"))
	form := filled(engineer, id)
	form.Attachment = &order.FileRef{ID: plan.ID.String(), SHA256: plan.SHA256}
	contract := made(generate(engineer, id, uuid.NewString(), form, false))
	require.Equal(t, "задание.pdf", contract.Attachment)
	require.True(t, strings.Contains(docxText(t, engineer.Download(id, contract.DOCX.ID)), plan.SHA256))
	require.Equal(t, http.StatusNotFound, customer.Do(http.MethodGet, contentAt(id, plan.ID), nil).Status)
	sendContract(engineer, id, contract)
	require.Equal(t, apitest.PDF("задание"), customer.Download(id, plan.ID))
}

// A new contract takes back the one that was sent, only if its author agrees and never once the
// customer has signed.
func TestNewContractWithdrawsTheSentOne(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-4")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracting(customer, engineer)
	first := made(generate(engineer, id, uuid.NewString(), filled(engineer, id), false))
	require.False(t, defaultsOf(engineer, id).Sent)
	sendContract(engineer, id, first)
	require.True(t, defaultsOf(engineer, id).Sent)
	require.Equal(t, string(order.CodeContractSent), generate(engineer, id, uuid.NewString(), filled(engineer, id), false).Problem().Code)
	require.NotNil(t, customer.Card(id).Contract)

	broken := filled(engineer, id)
	broken.Basis = ""
	require.Equal(t, problems.Validation, generate(engineer, id, uuid.NewString(), broken, true).Problem().Code)
	require.NotNil(t, customer.Card(id).Contract, "a refused form withdraws nothing")
	key, form := uuid.NewString(), filled(engineer, id)
	form.Result = "Технический план"
	second := made(generate(engineer, id, key, form, true))
	require.Nil(t, customer.Card(id).Contract)
	require.Equal(t, second, made(generate(engineer, id, key, form, true)))

	sendContract(engineer, id, second)
	signature := customer.Sign(id, files.File{ID: second.PDF.ID, Name: second.PDF.Name, SHA256: second.PDF.SHA256})
	customer.RequireApplied(id, order.SignContract, apitest.Object{"details": apitest.Object{"contract": second.PDF.SHA256, "signature": apitest.Ref(signature)}})
	require.Equal(t, http.StatusConflict, generate(engineer, id, uuid.NewString(), form, true).Status)
	require.NotNil(t, customer.Card(id).Contract)
}

// Organisations contract by people who act for them, whom the form names.
func TestContractOfOrganisations(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-3")
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	engineer := p.Engineer(synthetic.LoginEmployeeFirst)
	id := contracting(customer, engineer)
	d := defaultsOf(engineer, id)
	require.Equal(t, order.OrganisationKind, d.PerformerKind)
	require.Equal(t, []wire.Missing{"inn", "kpp", "address", "bank"}, d.CustomerMissing)
	require.True(t, d.Form.Representative)
	form := filled(engineer, id)
	form.RepresentativeName, form.CustomerRepresentative = "Королёв Пётр Сергеевич", "Белых Анна Юрьевна"
	require.Equal(t, []string{"customer"}, apitest.Fields(generate(engineer, id, uuid.NewString(), form, false).Problem()))

	p.Exec(`update parties set inn = '7707083893', kpp = '773601001', address = 'г. Москва, ул. Лесная, д. 2' where id = $1`, *apitest.WhoAmI(customer).Party)
	const bic = "044525225"
	customer.Do(http.MethodPut, "/api/requisites", apitest.Object{
		"version": 0, "inn": "", "kpp": "", "address": "", "bic": bic, "bankName": "",
		"account": requisites.CompleteAccount("40702810000000000001", bic), "correspondentAccount": "",
	}).OK()
	require.Empty(t, defaultsOf(engineer, id).CustomerMissing)
	for field, change := range map[string]func(f *documents.ContractForm){
		"representativeName":     func(f *documents.ContractForm) { f.RepresentativeName = "" },
		"customerRepresentative": func(f *documents.ContractForm) { f.CustomerRepresentative = "" },
		"customerBasis":          func(f *documents.ContractForm) { f.CustomerBasis = "" },
	} {
		broken := form
		change(&broken)
		require.Equal(t, []string{field}, apitest.Fields(generate(engineer, id, uuid.NewString(), broken, false).Problem()))
	}
	text := docxText(t, engineer.Download(id, made(generate(engineer, id, uuid.NewString(), form, false)).DOCX.ID))
	for _, said := range []string{d.Performer, d.Customer, form.RepresentativeName, form.CustomerRepresentative} {
		require.True(t, strings.Contains(text, said), said)
	}
}

// A contract that the platform made is not sent with other conditions than it has; the same file with
// its own conditions, and the sender's own file with any, are.
func TestGeneratedContractIsSentWithItsOwnConditions(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-8")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracting(customer, engineer)
	contract := made(generate(engineer, id, uuid.NewString(), filled(engineer, id), false))
	details := func(file files.File, price order.Kopecks) apitest.Object {
		return apitest.Object{"details": apitest.Object{
			"file": apitest.Ref(file), "signature": apitest.Ref(engineer.Sign(id, file)), "price": price, "advanceBasisPoints": 0, "advance": 0,
			"termDate": contract.Contract.TermDate, "registration": contract.Contract.Registration,
		}}
	}
	refused := engineer.RequireRefused(order.CodeOtherConditions, id, order.SendContract, details(fileOf(contract.PDF), 900_000))
	require.Contains(t, refused.Detail, "В файле договора цена 10 000,01 ₽, в сообщении 9 000,00 ₽.")
	require.Nil(t, customer.Card(id).Contract)

	engineer.RequireApplied(id, order.SendContract, details(fileOf(contract.PDF), 1_000_001))
	engineer.RequireApplied(id, order.WithdrawContract, nil)
	engineer.RequireApplied(id, order.SendContract, details(engineer.Upload(id, "свой.pdf", apitest.PDF("свой")), 900_000))
}
