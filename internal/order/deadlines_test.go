package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// TestTerms compares every term with the acceptance contract, written by hand.
func TestTerms(t *testing.T) {
	acceptance.Covers(t, "S-2", "S-14", "S-23", "S-25", "S-34")
	const week = 5 * day // working
	want := map[order.WaitCode]order.Schedule{
		order.WaitPublication:       {From: order.RoleCustomer},
		order.WaitChoice:            {From: order.RoleCustomer, Term: 30 * day},
		order.WaitOfferAnswer:       {From: order.RoleEngineer, Term: 3 * day, Expires: true},
		order.WaitReacceptance:      {From: order.RoleEngineer, Term: 5 * day},
		order.WaitContract:          {From: order.RoleEngineer, Term: 10 * day},
		order.WaitContractSignature: {From: order.RoleCustomer, Term: 5 * day},
		order.WaitPrepaymentInvoice: {From: order.RoleEngineer, Term: 3 * day},
		order.WaitPrepayment:        {From: order.RoleCustomer, Term: 5 * day},
		order.WaitPrepaymentConfirmation: {
			From: order.RoleEngineer, Term: week, Reminders: []time.Duration{2 * day}, Working: true, Escalates: true,
		},
		order.WaitResults:      {From: order.RoleEngineer},
		order.WaitReceipt:      {From: order.RoleCustomer, Term: 2 * week, Reminders: []time.Duration{week}, Working: true},
		order.WaitAcceptance:   {From: order.RoleCustomer, Term: 2 * week, Reminders: []time.Duration{week}, Working: true},
		order.WaitFinal:        {From: order.RoleEngineer, Term: 60 * day, Reminders: []time.Duration{30 * day}},
		order.WaitAct:          {From: order.RoleEngineer, Term: 3 * day},
		order.WaitActSignature: {From: order.RoleCustomer, Term: week, Working: true},
		order.WaitInvoice:      {From: order.RoleEngineer, Term: 3 * day},
		order.WaitPayment:      {From: order.RoleCustomer, Term: 10 * day, Reminders: []time.Duration{5 * day}},
		order.WaitPaymentConfirmation: {
			From: order.RoleEngineer, Term: 10 * day, Reminders: []time.Duration{3 * day, 7 * day}, Escalates: true,
		},
		order.WaitRating:     {From: order.RoleCustomer, Term: 14 * day, Expires: true},
		order.WaitHold:       {},
		order.WaitSettlement: {From: order.RoleModerator},
	}
	require.Len(t, order.WaitCodes(), len(want))
	for w, schedule := range want {
		require.Equal(t, schedule, w.Schedule(), "%s", w)
	}
}

func TestEffectiveWait(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-40")
	l := inPrepayment(t)
	require.Equal(t, l.s.Wait, l.s.EffectiveWait())
	own := l.s.Wait
	l.suspend()
	held := l.now
	require.Equal(t, order.Wait{For: order.WaitHold, From: order.RoleRegistry, Since: held}, l.s.EffectiveWait())
	require.Equal(t, own, l.s.Wait)
	disputed(l.advance(day))
	require.Equal(t, order.Wait{For: order.WaitSettlement, From: order.RoleModerator, Since: l.now}, l.s.EffectiveWait())
	l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleContinue})
	l.send(order.RegistryStatus, registry, l.status(true))
	require.Equal(t, own, l.s.EffectiveWait())
}

func TestNewStepIsNotOverdue(t *testing.T) {
	acceptance.Covers(t, "S-22", "S-34")
	l := inAcceptance(t, 0, false, order.ByFiles).fireUntilOverdue()
	l.send(order.ReturnResults, customer, order.Remarks{})
	require.False(t, l.s.Overdue)
	l.send(order.SubmitResults, performer, results(l, order.ByFiles))
	l.requireRefused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())
}

func TestReturnedWorksHaveAtLeastOneDay(t *testing.T) {
	acceptance.Covers(t, "S-19")
	l := inAcceptance(t, 0, false, order.ByFiles)
	l.now = time.Date(2026, 8, 3, 9, 0, 0, 0, time.UTC) // the contract's term ended long before
	l.send(order.ReturnResults, customer, order.Remarks{})
	require.Equal(t, l.now.Add(day), l.s.Deadline())
}

func TestReminderAndOverdueNotifyTheRightParties(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := inRegistration(t)
	d := l.fireNext(order.DueReminder)
	require.True(t, notified(d, order.RoleEngineer, order.NoticeReminder))
	require.False(t, notified(d, order.RoleCustomer, order.NoticeReminder))
	d = l.fireNext(order.DueOverdue)
	require.True(t, notified(d, order.RoleEngineer, order.NoticeOverdue))
	require.True(t, notified(d, order.RoleCustomer, order.NoticeOverdue))
	require.False(t, notified(d, order.RoleModerator, order.NoticeEscalated), "moderators are notified about payments only")
	require.Equal(t, order.Registration, l.s.Stage)
}

func TestDeadlineFiresOnceAndNotEarly(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := prepaymentInvoiced(t)
	due, _ := l.s.NextDue()
	l.now = due.At.Add(-time.Millisecond)
	l.requireRefused(order.CodeNotDue, order.DeadlineDue, platform, order.DueNow{Due: due.ID})
	l.fireNext(order.DueOverdue)
	l.requireRefused(order.CodeNotDue, order.DeadlineDue, platform, order.DueNow{Due: due.ID})
}
