package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func TestAllPaidInAdvance(t *testing.T) {
	acceptance.Covers(t, "S-4")
	t.Run("без ГКУ/ГРП", func(t *testing.T) {
		l := inAcceptance(t, 10_000, false, order.ByFiles)
		d := l.send(order.AcceptResults, customer, actSignature())
		require.Equal(t, order.Completed, d.After.Stage, "nothing is left to pay")
		require.True(t, notified(d, order.RoleEngineer, order.NoticeCompleted))
		l.send(order.Rate, customer, order.Mark{Mark: 4})
	})
	t.Run("с ГКУ/ГРП", func(t *testing.T) {
		l := actUnsigned(t, 10_000)
		require.Equal(t, order.WaitActSignature, l.s.Wait.For)
		l.requireRefused(order.CodeNothingToPay, order.SendInvoice, performer, invoice())
		l.requireRefused(order.CodeNothingToPay, order.ReportPayment, customer, paid())
		l.requireRefused(order.CodeNothingToPay, order.ConfirmPayment, performer, nil)
		l.send(order.SignAct, customer, actSignature())
		require.Equal(t, order.Completed, l.s.Stage)
		l.send(order.Rate, customer, order.Mark{Mark: 4})
	})
	t.Run("без подписи заказчика на акте", func(t *testing.T) {
		l := actUnsigned(t, 10_000).fireUntilOverdue()
		l.send(order.SignActAlone, performer, actSignature())
		require.Equal(t, order.Completed, l.s.Stage)
	})
	t.Run("счёт не прикладывают", func(t *testing.T) {
		l := work(t, 10_000, false)
		d := results(l, order.ByFiles)
		d.Invoice = ptr(invoice())
		l.requireRefused(order.CodeNothingToPay, order.SubmitResults, performer, d)
		l = registration(t, 10_000)
		f := final()
		f.Invoice = ptr(invoice())
		l.requireRefused(order.CodeNothingToPay, order.SubmitFinal, performer, f)
	})
}

func TestNoAdvanceNoPrepayment(t *testing.T) {
	acceptance.Covers(t, "S-4", "C-27")
	l := sentWithoutAdvance(t)
	d := l.send(order.SignContract, customer, signature())
	require.Equal(t, order.Work, l.s.Stage)
	require.False(t, notified(d, order.RoleCustomer, order.NoticeInvoice))
	l.requireRefused(order.CodeStage, order.SendPrepaymentInvoice, performer, invoice())
}

func TestFinalInvoiceWithTheResultsOrLater(t *testing.T) {
	acceptance.Covers(t, "S-1")
	l := work(t, 0, false)
	d := results(l, order.ByFiles)
	d.Invoice = ptr(invoice())
	l.send(order.SubmitResults, performer, d)
	l.send(order.AcceptResults, customer, actSignature())
	require.Equal(t, order.WaitPayment, l.s.Wait.For)
	l.send(order.ReportPayment, customer, paid())

	l = payment(t)
	l.requireRefused(order.CodeNoInvoice, order.ReportPayment, customer, paid())
	l.send(order.SendInvoice, performer, order.Invoice{Link: true})
	l.send(order.ReportPayment, customer, paid())
}

func TestInvoiceIsAFileOrALink(t *testing.T) {
	acceptance.Covers(t, "R-PREP-1")
	l := inPrepayment(t)
	l.requireRefused(order.CodeNoInvoice, order.SendPrepaymentInvoice, performer, order.Invoice{})
	l.requireRefused(order.CodeNoInvoice, order.SendPrepaymentInvoice, performer, order.Invoice{File: filePtr("invoice"), Link: true})
	noText := message(order.SendPrepaymentInvoice, performer, order.Invoice{Link: true})
	noText.Body = nil
	require.Equal(t, order.CodeNoInvoice, l.decide(noText).Code)
	l.send(order.SendPrepaymentInvoice, performer, order.Invoice{Link: true})
}

