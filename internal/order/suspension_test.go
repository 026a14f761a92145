package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// word is one source's statement on the performer.
func (l *life) word(kind order.Kind, active bool) order.Decision {
	l.t.Helper()
	by := map[order.Kind]order.Actor{
		order.RegistryStatus: registry, order.ModeratorStatus: moderator, order.EmployerStatus: employer,
	}[kind]
	return l.send(kind, by, l.says(active))
}

func TestSuspensionKeepsTheStage(t *testing.T) {
	acceptance.Covers(t, "S-16", "T-22", "R-SUSP-1")
	for _, from := range []func(testing.TB) *life{
		contracting, prepaid, workPlain, registering,
		func(t testing.TB) *life { return accepting(t, 0, false, order.ByFiles) },
	} {
		l := from(t)
		stage, waits := l.s.Stage, l.s.Wait
		l.suspended()
		require.Equal(t, "Приостановлен", l.s.StageLabel())
		_, runs := l.s.NextDue()
		require.False(t, runs, "deadlines stand still")
		require.Zero(t, l.s.Deadline())
		l.wait(day)
		d := l.word(order.RegistryStatus, true)
		require.True(t, told(d, order.RoleCustomer, order.NoticeResumed))
		require.True(t, told(d, order.RoleEngineer, order.NoticeResumed))
		require.Equal(t, stage, l.s.ShownStage())
		require.Equal(t, waits, l.s.Wait)
	}
}

func TestHoldsAreLiftedOneByOne(t *testing.T) {
	acceptance.Covers(t, "S-16")
	sources := []order.Kind{order.RegistryStatus, order.ModeratorStatus, order.EmployerStatus}
	for _, lifted := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		l := prepaid(t)
		before, _ := l.s.NextDue()
		left := before.At.Sub(l.now)
		for i, kind := range sources {
			l.word(kind, false)
			require.Len(t, l.s.Holds(), i+1)
			l.wait(day)
		}
		for i, k := range lifted {
			l.wait(day)
			d := l.word(sources[k], true)
			last := i == len(lifted)-1
			require.Equal(t, !last, l.s.Suspended())
			require.Equal(t, last, told(d, order.RoleCustomer, order.NoticeResumed))
		}
		after, runs := l.s.NextDue()
		require.True(t, runs)
		require.Equal(t, before.ID, after.ID)
		require.Equal(t, l.now.Add(left), after.At, "a calendar deadline resumes with what was left at the first hold")
	}
}

func TestHoldSetTwiceIsOneHold(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := workPlain(t)
	l.word(order.RegistryStatus, false)
	since := l.now
	frozen := l.s.Frozen
	l.wait(day)
	d := l.word(order.RegistryStatus, false)
	require.Empty(t, d.Notices, "nothing new for anybody")
	require.Equal(t, []order.Source{order.BySourceRegistry}, l.s.Holds())
	require.Equal(t, since, l.s.Standings[0].Since)
	require.Equal(t, frozen, l.s.Frozen)
	l.wait(day).word(order.RegistryStatus, true)
	require.False(t, l.s.Suspended())
}

func TestOlderStatementChangesNothing(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-18")
	l := workPlain(t).wait(10 * day)
	l.word(order.RegistryStatus, false)
	for _, age := range []time.Duration{0, time.Hour} {
		old := l.says(true)
		old.AsOf = old.AsOf.Add(-age)
		l.refused(order.CodeOldNews, order.RegistryStatus, registry, old)
	}
	require.True(t, l.s.Suspended())
	// Another source's clock is its own.
	other := l.says(false)
	other.AsOf = other.AsOf.Add(-5 * day)
	l.send(order.ModeratorStatus, moderator, other)
	require.Len(t, l.s.Holds(), 2)
	l.refused(order.CodeBadDetails, order.RegistryStatus, registry, order.Standing{Engineer: "performer"})
	l.refused(order.CodeBadDetails, order.RegistryStatus, registry, order.Standing{AsOf: l.now})
}

func TestNobodySpeaksForAnotherSource(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := workPlain(t)
	l.refused(order.CodeNotParty, order.RegistryStatus, moderator, l.says(false))
	l.refused(order.CodeNotParty, order.ModeratorStatus, employer, l.says(false))
	l.refused(order.CodeNotParty, order.EmployerStatus, otherEmployer, l.says(false))
}

