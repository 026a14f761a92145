package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// proposedBy has a termination proposed.
func proposedBy(l *life, by order.Actor) *life {
	l.t.Helper()
	return l.then(order.ProposeTermination, by, nil)
}

func TestProposalIsTakenBackByWhoMadeIt(t *testing.T) {
	acceptance.Covers(t, "S-40")
	for name, by := range map[string]order.Actor{"заказчик": customer, "исполнитель": performer} {
		t.Run(name, func(t *testing.T) {
			otherSide := performer
			if by == performer {
				otherSide = customer
			}
			l := proposedBy(workPlain(t), by)
			require.NotNil(t, l.s.Proposal)
			require.Contains(t, encode(t, l.s.Proposal), `"party":"`+by.Party+`"`, "it names who made it")
			l.refused(order.CodeOthersProposal, order.WithdrawProposal, otherSide, nil)
			d := l.send(order.WithdrawProposal, by, nil)
			require.Nil(t, l.s.Proposal)
			require.True(t, toldParty(d, otherSide.Party, order.NoticeProposalWithdrawn))
			l.refused(order.CodeNoProposal, order.AgreeTermination, otherSide, nil)
			l.refused(order.CodeNoProposal, order.WithdrawProposal, by, nil)
			proposedBy(l, otherSide)
		})
	}
}

func TestReworkProposalIsTakenBackToo(t *testing.T) {
	acceptance.Covers(t, "S-21")
	l := refusedByRosreestr(t).then(order.ProposeRework, performer, nil)
	l.send(order.WithdrawProposal, performer, nil)
	l.refused(order.CodeNoProposal, order.AgreeRework, customer, nil)
}

func TestProposalIsTakenBackInASuspendedOrder(t *testing.T) {
	acceptance.Covers(t, "S-17")
	l := proposedBy(workPlain(t), customer).suspended()
	l.send(order.WithdrawProposal, customer, nil)
}

// The engineer who proposed is gone; nobody may be held to his word.
func TestReplacedEngineersProposalGoesWithHim(t *testing.T) {
	acceptance.Covers(t, "S-40")
	for name, by := range map[string]order.Actor{"исполнитель": performer, "заказчик": customer} {
		t.Run(name, func(t *testing.T) {
			l := proposedBy(workPlain(t), by)
			d := l.send(order.ReplaceEngineer, moderator, pick(colleague))
			require.Nil(t, l.s.Proposal)
			require.True(t, told(d, order.RoleCustomer, order.NoticeProposalEnded))
			l.refused(order.CodeNoProposal, order.AgreeTermination, customer, nil)
			l.refused(order.CodeNoProposal, order.AgreeTermination, colleague, nil)
			require.Equal(t, order.Work, l.s.Stage)
		})
	}
}