func TestPaymentIsReportedWithADocumentOrExpresslyWithout(t *testing.T) {
	acceptance.Covers(t, "S-3")
	l := prepaymentInvoiced(t)
	l.requireRefused(order.CodeNoDocument, order.ReportPrepayment, customer, order.PaymentReport{})
	l.requireRefused(order.CodeNoDocument, order.ReportPrepayment, customer,
		order.PaymentReport{File: filePtr("receipt"), WithoutDocument: true})
	l.send(order.ReportPrepayment, customer, paidWithoutDocument())
	require.Equal(t, order.Prepayment, l.s.Stage, "the engineer has to confirm")
	l.requireRefused(order.CodeClaimed, order.ReportPrepayment, customer, paid())
	l.requireRefused(order.CodeClaimed, order.SendPrepaymentInvoice, performer, invoice())
}

func TestEngineerConfirmsPrepaymentWithoutTheCustomersReport(t *testing.T) {
	acceptance.Covers(t, "S-2")
	l := inPrepayment(t)
	l.send(order.ConfirmPrepayment, performer, nil)
	require.Equal(t, order.Work, l.s.Stage)
}

// The two payments have the same rules for a silent engineer, each with messages of its own.
func TestUnansweredPaymentReportIsEscalated(t *testing.T) {
	acceptance.Covers(t, "S-2", "S-23", "S-40")
	for _, row := range []struct {
		name            string
		invoiced        func(testing.TB) *testOrder
		report, confirm order.Kind
		reminders       []time.Duration
		overdue         time.Duration
		to              order.Stage
	}{
		// From a Monday: two working days and five.
		{"предоплата", prepaymentInvoiced, order.ReportPrepayment, order.ConfirmPrepayment, []time.Duration{2 * day}, 7 * day, order.Work},
		{"оплата", paymentInvoiced, order.ReportPayment, order.ConfirmPayment, []time.Duration{3 * day, 7 * day}, 10 * day, order.Completed},
	} {
		for _, third := range []order.Actor{operator, moderator} {
			t.Run(row.name+", "+string(third.Role), func(t *testing.T) {
				l := row.invoiced(t)
				l.requireRefused(order.CodeNotClaimed, row.confirm, third, nil)
				l.send(row.report, customer, paid())
				reported := l.now
				l.requireRefused(order.CodeNotOverdue, row.confirm, third, nil)
				for _, after := range row.reminders {
					d := l.fireNext(order.DueReminder)
					require.Equal(t, after, l.now.Sub(reported))
					require.True(t, notified(d, order.RoleEngineer, order.NoticeReminder))
					l.requireRefused(order.CodeNotOverdue, row.confirm, third, nil)
				}
				d := l.fireNext(order.DueOverdue)
				require.Equal(t, row.overdue, l.now.Sub(reported))
				require.True(t, notified(d, order.RoleModerator, order.NoticeEscalated))
				require.False(t, notified(d, order.RoleOperator, order.NoticeOverdue), "operators cannot sign in")
				require.Equal(t, row.invoiced(t).s.Stage, l.s.Stage, "silence does not change the stage")
				d = l.send(row.confirm, third, nil)
				require.Equal(t, row.to, l.s.Stage)
				require.True(t, notified(d, order.RoleCustomer, order.NoticePaymentConfirmed))
				require.True(t, notified(d, order.RoleEngineer, order.NoticePaymentConfirmed))
			})
			t.Run(row.name+" без документа, "+string(third.Role), func(t *testing.T) {
				l := row.invoiced(t).then(row.report, customer, paidWithoutDocument()).fireUntilOverdue()
				l.requireRefused(order.CodeNoDocument, row.confirm, third, nil)
				l.send(row.confirm, performer, nil)
				require.Equal(t, row.to, l.s.Stage)
			})
		}
	}
}

func paymentInvoiced(t testing.TB) *testOrder {
	return payment(t).then(order.SendInvoice, performer, invoice())
}

