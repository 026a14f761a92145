package documents

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/internal/document/forms"
	"epkr/internal/document/generated"
	"epkr/internal/order"
	"epkr/internal/paymentqr"
)

// InvoiceForm is what the performer may change in an invoice. Empty texts are absent. The sum is that of
// the contract.
type InvoiceForm struct {
	Number string `json:"number" format:"line" maxLength:"60" doc:"Номер счета"`
	ContractReference
	ValidUntil             string `json:"validUntil,omitempty" format:"date" doc:"До какого дня счет действителен; нет — без срока"`
	Purpose                string `json:"purpose" format:"line" maxLength:"210" doc:"Назначение платежа"`
	RepresentativeName     string `json:"representativeName" format:"line" maxLength:"200" doc:"ФИО представителя исполнителя; у организации обязательно"`
	RepresentativePosition string `json:"representativePosition" format:"line" maxLength:"200" doc:"Его должность"`
}

// invoiceFields are the fields of the form by the paths of the invoice.
var invoiceFields = func() map[string]string {
	fields := map[string]string{
		"Number": "number", "ValidUntil": "validUntil", "Purpose": "purpose", "Performer.Representative.Name": "representativeName",
		"Performer.Representative.Position": "representativePosition",
	}
	maps.Copy(fields, referenceFields)
	return fields
}()

// InvoiceDefaults is the form as the platform fills it in, and what it cannot fill in.
type InvoiceDefaults struct {
	Form InvoiceForm  `json:"form"`
	Last *InvoiceForm `json:"last,omitempty" doc:"Форма, из которой вы сформировали последний такой счет; нет, если не формировали"`
	OfParties
	Sum order.Kopecks `json:"sum" doc:"Сумма счета по договору в копейках"`
	// CodeProblem is why the invoice would have no QR code.
	CodeProblem string `json:"codeProblem,omitempty" doc:"Почему в счете не будет QR-кода; нет, если он будет"`
}

type invoiceDefaultsOutput struct{ Body InvoiceDefaults }

// bill is one of the two payments of an order.
type bill struct {
	kind generated.Kind
	// path is that of the operations, id the end of their ids, title the document.
	path, id, title string
	// sentBy are the messages that may bring its invoice, paidBy that by which the customer pays it.
	sentBy []order.Kind
	paidBy order.Kind
	// sum returns what is paid, item what for, purpose the same as the payer's bank gets it.
	sum           func(*order.Contract) order.Kopecks
	item, purpose func(*order.Contract) string
}

var prepayment = bill{
	kind: generated.PrepaymentInvoice, path: "/prepayment-invoice", id: "prepayment-invoice", title: "счет на предоплату",
	sentBy: []order.Kind{order.SendPrepaymentInvoice}, paidBy: order.ReportPrepayment,
	sum: func(c *order.Contract) order.Kopecks { return c.Advance },
	item: func(c *order.Contract) string {
		return "Аванс " + order.PercentText(c.AdvanceBasisPoints) + " за кадастровые работы"
	},
	purpose: func(*order.Contract) string { return "Аванс" },
}

var finalPayment = bill{
	kind: generated.Invoice, path: "/invoice", id: "invoice", title: "счет на оплату работ",
	sentBy: []order.Kind{order.SubmitResults, order.SubmitFinal, order.SendInvoice}, paidBy: order.ReportPayment,
	sum: func(c *order.Contract) order.Kopecks { return c.Remainder() },
	item: func(c *order.Contract) string {
		if c.Advance > 0 {
			return "Кадастровые работы, оставшаяся часть стоимости"
		}
		return "Кадастровые работы"
	},
	purpose: func(c *order.Contract) string {
		if c.Advance > 0 {
			return "Окончательная оплата"
		}
		return "Оплата"
	},
}

func (s *Service) registerInvoices() {
	for _, b := range []bill{prepayment, finalPayment} {
		httpapi.Register(s.HTTP, huma.Operation{
			OperationID: "get-" + b.id + "-form", Method: http.MethodGet, Path: path + b.path, Tags: []string{tag},
			Summary:     "Форма документа «" + b.title + "», заполненная по подписанному договору",
			Description: "Доступна, когда счет можно отправить. Сумма счета — по договору.",
			Errors:      []int{http.StatusNotFound, http.StatusConflict},
		}, httpapi.Engineers, func(ctx context.Context, in *orders.OrderPath) (*invoiceDefaultsOutput, error) {
			return s.invoiceForm(ctx, in.Order, b)
		})
		registerGenerate(s, "generate-"+b.id, b.path, "Сформировать "+b.title, func(ctx context.Context, in *generateInput[InvoiceForm]) (*documentOutput, error) {
			return s.generateInvoice(ctx, in, b)
		})
	}
}

