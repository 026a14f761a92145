package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// proposeTermination sends a proposal to terminate the contract.
func proposeTermination(l *testOrder, by order.Actor) *testOrder {
	l.t.Helper()
	return l.then(order.ProposeTermination, by, nil)
}

func TestOnlyTheAuthorWithdrawsAProposal(t *testing.T) {
	acceptance.Covers(t, "S-40")
	for name, by := range map[string]order.Actor{"заказчик": customer, "исполнитель": performer} {
		t.Run(name, func(t *testing.T) {
			otherSide := performer
			if by == performer {
				otherSide = customer
			}
			l := proposeTermination(inWork(t), by)
			require.NotNil(t, l.s.Proposal)
			require.Contains(t, encode(t, l.s.Proposal), `"party":"`+by.Party+`"`, "the proposal names its author")
			l.requireRefused(order.CodeOthersProposal, order.WithdrawProposal, otherSide, nil)
			d := l.send(order.WithdrawProposal, by, nil)
			require.Nil(t, l.s.Proposal)
			require.True(t, notifiedParty(d, otherSide.Party, order.NoticeProposalWithdrawn))
			l.requireRefused(order.CodeNoProposal, order.AgreeTermination, otherSide, nil)
			l.requireRefused(order.CodeNoProposal, order.WithdrawProposal, by, nil)
			proposeTermination(l, otherSide)
		})
	}
}

func TestReworkProposalCanBeWithdrawn(t *testing.T) {
	acceptance.Covers(t, "S-21")
	l := refusedByRosreestr(t).then(order.ProposeRework, performer, nil)
	l.send(order.WithdrawProposal, performer, nil)
	l.requireRefused(order.CodeNoProposal, order.AgreeRework, customer, nil)
}

func TestProposalCanBeWithdrawnInASuspendedOrder(t *testing.T) {
	acceptance.Covers(t, "S-17")
	l := proposeTermination(inWork(t), customer).suspend()
	l.send(order.WithdrawProposal, customer, nil)
}

// The engineer who made the proposal has left, so nobody may answer it.
func TestReplacementEndsTheProposal(t *testing.T) {
	acceptance.Covers(t, "S-40")
	for name, by := range map[string]order.Actor{"исполнитель": performer, "заказчик": customer} {
		t.Run(name, func(t *testing.T) {
			l := proposeTermination(inWork(t), by)
			d := l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
			require.Nil(t, l.s.Proposal)
			require.True(t, notified(d, order.RoleCustomer, order.NoticeProposalEnded))
			l.requireRefused(order.CodeNoProposal, order.AgreeTermination, customer, nil)
			l.requireRefused(order.CodeNoProposal, order.AgreeTermination, colleague, nil)
			require.Equal(t, order.Work, l.s.Stage)
		})
	}
}