func TestOperatorGivesAReason(t *testing.T) {
	acceptance.Covers(t, "S-2")
	l := claimed(t).fireUntilOverdue()
	for _, silent := range []string{"", " \n", "\u3164\u200b"} {
		m := message(order.ConfirmPayment, operator, nil)
		m.Reason = silent
		require.Equal(t, order.CodeNoReason, l.decide(m).Code, "%q", silent)
	}
}

func TestRefutedPaymentIsAwaitedAgain(t *testing.T) {
	acceptance.Covers(t, "S-24")
	for _, row := range []struct {
		claimed        *testOrder
		refute, report order.Kind
		waits          order.WaitCode
		bill           func(*order.State) *order.Bill
	}{
		{
			prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()), order.RefutePrepayment, order.ReportPrepayment,
			order.WaitPrepayment, func(s *order.State) *order.Bill { return s.Prepayment },
		},
		{
			claimed(t), order.RefutePayment, order.ReportPayment,
			order.WaitPayment, func(s *order.State) *order.Bill { return s.Payment },
		},
	} {
		l := row.claimed
		silent := message(row.refute, performer, nil)
		silent.Body = nil
		require.Equal(t, order.CodeNoReason, l.decide(silent).Code)
		d := l.send(row.refute, performer, nil)
		require.True(t, notified(d, order.RoleCustomer, order.NoticePaymentRefuted))
		require.Equal(t, row.waits, l.s.Wait.For)
		require.Equal(t, 1, row.bill(&l.s).Refuted)
		l.requireRefused(order.CodeNotClaimed, row.refute, performer, nil)

		// A refuted payment is a disagreement: the moderator may confirm it at once from the
		// document of a new report.
		l.send(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
		l.send(row.report, customer, paid())
	}
	l := claimed(t).then(order.RefutePayment, performer, nil)
	l.send(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundPayment})
	l.send(order.ReportPayment, customer, paid())
	l.send(order.ConfirmPayment, moderator, nil)
	require.Equal(t, order.Completed, l.s.Stage)
}

func TestActIsSignedBeforeThePayment(t *testing.T) {
	acceptance.Covers(t, "S-20", "R-WORK-4")
	l := work(t, 0, true)
	d := results(l, order.ByFiles)
	d.Act = signedAct()
	l.requireRefused(order.CodeActNotNow, order.SubmitResults, performer, d)

	l = inAcceptance(t, 0, true, order.ByFiles)
	l.requireRefused(order.CodeActNotNow, order.AcceptResults, customer, actSignature())

	l = registration(t, 0)
	f := final()
	f.Act = nil
	l.requireRefused(order.CodeActNeeded, order.SubmitFinal, performer, f)
	f = final()
	f.Files = nil
	l.requireRefused(order.CodeBadDetails, order.SubmitFinal, performer, f)
	f = final()
	f.Invoice = ptr(invoice())
	l.send(order.SubmitFinal, performer, f)

	l.requireRefused(order.CodeActNotSigned, order.ReportPayment, customer, paid())
	l.requireRefused(order.CodeActNotSigned, order.ConfirmPayment, performer, nil)
	l.requireRefused(order.CodeOtherAct, order.SignAct, customer, order.ActSignature{Act: sum("draft"), Signature: filePtr("s")})
	l.send(order.ReturnAct, customer, nil)
	require.Equal(t, order.WaitAct, l.s.Wait.For)
	l.requireRefused(order.CodeActNeeded, order.SignAct, customer, actSignature())
	l.send(order.SendAct, performer, order.ActDelivery{Act: *signedAct()})
	l.send(order.SignAct, customer, actSignature())
	require.Equal(t, order.WaitPayment, l.s.Wait.For, "the invoice came with the final delivery")
	l.requireRefused(order.CodeActDone, order.SendAct, performer, order.ActDelivery{Act: *signedAct()})
	l.requireRefused(order.CodeActDone, order.ReturnAct, customer, nil)
	l.send(order.ReportPayment, customer, paid())
}

