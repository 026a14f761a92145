package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// TestTransitions checks the table of transitions T1 to T22 of the manuals and the acceptance
// contract.
func TestTransitions(t *testing.T) {
	acceptance.Covers(t, "T-1", "T-2", "T-3", "T-4", "T-5", "T-6", "T-7", "T-8", "T-9", "T-11", "T-12", "T-13", "T-14", "T-15",
		"T-16a", "T-16b", "T-18", "T-19", "T-20", "T-21", "T-22")
	acceptance.Covers(t, "R-RESP-2", "R-RESP-3", "R-RESP-4", "R-OFFER-1", "R-OFFER-2", "R-OFFER-3", "R-NOTIF-5", "R-NOTIF-6", "R-NOTIF-7",
		"R-NOTIF-8", "R-CANC-1", "R-CANC-2", "R-CUST-6", "R-PREP-1", "R-PREP-2", "R-PREP-4", "R-PREP-5", "R-WORK-3",
		"R-GKU-1", "R-PAY-3", "R-SUSP-1", "S-2", "S-21")
	type notice struct {
		to   order.Role
		kind order.NoticeKind
	}
	for _, row := range []struct {
		name    string
		from    func(testing.TB) *testOrder
		kind    order.Kind
		by      order.Actor
		details func(*testOrder) any
		to      order.Stage
		notices []notice
	}{
		{name: "заказчик создаёт проект", from: newTestOrder, kind: order.Create, by: customer, to: order.Draft},
		{name: "заказчик публикует", from: draft, kind: order.Publish, by: customer, to: order.Selection},
		{
			name: "инженер откликается", from: selection, kind: order.Respond, by: responder,
			to: order.Selection, notices: []notice{{order.RoleCustomer, order.NoticeResponse}},
		},
		{
			name: "заказчик выбирает отклик", from: responded, kind: order.Choose, by: customer,
			to: order.Contracting, notices: []notice{{order.RoleEngineer, order.NoticeChosen}},
		},
		{
			name: "заказчик предлагает заказ", from: selection, kind: order.OfferOrder, by: customer,
			to: order.Selection, notices: []notice{{order.RoleEngineer, order.NoticeOffer}},
		},
		{
			name: "инженер принимает", from: offer, kind: order.AcceptOffer, by: offered,
			to: order.Contracting, notices: []notice{{order.RoleCustomer, order.NoticeAccepted}},
		},
		{
			name: "инженер отказывается", from: offer, kind: order.DeclineOffer, by: offered,
			to: order.Selection, notices: []notice{{order.RoleCustomer, order.NoticeOfferDeclined}},
		},
		{
			name: "изменение при выборе", from: responded, kind: order.Amend, by: customer,
			to: order.Selection, notices: []notice{{order.RoleEngineer, order.NoticeTermsChanged}},
		},
		{
			name: "изменение до договора", from: contracting, kind: order.Amend, by: customer,
			to: order.Contracting, notices: []notice{{order.RoleEngineer, order.NoticeTermsChanged}},
		},
		{
			name: "отмена при выборе", from: responded, kind: order.Cancel, by: customer,
			to: order.Cancelled, notices: []notice{{order.RoleEngineer, order.NoticeCancelled}},
		},
		{
			name: "отмена при отправленном договоре", from: sentWithAdvance, kind: order.Cancel, by: customer,
			to: order.Cancelled, notices: []notice{{order.RoleEngineer, order.NoticeCancelled}},
		},
		{
			name: "инженер подписывает и отправляет договор", from: contracting, kind: order.SendContract, by: performer,
			to: order.Contracting, notices: []notice{{order.RoleCustomer, order.NoticeContractSent}},
		},
		{
			name: "заказчик подписывает договор с авансом", from: sentWithAdvance, kind: order.SignContract, by: customer,
			to: order.Prepayment, notices: []notice{{order.RoleEngineer, order.NoticeContractSigned}},
		},
		{
			name: "заказчик подписывает договор без аванса", from: sentWithoutAdvance, kind: order.SignContract,
			by: customer, to: order.Work,
		},
		{
			name: "инженер отправляет счёт на предоплату", from: inPrepayment, kind: order.SendPrepaymentInvoice,
			by: performer, to: order.Prepayment, notices: []notice{{order.RoleCustomer, order.NoticeInvoice}},
		},
		{
			name: "заказчик сообщает о предоплате", from: prepaymentInvoiced, kind: order.ReportPrepayment, by: customer,
			to: order.Prepayment, notices: []notice{{order.RoleEngineer, order.NoticePaid}},
		},
		{
			name: "инженер подтверждает предоплату",
			from: func(t testing.TB) *testOrder {
				return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid())
			},
			kind: order.ConfirmPrepayment, by: performer,
			to: order.Work, notices: []notice{{order.RoleCustomer, order.NoticePaymentConfirmed}},
		},
		{
			name: "инженер передаёт результаты", from: inWork, kind: order.SubmitResults, by: performer,
			to: order.Acceptance, notices: []notice{{order.RoleCustomer, order.NoticeResults}},
		},
		{
			name: "приёмка без ГКУ/ГРП",
			from: func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles) },
			kind: order.AcceptResults, by: customer,
			to: order.Payment, notices: []notice{{order.RoleEngineer, order.NoticeResultsAccepted}},
		},
		{
			name: "приёмка с ГКУ/ГРП",
			from: func(t testing.TB) *testOrder { return inAcceptance(t, 0, true, order.ByFiles) },
			kind: order.AcceptResults, by: customer,
			to: order.Registration, notices: []notice{{order.RoleEngineer, order.NoticeResultsAccepted}},
		},
		{
			name: "инженер сообщает о ходе ГКУ/ГРП", from: inRegistration, kind: order.ReportRegistration, by: performer,
			to: order.Registration, notices: []notice{{order.RoleCustomer, order.NoticeRegistration}},
		},
		{
			name: "инженер отправляет итог", from: inRegistration, kind: order.SubmitFinal, by: performer,
			to: order.Payment, notices: []notice{{order.RoleCustomer, order.NoticeFinal}},
		},
		{
			name: "заказчик сообщает об оплате",
			from: func(t testing.TB) *testOrder { return payment(t).then(order.SendInvoice, performer, invoice()) },
			kind: order.ReportPayment, by: customer,
			to: order.Payment, notices: []notice{{order.RoleEngineer, order.NoticePaid}},
		},
		{
			name: "заказчик оценивает", from: claimed, kind: order.Rate, by: customer,
			to: order.Payment, notices: []notice{{order.RoleEngineer, order.NoticeRated}},
		},
		{
			name: "инженер подтверждает оплату", from: claimed, kind: order.ConfirmPayment, by: performer,
			to: order.Completed, notices: []notice{
				{order.RoleCustomer, order.NoticePaymentConfirmed},
				{order.RoleCustomer, order.NoticeCompleted},
				{order.RoleEngineer, order.NoticeCompleted},
			},
		},
		{
			name: "инженер утратил статус", from: inWork, kind: order.RegistryStatus, by: registry,
			details: func(l *testOrder) any { return l.status(false) },
			to:      order.Suspended, notices: []notice{
				{order.RoleCustomer, order.NoticeSuspended},
				{order.RoleEngineer, order.NoticeSuspended},
			},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := row.from(t)
			details := validDetails(l, row.kind)
			if row.details != nil {
				details = row.details(l)
			}
			d := l.send(row.kind, row.by, details)
			require.Equal(t, row.to, d.After.ShownStage())
			for _, n := range row.notices {
				require.True(t, notified(d, n.to, n.kind), "%s must get the notice %s; notices: %v", n.to, n.kind, d.Notices)
			}
		})
	}
}

