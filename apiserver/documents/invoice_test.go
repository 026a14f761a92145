package documents_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/documents"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

const (
	prepaymentInvoice = "/prepayment-invoice"
	finalInvoice      = "/invoice"
)

func invoiceDefaults(b *apitest.Browser, id uuid.UUID, document string) (d documents.InvoiceDefaults) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, generatedAt(id)+document, nil).OK().Into(&d)
	return d
}

func paymentAt(id uuid.UUID) string { return "/api/orders/" + id.String() + "/payment" }

func paymentOf(b *apitest.Browser, id uuid.UUID) (d documents.PaymentDetails) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, paymentAt(id), nil).OK().Into(&d)
	return d
}

// fieldsOfCode returns the fields of a payload by their names.
func fieldsOfCode(t *testing.T, payload string) map[string]string {
	t.Helper()
	require.True(t, strings.HasPrefix(payload, "ST00012"), payload)
	fields := map[string]string{}
	for _, field := range strings.Split(payload[8:], payload[7:8]) {
		name, value, found := strings.Cut(field, "=")
		require.True(t, found, field)
		fields[name] = value
	}
	return fields
}

// codeInPDF returns what a reader of QR codes finds on the pages of a PDF.
func codeInPDF(t *testing.T, content []byte) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "счет.pdf")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	out, err := exec.Command("pdftoppm", "-r", "200", "-png", file, filepath.Join(dir, "page")).CombinedOutput()
	require.NoError(t, err, string(out))
	pages, err := filepath.Glob(filepath.Join(dir, "page*.png"))
	require.NoError(t, err)
	return codeIn(t, pages...)
}

// codeIn returns what a reader of QR codes finds in pictures.
func codeIn(t *testing.T, files ...string) string {
	t.Helper()
	read, err := exec.Command("zbarimg", append([]string{"--raw", "-q", "-Sbinary"}, files...)...).Output()
	require.NoError(t, err, "the tests need the package zbar-tools")
	return string(read)
}

func requireCode(t *testing.T, payload string, sum int, purpose string, d documents.PaymentDetails) {
	t.Helper()
	fields := fieldsOfCode(t, payload)
	require.Equal(t, fmt.Sprint(sum), fields["Sum"])
	require.Equal(t, purpose, fields["Purpose"])
	values := map[string]string{}
	for _, r := range d.Requisites {
		values[r.Name] = r.Value
	}
	require.Equal(t, values["Получатель"], fields["Name"])
	require.Equal(t, values["Расчетный счет"], fields["PersonalAcc"])
	require.Equal(t, values["БИК"], fields["BIC"])
	require.Equal(t, values["Корр. счет"], fields["CorrespAcc"])
	require.Equal(t, values["ИНН"], fields["PayeeINN"])
	require.True(t, strings.HasPrefix(values["Банк получателя"], fields["BankName"]), fields["BankName"])
}