func TestActWithTheResults(t *testing.T) {
	acceptance.Covers(t, "T-15", "R-WORK-4")
	l := work(t, 0, false)
	d := results(l, order.ByFiles)
	d.Act = nil
	l.requireRefused(order.CodeActNeeded, order.SubmitResults, performer, d)
	l = inAcceptance(t, 0, false, order.ByFiles)
	l.requireRefused(order.CodeActNeeded, order.AcceptResults, customer, order.ActSignature{})
	l.requireRefused(order.CodeOtherAct, order.AcceptResults, customer, order.ActSignature{Act: sum("draft"), Signature: filePtr("s")})
}

func TestSilentCustomer(t *testing.T) {
	acceptance.Covers(t, "S-22", "S-40")
	t.Run("приемка", func(t *testing.T) {
		l := inAcceptance(t, 0, false, order.ByFiles)
		handed := l.now
		l.requireRefused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())
		require.True(t, notified(l.fireNext(order.DueReminder), order.RoleCustomer, order.NoticeReminder))
		require.Equal(t, 7*day, l.now.Sub(handed), "five working days")
		l.requireRefused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())
		l.fireNext(order.DueOverdue)
		require.Equal(t, 14*day, l.now.Sub(handed), "ten working days")
		require.Equal(t, order.Acceptance, l.s.Stage, "silence alone does not accept the results")
		l.requireRefused(order.CodeActNeeded, order.SignActAlone, performer, order.ActSignature{})
		d := l.send(order.SignActAlone, performer, actSignature())
		require.Equal(t, order.Payment, l.s.Stage)
		require.True(t, l.s.Act.Alone)
		require.True(t, notified(d, order.RoleCustomer, order.NoticeActAlone))
		l.requireRefused(order.CodeActDone, order.SignActAlone, performer, actSignature())
		l.send(order.SendInvoice, performer, invoice())
		l.send(order.ReportPayment, customer, paid())
	})
	t.Run("акт после ГКУ/ГРП", func(t *testing.T) {
		l := actUnsigned(t, 0)
		l.requireRefused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())
		l.fireUntilOverdue().send(order.SignActAlone, performer, actSignature())
		require.Equal(t, order.WaitInvoice, l.s.Wait.For)
	})
	t.Run("ответ заказчика опережает", func(t *testing.T) {
		l := inAcceptance(t, 0, false, order.ByFiles).fireUntilOverdue()
		l.send(order.ReturnResults, customer, order.Remarks{})
		l.requireRefused(order.CodeStage, order.SignActAlone, performer, actSignature())
	})
}

func TestResultsWithoutFilesNeedReceipt(t *testing.T) {
	acceptance.Covers(t, "S-38", "R-WORK-2")
	for _, way := range []order.Way{order.InPerson, order.ByLink, order.ByStorage} {
		l := work(t, 0, false)
		withoutText := message(order.SubmitResults, performer, results(l, way))
		withoutText.Body = nil
		require.Equal(t, order.CodeBadDetails, l.decide(withoutText).Code, "%s requires a text", way)
		l.send(order.SubmitResults, performer, results(l, way))
		l.requireRefused(order.CodeNotReceived, order.AcceptResults, customer, actSignature())
		l.send(order.ConfirmReceipt, customer, nil)
		l.requireRefused(order.CodeReceived, order.ConfirmReceipt, customer, nil)
		l.send(order.AcceptResults, customer, actSignature())
	}
	l := work(t, 0, false)
	l.requireRefused(order.CodeBadDetails, order.SubmitResults, performer, order.ResultsDelivery{Way: order.ByFiles, Act: signedAct()})
	l.requireRefused(order.CodeBadDetails, order.SubmitResults, performer, order.ResultsDelivery{Way: "почтой", Act: signedAct()})
	silent := message(order.SubmitResults, performer, results(l, order.ByFiles))
	silent.Body = nil
	require.Equal(t, order.Applied, l.decide(silent).Verdict)
	l.requireRefused(order.CodeReceived, order.ConfirmReceipt, customer, nil)
}

