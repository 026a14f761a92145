package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// sendStatus sends one source's status of the performer.
func (l *testOrder) sendStatus(kind order.Kind, active bool) order.Decision {
	l.t.Helper()
	by := map[order.Kind]order.Actor{
		order.RegistryStatus: registry, order.ModeratorStatus: moderator, order.EmployerStatus: employer,
	}[kind]
	return l.send(kind, by, l.status(active))
}

func TestSuspensionKeepsTheStage(t *testing.T) {
	acceptance.Covers(t, "S-16", "T-22", "R-SUSP-1")
	for _, from := range []func(testing.TB) *testOrder{
		contracting, inPrepayment, inWork, inRegistration,
		func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles) },
	} {
		l := from(t)
		stage, waits := l.s.Stage, l.s.Wait
		l.suspend()
		require.Equal(t, "Приостановлен", l.s.StageLabel())
		_, runs := l.s.NextDue()
		require.False(t, runs, "no deadline runs while the order is suspended")
		require.Zero(t, l.s.Deadline())
		l.advance(day)
		d := l.sendStatus(order.RegistryStatus, true)
		require.True(t, notified(d, order.RoleCustomer, order.NoticeResumed))
		require.True(t, notified(d, order.RoleEngineer, order.NoticeResumed))
		require.Equal(t, stage, l.s.ShownStage())
		require.Equal(t, waits, l.s.Wait)
	}
}

func TestHoldsAreLiftedOneByOne(t *testing.T) {
	acceptance.Covers(t, "S-16")
	sources := []order.Kind{order.RegistryStatus, order.ModeratorStatus, order.EmployerStatus}
	for _, lifted := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		l := inPrepayment(t)
		before, _ := l.s.NextDue()
		left := before.At.Sub(l.now)
		for i, kind := range sources {
			l.sendStatus(kind, false)
			require.Len(t, l.s.Holds(), i+1)
			l.advance(day)
		}
		for i, k := range lifted {
			l.advance(day)
			d := l.sendStatus(sources[k], true)
			last := i == len(lifted)-1
			require.Equal(t, !last, l.s.Suspended())
			require.Equal(t, last, notified(d, order.RoleCustomer, order.NoticeResumed))
		}
		after, runs := l.s.NextDue()
		require.True(t, runs)
		require.Equal(t, before.ID, after.ID)
		require.Equal(t, l.now.Add(left), after.At, "a calendar deadline resumes with what was left at the first hold")
	}
}

func TestRepeatedHoldChangesNothing(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := inWork(t)
	l.sendStatus(order.RegistryStatus, false)
	since := l.now
	frozen := l.s.Frozen
	l.advance(day)
	d := l.sendStatus(order.RegistryStatus, false)
	require.Empty(t, d.Notices, "an unchanged status notifies nobody")
	require.Equal(t, []order.Source{order.BySourceRegistry}, l.s.Holds())
	require.Equal(t, since, l.s.Statuses[0].Since)
	require.Equal(t, frozen, l.s.Frozen)
	l.advance(day).sendStatus(order.RegistryStatus, true)
	require.False(t, l.s.Suspended())
}

func TestOlderStatusChangesNothing(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-18")
	l := inWork(t).advance(10 * day)
	l.sendStatus(order.RegistryStatus, false)
	for _, age := range []time.Duration{0, time.Hour} {
		old := l.status(true)
		old.AsOf = old.AsOf.Add(-age)
		l.requireRefused(order.CodeOutdatedStatus, order.RegistryStatus, registry, old)
	}
	require.True(t, l.s.Suspended())
	// The dates of another source are independent.
	other := l.status(false)
	other.AsOf = other.AsOf.Add(-5 * day)
	l.send(order.ModeratorStatus, moderator, other)
	require.Len(t, l.s.Holds(), 2)
	l.requireRefused(order.CodeBadDetails, order.RegistryStatus, registry, order.EngineerStatus{Engineer: "performer"})
	l.requireRefused(order.CodeBadDetails, order.RegistryStatus, registry, order.EngineerStatus{AsOf: l.now})
}

func TestSourceCannotSendAnothersStatus(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := inWork(t)
	l.requireRefused(order.CodeNotParty, order.RegistryStatus, moderator, l.status(false))
	l.requireRefused(order.CodeNotParty, order.ModeratorStatus, employer, l.status(false))
	l.requireRefused(order.CodeNotParty, order.EmployerStatus, otherEmployer, l.status(false))
}

