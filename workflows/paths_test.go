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

// orderPath is one course of an order, run on the real servers. run returns the order at the end of
// the path.
type orderPath struct {
	name string
	run  func(*env) *testOrder
	// leaves is the order's stage at the end of the path.
	leaves order.Stage
}

var paths = []orderPath{
	{"a-prepayment-and-registration", withPrepaymentAndRegistration, order.Completed},
	{"b-without-either", withoutEither, order.Completed},
	{"c-declined-returned-reworked-refuted", throughEveryDisagreement, order.Completed},
	// The first of a cancellation and a signature decides.
	{"d-cancelled-before-signature", func(s *env) *testOrder { return s.racing(true) }, order.Cancelled},
	{"d-signed-before-cancellation", func(s *env) *testOrder { return s.racing(false) }, order.Prepayment},
	{"e-amended-and-published-again", amended, order.Work},
	{"f-suspended-and-resumed", suspended, order.Acceptance},
	{"g-continued-as-new", continued, order.Selection},
	{"h-flooded", flooded, order.Work},
	{"i-restarted", restarted, order.Completed},
	{"j-rejoined", rejoined, order.Contracting},
}

type contractKind struct {
	advance      int // basis points
	registration bool
}

var (
	withAdvance    = contractKind{5000, true}
	withoutAdvance = contractKind{}
)

const price = 20_000_00

func (c contractKind) terms(o *testOrder, engineer order.Actor) order.ContractTerms {
	return order.ContractTerms{
		File: o.pdf(engineer), Signature: o.signature(engineer), ContractConditions: order.ContractConditions{
			Price: price, AdvanceBasisPoints: c.advance, Advance: price * order.Kopecks(c.advance) / 10_000,
			TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly), Registration: c.registration,
		},
	}
}

func (o *testOrder) signature(by order.Actor) order.FileRef {
	return o.file(by, "sig"+fmt.Sprint(o.keys), "application/octet-stream")
}

// toSelection publishes a draft.
func (o *testOrder) toSelection(customer order.Actor) {
	o.t.Helper()
	o.requireApplied(customer, order.Publish, terms(), form, order.Selection)
}

// toContracting has the engineer respond and the customer choose him.
func (o *testOrder) toContracting(customer, engineer order.Actor) {
	o.t.Helper()
	o.requireApplied(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, order.Note{Note: "Готов выехать, тел. +7 912 345-67-89"}, order.Selection)
	o.requireApplied(customer, order.Choose, order.EngineerChoice{Engineer: engineer.Party}, nil, order.Contracting)
}

// toContractSent takes a draft to the engineer's signature and returns the customer's signature,
// not yet sent.
func (o *testOrder) toContractSent(customer, engineer order.Actor, c contractKind) order.ContractSignature {
	o.t.Helper()
	o.toSelection(customer)
	o.toContracting(customer, engineer)
	return o.sendContract(customer, engineer, c)
}

func (o *testOrder) sendContract(customer, engineer order.Actor, c contractKind) order.ContractSignature {
	o.t.Helper()
	sent := c.terms(o, engineer)
	o.requireApplied(engineer, order.SendContract, sent, nil, order.Contracting)
	return order.ContractSignature{Contract: sent.File.SHA256, Signature: o.signature(customer)}
}

// prepaid takes a signed contract to «Выполнение работ».
func (o *testOrder) prepaid(customer, engineer order.Actor) {
	o.t.Helper()
	o.requireApplied(engineer, order.SendPrepaymentInvoice, order.Invoice{Link: true}, order.LinkNote{Link: "https://pay.example.ru/i?n=1"}, order.Prepayment)
	receipt := o.pdf(customer)
	o.requireApplied(customer, order.ReportPrepayment, order.PaymentReport{File: &receipt}, nil, order.Prepayment)
	o.requireApplied(engineer, order.ConfirmPrepayment, nil, nil, order.Work)
}