// Both invoices are made for the amounts of the contract, with a QR code that a bank's app reads; they are
// sent as files, and the customer gets the same code and requisites on the page.
func TestInvoicesOfBothPayments(t *testing.T) {
	acceptance.Covers(t, "R-PREP-1", "R-PREP-3", "C-8", "S-1")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracted(customer, engineer, withAdvance)
	number := engineer.Card(id).Number

	before := paymentOf(customer, id)
	require.EqualValues(t, 300_000, before.Sum, "also before the invoice has come")
	require.Empty(t, before.Missing)
	d := invoiceDefaults(engineer, id, prepaymentInvoice)
	require.EqualValues(t, 300_000, d.Sum)
	require.Empty(t, d.CodeProblem)
	require.Equal(t, number+"-1", d.Form.Number)
	require.True(t, strings.HasPrefix(d.Form.Purpose, "Аванс по договору № КР-7/26 от "), d.Form.Purpose)
	require.Equal(t, d.Form.Purpose, before.Purpose)
	d.Form.Purpose = "Аванс 30 %, участок № 15. НДС не облагается"
	invoice := made(generateFrom(engineer, id, prepaymentInvoice, uuid.NewString(), d.Form))
	require.Equal(t, documents.Kind("prepayment-invoice"), invoice.Kind)
	requireSays(t, docxText(t, engineer.Download(id, invoice.DOCX.ID)),
		"Аванс 30 %", "3 000,00", "Три тысячи рублей 00 копеек", "КР-7/26", p.Person(synthetic.LoginCustomer).FullName(), "ИП "+p.Person(synthetic.LoginEngineerMoscow).FullName())
	engineer.RequireApplied(id, order.SendPrepaymentInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(fileOf(invoice.PDF))}})

	pay := paymentOf(customer, id)
	require.Equal(t, documents.Kind("prepayment-invoice"), pay.Kind)
	requireCode(t, string(pay.Code.Payload), 300_000, d.Form.Purpose, pay)
	require.Contains(t, pay.Code.SVG, "<title>QR-код для оплаты</title>")
	picture := filepath.Join(t.TempDir(), "код.png")
	require.NoError(t, os.WriteFile(picture, pay.Code.PNG, 0o600))
	require.Equal(t, string(pay.Code.Payload), codeIn(t, picture))
	require.Equal(t, string(pay.Code.Payload), codeInPDF(t, customer.Download(id, invoice.PDF.ID)))

	receipt := customer.Upload(id, "платёж.pdf", apitest.PDF("платёж"))
	customer.RequireApplied(id, order.ReportPrepayment, apitest.Object{"details": apitest.Object{"file": apitest.Ref(receipt)}})
	engineer.RequireApplied(id, order.ConfirmPrepayment, nil)
	require.Equal(t, string(order.CodeStage), engineer.Do(http.MethodGet, generatedAt(id)+prepaymentInvoice, nil).Problem().Code)
	require.Equal(t, string(order.CodeStage), customer.Do(http.MethodGet, paymentAt(id), nil).Problem().Code)

	final := invoiceDefaults(engineer, id, finalInvoice)
	require.EqualValues(t, 700_001, final.Sum)
	require.Equal(t, number+"-2", final.Form.Number)
	bill := made(generateFrom(engineer, id, finalInvoice, uuid.NewString(), final.Form))
	act := made(generateFrom(engineer, id, "/act", uuid.NewString(), actDefaults(engineer, id).Form))
	kinds := []documents.Kind{}
	for _, one := range current(engineer, id) {
		kinds = append(kinds, one.Kind)
	}
	require.ElementsMatch(t, []documents.Kind{"contract", "act", "prepayment-invoice", "invoice"}, kinds)
	engineer.RequireApplied(id, order.SubmitResults, apitest.Object{
		"details": apitest.Object{"way": "physical", "act": signedAct(engineer, id, act), "invoice": apitest.Object{"file": apitest.Ref(fileOf(bill.PDF))}},
		"text":    apitest.Object{"note": "Передано лично"},
	})
	customer.RequireApplied(id, order.ConfirmReceipt, nil)
	signature := customer.Sign(id, fileOf(act.PDF))
	customer.RequireApplied(id, order.AcceptResults, apitest.Object{"details": apitest.Object{"act": act.PDF.SHA256, "signature": apitest.Ref(signature)}})
	rest := paymentOf(customer, id)
	require.Equal(t, documents.Kind("invoice"), rest.Kind)
	requireCode(t, string(rest.Code.Payload), 700_001, final.Form.Purpose, rest)
	require.Equal(t, string(rest.Code.Payload), codeInPDF(t, customer.Download(id, bill.PDF.ID)))

	again := invoiceDefaults(engineer, id, finalInvoice).Form
	again.Number = "17"
	second := made(generateFrom(engineer, id, finalInvoice, uuid.NewString(), again))
	engineer.RequireApplied(id, order.SendInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(fileOf(second.PDF))}})
}

