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
		l := accepting(t, 10_000, false, order.ByFiles)
		d := l.send(order.AcceptResults, customer, actSignature())
		require.Equal(t, order.Completed, d.After.Stage, "nothing is left to pay")
		require.True(t, told(d, order.RoleEngineer, order.NoticeCompleted))
		l.send(order.Rate, customer, order.Mark{Mark: 4})
	})
	t.Run("с ГКУ/ГРП", func(t *testing.T) {
		l := unsigned(t, 10_000)
		require.Equal(t, order.WaitActSignature, l.s.Wait.For)
		l.refused(order.CodeNothingToPay, order.SendInvoice, performer, invoice())
		l.refused(order.CodeNothingToPay, order.ReportPayment, customer, paid())
		l.refused(order.CodeNothingToPay, order.ConfirmPayment, performer, nil)
		l.send(order.SignAct, customer, actSignature())
		require.Equal(t, order.Completed, l.s.Stage)
		l.send(order.Rate, customer, order.Mark{Mark: 4})
	})
	t.Run("без подписи заказчика на акте", func(t *testing.T) {
		l := unsigned(t, 10_000).fireAll()
		l.send(order.SignActAlone, performer, actSignature())
		require.Equal(t, order.Completed, l.s.Stage)
	})
	t.Run("счёт не прикладывают", func(t *testing.T) {
		l := work(t, 10_000, false)
		d := results(l, order.ByFiles)
		d.Invoice = ptr(invoice())
		l.refused(order.CodeNothingToPay, order.SubmitResults, performer, d)
		l = registration(t, 10_000)
		f := final()
		f.Invoice = ptr(invoice())
		l.refused(order.CodeNothingToPay, order.SubmitFinal, performer, f)
	})
}

func TestNoAdvanceNoPrepayment(t *testing.T) {
	acceptance.Covers(t, "S-4", "C-27")
	l := sentWithoutAdvance(t)
	d := l.send(order.SignContract, customer, signature())
	require.Equal(t, order.Work, l.s.Stage)
	require.False(t, told(d, order.RoleCustomer, order.NoticeInvoice))
	l.refused(order.CodeStage, order.SendPrepaymentInvoice, performer, invoice())
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
	l.refused(order.CodeNoInvoice, order.ReportPayment, customer, paid())
	l.send(order.SendInvoice, performer, order.Invoice{Link: true})
	l.send(order.ReportPayment, customer, paid())
}

func TestInvoiceIsAFileOrALink(t *testing.T) {
	acceptance.Covers(t, "R-PREP-1")
	l := prepaid(t)
	l.refused(order.CodeNoInvoice, order.SendPrepaymentInvoice, performer, order.Invoice{})
	l.refused(order.CodeNoInvoice, order.SendPrepaymentInvoice, performer, order.Invoice{File: fileIn("invoice"), Link: true})
	noText := message(order.SendPrepaymentInvoice, performer, order.Invoice{Link: true})
	noText.Body = nil
	require.Equal(t, order.CodeNoInvoice, l.judge(noText).Code)
	l.send(order.SendPrepaymentInvoice, performer, order.Invoice{Link: true})
}

func TestPaymentIsReportedWithADocumentOrExpresslyWithout(t *testing.T) {
	acceptance.Covers(t, "S-3")
	l := prepaymentInvoiced(t)
	l.refused(order.CodeNoDocument, order.ReportPrepayment, customer, order.PaymentReport{})
	l.refused(order.CodeNoDocument, order.ReportPrepayment, customer,
		order.PaymentReport{File: fileIn("receipt"), WithoutDocument: true})
	l.send(order.ReportPrepayment, customer, unproven())
	require.Equal(t, order.Prepayment, l.s.Stage, "the engineer is to confirm")
	l.refused(order.CodeClaimed, order.ReportPrepayment, customer, paid())
	l.refused(order.CodeClaimed, order.SendPrepaymentInvoice, performer, invoice())
}

func TestEngineerStartsWithoutTheCustomersWord(t *testing.T) {
	acceptance.Covers(t, "S-2")
	l := prepaid(t)
	l.send(order.ConfirmPrepayment, performer, nil)
	require.Equal(t, order.Work, l.s.Stage)
}