// loadForInvoice reads an order for which the caller may send the invoice of a payment now.
func (s *Service) loadForInvoice(ctx context.Context, id uuid.UUID, b bill) (*signed, error) {
	o, err := s.loadSigned(ctx, id, b.sentBy...)
	if err == nil && b.sum(o.State.Contract) == 0 {
		return nil, problems.Refused(order.Refusal{Code: order.CodeNothingToPay, Reason: order.ReasonOf(order.CodeNothingToPay)})
	}
	return o, err
}

func (s *Service) invoiceForm(ctx context.Context, id uuid.UUID, b bill) (*invoiceDefaultsOutput, error) {
	o, err := s.loadForInvoice(ctx, id, b)
	if err != nil {
		return nil, err
	}
	last, _, err := lastForm[InvoiceForm](ctx, s, o.Visible, b.kind)
	if err != nil {
		return nil, err
	}
	f := o.invoiceDefaults(b)
	out := &invoiceDefaultsOutput{InvoiceDefaults{Form: f, Last: last, OfParties: ofParties(o.sides), Sum: b.sum(o.State.Contract)}}
	if len(o.sides.PerformerMissing) > 0 {
		return out, nil
	}
	invoice, err := o.invoice(f, b, s.Now())
	if err != nil {
		return nil, err
	}
	_, _, err = generated.PaymentCode(invoice)
	out.Body.CodeProblem, err = codeProblem(err)
	return out, err
}

// codeProblem returns why a payment has no QR code; the error is any other one.
func codeProblem(err error) (string, error) {
	if fault := (*paymentqr.Error)(nil); errors.As(err, &fault) {
		return fault.Message, nil
	}
	return "", err
}

// invoiceDefaults returns the form of an invoice as the platform fills it in.
func (o *signed) invoiceDefaults(b bill) InvoiceForm {
	number := o.Row.Number + "-1"
	if b.kind == generated.Invoice && o.State.Contract.Advance > 0 {
		number = o.Row.Number + "-2"
	}
	r := o.representation()
	return InvoiceForm{
		Number: number, ContractReference: o.named, RepresentativeName: r.RepresentativeName, RepresentativePosition: r.RepresentativePosition,
		Purpose: fmt.Sprintf("%s по договору № %s от %s, заказ № %s", b.purpose(o.State.Contract), o.named.ContractNumber, dotted(o.named.ContractDate), o.Row.Number),
	}
}

// dotted returns a date as payment documents have it, 01.12.2026.
func dotted(date string) string {
	parts := strings.Split(date, "-")
	if len(parts) != 3 {
		return date
	}
	return parts[2] + "." + parts[1] + "." + parts[0]
}

func (s *Service) generateInvoice(ctx context.Context, in *generateInput[InvoiceForm], b bill) (*documentOutput, error) {
	form := in.Body.Form
	return s.make(ctx, request{order: in.Order, kind: b.kind, key: in.Key, form: form}, func() (generated.Input, error) {
		o, err := s.loadForInvoice(ctx, in.Order, b)
		if err != nil {
			return generated.Input{}, err
		}
		invoice, err := o.invoice(form, b, s.Now())
		if err != nil {
			return generated.Input{}, err
		}
		input := generated.Input{Created: s.Now().UTC().Truncate(time.Second), Name: fileName("Счет", invoice.Number), Invoice: &invoice}
		return input, s.check(input, invoiceFields)
	})
}

// invoice returns the invoice of a checked form.
func (o *signed) invoice(f InvoiceForm, b bill, now time.Time) (i forms.Invoice, err error) {
	r := o.representation()
	r.Representative = f.RepresentativeName != ""
	r.RepresentativeName, r.RepresentativePosition = f.RepresentativeName, f.RepresentativePosition
	contract := o.State.Contract
	i = forms.Invoice{
		Parties: o.parties(r), Number: f.Number, Date: today(now), OrderNumber: o.Row.Number, Sum: b.sum(contract), Purpose: f.Purpose,
		Items: []forms.Item{{Name: b.item(contract) + ": " + lowerFirst(o.work().Name), Sum: b.sum(contract)}},
	}
	if i.Contract, err = f.reference(); err != nil {
		return i, err
	}
	i.ValidUntil, err = day(f.ValidUntil)
	return i, err
}