func (o *testOrder) signedAct(engineer order.Actor) *order.SignedAct {
	return &order.SignedAct{File: o.pdf(engineer), Signature: o.signature(engineer)}
}

// paid takes an order with a signed act to its end.
func (o *testOrder) paid(customer, engineer order.Actor) {
	o.t.Helper()
	receipt := o.pdf(customer)
	o.requireApplied(customer, order.ReportPayment, order.PaymentReport{File: &receipt}, nil, order.Payment)
	o.requireApplied(engineer, order.ConfirmPayment, nil, nil, order.Completed)
}

func withPrepaymentAndRegistration(s *env) *testOrder {
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withAdvance), nil, order.Prepayment)
	o.prepaid(customer, engineer)
	o.requireApplied(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByLink},
		order.ResultsText{Link: "https://disk.example.ru/d/1", Note: "Межевой план"}, order.Acceptance)
	o.requireApplied(customer, order.ConfirmReceipt, nil, nil, order.Acceptance)
	o.requireApplied(customer, order.AcceptResults, order.ActSignature{}, nil, order.Registration)
	o.requireApplied(engineer, order.ReportRegistration, order.RegistrationStatus{Status: order.RegistrationReview},
		order.RegistrationText{KUVD: "КУВД-001/2026-1234567"}, order.Registration)
	act := o.signedAct(engineer)
	o.requireApplied(engineer, order.SubmitFinal, order.FinalDelivery{
		Files: []order.FileRef{o.pdf(engineer)}, Act: act, Invoice: &order.Invoice{Link: true},
	}, order.ResultsText{InvoiceLink: "https://pay.example.ru/i?n=2"}, order.Payment)
	signature := o.signature(customer)
	o.requireApplied(customer, order.SignAct, order.ActSignature{Act: act.File.SHA256, Signature: &signature}, nil, order.Payment)
	o.paid(customer, engineer)
	o.requireApplied(customer, order.Rate, order.Mark{Mark: 5}, order.Review{Review: "Отлично, спасибо Петру Ивановичу"}, order.Completed)
	require.Equal(o.t, 5, testenv.Scalar[int](o.t, o.url, `select mark from orders where id = $1`, o.id))
	require.Len(o.t, o.history(), 18)
	require.Less(o.t, len(o.events("")), 400, "an ordinary life fits into one run")
	return o
}

func withoutEither(s *env) *testOrder {
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withoutAdvance), nil, order.Work)
	o.delivered(customer, engineer)
	o.paid(customer, engineer)
	return o
}

// delivered submits the results with act and invoice and has them accepted.
func (o *testOrder) delivered(customer, engineer order.Actor) {
	o.t.Helper()
	act := o.submitted(engineer)
	signature := o.signature(customer)
	o.requireApplied(customer, order.AcceptResults, order.ActSignature{Act: act.File.SHA256, Signature: &signature}, nil, order.Payment)
}

func (o *testOrder) submitted(engineer order.Actor) *order.SignedAct {
	o.t.Helper()
	act, invoice := o.signedAct(engineer), o.pdf(engineer)
	o.requireApplied(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: []order.FileRef{o.pdf(engineer)}, Act: act, Invoice: &order.Invoice{File: &invoice},
	}, nil, order.Acceptance)
	return act
}

func throughEveryDisagreement(s *env) *testOrder {
	customer, engineer, second := s.customer(), s.engineer(), s.engineer()
	o := s.create(customer)
	o.toSelection(customer)
	o.requireApplied(customer, order.OfferOrder, order.EngineerChoice{Engineer: second.Party}, nil, order.Selection)
	o.requireApplied(second, order.DeclineOffer, nil, order.Note{Note: "Занят до осени"}, order.Selection)
	o.toContracting(customer, engineer)
	o.sendContract(customer, engineer, withoutAdvance)
	o.requireApplied(customer, order.ReturnContract, nil, order.Note{Note: "Неверный адрес: ул. Ленина, д. 5"}, order.Contracting)
	o.requireApplied(customer, order.SignContract, o.sendContract(customer, engineer, withoutAdvance), nil, order.Work)
	for range 2 {
		o.submitted(engineer)
		o.requireApplied(customer, order.ReturnResults, order.Remarks{Files: []order.FileRef{o.pdf(customer)}}, order.Note{Note: "Нет координат"}, order.Work)
	}
	o.delivered(customer, engineer)
	o.requireApplied(customer, order.ReportPayment, order.PaymentReport{WithoutDocument: true}, nil, order.Payment)
	o.requireApplied(engineer, order.RefutePayment, nil, order.Note{Note: "На счёте 40702810900000001234 ничего нет"}, order.Payment)
	o.paid(customer, engineer)
	return o
}