// A proposal is about the order's current step; a message that moves the order on ends the
// proposal.
func TestProposalEndsWithItsStep(t *testing.T) {
	acceptance.Covers(t, "S-40")
	inPayment := func(t testing.TB) *testOrder { return payment(t).then(order.SendInvoice, performer, invoice()) }
	for _, row := range []struct {
		name     string
		from     func(testing.TB) *testOrder
		kind     order.Kind
		by       order.Actor
		details  any
		notified bool
	}{
		{"предоплата заявлена", prepaymentInvoiced, order.ReportPrepayment, customer, paid(), true},
		{"предоплата получена", prepaymentInvoiced, order.ConfirmPrepayment, performer, nil, true},
		{"результаты переданы", inWork, order.SubmitResults, performer, order.ResultsDelivery{Way: order.InPerson, Act: signedAct()}, true},
		{"результаты получены", func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.InPerson) }, order.ConfirmReceipt, customer, nil, true},
		{"результаты приняты", func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles) }, order.AcceptResults, customer, actSignature(), true},
		{"результаты возвращены", func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles) }, order.ReturnResults, customer, order.Remarks{}, true},
		{"приёмка в одностороннем порядке", func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles).fireUntilOverdue() }, order.SignActAlone, performer, actSignature(), true},
		{"итог ГКУ/ГРП", inRegistration, order.SubmitFinal, performer, final(), true},
		{"акт подписан", func(t testing.TB) *testOrder { return actUnsigned(t, 0) }, order.SignAct, customer, actSignature(), true},
		{"акт возвращён", func(t testing.TB) *testOrder { return actUnsigned(t, 0) }, order.ReturnAct, customer, nil, true},
		{"новый акт", func(t testing.TB) *testOrder { return actUnsigned(t, 0) }, order.SendAct, performer, order.ActDelivery{Act: *signedAct()}, true},
		{"счёт", payment, order.SendInvoice, performer, invoice(), true},
		{"новый счёт", inPayment, order.SendInvoice, performer, invoice(), true},
		{"оплата заявлена", inPayment, order.ReportPayment, customer, paid(), true},
		{"оплата отклонена", claimed, order.RefutePayment, performer, nil, true},
		{"оплата получена", claimed, order.ConfirmPayment, performer, nil, false},
		{"модератор решил продолжать", func(t testing.TB) *testOrder { return disputed(inWork(t)) }, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleContinue}, true},
		{"модератор вернул в работу", func(t testing.TB) *testOrder { return disputed(claimed(t)) }, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework}, true},
	} {
		for name, by := range map[string]order.Actor{"заказчик": customer, "исполнитель": performer} {
			t.Run(row.name+", предложил "+name, func(t *testing.T) {
				l := proposeTermination(row.from(t), by)
				d := l.send(row.kind, row.by, row.details)
				require.Nil(t, l.s.Proposal)
				require.Equal(t, row.notified, notified(d, order.RoleCustomer, order.NoticeProposalEnded))
				require.Equal(t, row.notified, notifiedParty(d, "performer", order.NoticeProposalEnded))
			})
		}
	}
}

func TestProposalStaysWhileTheStepStays(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := proposeTermination(claimed(t), customer)
	l.send(order.Rate, customer, order.Mark{Mark: 4})
	l.send(order.OpenDispute, performer, order.DisputeCall{Ground: order.GroundTermination})
	l.advance(time.Hour).send(order.RegistryStatus, registry, l.status(false))
	l.fireUntilOverdue()
	require.NotNil(t, l.s.Proposal)
	l.send(order.AgreeTermination, performer, nil)
}

func TestReworkProposalEndsWithTheRefusal(t *testing.T) {
	acceptance.Covers(t, "S-21")
	l := refusedByRosreestr(t).then(order.ProposeRework, customer, nil)
	d := l.send(order.ReportRegistration, performer, order.RegistrationStatus{Status: order.RegistrationReview})
	require.Nil(t, l.s.Proposal)
	require.True(t, notified(d, order.RoleCustomer, order.NoticeProposalEnded))

	l = proposeTermination(refusedByRosreestr(t), customer)
	l.send(order.ReportRegistration, performer, order.RegistrationStatus{Status: order.RegistrationReview})
	require.NotNil(t, l.s.Proposal, "a proposal to terminate does not depend on the application")
}

// In a state recorded before proposals had a party, the role alone decides who may answer and who
// may withdraw.
func TestProposalWithoutAPartyIsMatchedByRole(t *testing.T) {
	acceptance.Covers(t, "B-1")
	for by, answering := range map[order.Actor]order.Actor{customer: performer, performer: customer} {
		l := inWork(t)
		require.NoError(t, json.Unmarshal([]byte(`{"kind":"propose-termination","by":"`+string(by.Role)+`"}`), &l.s.Proposal))
		l.requireRefused(order.CodeOwnProposal, order.AgreeTermination, by, nil)
		back := decide(t, l.s, message(order.WithdrawProposal, by, nil), factsFor(&l.s, message(order.WithdrawProposal, by, nil), l.now))
		require.Equal(t, order.Applied, back.Verdict)
		l.send(order.AgreeTermination, answering, nil)
		require.Equal(t, order.Cancelled, l.s.Stage)
	}
}