// The two payments have the same ways out, each with messages of its own.
func TestSilenceOnAPaymentGoesToTheModerators(t *testing.T) {
	acceptance.Covers(t, "S-2", "S-23", "S-40")
	for _, row := range []struct {
		name            string
		invoiced        func(testing.TB) *life
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
				l.refused(order.CodeNotClaimed, row.confirm, third, nil)
				l.send(row.report, customer, paid())
				reported := l.now
				l.refused(order.CodeNotOverdue, row.confirm, third, nil)
				for _, after := range row.reminders {
					d := l.fire(order.DueReminder)
					require.Equal(t, after, l.now.Sub(reported))
					require.True(t, told(d, order.RoleEngineer, order.NoticeReminder))
					l.refused(order.CodeNotOverdue, row.confirm, third, nil)
				}
				d := l.fire(order.DueOverdue)
				require.Equal(t, row.overdue, l.now.Sub(reported))
				require.True(t, told(d, order.RoleModerator, order.NoticeEscalated))
				require.False(t, told(d, order.RoleOperator, order.NoticeOverdue), "nobody signs in as an operator")
				require.Equal(t, row.invoiced(t).s.Stage, l.s.Stage, "silence moves nothing")
				d = l.send(row.confirm, third, nil)
				require.Equal(t, row.to, l.s.Stage)
				require.True(t, told(d, order.RoleCustomer, order.NoticePaymentConfirmed))
				require.True(t, told(d, order.RoleEngineer, order.NoticePaymentConfirmed))
			})
			t.Run(row.name+" без документа, "+string(third.Role), func(t *testing.T) {
				l := row.invoiced(t).then(row.report, customer, unproven()).fireAll()
				l.refused(order.CodeNoDocument, row.confirm, third, nil)
				l.send(row.confirm, performer, nil)
				require.Equal(t, row.to, l.s.Stage)
			})
		}
	}
}

func paymentInvoiced(t testing.TB) *life {
	return payment(t).then(order.SendInvoice, performer, invoice())
}

func TestOperatorGivesAReason(t *testing.T) {
	acceptance.Covers(t, "S-2")
	l := claimed(t).fireAll()
	for _, silent := range []string{"", " \n", "\u3164\u200b"} {
		m := message(order.ConfirmPayment, operator, nil)
		m.Reason = silent
		require.Equal(t, order.CodeNoReason, l.judge(m).Code, "%q", silent)
	}
}

