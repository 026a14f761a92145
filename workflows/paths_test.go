package workflows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// course is one way through an order's life, played on the real servers. It returns the order as the path leaves it.
type course struct {
	name string
	play func(*stage) *life
	// leaves is the stage in which it ends.
	leaves order.Stage
}

var paths = []course{
	{"a-prepayment-and-registration", withPrepaymentAndRegistration, order.Completed},
	{"b-without-either", withoutEither, order.Completed},
	{"c-declined-returned-reworked-refuted", throughEveryDisagreement, order.Completed},
	// Of a cancellation and a signature the one that was sent first counts.
	{"d-cancelled-before-signature", func(s *stage) *life { return s.racing(true) }, order.Cancelled},
	{"d-signed-before-cancellation", func(s *stage) *life { return s.racing(false) }, order.Prepayment},
	{"e-amended-and-published-again", amended, order.Work},
	{"f-suspended-and-resumed", suspended, order.Acceptance},
	{"g-continued-as-new", continued, order.Selection},
	{"h-flooded", flooded, order.Work},
	{"i-restarted", restarted, order.Completed},
	{"j-rejoined", rejoined, order.Contracting},
}

type contractOf struct {
	advance      int // basis points
	registration bool
}

var (
	withAdvance = contractOf{5000, true}
	bare        = contractOf{}
)

const price = 20_000_00

func (c contractOf) terms(l *life, engineer order.Actor) order.ContractTerms {
	return order.ContractTerms{
		File: l.pdf(engineer), Signature: l.signature(engineer), Price: price, AdvanceBasisPoints: c.advance,
		Advance: price * order.Kopecks(c.advance) / 10_000, TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly), Registration: c.registration,
	}
}

func (l *life) signature(by order.Actor) order.FileRef {
	return l.file(by, "sig"+fmt.Sprint(l.keys), "application/octet-stream")
}

// toSelection publishes a draft.
func (l *life) toSelection(customer order.Actor) {
	l.t.Helper()
	l.must(customer, order.Publish, terms(), form, order.Selection)
}

// toContracting has the engineer chosen from his response.
func (l *life) toContracting(customer, engineer order.Actor) {
	l.t.Helper()
	l.must(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, order.Note{Note: "Готов выехать, тел. +7 912 345-67-89"}, order.Selection)
	l.must(customer, order.Choose, order.Pick{Engineer: engineer.Party}, nil, order.Contracting)
}

// toContractSent leads a fresh draft to the engineer's signature; it returns the customer's, not yet sent.
func (l *life) toContractSent(customer, engineer order.Actor, c contractOf) order.ContractSignature {
	l.t.Helper()
	l.toSelection(customer)
	l.toContracting(customer, engineer)
	return l.sendContract(customer, engineer, c)
}

func (l *life) sendContract(customer, engineer order.Actor, c contractOf) order.ContractSignature {
	l.t.Helper()
	sent := c.terms(l, engineer)
	l.must(engineer, order.SendContract, sent, nil, order.Contracting)
	return order.ContractSignature{Contract: sent.File.SHA256, Signature: l.signature(customer)}
}

// prepaid leads a signed contract to «Выполнение работ».
func (l *life) prepaid(customer, engineer order.Actor) {
	l.t.Helper()
	l.must(engineer, order.SendPrepaymentInvoice, order.Invoice{Link: true}, order.LinkNote{Link: "https://pay.example.ru/i?n=1"}, order.Prepayment)
	receipt := l.pdf(customer)
	l.must(customer, order.ReportPrepayment, order.PaymentReport{File: &receipt}, nil, order.Prepayment)
	l.must(engineer, order.ConfirmPrepayment, nil, nil, order.Work)
}

func (l *life) signedAct(engineer order.Actor) *order.SignedAct {
	return &order.SignedAct{File: l.pdf(engineer), Signature: l.signature(engineer)}
}

// paid leads an order with a signed act to its end.
func (l *life) paid(customer, engineer order.Actor) {
	l.t.Helper()
	receipt := l.pdf(customer)
	l.must(customer, order.ReportPayment, order.PaymentReport{File: &receipt}, nil, order.Payment)
	l.must(engineer, order.ConfirmPayment, nil, nil, order.Completed)
}

func withPrepaymentAndRegistration(s *stage) *life {
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, withAdvance), nil, order.Prepayment)
	l.prepaid(customer, engineer)
	l.must(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByLink},
		order.ResultsText{Link: "https://disk.example.ru/d/1", Note: "Межевой план"}, order.Acceptance)
	l.must(customer, order.ConfirmReceipt, nil, nil, order.Acceptance)
	l.must(customer, order.AcceptResults, order.ActSignature{}, nil, order.Registration)
	l.must(engineer, order.ReportRegistration, order.RegistrationStatus{Status: order.RegistrationReview},
		order.RegistrationText{KUVD: "КУВД-001/2026-1234567"}, order.Registration)
	act := l.signedAct(engineer)
	l.must(engineer, order.SubmitFinal, order.FinalDelivery{
		Files: []order.FileRef{l.pdf(engineer)}, Act: act, Invoice: &order.Invoice{Link: true},
	}, order.ResultsText{InvoiceLink: "https://pay.example.ru/i?n=2"}, order.Payment)
	signature := l.signature(customer)
	l.must(customer, order.SignAct, order.ActSignature{Act: act.File.SHA256, Signature: &signature}, nil, order.Payment)
	l.paid(customer, engineer)
	l.must(customer, order.Rate, order.Mark{Mark: 5}, order.Review{Review: "Отлично, спасибо Петру Ивановичу"}, order.Completed)
	require.Equal(l.t, 5, testenv.Scalar[int](l.t, l.url, `select mark from orders where id = $1`, l.id))
	require.Len(l.t, l.history(), 18)
	require.Less(l.t, len(l.events("")), 400, "an ordinary life fits into one run")
	return l
}