func TestReplacementClearsTheHolds(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-17", "S-40")
	l := inPrepayment(t)
	before, _ := l.s.NextDue()
	left := before.At.Sub(l.now)
	l.sendStatus(order.RegistryStatus, false)
	l.advance(day).sendStatus(order.EmployerStatus, false)
	l.advance(day)
	l.requireRefused(order.CodeOtherEmployer, order.ReplaceEngineer, moderator, choiceOf(other))
	l.requireRefused(order.CodeSameEngineer, order.ReplaceEngineer, moderator, choiceOf(performer))
	d := l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
	require.False(t, l.s.Suspended())
	require.Empty(t, l.s.Holds())
	require.Equal(t, "colleague", l.s.Performer.ID)
	for _, party := range []string{"customer", "performer"} {
		require.True(t, notifiedParty(d, party, order.NoticeReplaced), party)
	}
	require.True(t, notifiedParty(d, "colleague", order.NoticeAssigned))
	after, _ := l.s.NextDue()
	require.Equal(t, l.now.Add(left), after.At)
	l.requireRefused(order.CodeNotParty, order.SendPrepaymentInvoice, performer, invoice())
	l.send(order.SendPrepaymentInvoice, colleague, invoice())
	l.requireRefused(order.CodeNotConcerned, order.RegistryStatus, registry, l.status(false))
}

func TestSoleProprietorHasNoColleague(t *testing.T) {
	acceptance.Covers(t, "S-17")
	l := responded(t)
	l.send(order.Choose, customer, choiceOf(responder))
	l.send(order.SendContract, responder, contract(0, false))
	l.send(order.SignContract, customer, signature())
	l.requireRefused(order.CodeOtherEmployer, order.ReplaceEngineer, moderator, choiceOf(other))
}

func TestAcceptedWorkIsPaidDespiteAnInactiveEngineer(t *testing.T) {
	acceptance.Covers(t, "S-17")
	l := claimed(t)
	deadline := l.s.Deadline()
	l.advance(time.Hour)
	d := l.sendStatus(order.RegistryStatus, false)
	require.True(t, notified(d, order.RoleCustomer, order.NoticeEngineerFlagged))
	require.Equal(t, order.Payment, l.s.ShownStage())
	require.Equal(t, []order.Source{order.BySourceRegistry}, l.s.Holds(), "the card shows the flag")
	require.Equal(t, deadline, l.s.Deadline())
	l.send(order.ConfirmPayment, performer, nil)
	require.Equal(t, order.Completed, l.s.Stage)
}

func TestFlaggedOrderSentBackToWorkIsSuspended(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-17")
	l := disputed(claimed(t)).advance(time.Hour)
	l.sendStatus(order.RegistryStatus, false)
	d := l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework})
	require.Equal(t, order.Suspended, l.s.ShownStage())
	require.True(t, notified(d, order.RoleCustomer, order.NoticeSuspended), "any message that suspends the order notifies the parties")
	require.True(t, notified(d, order.RoleEngineer, order.NoticeSuspended))
	_, runs := l.s.NextDue()
	require.False(t, runs)
	l.advance(day).sendStatus(order.RegistryStatus, true)
	_, runs = l.s.NextDue()
	require.True(t, runs)
}

func TestEndingASuspendedOrder(t *testing.T) {
	acceptance.Covers(t, "S-17")
	t.Run("отмена до подписи заказчика", func(t *testing.T) {
		l := sentWithAdvance(t).suspend()
		l.requireRefused(order.CodeSuspended, order.SignContract, customer, signature())
		l.send(order.Cancel, customer, nil)
		require.Equal(t, order.Cancelled, l.s.ShownStage())
		require.Nil(t, l.s.Frozen)
	})
	t.Run("другой исполнитель до подписи", func(t *testing.T) {
		l := contracting(t).suspend()
		l.send(order.DismissEngineer, customer, nil)
		require.Equal(t, order.Selection, l.s.ShownStage())
		l.send(order.Choose, customer, choiceOf(responder))
		require.False(t, l.s.Suspended(), "the holds belonged to the dismissed performer")
	})
	t.Run("прекращение после подписи", func(t *testing.T) {
		l := inWork(t).suspend()
		l.send(order.ProposeTermination, customer, nil)
		l.send(order.AgreeTermination, performer, nil)
		require.Equal(t, order.ByAgreement, l.s.Cause)
		require.Nil(t, l.s.Frozen)
	})
	t.Run("модератор после подписи", func(t *testing.T) {
		l := disputed(inWork(t).suspend())
		l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleTerminate})
		require.Equal(t, order.ByModerator, l.s.Cause)
	})
}