func TestRefutedPaymentIsAwaitedAgain(t *testing.T) {
	acceptance.Covers(t, "S-24")
	for _, row := range []struct {
		claimed        *life
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
		require.Equal(t, order.CodeNoReason, l.judge(silent).Code)
		d := l.send(row.refute, performer, nil)
		require.True(t, told(d, order.RoleCustomer, order.NoticePaymentRefuted))
		require.Equal(t, row.waits, l.s.Wait.For)
		require.Equal(t, 1, row.bill(&l.s).Refuted)
		l.refused(order.CodeNotClaimed, row.refute, performer, nil)

		// The refusal is a disagreement, which the moderator may settle from the document of a new report, at once.
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
	l.refused(order.CodeActNotNow, order.SubmitResults, performer, d)

	l = accepting(t, 0, true, order.ByFiles)
	l.refused(order.CodeActNotNow, order.AcceptResults, customer, actSignature())

	l = registration(t, 0)
	f := final()
	f.Act = nil
	l.refused(order.CodeActNeeded, order.SubmitFinal, performer, f)
	f = final()
	f.Files = nil
	l.refused(order.CodeBadDetails, order.SubmitFinal, performer, f)
	f = final()
	f.Invoice = ptr(invoice())
	l.send(order.SubmitFinal, performer, f)

	l.refused(order.CodeActNotSigned, order.ReportPayment, customer, paid())
	l.refused(order.CodeActNotSigned, order.ConfirmPayment, performer, nil)
	l.refused(order.CodeOtherAct, order.SignAct, customer, order.ActSignature{Act: sum("draft"), Signature: fileIn("s")})
	l.send(order.ReturnAct, customer, nil)
	require.Equal(t, order.WaitAct, l.s.Wait.For)
	l.refused(order.CodeActNeeded, order.SignAct, customer, actSignature())
	l.send(order.SendAct, performer, order.ActDelivery{Act: *signedAct()})
	l.send(order.SignAct, customer, actSignature())
	require.Equal(t, order.WaitPayment, l.s.Wait.For, "the invoice came with the outcome")
	l.refused(order.CodeActDone, order.SendAct, performer, order.ActDelivery{Act: *signedAct()})
	l.refused(order.CodeActDone, order.ReturnAct, customer, nil)
	l.send(order.ReportPayment, customer, paid())
}

func TestActWithTheResults(t *testing.T) {
	acceptance.Covers(t, "T-15", "R-WORK-4")
	l := work(t, 0, false)
	d := results(l, order.ByFiles)
	d.Act = nil
	l.refused(order.CodeActNeeded, order.SubmitResults, performer, d)
	l = accepting(t, 0, false, order.ByFiles)
	l.refused(order.CodeActNeeded, order.AcceptResults, customer, order.ActSignature{})
	l.refused(order.CodeOtherAct, order.AcceptResults, customer, order.ActSignature{Act: sum("draft"), Signature: fileIn("s")})
}

func TestSilentCustomer(t *testing.T) {
	acceptance.Covers(t, "S-22", "S-40")
	t.Run("приемка", func(t *testing.T) {
		l := accepting(t, 0, false, order.ByFiles)
		handed := l.now
		l.refused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())
		require.True(t, told(l.fire(order.DueReminder), order.RoleCustomer, order.NoticeReminder))
		require.Equal(t, 7*day, l.now.Sub(handed), "five working days")
		l.refused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())
		l.fire(order.DueOverdue)
		require.Equal(t, 14*day, l.now.Sub(handed), "ten working days")
		require.Equal(t, order.Acceptance, l.s.Stage, "silence accepts nothing by itself")
		l.refused(order.CodeActNeeded, order.SignActAlone, performer, order.ActSignature{})
		d := l.send(order.SignActAlone, performer, actSignature())
		require.Equal(t, order.Payment, l.s.Stage)
		require.True(t, l.s.Act.Alone)
		require.True(t, told(d, order.RoleCustomer, order.NoticeActAlone))
		l.refused(order.CodeActDone, order.SignActAlone, performer, actSignature())
		l.send(order.SendInvoice, performer, invoice())
		l.send(order.ReportPayment, customer, paid())
	})
	t.Run("акт после ГКУ/ГРП", func(t *testing.T) {
		l := unsigned(t, 0)
		l.refused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())
		l.fireAll().send(order.SignActAlone, performer, actSignature())
		require.Equal(t, order.WaitInvoice, l.s.Wait.For)
	})
	t.Run("ответ заказчика опережает", func(t *testing.T) {
		l := accepting(t, 0, false, order.ByFiles).fireAll()
		l.send(order.ReturnResults, customer, order.Remarks{})
		l.refused(order.CodeStage, order.SignActAlone, performer, actSignature())
	})
}

func TestResultsInHand(t *testing.T) {
	acceptance.Covers(t, "S-38", "R-WORK-2")
	for _, way := range []order.Way{order.InPerson, order.ByLink, order.ByStorage} {
		l := work(t, 0, false)
		wordless := message(order.SubmitResults, performer, results(l, way))
		wordless.Body = nil
		require.Equal(t, order.CodeBadDetails, l.judge(wordless).Code, "a comment goes with %s", way)
		l.send(order.SubmitResults, performer, results(l, way))
		l.refused(order.CodeNotReceived, order.AcceptResults, customer, actSignature())
		l.send(order.ConfirmReceipt, customer, nil)
		l.refused(order.CodeReceived, order.ConfirmReceipt, customer, nil)
		l.send(order.AcceptResults, customer, actSignature())
	}
	l := work(t, 0, false)
	l.refused(order.CodeBadDetails, order.SubmitResults, performer, order.ResultsDelivery{Way: order.ByFiles, Act: signedAct()})
	l.refused(order.CodeBadDetails, order.SubmitResults, performer, order.ResultsDelivery{Way: "почтой", Act: signedAct()})
	silent := message(order.SubmitResults, performer, results(l, order.ByFiles))
	silent.Body = nil
	require.Equal(t, order.Applied, l.judge(silent).Verdict)
	l.refused(order.CodeReceived, order.ConfirmReceipt, customer, nil)
}

