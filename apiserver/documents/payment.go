package documents

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/internal/document/forms"
	"epkr/internal/document/generated"
	"epkr/internal/order"
)

// PaymentDetails is what the customer needs to pay: the requisites as text, and the QR code.
type PaymentDetails struct {
	Kind       Kind          `json:"kind" doc:"Что оплачивается: счет на предоплату или на оплату работ"`
	Sum        order.Kopecks `json:"sum" doc:"Сумма в копейках"`
	Purpose    string        `json:"purpose" doc:"Назначение платежа"`
	Requisites []Requisite   `json:"requisites" nullable:"false" doc:"Реквизиты получателя, те, что известны"`
	// What is missing is filled in by the performer, in his requisites.
	Missing []wire.Missing `json:"missing" nullable:"false" doc:"Чего не хватает в реквизитах исполнителя; тогда QR-кода нет"`
	// Code is absent if something is missing, or if the requisites do not fit the standard.
	Code    *PaymentCode `json:"code,omitempty" doc:"QR-код по ГОСТ Р 56042-2014"`
	Problem string       `json:"problem,omitempty" doc:"Почему QR-кода нет, хотя реквизиты известны"`
}

// Requisite is one of the payee's requisites.
type Requisite struct {
	Name  string `json:"name" doc:"Как называется"`
	Value string `json:"value" doc:"Значение"`
}

// PaymentCode is a payment as a QR code.
type PaymentCode struct {
	Payload []byte `json:"payload" doc:"Содержание QR-кода в base64: ST00012 — в UTF-8, ST00011 — в windows-1251"`
	SVG     string `json:"svg" doc:"QR-код как SVG"`
	PNG     []byte `json:"png" doc:"QR-код как PNG в base64, 8 точек на модуль"`
}

type paymentOutput struct{ Body PaymentDetails }

func (s *Service) registerPayment() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-payment", Method: http.MethodGet, Path: "/api/orders/{order}/payment", Tags: []string{tag},
		Summary: "Реквизиты и QR-код для оплаты",
		Description: "На этапе «Предоплата» — аванс, на этапе «Оплата работ» — оставшаяся часть. Если исполнитель отправил счет, сформированный платформой, " +
			"реквизиты и назначение платежа — из него, иначе — из реквизитов исполнителя и договора.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, httpapi.Customers, s.payment)
}

// sent returns the bill of the payment in an order.
func (b bill) sent(s *order.State) *order.Bill {
	if b.kind == generated.PrepaymentInvoice {
		return s.Prepayment
	}
	return s.Payment
}

// due returns the payment that the customer makes at the stage of an order.
func due(s *order.State) (b bill, found bool) {
	switch {
	case s.Stage == order.Prepayment:
		b = prepayment
	case s.Stage == order.Payment:
		b = finalPayment
	default:
		return b, false
	}
	return b, b.sum(s.Contract) > 0
}

func (s *Service) payment(ctx context.Context, in *orders.OrderPath) (*paymentOutput, error) {
	o, refusal, err := s.Orders.LoadForMessage(ctx, in.Order, prepayment.paidBy, finalPayment.paidBy)
	if err != nil {
		return nil, err
	}
	b, found := due(&o.State)
	// Whoever waits for the invoice or for the act may see where he will pay.
	if refusal != nil && (!found || refusal.Code == order.CodeNotParty) {
		return nil, problems.Refused(*refusal)
	}
	of, err := s.signedOf(ctx, o)
	if err != nil {
		return nil, err
	}
	invoice, missing, err := s.payable(ctx, of, b)
	if err != nil {
		return nil, err
	}
	details := PaymentDetails{
		Kind: Kind(b.kind), Sum: invoice.Sum, Purpose: invoice.Purpose, Requisites: []Requisite{}, Missing: wire.MissingOf(missing),
	}
	for _, d := range invoice.Performer.Payee() {
		details.Requisites = append(details.Requisites, Requisite(d))
	}
	if len(details.Missing) > 0 {
		return &paymentOutput{details}, nil
	}
	code, payload, err := generated.PaymentCode(invoice)
	if err != nil {
		details.Problem, err = codeProblem(err)
		return &paymentOutput{details}, err
	}
	details.Code = &PaymentCode{Payload: payload, SVG: string(code.SVG("QR-код для оплаты")), PNG: code.PNG()}
	return &paymentOutput{details}, nil
}

// payable returns the invoice that the customer pays: the one that the performer has sent, or what the
// platform would fill in, with what is missing in it.
func (s *Service) payable(ctx context.Context, o *signed, b bill) (i forms.Invoice, missing []string, err error) {
	if sent := b.sent(&o.State); sent != nil && sent.Invoice != nil && sent.Invoice.File != nil {
		made, err := s.madeFile(ctx, *sent.Invoice.File)
		if err != nil {
			return i, nil, err
		}
		if made.Invoice != nil {
			return *made.Invoice, nil, nil
		}
	}
	i, err = o.invoice(o.invoiceDefaults(b), b, s.Now())
	return i, o.sides.PerformerMissing, err
}