func withoutEither(s *stage) *life {
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, bare), nil, order.Work)
	l.delivered(customer, engineer)
	l.paid(customer, engineer)
	return l
}

// delivered hands the results over with act and invoice, and has them accepted.
func (l *life) delivered(customer, engineer order.Actor) {
	l.t.Helper()
	act := l.submitted(engineer)
	signature := l.signature(customer)
	l.must(customer, order.AcceptResults, order.ActSignature{Act: act.File.SHA256, Signature: &signature}, nil, order.Payment)
}

func (l *life) submitted(engineer order.Actor) *order.SignedAct {
	l.t.Helper()
	act, invoice := l.signedAct(engineer), l.pdf(engineer)
	l.must(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: []order.FileRef{l.pdf(engineer)}, Act: act, Invoice: &order.Invoice{File: &invoice},
	}, nil, order.Acceptance)
	return act
}

func throughEveryDisagreement(s *stage) *life {
	customer, engineer, second := s.customer(), s.engineer(), s.engineer()
	l := s.create(customer)
	l.toSelection(customer)
	l.must(customer, order.OfferOrder, order.Pick{Engineer: second.Party}, nil, order.Selection)
	l.must(second, order.DeclineOffer, nil, order.Note{Note: "Занят до осени"}, order.Selection)
	l.toContracting(customer, engineer)
	l.sendContract(customer, engineer, bare)
	l.must(customer, order.ReturnContract, nil, order.Note{Note: "Неверный адрес: ул. Ленина, д. 5"}, order.Contracting)
	l.must(customer, order.SignContract, l.sendContract(customer, engineer, bare), nil, order.Work)
	for range 2 {
		l.submitted(engineer)
		l.must(customer, order.ReturnResults, order.Remarks{Files: []order.FileRef{l.pdf(customer)}}, order.Note{Note: "Нет координат"}, order.Work)
	}
	l.delivered(customer, engineer)
	l.must(customer, order.ReportPayment, order.PaymentReport{WithoutDocument: true}, nil, order.Payment)
	l.must(engineer, order.RefutePayment, nil, order.Note{Note: "На счёте 40702810900000001234 ничего нет"}, order.Payment)
	l.paid(customer, engineer)
	return l
}

func amended(s *stage) *life {
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.toSelection(customer)
	l.must(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
	l.must(customer, order.Amend, terms(), form, order.Selection)
	l.refused(customer, order.Choose, order.Pick{Engineer: engineer.Party}, nil, order.CodeStaleResponse)
	l.must(engineer, order.AcceptChanges, order.Revised{Revision: 2}, nil, order.Selection)
	l.must(customer, order.Choose, order.Pick{Engineer: engineer.Party}, nil, order.Contracting)
	l.must(customer, order.Amend, terms(), form, order.Contracting)
	l.must(engineer, order.AcceptChanges, order.Revised{Revision: 3}, nil, order.Contracting)
	l.must(customer, order.SignContract, l.sendContract(customer, engineer, bare), nil, order.Work)
	return l
}

func suspended(s *stage) *life {
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, bare), nil, order.Work)
	registry := order.Actor{Role: order.RoleRegistry}
	day := time.Now().UTC().Truncate(24 * time.Hour)
	l.must(registry, order.RegistryStatus, order.Standing{Engineer: engineer.Party, AsOf: day, Snapshot: "1"}, nil, order.Suspended)
	l.refused(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.InPerson}, order.Note{Note: "Привёз"}, order.CodeSuspended)
	l.must(registry, order.RegistryStatus, order.Standing{Engineer: engineer.Party, Active: true, AsOf: day.Add(time.Hour), Snapshot: "2"}, nil, order.Work)
	l.submitted(engineer)
	return l
}

// continued keeps a selection busy until the history has been started anew.
func continued(s *stage) *life {
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.toSelection(customer)
	for first := l.run(); l.run() == first; {
		l.must(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
		l.must(engineer, order.WithdrawResponse, nil, nil, order.Selection)
	}
	l.must(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
	return l
}

// rejoined has an order take over a response of which it never heard, before it meets anything else.
func rejoined(s *stage) *life {
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.toSelection(customer)
	unheard := l.message(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil)
	l.recordDirectly(l.agrees(), unheard, order.Respond, time.Now)
	require.NoError(s.t, workflowapi.Send(s.t.Context(), s.temporal, workflowapi.RejoinOrder(l.id)))
	l.agrees()
	l.must(customer, order.Choose, order.Pick{Engineer: engineer.Party}, nil, order.Contracting)
	return l
}

// Every path leads where it should, and what the workflow remembers is what is recorded.
func TestOrderPaths(t *testing.T) {
	acceptance.Covers(t, "B-1", "B-2", "S-12", "S-16", "S-19", "S-24", "S-35")
	t.Parallel()
	for _, p := range paths {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			l := p.play(newStage(t))
			require.Equal(t, p.leaves, l.agrees().Stage)
			require.Zero(t, l.failedTasks())
			l.keep(p.name)
			t.Logf("%d messages, %d events, %d bytes in the last run", len(l.judged()), len(l.settled("")),
				l.describe().GetWorkflowExecutionInfo().GetHistorySizeBytes())
		})
	}
}