// TestDeadlinesFreezeExactly freezes and resumes calendar and working deadlines at edge cases.
func TestDeadlinesFreezeExactly(t *testing.T) {
	acceptance.Covers(t, "S-16")
	msk := func(month time.Month, d, h, m int) time.Time {
		return time.Date(2026, month, d, h, m, 0, 0, order.Moscow).UTC()
	}
	for _, row := range []struct {
		name  string
		setup func(*testing.T, time.Time) *testOrder
		// The awaited step begins, the order is suspended and resumed, and then the deadline is
		// due.
		begin, freeze, resume, due time.Time
	}{
		{
			"календарный срок, пять суток", awaitPrepayment,
			msk(3, 2, 12, 0), msk(3, 3, 13, 30), msk(3, 20, 8, 15), msk(3, 24, 6, 45),
		},
		{
			"рабочий срок, заморожен в пятницу вечером, снят в понедельник", awaitAcceptance,
			// Mon 2 Mar 12:00 + 4 days 11 h = Fri 6 Mar 23:00; 10 − 4.458 days are left: 5 days 13 h from Mon 16 Mar 00:00.
			msk(3, 2, 12, 0), msk(3, 6, 23, 0), msk(3, 16, 0, 0), msk(3, 23, 13, 0),
		},
		{
			"рабочий срок, заморожен и снят в выходные", awaitAcceptance,
			// 4 days 12 h have passed by Saturday; 5 days 12 h are left from Monday 16 March.
			msk(3, 2, 12, 0), msk(3, 7, 15, 0), msk(3, 14, 9, 0), msk(3, 23, 12, 0),
		},
		{
			"рабочий срок через праздники", awaitAcceptance,
			// 28 Apr (Tue) 00:00; frozen 30 Apr (Thu) 12:00 after 2.5 days; 7.5 days from 30 Apr 18:00:
			// 6 h on the 30th; 1 May (Fri) is a holiday; 4–8 May five days; 11 and 12 May two; the rest, 6 h, on the 13th.
			msk(4, 28, 0, 0), msk(4, 30, 12, 0), msk(4, 30, 18, 0), msk(5, 13, 6, 0),
		},
		{
			"в тот же миг", awaitAcceptance,
			msk(3, 16, 12, 0), msk(3, 18, 12, 0), msk(3, 18, 12, 0), msk(3, 30, 12, 0),
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := row.setup(t, row.begin)
			l.now = row.freeze
			l.sendStatus(order.RegistryStatus, false)
			l.now = row.resume
			lift := l.status(true)
			lift.AsOf = lift.AsOf.Add(time.Second)
			l.send(order.RegistryStatus, registry, lift)
			require.Equal(t, row.due.In(order.Moscow).String(), l.s.Deadline().In(order.Moscow).String())
		})
	}
}

// awaitPrepayment returns an order with five calendar days for the customer to pay, from begin.
func awaitPrepayment(t *testing.T, begin time.Time) *testOrder {
	l := signedAt(t, begin, 5000)
	return l.then(order.SendPrepaymentInvoice, performer, invoice())
}

// awaitAcceptance returns an order with ten working days for the customer to accept, from begin.
func awaitAcceptance(t *testing.T, begin time.Time) *testOrder {
	l := signedAt(t, begin, 0)
	return l.then(order.SubmitResults, performer, results(l, order.ByFiles))
}

func signedAt(t *testing.T, begin time.Time, basisPoints int) *testOrder {
	l := newTestOrder(t)
	l.now = begin
	l.send(order.Create, customer, nil)
	l.send(order.Publish, customer, terms())
	l.send(order.Respond, performer, bid())
	l.send(order.Choose, customer, choiceOf(performer))
	l.send(order.SendContract, performer, contract(basisPoints, false))
	l.send(order.SignContract, customer, signature())
	return l
}

func TestDeadlinePassedBeforeTheHoldFiresRightAfterIt(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := prepaymentInvoiced(t)
	l.advance(6 * day)
	l.sendStatus(order.RegistryStatus, false)
	l.advance(day).sendStatus(order.RegistryStatus, true)
	due, runs := l.s.NextDue()
	require.True(t, runs)
	require.Equal(t, l.now, due.At)
	l.fireNext(order.DueOverdue)
}

func TestDeadlinesOfASuspendedOrderDoNotFire(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := inPrepayment(t).suspend()
	for _, due := range l.s.Dues {
		require.Zero(t, due.At)
		require.Positive(t, due.Left)
	}
	l.requireRefused(order.CodeSuspended, order.DeadlineDue, platform, order.DueNow{Due: l.s.Dues[0].ID})
}

// A moderators' status that was on its way while they decided again would contradict the new
// decision, which found nothing to change in this order.
func TestSupersededModeratorStatusIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := inWork(t).advance(10 * day)
	decided := func(at time.Time) {
		l.facts = append(l.facts, func(f *order.Facts) { f.Engineer = &order.EngineerFacts{ID: performer.Party, DecidedAt: at} })
	}
	decided(l.now.Add(time.Second))
	l.requireRefused(order.CodeOutdatedStatus, order.ModeratorStatus, moderator, l.status(false))
	require.False(t, l.s.Suspended())
	l.sendStatus(order.RegistryStatus, false) // the dates of the registry are independent
	decided(l.now)
	l.sendStatus(order.ModeratorStatus, false)
	require.Len(t, l.s.Holds(), 2)
}
