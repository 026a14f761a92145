package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func TestReturnedResultsAndTheModeratorAfterThreeRounds(t *testing.T) {
	acceptance.Covers(t, "S-19")
	l := inAcceptance(t, 0, false, order.ByFiles)
	silent := message(order.ReturnResults, customer, order.Remarks{})
	silent.Body = nil
	require.Equal(t, order.CodeNoReason, l.decide(silent).Code)
	for round := 1; round <= 3; round++ {
		for _, side := range []order.Actor{customer, performer} {
			l.requireRefused(order.CodeFewRounds, order.OpenDispute, side, order.DisputeCall{Ground: order.GroundResults})
		}
		d := l.send(order.ReturnResults, customer, order.Remarks{Files: []order.FileRef{file("remarks")}})
		require.True(t, notified(d, order.RoleEngineer, order.NoticeResultsReturned))
		require.Equal(t, order.Work, l.s.Stage)
		require.Equal(t, round, l.s.Rounds)
		require.Nil(t, l.s.Act, "returned results drop their act")
		require.Nil(t, l.s.Results)
		l.send(order.SubmitResults, performer, results(l, order.ByFiles))
	}
	for _, side := range []order.Actor{customer, performer} {
		m := message(order.OpenDispute, side, order.DisputeCall{Ground: order.GroundResults})
		m.ReceivedAt = l.now
		d := decide(t, l.s, m, factsFor(&l.s, m, l.now))
		require.Equal(t, order.Applied, d.Verdict)
		require.True(t, notified(d, order.RoleModerator, order.NoticeDispute))
	}
}

func TestDisputeNeedsItsGround(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := inWork(t)
	l.requireRefused(order.CodeFewRounds, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundResults})
	l.requireRefused(order.CodeNotRefused, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundRegistration})
	l.requireRefused(order.CodeNoDisagreement, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
	l.requireRefused(order.CodeBadDetails, order.OpenDispute, customer, order.DisputeCall{Ground: "иное"})
	l.requireRefused(order.CodeNoDispute, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleContinue})
	disputed(l)
	l.requireRefused(order.CodeDisputeOpen, order.OpenDispute, performer, order.DisputeCall{Ground: order.GroundTermination})
	l.requireRefused(order.CodeBadDetails, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: "иначе"})
	require.NotNil(t, l.s.Dispute)

	overdue := claimed(t)
	overdue.requireRefused(order.CodeNoDisagreement, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
	overdue.fireUntilOverdue().send(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
}

func TestModeratorSettles(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := disputed(claimed(t))
	d := l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleContinue})
	require.Nil(t, l.s.Dispute)
	require.True(t, notified(d, order.RoleCustomer, order.NoticeSettled))
	require.True(t, notified(d, order.RoleEngineer, order.NoticeSettled))
	require.Equal(t, order.Payment, l.s.Stage)

	l = disputed(claimed(t))
	l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework})
	require.Equal(t, order.Work, l.s.Stage)
	require.Nil(t, l.s.Act)
	require.Nil(t, l.s.Payment)

	l = disputed(inPrepayment(t))
	l.requireRefused(order.CodeBadDetails, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework})
	l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleTerminate})
	require.Equal(t, order.Cancelled, l.s.Stage)
	require.Equal(t, order.ByModerator, l.s.Cause)
	require.Equal(t, "Отменен", l.s.StageLabel(), "«Отменен заказчиком» is for the customer's cancellation only")
	require.True(t, l.s.Closed())
}

func TestMutualTermination(t *testing.T) {
	acceptance.Covers(t, "S-13", "S-40")
	for _, sides := range [][2]order.Actor{{customer, performer}, {performer, customer}} {
		l := inWork(t)
		d := l.send(order.ProposeTermination, sides[0], nil)
		require.True(t, notified(d, sides[1].Role, order.NoticeProposal))
		l.requireRefused(order.CodeOwnProposal, order.AgreeTermination, sides[0], nil)
		l.requireRefused(order.CodeProposalOpen, order.ProposeTermination, sides[1], nil)
		l.send(order.RefuseTermination, sides[1], nil)
		l.requireRefused(order.CodeNoProposal, order.AgreeTermination, sides[1], nil)
		require.Equal(t, order.Work, l.s.Stage)
		l.send(order.ProposeTermination, sides[0], nil)
		l.send(order.AgreeTermination, sides[1], nil)
		require.Equal(t, order.Cancelled, l.s.Stage)
		require.Equal(t, order.ByAgreement, l.s.Cause)
		require.Equal(t, "Отменен", l.s.StageLabel())
		require.Empty(t, l.s.Dues)
	}
}