func TestRatingWindow(t *testing.T) {
	acceptance.Covers(t, "S-25", "R-RATE-1")
	l := paymentInvoiced(t)
	l.requireRefused(order.CodeNotPaid, order.Rate, customer, order.Mark{Mark: 5})
	l.send(order.ReportPayment, customer, paid())
	for _, mark := range []int{-1, 0, 6} {
		l.requireRefused(order.CodeBadMark, order.Rate, customer, order.Mark{Mark: mark})
	}
	d := l.send(order.Rate, customer, order.Mark{Mark: 1})
	require.True(t, notified(d, order.RoleEngineer, order.NoticeRated))
	first := l.now
	l.send(order.ConfirmPayment, performer, nil)
	l.now = first.Add(14*day - time.Millisecond)
	d = l.send(order.Rate, customer, order.Mark{Mark: 5})
	require.False(t, notified(d, order.RoleEngineer, order.NoticeRated), "a changed mark notifies nobody")
	require.Equal(t, &order.Rating{Mark: 5, First: first}, l.s.Rating)
	l.advance(time.Millisecond).requireRefused(order.CodeRatingClosed, order.Rate, customer, order.Mark{Mark: 2})
	l.fireNext(order.DueRatingEnd)
	require.Equal(t, first.Add(14*day), l.now)
	require.True(t, l.s.Closed())

	// A mark given late may still be changed for the full term.
	l = completed(t)
	done := l.now
	l.advance(13*day).send(order.Rate, customer, order.Mark{Mark: 3})
	l.advance(13*day).send(order.Rate, customer, order.Mark{Mark: 4})
	l.fireNext(order.DueRatingEnd)
	require.Equal(t, done.Add(27*day), l.now)
	l.requireRefused(order.CodeRatingClosed, order.Rate, customer, order.Mark{Mark: 5})
}

func TestMarkAfterItsTermIsRefusedBeforeTheDeadlineFires(t *testing.T) {
	acceptance.Covers(t, "S-25")
	l := completed(t).advance(14 * day)
	l.requireRefused(order.CodeRatingClosed, order.Rate, customer, order.Mark{Mark: 5})
}

// The invoice is a separate step: it does not restart the term of the act.
func TestInvoiceDoesNotRestartTheTermOfTheAct(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := actUnsigned(t, 0)
	l.send(order.ReturnAct, customer, nil)
	l.fireUntilOverdue()
	require.Equal(t, order.WaitAct, l.s.Wait.For)
	until := l.s.Deadline()
	l.send(order.ProposeTermination, customer, nil)
	l.advance(time.Hour).send(order.SendInvoice, performer, invoice())
	require.True(t, l.s.Overdue, "the act is still overdue")
	require.Equal(t, until, l.s.Deadline())
	require.NotNil(t, l.s.Proposal, "the step is the same")

	l = actUnsigned(t, 0).fireUntilOverdue()
	require.Equal(t, order.WaitActSignature, l.s.Wait.For)
	l.send(order.SendInvoice, performer, invoice())
	require.True(t, l.s.Overdue, "the customer's signature is still overdue")
}

// A mark may be changed until the deadline that the row and the card show.
func TestMarkMayBeChangedUntilTheDeadline(t *testing.T) {
	acceptance.Covers(t, "S-25")
	l := claimed(t)
	l.send(order.Rate, customer, order.Mark{Mark: 4})
	l.advance(13*day).send(order.ConfirmPayment, performer, nil)
	l.advance(2 * day)
	require.True(t, l.now.Before(l.s.Deadline()))
	l.send(order.Rate, customer, order.Mark{Mark: 5})
}

// A mark is for accepted works: returned works are rated again.
func TestReturnedWorksDropTheMark(t *testing.T) {
	l := claimed(t)
	l.send(order.Rate, customer, order.Mark{Mark: 1})
	l = disputed(l)
	l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework})
	require.Nil(t, l.s.Rating)
	l.advance(20 * day)
	l.send(order.SubmitResults, performer, results(l, order.ByFiles))
	l.send(order.AcceptResults, customer, actSignature())
	l.send(order.SendInvoice, performer, invoice())
	l.send(order.ReportPayment, customer, paid())
	l.send(order.Rate, customer, order.Mark{Mark: 5})
}