func offer(t testing.TB) *testOrder           { return offeredTo(t, offered) }
func sentWithAdvance(t testing.TB) *testOrder { return contractSent(t, contract(5000, false)) }
func inPrepayment(t testing.TB) *testOrder    { return prepayment(t, false) }
func inWork(t testing.TB) *testOrder          { return work(t, 0, false) }
func inRegistration(t testing.TB) *testOrder  { return registration(t, 0) }

func sentWithoutAdvance(t testing.TB) *testOrder { return contractSent(t, contract(0, false)) }

// TestWholeOrder runs an order from creation to closing and checks the awaited step after each
// message.
func TestWholeOrder(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := newTestOrder(t)
	for _, step := range []struct {
		kind    order.Kind
		by      order.Actor
		details any
		waits   order.WaitCode
		from    order.Role
		term    time.Duration
	}{
		{order.Create, customer, nil, order.WaitPublication, order.RoleCustomer, 0},
		{order.Publish, customer, terms(), order.WaitChoice, order.RoleCustomer, 30 * day},
		{order.OfferOrder, customer, choiceOf(performer), order.WaitOfferAnswer, order.RoleEngineer, 3 * day},
		{order.AcceptOffer, performer, order.Revised{Revision: 1}, order.WaitContract, order.RoleEngineer, 10 * day},
		{order.SendContract, performer, contract(3000, true), order.WaitContractSignature, order.RoleCustomer, 5 * day},
		{order.SignContract, customer, signature(), order.WaitPrepaymentInvoice, order.RoleEngineer, 3 * day},
		{order.SendPrepaymentInvoice, performer, invoice(), order.WaitPrepayment, order.RoleCustomer, 5 * day},
		{order.ReportPrepayment, customer, paid(), order.WaitPrepaymentConfirmation, order.RoleEngineer, 7 * day},
		{order.ConfirmPrepayment, performer, nil, order.WaitResults, order.RoleEngineer, -1},
		{order.SubmitResults, performer, order.ResultsDelivery{Way: order.ByStorage}, order.WaitReceipt, order.RoleCustomer, 14 * day},
		{order.ConfirmReceipt, customer, nil, order.WaitAcceptance, order.RoleCustomer, 14 * day},
		{order.AcceptResults, customer, order.ActSignature{}, order.WaitFinal, order.RoleEngineer, 60 * day},
		{order.SubmitFinal, performer, final(), order.WaitActSignature, order.RoleCustomer, 7 * day},
		{order.SignAct, customer, actSignature(), order.WaitInvoice, order.RoleEngineer, 3 * day},
		{order.SendInvoice, performer, invoice(), order.WaitPayment, order.RoleCustomer, 10 * day},
		{order.ReportPayment, customer, paid(), order.WaitPaymentConfirmation, order.RoleEngineer, 10 * day},
		{order.Rate, customer, order.Mark{Mark: 5}, order.WaitPaymentConfirmation, order.RoleEngineer, 10 * day},
		{order.ConfirmPayment, performer, nil, order.WaitRating, order.RoleCustomer, 14 * day},
	} {
		l.send(step.kind, step.by, step.details)
		require.Equal(t, step.waits, l.s.Wait.For, "after %s", step.kind)
		require.Equal(t, step.from, l.s.Wait.From, "after %s", step.kind)
		switch {
		case step.term > 0:
			require.Equal(t, l.now.Add(step.term), l.s.Deadline(), "after %s", step.kind)
		case step.term == 0:
			require.Zero(t, l.s.Deadline(), "after %s", step.kind)
		default:
			require.Equal(t, time.Date(2026, 7, 1, 0, 0, 0, 0, order.Moscow).UTC(), l.s.Deadline(), "the term includes the contract's last day")
		}
	}
	l.fireNext(order.DueRatingEnd)
	require.True(t, l.s.Closed())
}