func TestReplacedEngineerLeavesTheHoldsBehind(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-17", "S-40")
	l := prepaid(t)
	before, _ := l.s.NextDue()
	left := before.At.Sub(l.now)
	l.word(order.RegistryStatus, false)
	l.wait(day).word(order.EmployerStatus, false)
	l.wait(day)
	l.refused(order.CodeOtherEmployer, order.ReplaceEngineer, moderator, pick(other))
	l.refused(order.CodeSameEngineer, order.ReplaceEngineer, moderator, pick(performer))
	d := l.send(order.ReplaceEngineer, moderator, pick(colleague))
	require.False(t, l.s.Suspended())
	require.Empty(t, l.s.Holds())
	require.Equal(t, "colleague", l.s.Performer.ID)
	for _, party := range []string{"customer", "performer"} {
		require.True(t, toldParty(d, party, order.NoticeReplaced), party)
	}
	require.True(t, toldParty(d, "colleague", order.NoticeAssigned))
	after, _ := l.s.NextDue()
	require.Equal(t, l.now.Add(left), after.At)
	l.refused(order.CodeNotParty, order.SendPrepaymentInvoice, performer, invoice())
	l.send(order.SendPrepaymentInvoice, colleague, invoice())
	l.refused(order.CodeNotConcerned, order.RegistryStatus, registry, l.says(false))
}

func TestSoleProprietorHasNoColleague(t *testing.T) {
	acceptance.Covers(t, "S-17")
	l := responded(t)
	l.send(order.Choose, customer, pick(responder))
	l.send(order.SendContract, responder, contract(0, false))
	l.send(order.SignContract, customer, signature())
	l.refused(order.CodeOtherEmployer, order.ReplaceEngineer, moderator, pick(other))
}

func TestAcceptedWorkIsPaidThoughTheEngineerFell(t *testing.T) {
	acceptance.Covers(t, "S-17")
	l := claimed(t)
	deadline := l.s.Deadline()
	l.wait(time.Hour)
	d := l.word(order.RegistryStatus, false)
	require.True(t, told(d, order.RoleCustomer, order.NoticeEngineerFlagged))
	require.Equal(t, order.Payment, l.s.ShownStage())
	require.Equal(t, []order.Source{order.BySourceRegistry}, l.s.Holds(), "the card shows the flag")
	require.Equal(t, deadline, l.s.Deadline())
	l.send(order.ConfirmPayment, performer, nil)
	require.Equal(t, order.Completed, l.s.Stage)
}

func TestFlaggedOrderSentBackToWorkIsSuspended(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-17")
	l := disputed(claimed(t)).wait(time.Hour)
	l.word(order.RegistryStatus, false)
	d := l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleRework})
	require.Equal(t, order.Suspended, l.s.ShownStage())
	require.True(t, told(d, order.RoleCustomer, order.NoticeSuspended), "whatever brought the suspension about")
	require.True(t, told(d, order.RoleEngineer, order.NoticeSuspended))
	_, runs := l.s.NextDue()
	require.False(t, runs)
	l.wait(day).word(order.RegistryStatus, true)
	_, runs = l.s.NextDue()
	require.True(t, runs)
}

func TestWaysOutOfASuspendedOrder(t *testing.T) {
	acceptance.Covers(t, "S-17")
	t.Run("отмена до подписи заказчика", func(t *testing.T) {
		l := sentHalf(t).suspended()
		l.refused(order.CodeSuspended, order.SignContract, customer, signature())
		l.send(order.Cancel, customer, nil)
		require.Equal(t, order.Cancelled, l.s.ShownStage())
		require.Nil(t, l.s.Frozen)
	})
	t.Run("другой исполнитель до подписи", func(t *testing.T) {
		l := contracting(t).suspended()
		l.send(order.DismissEngineer, customer, nil)
		require.Equal(t, order.Selection, l.s.ShownStage())
		l.send(order.Choose, customer, pick(responder))
		require.False(t, l.s.Suspended(), "the holds were on the other one")
	})
	t.Run("прекращение после подписи", func(t *testing.T) {
		l := workPlain(t).suspended()
		l.send(order.ProposeTermination, customer, nil)
		l.send(order.AgreeTermination, performer, nil)
		require.Equal(t, order.ByAgreement, l.s.Cause)
		require.Nil(t, l.s.Frozen)
	})
	t.Run("модератор после подписи", func(t *testing.T) {
		l := disputed(workPlain(t).suspended())
		l.send(order.SettleDispute, moderator, order.DisputeSettlement{Settlement: order.SettleTerminate})
		require.Equal(t, order.ByModerator, l.s.Cause)
	})
}