func TestRefusalOfRosreestr(t *testing.T) {
	acceptance.Covers(t, "S-21")
	l := inRegistration(t)
	for _, status := range []string{order.RegistrationReview, order.RegistrationSuspended} {
		l.send(order.ReportRegistration, performer, order.RegistrationStatus{Status: status})
		require.Equal(t, status, l.s.Application)
		l.requireRefused(order.CodeNotRefused, order.ProposeRework, customer, nil)
	}
	l.requireRefused(order.CodeBadDetails, order.ReportRegistration, performer, order.RegistrationStatus{Status: "принято"})
	l.send(order.ReportRegistration, performer, order.RegistrationStatus{Status: order.RegistrationRefused})

	agreed := refusedByRosreestr(t)
	agreed.send(order.ProposeRework, customer, nil)
	agreed.requireRefused(order.CodeNoProposal, order.AgreeTermination, performer, nil)
	agreed.send(order.AgreeRework, performer, nil)
	require.Equal(t, order.Work, agreed.s.Stage)
	require.Empty(t, agreed.s.Application)

	l.send(order.ProposeRework, customer, nil)
	l.send(order.RefuseRework, performer, nil)
	l.send(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundRegistration})
	l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework})
	require.Equal(t, order.Work, l.s.Stage)
}

func TestReworkProposalEndsWithItsGround(t *testing.T) {
	acceptance.Covers(t, "S-21", "S-40")
	l := refusedByRosreestr(t).then(order.ProposeRework, customer, nil)
	l.send(order.ReportRegistration, performer, order.RegistrationStatus{Status: order.RegistrationReview})
	l.requireRefused(order.CodeNoProposal, order.AgreeRework, performer, nil)

	l = refusedByRosreestr(t).then(order.ProposeRework, customer, nil)
	l.send(order.SubmitFinal, performer, final())
	l.send(order.ProposeTermination, performer, nil)
	require.Empty(t, l.s.Application, "the final delivery clears the application")
	l.requireRefused(order.CodeNotRefused, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundRegistration})

	l = refusedByRosreestr(t).then(order.ProposeTermination, customer, nil)
	l.send(order.SubmitFinal, performer, final())
	l.requireRefused(order.CodeNoProposal, order.AgreeTermination, performer, nil)
}

func TestModeratorAlwaysGivesAReason(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := disputed(claimed(t))
	for _, kind := range []order.Kind{order.SettleDispute, order.ConfirmPayment} {
		silent := message(kind, moderator, nil)
		if kind == order.SettleDispute {
			silent = message(kind, moderator, order.DisputeSettlement{Settlement: order.SettleContinue})
		}
		silent.Body = nil
		require.Equal(t, order.CodeNoReason, l.decide(silent).Code, kind)
	}
	for _, a := range order.Actions(l.s, moderator, order.Facts{Now: l.now}) {
		require.True(t, a.RequiresReason, a.Kind)
	}
}

func disputedResults(t testing.TB) *testOrder {
	l := inAcceptance(t, 0, false, order.ByFiles)
	for range 3 {
		l.send(order.ReturnResults, customer, order.Remarks{})
		l.send(order.SubmitResults, performer, results(l, order.ByFiles))
	}
	return l.then(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundResults})
}

// A dispute ends with its subject, and the moderators are notified.
func TestDisputeEndsWithItsGround(t *testing.T) {
	acceptance.Covers(t, "S-21", "S-40")
	quality := disputedResults(t)
	d := quality.decide(message(order.AcceptResults, customer, actSignature()))
	require.Nil(t, quality.s.Dispute, "accepted")
	require.Contains(t, d.Notices, order.Notice{To: order.Addressee{Role: order.RoleModerator}, Kind: order.NoticeDisputeEnded})

	money := prepaymentInvoiced(t)
	money.send(order.ReportPrepayment, customer, paid())
	money.send(order.RefutePrepayment, performer, nil)
	money.send(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
	money.send(order.ReportPrepayment, customer, paid())
	require.NotNil(t, money.s.Dispute, "a repeated report does not confirm the payment")
	money.send(order.ConfirmPrepayment, performer, nil)
	require.Nil(t, money.s.Dispute, "paid")

	filing := refusedByRosreestr(t)
	filing.send(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundRegistration})
	filing.send(order.SubmitFinal, performer, final())
	require.Nil(t, filing.s.Dispute, "registered")

	l := disputed(inWork(t))
	l.send(order.SubmitResults, performer, results(l, order.ByFiles))
	require.NotNil(t, l.s.Dispute, "a dispute on termination stays open")
}

// A customer who has called the moderator is not silent.
func TestActIsNotSignedAloneDuringADispute(t *testing.T) {
	acceptance.Covers(t, "S-22")
	disputedResults(t).fireUntilOverdue().requireRefused(order.CodeDisputeOpen, order.SignActAlone, performer, actSignature())
}