// Whatever cannot stand in an invoice is refused at its field; a repeated request makes one.
func TestInvoiceIsRefusedAtItsFields(t *testing.T) {
	acceptance.Covers(t, "R-PREP-1", "S-4")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracted(customer, engineer, withAdvance)
	require.Equal(t, string(order.CodeStage), engineer.Do(http.MethodGet, generatedAt(id)+finalInvoice, nil).Problem().Code)
	require.Equal(t, problems.WrongRole, customer.Do(http.MethodGet, generatedAt(id)+prepaymentInvoice, nil).Problem().Code)
	require.Equal(t, problems.WrongRole, engineer.Do(http.MethodGet, paymentAt(id), nil).Problem().Code)
	stranger := p.Customer(synthetic.LoginSecondCustomer)
	require.Equal(t, http.StatusNotFound, stranger.Do(http.MethodGet, paymentAt(id), nil).Status)
	for field, change := range map[string]func(f *documents.InvoiceForm){
		"number":         func(f *documents.InvoiceForm) { f.Number = "" },
		"contractNumber": func(f *documents.InvoiceForm) { f.ContractNumber = "" },
		"validUntil":     func(f *documents.InvoiceForm) { f.ValidUntil = "2020-01-01" },
		"purpose":        func(f *documents.InvoiceForm) { f.Purpose = "" },
	} {
		form := invoiceDefaults(engineer, id, prepaymentInvoice).Form
		change(&form)
		said := generateFrom(engineer, id, prepaymentInvoice, uuid.NewString(), form).Problem()
		require.Equal(t, problems.Validation, said.Code, field)
		require.Equal(t, []string{field}, apitest.Fields(said))
	}
	require.Zero(t, apitest.Value[int](p, `select count(*) from generated_documents where kind = 'prepayment-invoice'`))
	key, form := uuid.NewString(), invoiceDefaults(engineer, id, prepaymentInvoice).Form
	first := made(generateFrom(engineer, id, prepaymentInvoice, key, form))
	require.Equal(t, first, made(generateFrom(engineer, id, prepaymentInvoice, key, form)))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from generated_documents where kind = 'prepayment-invoice'`))
}

// Missing requisites are named to both sides instead of a code; those that do not fit the standard leave
// the requisites as text.
func TestPaymentWithoutACode(t *testing.T) {
	acceptance.Covers(t, "R-PREP-3", "C-8")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracted(customer, engineer, withAdvance)
	p.Exec(`update requisites set bank_name = repeat('Банк ', 20) where engineer_id is not null`)
	require.NotNil(t, paymentOf(customer, id).Code, "the name of the bank is shortened")
	p.Exec(`update engineers set own_name = repeat('Константинопольский ', 9)`)
	long := paymentOf(customer, id)
	require.Nil(t, long.Code)
	require.Contains(t, long.Problem, "Наименование получателя")
	require.NotEmpty(t, long.Requisites)
	require.Equal(t, long.Problem, invoiceDefaults(engineer, id, prepaymentInvoice).CodeProblem)

	p.Exec(`delete from requisites where engineer_id is not null`)
	d := paymentOf(customer, id)
	require.Equal(t, []wire.Missing{"bank"}, d.Missing)
	require.Nil(t, d.Code)
	require.EqualValues(t, 300_000, d.Sum)
	form := invoiceDefaults(engineer, id, prepaymentInvoice)
	require.Equal(t, []wire.Missing{"bank"}, form.PerformerMissing)
	require.Equal(t, []string{"performer"}, apitest.Fields(generateFrom(engineer, id, prepaymentInvoice, uuid.NewString(), form.Form).Problem()))
}

// An advance of the whole price leaves nothing to invoice.
func TestNothingIsLeftToInvoice(t *testing.T) {
	acceptance.Covers(t, "S-4")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := contracted(customer, engineer, func(f *documents.ContractForm) { f.AdvanceBasisPoints, f.Advance = 10_000, f.Price })
	require.EqualValues(t, 1_000_001, paymentOf(customer, id).Sum)
	engineer.RequireApplied(id, order.ConfirmPrepayment, nil)
	require.Equal(t, string(order.CodeNothingToPay), engineer.Do(http.MethodGet, generatedAt(id)+finalInvoice, nil).Problem().Code)
	require.EqualValues(t, 1_000_001, actDefaults(engineer, id).Paid)
}
