package wholeorder

import (
	"context"
	"time"

	"epkr/dev/bench/people"
	"epkr/internal/order"
)

const (
	price   = order.Kopecks(20_000_00)
	advance = price / 2
)

// script sends the messages of an order. It keeps the first error and sends nothing after it.
type script struct {
	*measuredOrder
	ctx context.Context
	err error
}

func (t *script) send(by people.Person, kind order.Kind, details, text any) {
	if t.err != nil {
		return
	}
	t.messages++
	// A message that arrives before the previous one is finished would share its workflow task.
	if t.err = settled(t.ctx, t.Platform, t.workflow()); t.err == nil {
		t.err = by.SendMessage(t.ctx, t.id, kind, details, text)
	}
}

func (t *script) file(by people.Person, contentType string) (ref order.FileRef) {
	if t.err == nil {
		t.stored++
		ref, t.err = by.UploadFile(t.ctx, t.id, contentType)
	}
	return ref
}

func (t *script) pdf(by people.Person) order.FileRef { return t.file(by, "application/pdf") }

func (t *script) signature(by people.Person) order.FileRef {
	return t.file(by, "application/octet-stream")
}

// pathA leads the order from the draft to the customer's mark, with a prepayment and with ГКУ/ГРП.
func (t *script) pathA() error {
	customer, engineer := t.customer, t.engineer
	t.send(customer, order.Publish, order.Terms{
		Region: people.Region, WorkKind: "parcel-formation", TermDays: 30, Prepayment: true, Registration: true,
	}, people.Form())
	t.send(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, order.Note{Note: "Готов выехать на место на этой неделе."})
	t.send(customer, order.Choose, order.EngineerChoice{Engineer: engineer.Actor.Party}, nil)
	contract := order.ContractTerms{
		File: t.pdf(engineer), Signature: t.signature(engineer), Price: price, AdvanceBasisPoints: 5000, Advance: advance,
		TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly), Registration: true,
	}
	t.send(engineer, order.SendContract, contract, nil)
	t.send(customer, order.SignContract, order.ContractSignature{Contract: contract.File.SHA256, Signature: t.signature(customer)}, nil)

	t.send(engineer, order.SendPrepaymentInvoice, order.Invoice{Link: true}, order.LinkNote{Link: "https://pay.example.ru/i?n=1"})
	receipt := t.pdf(customer)
	t.send(customer, order.ReportPrepayment, order.PaymentReport{File: &receipt}, nil)
	t.send(engineer, order.ConfirmPrepayment, nil, nil)

	t.send(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByLink},
		order.ResultsText{Link: "https://disk.example.ru/d/1", Note: "Межевой план"})
	t.send(customer, order.ConfirmReceipt, nil, nil)
	t.send(customer, order.AcceptResults, order.ActSignature{}, nil)

	t.send(engineer, order.ReportRegistration, order.RegistrationStatus{Status: order.RegistrationReview},
		order.RegistrationText{KUVD: "КУВД-001/2026-1234567"})
	act := order.SignedAct{File: t.pdf(engineer), Signature: t.signature(engineer)}
	t.send(engineer, order.SubmitFinal, order.FinalDelivery{
		Files: []order.FileRef{t.pdf(engineer)}, Act: &act, Invoice: &order.Invoice{Link: true},
	}, order.LinkNote{Link: "https://pay.example.ru/i?n=2"})
	signature := t.signature(customer)
	t.send(customer, order.SignAct, order.ActSignature{Act: act.File.SHA256, Signature: &signature}, nil)

	receipt = t.pdf(customer)
	t.send(customer, order.ReportPayment, order.PaymentReport{File: &receipt}, nil)
	t.send(engineer, order.ConfirmPayment, nil, nil)
	t.send(customer, order.Rate, order.Mark{Mark: 5}, order.Review{Review: "Всё выполнено в срок, спасибо."})
	return t.err
}
