package people

import (
	"context"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// Types of files.
const (
	PDF       = "application/pdf"
	signature = "application/octet-stream"
)

const price = order.Kopecks(20_000_00)

var (
	terms = order.Terms{
		Region: "77", WorkKind: "parcel-formation", TermDays: 30, Prepayment: true, Registration: true,
	}
	form = order.Form{
		Address:     "Московская область, Химки, улица Заречная, 1",
		Description: "Участок в СНТ «Заречье», границы не установлены.",
	}
)

// Script plays one order. It keeps the first error and sends nothing after it.
type Script struct {
	Customer, Engineer Person
	// Before is called before each message.
	Before func() error

	Order uuid.UUID
	// Messages and Files are how many have been sent.
	Messages, Files int
	err             error
}

func (s *Script) send(ctx context.Context, by Person, kind order.Kind, details, text any) {
	if s.err == nil && s.Before != nil {
		s.err = s.Before()
	}
	if s.err == nil {
		s.Messages++
		s.err = by.SendMessage(ctx, s.Order, kind, details, text)
	}
}

func (s *Script) file(ctx context.Context, by Person, contentType string) (ref order.FileRef) {
	if s.err == nil {
		s.Files++
		ref, s.err = by.UploadFile(ctx, s.Order, contentType)
	}
	return ref
}

// ToWork leads the order from its creation to the works, with a prepayment.
func (s *Script) ToWork(ctx context.Context) error {
	customer, engineer := s.Customer, s.Engineer
	s.Messages++
	s.Order, s.err = customer.Create(ctx)
	s.send(ctx, customer, order.Publish, terms, form)
	s.send(ctx, engineer, order.Respond, order.Bid{Price: price, TermDays: 20},
		order.Note{Note: "Готов выехать на место на этой неделе."})
	s.send(ctx, customer, order.Choose, order.EngineerChoice{Engineer: engineer.Actor.Party}, nil)
	contract := order.ContractTerms{
		File: s.file(ctx, engineer, PDF), Signature: s.file(ctx, engineer, signature),
		Price: price, AdvanceBasisPoints: 5000, Advance: price / 2,
		TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly), Registration: true,
	}
	s.send(ctx, engineer, order.SendContract, contract, nil)
	s.send(ctx, customer, order.SignContract, order.ContractSignature{
		Contract: contract.File.SHA256, Signature: s.file(ctx, customer, signature),
	}, nil)
	s.send(ctx, engineer, order.SendPrepaymentInvoice, order.Invoice{Link: true},
		order.LinkNote{Link: "https://pay.example.ru/i?n=1"})
	receipt := s.file(ctx, customer, PDF)
	s.send(ctx, customer, order.ReportPrepayment, order.PaymentReport{File: &receipt}, nil)
	s.send(ctx, engineer, order.ConfirmPrepayment, nil, nil)
	return s.err
}

// ToEnd leads the order from the works to the customer's mark, with ГКУ/ГРП.
func (s *Script) ToEnd(ctx context.Context) error {
	customer, engineer := s.Customer, s.Engineer
	s.send(ctx, engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByLink},
		order.ResultsText{Link: "https://disk.example.ru/d/1", Note: "Межевой план"})
	s.send(ctx, customer, order.ConfirmReceipt, nil, nil)
	s.send(ctx, customer, order.AcceptResults, order.ActSignature{}, nil)
	s.send(ctx, engineer, order.ReportRegistration,
		order.RegistrationStatus{Status: order.RegistrationReview},
		order.RegistrationText{KUVD: "КУВД-001/2026-1234567"})
	act := order.SignedAct{
		File: s.file(ctx, engineer, PDF), Signature: s.file(ctx, engineer, signature),
	}
	s.send(ctx, engineer, order.SubmitFinal, order.FinalDelivery{
		Files: []order.FileRef{s.file(ctx, engineer, PDF)}, Act: &act, Invoice: &order.Invoice{Link: true},
	}, order.LinkNote{Link: "https://pay.example.ru/i?n=2"})
	signed := s.file(ctx, customer, signature)
	s.send(ctx, customer, order.SignAct,
		order.ActSignature{Act: act.File.SHA256, Signature: &signed}, nil)
	receipt := s.file(ctx, customer, PDF)
	s.send(ctx, customer, order.ReportPayment, order.PaymentReport{File: &receipt}, nil)
	s.send(ctx, engineer, order.ConfirmPayment, nil, nil)
	s.send(ctx, customer, order.Rate, order.Mark{Mark: 5},
		order.Review{Review: "Всё выполнено в срок, спасибо."})
	return s.err
}