func TestReplacementResetsTheEngineersState(t *testing.T) {
	acceptance.Covers(t, "S-40")
	t.Run("просрочка и срок", func(t *testing.T) {
		for name, from := range map[string]func(testing.TB) *testOrder{
			"результаты": inWork, "ГКУ/ГРП": inRegistration, "счёт": payment, "счёт на предоплату": inPrepayment,
			"подтверждение оплаты": claimed,
		} {
			l := from(t)
			before := l.s.Wait
			l.fireUntilOverdue().advance(day)
			l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
			require.Equal(t, before.For, l.s.Wait.For, name)
			require.False(t, l.s.Overdue, name)
			require.True(t, l.s.Deadline().After(l.now), "%s: the step restarts for the new engineer", name)
			require.Equal(t, l.now, l.s.Wait.Since, name)
			ids := map[string]bool{}
			for _, due := range l.s.Dues {
				require.False(t, ids[due.ID])
				ids[due.ID] = true
			}
			l.fireUntilOverdue()
		}
	})
	t.Run("срок заказчика остаётся", func(t *testing.T) {
		l := inAcceptance(t, 0, false, order.ByFiles).fireUntilOverdue().advance(day)
		since := l.s.Wait.Since
		l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
		require.True(t, l.s.Overdue, "the customer's delay remains")
		require.Equal(t, since, l.s.Wait.Since)
	})
	t.Run("отклонённый платёж", func(t *testing.T) {
		l := claimed(t).then(order.RefutePayment, performer, nil)
		l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
		require.Zero(t, l.s.Payment.Refuted)
		l.requireRefused(order.CodeNoDisagreement, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
	})
	t.Run("круги доработки и оценка", func(t *testing.T) {
		l := inWork(t)
		for range 3 {
			l.send(order.SubmitResults, performer, results(l, order.ByFiles))
			l.send(order.ReturnResults, customer, order.Remarks{})
		}
		l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
		require.Zero(t, l.s.Rounds)
		l.requireRefused(order.CodeFewRounds, order.OpenDispute, colleague, order.DisputeCall{Ground: order.GroundResults})

		l = claimed(t).then(order.Rate, customer, order.Mark{Mark: 1})
		l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
		require.Nil(t, l.s.Rating, "a mark belongs to the engineer who was rated")
		l.send(order.Rate, customer, order.Mark{Mark: 5})
	})
	t.Run("сообщение об оплате заказчика остаётся", func(t *testing.T) {
		l := claimed(t)
		l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
		l.send(order.ConfirmPayment, colleague, nil)
		require.Equal(t, order.Completed, l.s.Stage)
	})
}

// A new document restarts the step, so the party that received it is not overdue.
func TestNewDocumentRestartsTheStep(t *testing.T) {
	acceptance.Covers(t, "S-22")
	l := actUnsigned(t, 0).fireUntilOverdue()
	l.send(order.SendAct, performer, order.ActDelivery{Act: *signedAct()})
	require.False(t, l.s.Overdue)
	l.requireRefused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())

	l = payment(t).then(order.SendInvoice, performer, invoice()).fireUntilOverdue()
	l.send(order.SendInvoice, performer, invoice())
	require.False(t, l.s.Overdue)
	l.requireRefused(order.CodeNoDisagreement, order.OpenDispute, performer, order.DisputeCall{Ground: order.GroundPayment})

	l = prepaymentInvoiced(t).fireUntilOverdue()
	l.send(order.SendPrepaymentInvoice, performer, invoice())
	require.False(t, l.s.Overdue)

	l = contracting(t).then(order.Amend, customer, terms()).fireUntilOverdue().advance(day)
	l.send(order.Amend, customer, terms())
	require.False(t, l.s.Overdue)
	require.Equal(t, l.now.Add(5*day), l.s.Deadline())
}

// An id in another spelling is the same engineer.
func TestEngineerIsNotReplacedByHimself(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := disputed(inWork(t))
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil {
			f.Engineer.ID, f.Engineer.Person = "performer", "person-performer"
			f.Engineer.Employer, f.Engineer.SoleProprietor, f.Engineer.Confirmed, f.Engineer.EmployerActive = "organisation", false, true, 2
		}
	})
	l.requireRefused(order.CodeSameEngineer, order.ReplaceEngineer, moderator, order.EngineerChoice{Engineer: "PERFORMER"})
	require.NotNil(t, l.s.Dispute)
}