func TestEligibilityIsCheckedAtEveryStep(t *testing.T) {
	acceptance.Covers(t, "S-15", "R-RESP-5", "R-OFFER-4", "R-KPROF-12")
	for code, hinder := range map[order.Code]func(*order.EngineerFacts){
		order.CodeNotInRegistry:  func(e *order.EngineerFacts) { e.InRegistry = false },
		order.CodeBlocked:        func(e *order.EngineerFacts) { e.Blocked = true },
		order.CodeAccountOff:     func(e *order.EngineerFacts) { e.AccountOff = true },
		order.CodeProfile:        func(e *order.EngineerFacts) { e.Complete = false },
		order.CodeFormOfWork:     func(e *order.EngineerFacts) { e.SoleProprietor, e.Employer = false, "" },
		order.CodeByEmployer:     func(e *order.EngineerFacts) { e.SoleProprietor, e.Employer, e.Confirmed = false, "organisation", false },
		order.CodeOutsideRegions: func(e *order.EngineerFacts) { e.Regions = []string{"78"} },
		order.CodeOnlyEngineer: func(e *order.EngineerFacts) {
			e.SoleProprietor, e.Employer, e.Confirmed, e.EmployerActive = false, "organisation", true, 1
		},
		order.CodeOwnOrder:        func(e *order.EngineerFacts) { e.Person = customer.Person },
		order.CodeUnknownEngineer: nil,
	} {
		for _, at := range []struct {
			from func(testing.TB) *testOrder
			kind order.Kind
			by   order.Actor
		}{
			{selection, order.Respond, responder},
			{responded, order.Choose, customer},
			{selection, order.OfferOrder, customer},
			{offer, order.AcceptOffer, offered},
			{contracting, order.SendContract, performer},
			{func(t testing.TB) *testOrder { return responded(t).then(order.Amend, customer, terms()) }, order.AcceptChanges, responder},
		} {
			t.Run(string(code)+" "+string(at.kind), func(t *testing.T) {
				l := at.from(t)
				l.facts = append(l.facts, func(f *order.Facts) {
					if hinder == nil {
						f.Engineer = nil
						return
					}
					hinder(f.Engineer)
				})
				l.requireRefused(code, at.kind, at.by, validDetails(l, at.kind))
			})
		}
	}
}

func TestSwitchedOffEngineerGetsNoOffersButMayRespond(t *testing.T) {
	acceptance.Covers(t, "R-OFFER-4d", "R-KORD-1")
	l := selection(t)
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil {
			f.Engineer.Receives = false
		}
	})
	l.requireRefused(order.CodeNotReceiving, order.OfferOrder, customer, choiceOf(other))
	l.send(order.Respond, responder, bid())
	l.send(order.Choose, customer, choiceOf(responder))
}

func TestRuleOfTwoIsTwo(t *testing.T) {
	acceptance.Covers(t, "C-20")
	e := eligible("performer")
	require.Nil(t, e.Eligible("77"))
	e.EmployerActive = 1
	require.Equal(t, order.CodeOnlyEngineer, e.Eligible("77").Code)
}

func TestCustomerCannotPerformHisOwnOrder(t *testing.T) {
	acceptance.Covers(t, "S-39")
	self := order.Actor{Role: order.RoleEngineer, Person: customer.Person, Party: "self"}
	l := selection(t)
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil && f.Engineer.ID == "self" {
			f.Engineer.Person = customer.Person
		}
	})
	l.requireRefused(order.CodeOwnOrder, order.Respond, self, bid())
	l.requireRefused(order.CodeOwnOrder, order.OfferOrder, customer, choiceOf(self))

	l = work(t, 0, false)
	l.facts = append(l.facts, func(f *order.Facts) { f.Engineer.Person = customer.Person })
	l.requireRefused(order.CodeOwnOrder, order.ReplaceEngineer, moderator, choiceOf(colleague))
}