// A proposal is made about the order as it stands; whatever moves it on ends the proposal.
func TestProposalEndsWithItsStep(t *testing.T) {
	acceptance.Covers(t, "S-40")
	inPayment := func(t testing.TB) *life { return payment(t).then(order.SendInvoice, performer, invoice()) }
	for _, row := range []struct {
		name    string
		from    func(testing.TB) *life
		kind    order.Kind
		by      order.Actor
		details any
		told    bool
	}{
		{"предоплата заявлена", prepaymentInvoiced, order.ReportPrepayment, customer, paid(), true},
		{"предоплата получена", prepaymentInvoiced, order.ConfirmPrepayment, performer, nil, true},
		{"результаты переданы", workPlain, order.SubmitResults, performer, order.ResultsDelivery{Way: order.InPerson, Act: signedAct()}, true},
		{"результаты получены", func(t testing.TB) *life { return accepting(t, 0, false, order.InPerson) }, order.ConfirmReceipt, customer, nil, true},
		{"результаты приняты", func(t testing.TB) *life { return accepting(t, 0, false, order.ByFiles) }, order.AcceptResults, customer, actSignature(), true},
		{"результаты возвращены", func(t testing.TB) *life { return accepting(t, 0, false, order.ByFiles) }, order.ReturnResults, customer, order.Remarks{}, true},
		{"приёмка в одностороннем порядке", func(t testing.TB) *life { return accepting(t, 0, false, order.ByFiles).fireAll() }, order.SignActAlone, performer, actSignature(), true},
		{"итог ГКУ/ГРП", registering, order.SubmitFinal, performer, final(), true},
		{"акт подписан", func(t testing.TB) *life { return unsigned(t, 0) }, order.SignAct, customer, actSignature(), true},
		{"акт возвращён", func(t testing.TB) *life { return unsigned(t, 0) }, order.ReturnAct, customer, nil, true},
		{"новый акт", func(t testing.TB) *life { return unsigned(t, 0) }, order.SendAct, performer, order.ActDelivery{Act: *signedAct()}, true},
		{"счёт", payment, order.SendInvoice, performer, invoice(), true},
		{"новый счёт", inPayment, order.SendInvoice, performer, invoice(), true},
		{"оплата заявлена", inPayment, order.ReportPayment, customer, paid(), true},
		{"оплата отклонена", claimed, order.RefutePayment, performer, nil, true},
		{"оплата получена", claimed, order.ConfirmPayment, performer, nil, false},
		{"модератор решил продолжать", func(t testing.TB) *life { return disputed(workPlain(t)) }, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleContinue}, true},
		{"модератор вернул в работу", func(t testing.TB) *life { return disputed(claimed(t)) }, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework}, true},
	} {
		for name, by := range map[string]order.Actor{"заказчик": customer, "исполнитель": performer} {
			t.Run(row.name+", предложил "+name, func(t *testing.T) {
				l := proposedBy(row.from(t), by)
				d := l.send(row.kind, row.by, row.details)
				require.Nil(t, l.s.Proposal)
				require.Equal(t, row.told, told(d, order.RoleCustomer, order.NoticeProposalEnded))
				require.Equal(t, row.told, toldParty(d, "performer", order.NoticeProposalEnded))
			})
		}
	}
}

func TestProposalOutlivesWhatLeavesTheStepAsItIs(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := proposedBy(claimed(t), customer)
	l.send(order.Rate, customer, order.Mark{Mark: 4})
	l.send(order.OpenDispute, performer, order.DisputeCall{Ground: order.GroundTermination})
	l.wait(time.Hour).send(order.RegistryStatus, registry, l.says(false))
	l.fireAll()
	require.NotNil(t, l.s.Proposal)
	l.send(order.AgreeTermination, performer, nil)
}

func TestReworkProposalEndsWithTheRefusal(t *testing.T) {
	acceptance.Covers(t, "S-21")
	l := refusedByRosreestr(t).then(order.ProposeRework, customer, nil)
	d := l.send(order.ReportRegistration, performer, order.RegistrationStatus{Status: order.RegistrationReview})
	require.Nil(t, l.s.Proposal)
	require.True(t, told(d, order.RoleCustomer, order.NoticeProposalEnded))

	l = proposedBy(refusedByRosreestr(t), customer)
	l.send(order.ReportRegistration, performer, order.RegistrationStatus{Status: order.RegistrationReview})
	require.NotNil(t, l.s.Proposal, "a termination has nothing to do with the application")
}

// A state recorded before proposals named their makers is answered and taken back by the role alone.
func TestProposalRecordedWithoutItsMakerKeepsItsMeaning(t *testing.T) {
	acceptance.Covers(t, "B-1")
	for by, answering := range map[order.Actor]order.Actor{customer: performer, performer: customer} {
		l := workPlain(t)
		require.NoError(t, json.Unmarshal([]byte(`{"kind":"propose-termination","by":"`+string(by.Role)+`"}`), &l.s.Proposal))
		l.refused(order.CodeOwnProposal, order.AgreeTermination, by, nil)
		back := decide(t, l.s, message(order.WithdrawProposal, by, nil), factsFor(&l.s, message(order.WithdrawProposal, by, nil), l.now))
		require.Equal(t, order.Applied, back.Verdict)
		l.send(order.AgreeTermination, answering, nil)
		require.Equal(t, order.Cancelled, l.s.Stage)
	}
}

