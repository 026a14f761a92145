package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func TestReturnedResultsAndTheModeratorAfterThreeRounds(t *testing.T) {
	acceptance.Covers(t, "S-19")
	l := accepting(t, 0, false, order.ByFiles)
	silent := message(order.ReturnResults, customer, order.Remarks{})
	silent.Body = nil
	require.Equal(t, order.CodeNoReason, l.judge(silent).Code)
	for round := 1; round <= 3; round++ {
		for _, side := range []order.Actor{customer, performer} {
			l.refused(order.CodeFewRounds, order.OpenDispute, side, order.DisputeCall{Ground: order.GroundResults})
		}
		d := l.send(order.ReturnResults, customer, order.Remarks{Files: []order.FileRef{file("remarks")}})
		require.True(t, told(d, order.RoleEngineer, order.NoticeResultsReturned))
		require.Equal(t, order.Work, l.s.Stage)
		require.Equal(t, round, l.s.Rounds)
		require.Nil(t, l.s.Act, "the act that came with the results is void")
		require.Nil(t, l.s.Results)
		l.send(order.SubmitResults, performer, results(l, order.ByFiles))
	}
	for _, side := range []order.Actor{customer, performer} {
		m := message(order.OpenDispute, side, order.DisputeCall{Ground: order.GroundResults})
		m.ReceivedAt = l.now
		d := decide(t, l.s, m, factsFor(&l.s, m, l.now))
		require.Equal(t, order.Applied, d.Verdict)
		require.True(t, told(d, order.RoleModerator, order.NoticeDispute))
	}
}

func TestDisputeNeedsItsGround(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := workPlain(t)
	l.refused(order.CodeFewRounds, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundResults})
	l.refused(order.CodeNotRefused, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundRegistration})
	l.refused(order.CodeNoDisagreement, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
	l.refused(order.CodeBadDetails, order.OpenDispute, customer, order.DisputeCall{Ground: "иное"})
	l.refused(order.CodeNoDispute, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleContinue})
	disputed(l)
	l.refused(order.CodeDisputeOpen, order.OpenDispute, performer, order.DisputeCall{Ground: order.GroundTermination})
	l.refused(order.CodeBadDetails, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: "иначе"})
	require.NotNil(t, l.s.Dispute)

	overdue := claimed(t)
	overdue.refused(order.CodeNoDisagreement, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
	overdue.fireAll().send(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
}

func TestModeratorSettles(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := disputed(claimed(t))
	d := l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleContinue})
	require.Nil(t, l.s.Dispute)
	require.True(t, told(d, order.RoleCustomer, order.NoticeSettled))
	require.True(t, told(d, order.RoleEngineer, order.NoticeSettled))
	require.Equal(t, order.Payment, l.s.Stage)

	l = disputed(claimed(t))
	l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework})
	require.Equal(t, order.Work, l.s.Stage)
	require.Nil(t, l.s.Act)
	require.Nil(t, l.s.Payment)

	l = disputed(prepaid(t))
	l.refused(order.CodeBadDetails, order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework})
	l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleTerminate})
	require.Equal(t, order.Cancelled, l.s.Stage)
	require.Equal(t, order.ByModerator, l.s.Cause)
	require.Equal(t, "Отменен", l.s.StageLabel(), "«Отменен заказчиком» is only the customer's own")
	require.True(t, l.s.Closed())
}

func TestMutualTermination(t *testing.T) {
	acceptance.Covers(t, "S-13", "S-40")
	for _, sides := range [][2]order.Actor{{customer, performer}, {performer, customer}} {
		l := workPlain(t)
		d := l.send(order.ProposeTermination, sides[0], nil)
		require.True(t, told(d, sides[1].Role, order.NoticeProposal))
		l.refused(order.CodeOwnProposal, order.AgreeTermination, sides[0], nil)
		l.refused(order.CodeProposalOpen, order.ProposeTermination, sides[1], nil)
		l.send(order.RefuseTermination, sides[1], nil)
		l.refused(order.CodeNoProposal, order.AgreeTermination, sides[1], nil)
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
	l := registering(t)
	for _, status := range []string{order.RegistrationReview, order.RegistrationSuspended} {
		l.send(order.ReportRegistration, performer, order.RegistrationStatus{Status: status})
		require.Equal(t, status, l.s.Application)
		l.refused(order.CodeNotRefused, order.ProposeRework, customer, nil)
	}
	l.refused(order.CodeBadDetails, order.ReportRegistration, performer, order.RegistrationStatus{Status: "принято"})
	l.send(order.ReportRegistration, performer, order.RegistrationStatus{Status: order.RegistrationRefused})

	agreed := refusedByRosreestr(t)
	agreed.send(order.ProposeRework, customer, nil)
	agreed.refused(order.CodeNoProposal, order.AgreeTermination, performer, nil)
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
	l.refused(order.CodeNoProposal, order.AgreeRework, performer, nil)

	l = refusedByRosreestr(t).then(order.ProposeRework, customer, nil)
	l.send(order.SubmitFinal, performer, final())
	l.send(order.ProposeTermination, performer, nil)
	require.Empty(t, l.s.Application, "the outcome ends the application")
	l.refused(order.CodeNotRefused, order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundRegistration})

	l = refusedByRosreestr(t).then(order.ProposeTermination, customer, nil)
	l.send(order.SubmitFinal, performer, final())
	l.refused(order.CodeNoProposal, order.AgreeTermination, performer, nil)
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
		require.Equal(t, order.CodeNoReason, l.judge(silent).Code, kind)
	}
	for _, a := range order.Actions(l.s, moderator, order.Facts{Now: l.now}) {
		require.True(t, a.Reasoned, a.Kind)
	}
}

func resultsDispute(t testing.TB) *life {
	l := accepting(t, 0, false, order.ByFiles)
	for range 3 {
		l.send(order.ReturnResults, customer, order.Remarks{})
		l.send(order.SubmitResults, performer, results(l, order.ByFiles))
	}
	return l.then(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundResults})
}

// A dispute ends with its subject: then there is nothing left to decide, and the moderators are told.
func TestDisputeEndsWithItsGround(t *testing.T) {
	acceptance.Covers(t, "S-21", "S-40")
	quality := resultsDispute(t)
	d := quality.judge(message(order.AcceptResults, customer, actSignature()))
	require.Nil(t, quality.s.Dispute, "accepted")
	require.Contains(t, d.Notices, order.Notice{To: order.Addressee{Role: order.RoleModerator}, Kind: order.NoticeDisputeEnded})

	money := prepaymentInvoiced(t)
	money.send(order.ReportPrepayment, customer, paid())
	money.send(order.RefutePrepayment, performer, nil)
	money.send(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
	money.send(order.ReportPrepayment, customer, paid())
	require.NotNil(t, money.s.Dispute, "reported once more is not yet paid")
	money.send(order.ConfirmPrepayment, performer, nil)
	require.Nil(t, money.s.Dispute, "paid")

	filing := refusedByRosreestr(t)
	filing.send(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundRegistration})
	filing.send(order.SubmitFinal, performer, final())
	require.Nil(t, filing.s.Dispute, "registered")

	l := disputed(workPlain(t))
	l.send(order.SubmitResults, performer, results(l, order.ByFiles))
	require.NotNil(t, l.s.Dispute, "whether to end the contract is still to decide")
}

// A customer who called the moderator is not silent.
func TestNoActAloneDuringADispute(t *testing.T) {
	acceptance.Covers(t, "S-22")
	resultsDispute(t).fireAll().refused(order.CodeDisputeOpen, order.SignActAlone, performer, actSignature())
}