func amended(s *env) *testOrder {
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.toSelection(customer)
	o.requireApplied(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
	o.requireApplied(customer, order.Amend, terms(), form, order.Selection)
	o.requireRefused(customer, order.Choose, order.EngineerChoice{Engineer: engineer.Party}, nil, order.CodeStaleResponse)
	o.requireApplied(engineer, order.AcceptChanges, order.Revised{Revision: 2}, nil, order.Selection)
	o.requireApplied(customer, order.Choose, order.EngineerChoice{Engineer: engineer.Party}, nil, order.Contracting)
	o.requireApplied(customer, order.Amend, terms(), form, order.Contracting)
	o.requireApplied(engineer, order.AcceptChanges, order.Revised{Revision: 3}, nil, order.Contracting)
	o.requireApplied(customer, order.SignContract, o.sendContract(customer, engineer, withoutAdvance), nil, order.Work)
	return o
}

func suspended(s *env) *testOrder {
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withoutAdvance), nil, order.Work)
	registry := order.Actor{Role: order.RoleRegistry}
	day := time.Now().UTC().Truncate(24 * time.Hour)
	o.requireApplied(registry, order.RegistryStatus, order.EngineerStatus{Engineer: engineer.Party, AsOf: day, Snapshot: "1"}, nil, order.Suspended)
	o.requireRefused(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.InPerson}, order.Note{Note: "Привёз"}, order.CodeSuspended)
	o.requireApplied(registry, order.RegistryStatus, order.EngineerStatus{Engineer: engineer.Party, Active: true, AsOf: day.Add(time.Hour), Snapshot: "2"}, nil, order.Work)
	o.submitted(engineer)
	return o
}

// continued changes the responses until the order has continued as new.
func continued(s *env) *testOrder {
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.toSelection(customer)
	for first := o.runID(); o.runID() == first; {
		o.requireApplied(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
		o.requireApplied(engineer, order.WithdrawResponse, nil, nil, order.Selection)
	}
	o.requireApplied(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
	return o
}

// rejoined has an order apply a recorded response that it has not received, before any other
// message.
func rejoined(s *env) *testOrder {
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.toSelection(customer)
	unheard := o.message(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil)
	o.recordDirectly(o.requireInSync(), unheard, order.Respond, time.Now)
	require.NoError(s.t, workflowapi.Send(s.t.Context(), s.temporal, workflowapi.RejoinOrder(o.id)))
	o.requireInSync()
	o.requireApplied(customer, order.Choose, order.EngineerChoice{Engineer: engineer.Party}, nil, order.Contracting)
	return o
}

// Every path ends at its stage, and the workflow's state equals the recorded one.
func TestOrderPaths(t *testing.T) {
	acceptance.Covers(t, "B-1", "B-2", "S-12", "S-16", "S-19", "S-24", "S-35")
	t.Parallel()
	for _, p := range paths {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			o := p.run(newEnv(t))
			require.Equal(t, p.leaves, o.requireInSync().Stage)
			require.Zero(t, o.failedTasks())
			o.saveHistories(p.name)
			t.Logf("%d messages, %d events, %d bytes in the last run", len(o.decidedKinds()), len(o.settledEvents("")),
				o.describe().GetWorkflowExecutionInfo().GetHistorySizeBytes())
		})
	}
}