func TestReplacedEngineerLeavesNothingOfHisOwn(t *testing.T) {
	acceptance.Covers(t, "S-40")
	t.Run("просрочка и срок", func(t *testing.T) {
		for name, from := range map[string]func(testing.TB) *life{
			"результаты": workPlain, "ГКУ/ГРП": registering, "счёт": payment, "счёт на предоплату": prepaid,
			"подтверждение оплаты": claimed,
		} {
			l := from(t)
			before := l.s.Wait
			l.fireAll().wait(day)
			l.send(order.ReplaceEngineer, moderator, pick(colleague))
			require.Equal(t, before.For, l.s.Wait.For, name)
			require.False(t, l.s.Overdue, name)
			require.True(t, l.s.Deadline().After(l.now), "%s: the step starts anew for the new engineer", name)
			require.Equal(t, l.now, l.s.Wait.Since, name)
			ids := map[string]bool{}
			for _, due := range l.s.Dues {
				require.False(t, ids[due.ID])
				ids[due.ID] = true
			}
			l.fireAll()
		}
	})
	t.Run("срок заказчика остаётся", func(t *testing.T) {
		l := accepting(t, 0, false, order.ByFiles).fireAll().wait(day)
		since := l.s.Wait.Since
		l.send(order.ReplaceEngineer, moderator, pick(colleague))
		require.True(t, l.s.Overdue, "the customer's silence is the customer's")
		require.Equal(t, since, l.s.Wait.Since)
	})
	t.Run("отклонённый платёж", func(t *testing.T) {
		l := claimed(t).then(order.RefutePayment, performer, nil)
		l.send(order.ReplaceEngineer, moderator, pick(colleague))
		require.Zero(t, l.s.Payment.Refuted)
		l.refused(order.CodeNoDisagreement, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
	})
	t.Run("круги доработки и оценка", func(t *testing.T) {
		l := workPlain(t)
		for range 3 {
			l.send(order.SubmitResults, performer, results(l, order.ByFiles))
			l.send(order.ReturnResults, customer, order.Remarks{})
		}
		l.send(order.ReplaceEngineer, moderator, pick(colleague))
		require.Zero(t, l.s.Rounds)
		l.refused(order.CodeFewRounds, order.OpenDispute, colleague, order.DisputeCall{Ground: order.GroundResults})

		l = claimed(t).then(order.Rate, customer, order.Mark{Mark: 1})
		l.send(order.ReplaceEngineer, moderator, pick(colleague))
		require.Nil(t, l.s.Rating, "a mark is for whom it was given")
		l.send(order.Rate, customer, order.Mark{Mark: 5})
	})
	t.Run("сообщение об оплате заказчика остаётся", func(t *testing.T) {
		l := claimed(t)
		l.send(order.ReplaceEngineer, moderator, pick(colleague))
		l.send(order.ConfirmPayment, colleague, nil)
		require.Equal(t, order.Completed, l.s.Stage)
	})
}

// A new document begins the step anew: nobody is late with what he has just been given.
func TestStepStartsAnewWithANewDocument(t *testing.T) {
	acceptance.Covers(t, "S-22")
	l := unsigned(t, 0).fireAll()
	l.send(order.SendAct, performer, order.ActDelivery{Act: *signedAct()})
	require.False(t, l.s.Overdue)
	l.refused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())

	l = payment(t).then(order.SendInvoice, performer, invoice()).fireAll()
	l.send(order.SendInvoice, performer, invoice())
	require.False(t, l.s.Overdue)
	l.refused(order.CodeNoDisagreement, order.OpenDispute, performer, order.DisputeCall{Ground: order.GroundPayment})

	l = prepaymentInvoiced(t).fireAll()
	l.send(order.SendPrepaymentInvoice, performer, invoice())
	require.False(t, l.s.Overdue)

	l = contracting(t).then(order.Amend, customer, terms()).fireAll().wait(day)
	l.send(order.Amend, customer, terms())
	require.False(t, l.s.Overdue)
	require.Equal(t, l.now.Add(5*day), l.s.Deadline())
}

// The same engineer in another spelling is the same engineer.
func TestEngineerIsNotReplacedByHimself(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := disputed(workPlain(t))
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil {
			f.Engineer.ID, f.Engineer.Person = "performer", "person-performer"
			f.Engineer.Employer, f.Engineer.SoleProprietor, f.Engineer.Confirmed, f.Engineer.EmployerActive = "organisation", false, true, 2
		}
	})
	l.refused(order.CodeSameEngineer, order.ReplaceEngineer, moderator, order.Pick{Engineer: "PERFORMER"})
	require.NotNil(t, l.s.Dispute)
}
