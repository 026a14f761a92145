// Package path is what the people of a whole order tell it, message by message, along path a: with a prepayment and with ГКУ/ГРП, from
// the draft to the customer's mark. It sends nothing itself.
package path

import (
	"time"

	"epkr/internal/order"
)

// Step is one message.
type Step struct {
	Kind order.Kind
	// By is the customer or the engineer.
	By order.Actor
	// Details and Text are nil where the message has none.
	Details, Text any
}

// File stores a file of the order for its uploader, and names it.
type File func(by order.Actor, contentType string) (order.FileRef, error)

const (
	price   = order.Kopecks(20_000_00)
	advance = price / 2
)

// Play gives send the steps after the order's creation, each with the files that it names, and stops at the first error.
func Play(customer, engineer order.Actor, region string, store File, send func(Step) error) error {
	p := &player{customer: customer, engineer: engineer, store: store, send: send}
	p.by(customer, order.Publish, order.Terms{
		Region: region, WorkKind: "parcel-formation", TermDays: 30, Prepayment: true, Registration: true,
	}, order.Form{Address: "Московская область, Химки, улица Заречная, 1", Description: "Участок в СНТ «Заречье», границы не установлены."})
	p.toContract()
	p.prepaid()
	p.delivered()
	p.registered()
	p.paid()
	return p.err
}

// player stops at its first error.
type player struct {
	customer, engineer order.Actor
	store              File
	send               func(Step) error
	err                error
}

func (p *player) by(who order.Actor, kind order.Kind, details, text any) {
	if p.err == nil {
		p.err = p.send(Step{Kind: kind, By: who, Details: details, Text: text})
	}
}

func (p *player) file(by order.Actor, contentType string) (ref order.FileRef) {
	if p.err == nil {
		ref, p.err = p.store(by, contentType)
	}
	return ref
}

func (p *player) pdf(by order.Actor) order.FileRef { return p.file(by, "application/pdf") }

func (p *player) signature(by order.Actor) order.FileRef {
	return p.file(by, "application/octet-stream")
}

func (p *player) toContract() {
	p.by(p.engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, order.Note{Note: "Готов выехать на место на этой неделе."})
	p.by(p.customer, order.Choose, order.Pick{Engineer: p.engineer.Party}, nil)
	contract := order.ContractTerms{
		File: p.pdf(p.engineer), Signature: p.signature(p.engineer), Price: price, AdvanceBasisPoints: 5000, Advance: advance,
		TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly), Registration: true,
	}
	p.by(p.engineer, order.SendContract, contract, nil)
	p.by(p.customer, order.SignContract, order.ContractSignature{Contract: contract.File.SHA256, Signature: p.signature(p.customer)}, nil)
}

func (p *player) prepaid() {
	p.by(p.engineer, order.SendPrepaymentInvoice, order.Invoice{Link: true}, order.LinkNote{Link: "https://pay.example.ru/i?n=1"})
	receipt := p.pdf(p.customer)
	p.by(p.customer, order.ReportPrepayment, order.PaymentReport{File: &receipt}, nil)
	p.by(p.engineer, order.ConfirmPrepayment, nil, nil)
}

func (p *player) delivered() {
	p.by(p.engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByLink},
		order.ResultsText{Link: "https://disk.example.ru/d/1", Note: "Межевой план"})
	p.by(p.customer, order.ConfirmReceipt, nil, nil)
	p.by(p.customer, order.AcceptResults, order.ActSignature{}, nil)
}

func (p *player) registered() {
	p.by(p.engineer, order.ReportRegistration, order.RegistrationStatus{Status: order.RegistrationReview},
		order.RegistrationText{KUVD: "КУВД-001/2026-1234567"})
	act := order.SignedAct{File: p.pdf(p.engineer), Signature: p.signature(p.engineer)}
	p.by(p.engineer, order.SubmitFinal, order.FinalDelivery{
		Files: []order.FileRef{p.pdf(p.engineer)}, Act: &act, Invoice: &order.Invoice{Link: true},
	}, order.LinkNote{Link: "https://pay.example.ru/i?n=2"})
	signature := p.signature(p.customer)
	p.by(p.customer, order.SignAct, order.ActSignature{Act: act.File.SHA256, Signature: &signature}, nil)
}

func (p *player) paid() {
	receipt := p.pdf(p.customer)
	p.by(p.customer, order.ReportPayment, order.PaymentReport{File: &receipt}, nil)
	p.by(p.engineer, order.ConfirmPayment, nil, nil)
	p.by(p.customer, order.Rate, order.Mark{Mark: 5}, order.Review{Review: "Всё выполнено в срок, спасибо."})
}