// TestDeadlinesFreezeExactly freezes and resumes calendar and working deadlines at awkward moments.
func TestDeadlinesFreezeExactly(t *testing.T) {
	acceptance.Covers(t, "S-16")
	msk := func(month time.Month, d, h, m int) time.Time {
		return time.Date(2026, month, d, h, m, 0, 0, order.Moscow).UTC()
	}
	for _, row := range []struct {
		name string
		live func(*testing.T, time.Time) *life
		// The awaited step begins, the order is frozen and resumed; then the deadline is due.
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
			l := row.live(t, row.begin)
			l.now = row.freeze
			l.word(order.RegistryStatus, false)
			l.now = row.resume
			lift := l.says(true)
			lift.AsOf = lift.AsOf.Add(time.Second)
			l.send(order.RegistryStatus, registry, lift)
			require.Equal(t, row.due.In(order.Moscow).String(), l.s.Deadline().In(order.Moscow).String())
		})
	}
}

// awaitPrepayment has five calendar days for the customer to pay, from begin.
func awaitPrepayment(t *testing.T, begin time.Time) *life {
	l := prepaidFrom(t, begin, 5000)
	return l.then(order.SendPrepaymentInvoice, performer, invoice())
}

// awaitAcceptance has ten working days for the customer to accept, from begin.
func awaitAcceptance(t *testing.T, begin time.Time) *life {
	l := prepaidFrom(t, begin, 0)
	return l.then(order.SubmitResults, performer, results(l, order.ByFiles))
}

func prepaidFrom(t *testing.T, begin time.Time, basisPoints int) *life {
	l := newLife(t)
	l.now = begin
	l.send(order.Create, customer, nil)
	l.send(order.Publish, customer, terms())
	l.send(order.Respond, performer, bid())
	l.send(order.Choose, customer, pick(performer))
	l.send(order.SendContract, performer, contract(basisPoints, false))
	l.send(order.SignContract, customer, signature())
	return l
}

func TestDeadlineThatPassedBeforeTheHoldComesAtOnceAfterIt(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := prepaymentInvoiced(t)
	l.wait(6 * day)
	l.word(order.RegistryStatus, false)
	l.wait(day).word(order.RegistryStatus, true)
	due, runs := l.s.NextDue()
	require.True(t, runs)
	require.Equal(t, l.now, due.At)
	l.fire(order.DueOverdue)
}

func TestStepTakenByAWayOutWaitsFrozen(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := prepaid(t).suspended()
	for _, due := range l.s.Dues {
		require.Zero(t, due.At)
		require.Positive(t, due.Left)
	}
	l.refused(order.CodeSuspended, order.DeadlineDue, platform, order.DueNow{Due: l.s.Dues[0].ID})
}

// A moderators' word that was on its way while they decided anew would stand against the decision, which found nothing to tell.
func TestModeratorsWordOvertakenByTheirDecisionIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := workPlain(t).wait(10 * day)
	decided := func(at time.Time) {
		l.facts = append(l.facts, func(f *order.Facts) { f.Engineer = &order.EngineerFacts{ID: performer.Party, JudgedAt: at} })
	}
	decided(l.now.Add(time.Second))
	l.refused(order.CodeOldNews, order.ModeratorStatus, moderator, l.says(false))
	require.False(t, l.s.Suspended())
	l.word(order.RegistryStatus, false) // the registry's clock is its own
	decided(l.now)
	l.word(order.ModeratorStatus, false)
	require.Len(t, l.s.Holds(), 2)
}