func TestRatingWindow(t *testing.T) {
	acceptance.Covers(t, "S-25", "R-RATE-1")
	l := paymentInvoiced(t)
	l.refused(order.CodeNotPaid, order.Rate, customer, order.Mark{Mark: 5})
	l.send(order.ReportPayment, customer, paid())
	for _, mark := range []int{-1, 0, 6} {
		l.refused(order.CodeBadMark, order.Rate, customer, order.Mark{Mark: mark})
	}
	d := l.send(order.Rate, customer, order.Mark{Mark: 1})
	require.True(t, told(d, order.RoleEngineer, order.NoticeRated))
	first := l.now
	l.send(order.ConfirmPayment, performer, nil)
	l.now = first.Add(14*day - time.Millisecond)
	d = l.send(order.Rate, customer, order.Mark{Mark: 5})
	require.False(t, told(d, order.RoleEngineer, order.NoticeRated), "one order, one mark")
	require.Equal(t, &order.Rating{Mark: 5, First: first}, l.s.Rating)
	l.wait(time.Millisecond).refused(order.CodeRatingClosed, order.Rate, customer, order.Mark{Mark: 2})
	l.fire(order.DueRatingEnd)
	require.Equal(t, first.Add(14*day), l.now)
	require.True(t, l.s.Closed())

	// A mark given late may still be changed for as long as any other.
	l = completed(t)
	done := l.now
	l.wait(13*day).send(order.Rate, customer, order.Mark{Mark: 3})
	l.wait(13*day).send(order.Rate, customer, order.Mark{Mark: 4})
	l.fire(order.DueRatingEnd)
	require.Equal(t, done.Add(27*day), l.now)
	l.refused(order.CodeRatingClosed, order.Rate, customer, order.Mark{Mark: 5})
}

func TestMarkAfterItsTimeIsLateThoughTheDeadlineWaits(t *testing.T) {
	acceptance.Covers(t, "S-25")
	l := completed(t).wait(14 * day)
	l.refused(order.CodeRatingClosed, order.Rate, customer, order.Mark{Mark: 5})
}

// An invoice is another step than the act: it makes nobody's delay with the act undone.
func TestInvoiceRenewsNoTermOfTheAct(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := unsigned(t, 0)
	l.send(order.ReturnAct, customer, nil)
	l.fireAll()
	require.Equal(t, order.WaitAct, l.s.Wait.For)
	until := l.s.Deadline()
	l.send(order.ProposeTermination, customer, nil)
	l.wait(time.Hour).send(order.SendInvoice, performer, invoice())
	require.True(t, l.s.Overdue, "the act is still late")
	require.Equal(t, until, l.s.Deadline())
	require.NotNil(t, l.s.Proposal, "the step is the same")

	l = unsigned(t, 0).fireAll()
	require.Equal(t, order.WaitActSignature, l.s.Wait.For)
	l.send(order.SendInvoice, performer, invoice())
	require.True(t, l.s.Overdue, "the customer is still late with the signature")
}

// A mark may be changed until the deadline that row and card name.
func TestMarkMayBeChangedUntilTheDeadline(t *testing.T) {
	acceptance.Covers(t, "S-25")
	l := claimed(t)
	l.send(order.Rate, customer, order.Mark{Mark: 4})
	l.wait(13*day).send(order.ConfirmPayment, performer, nil)
	l.wait(2 * day)
	require.True(t, l.now.Before(l.s.Deadline()))
	l.send(order.Rate, customer, order.Mark{Mark: 5})
}

// A mark is of works that were accepted: returned, they are rated anew.
func TestMarkGoesWithTheWorksThatWereReturned(t *testing.T) {
	l := claimed(t)
	l.send(order.Rate, customer, order.Mark{Mark: 1})
	l = disputed(l)
	l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework})
	require.Nil(t, l.s.Rating)
	l.wait(20 * day)
	l.send(order.SubmitResults, performer, results(l, order.ByFiles))
	l.send(order.AcceptResults, customer, actSignature())
	l.send(order.SendInvoice, performer, invoice())
	l.send(order.ReportPayment, customer, paid())
	l.send(order.Rate, customer, order.Mark{Mark: 5})
}
