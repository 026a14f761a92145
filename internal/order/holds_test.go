package order_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// hold sets a manual hold.
func (l *testOrder) hold(kind order.Kind, who order.Actor) *testOrder {
	l.t.Helper()
	return l.advance(day).then(kind, who, l.status(false))
}

// sendDecision sends the moderators' decision on the engineer himself as his orders receive it:
// without a text.
func (l *testOrder) sendDecision(blocked bool) order.Decision {
	l.t.Helper()
	l.advance(day)
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil && f.Engineer.ID == performer.Party {
			f.Engineer.Blocked, f.Engineer.DecidedAt = blocked, l.now
		}
	})
	m := message(order.ModeratorStatus, moderator, l.status(!blocked))
	m.Body = nil
	d := l.decide(m)
	l.facts = nil
	return d
}

func (l *testOrder) block() *testOrder {
	l.t.Helper()
	require.Equal(l.t, order.Applied, l.sendDecision(true).Verdict)
	return l
}

// withBlockedEngineer makes the facts show the engineer as blocked.
func (l *testOrder) withBlockedEngineer() *testOrder {
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil {
			f.Engineer.Blocked = true
		}
	})
	return l
}

var manualHolds = []struct {
	kind   order.Kind
	source order.Source
	who    order.Actor
}{
	{order.ModeratorStatus, order.BySourceModerator, moderator},
	{order.EmployerStatus, order.BySourceEmployer, employer},
}

// holdAction returns the card's action for a manual hold, nil if the card has none.
func holdAction(l *testOrder, kind order.Kind, who order.Actor) *order.Action {
	for _, a := range order.Actions(l.s, who, order.Facts{Now: l.now}) {
		if a.Kind == kind {
			return &a
		}
	}
	return nil
}

func TestManualHoldHasATitleAndRequiresAReason(t *testing.T) {
	acceptance.Covers(t, "S-16")
	for _, row := range manualHolds {
		l := inWork(t)
		a := holdAction(l, row.kind, row.who)
		require.True(t, a.Open)
		require.True(t, a.RequiresReason)
		require.Equal(t, "Приостановить этот заказ", a.Title)
		silent := message(row.kind, row.who, l.status(false))
		silent.Body = nil
		require.Equal(t, order.CodeNoReason, l.decide(silent).Code, row.kind)

		l.hold(row.kind, row.who)
		require.Equal(t, "Возобновить этот заказ", holdAction(l, row.kind, row.who).Title)
		require.Equal(t, l.s.Seq, l.s.Statuses[0].Seq, "the text of this message is the reason")
		l.advance(day)
		silent = message(row.kind, row.who, l.status(true))
		silent.Body = nil
		require.Equal(t, order.CodeNoReason, l.decide(silent).Code, row.kind)
	}
}

func TestManualHoldIsClosedWhereItHasNoEffect(t *testing.T) {
	acceptance.Covers(t, "S-16")
	for _, row := range manualHolds {
		for name, l := range map[string]*testOrder{
			"selection": responded(t), "offer": offeredTo(t, offered), "draft": draft(t), "payment": claimed(t), "completed": completed(t),
		} {
			a := holdAction(l, row.kind, row.who)
			require.True(t, a == nil || !a.Open, "%s: %s", name, row.kind)
			d := l.decide(message(row.kind, row.who, l.status(false)))
			require.Equal(t, order.WasRefused, d.Verdict, "%s: %s", name, row.kind)
		}
		for _, setup := range []func(testing.TB) *testOrder{contracting, inPrepayment, inWork, inRegistration} {
			require.True(t, holdAction(setup(t), row.kind, row.who).Open)
		}
	}
	l := responded(t)
	l.requireRefused(order.CodeStage, order.ModeratorStatus, moderator, l.statusOf(responder, false))
	l = contracting(t)
	l.requireRefused(order.CodeNotConcerned, order.ModeratorStatus, moderator, l.statusOf(responder, false))
	require.NotEmpty(t, l.s.Responses, "a manual hold removes no response")
}

func TestSameStatusAgainIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-35")
	for _, row := range manualHolds {
		l := inWork(t)
		l.requireRefused(order.CodeAlreadyDone, row.kind, row.who, l.status(true))
		l.hold(row.kind, row.who).advance(day)
		l.requireRefused(order.CodeAlreadyDone, row.kind, row.who, l.status(false))
		l.send(row.kind, row.who, l.status(true))
		require.Empty(t, l.s.Holds())
		l.advance(day).requireRefused(order.CodeAlreadyDone, row.kind, row.who, l.status(true))
	}
}

// The moderators' decision on the engineer himself reaches all his orders without a text.
func TestDecisionOnTheEngineerReachesHisOrders(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := inWork(t).block()
	require.True(t, l.s.Suspended())
	require.Zero(t, l.s.Statuses[0].Seq, "the reason is stored with the decision")
	require.Equal(t, order.Applied, l.sendDecision(false).Verdict)
	require.False(t, l.s.Suspended())

	require.Equal(t, order.Applied, responded(t).sendDecision(true).Verdict, "a responder loses his response")
	require.Equal(t, []order.Source{order.BySourceModerator}, claimed(t).block().s.Holds(), "an order with accepted works is flagged")

	// A manual status without a text is refused, because it is no decision.
	l = inWork(t)
	forged := message(order.ModeratorStatus, moderator, l.status(false))
	forged.Body = nil
	require.Equal(t, order.CodeNoReason, l.decide(forged).Code)

	// The reason of a manual hold stays when the engineer is blocked as well.
	l = inWork(t).hold(order.ModeratorStatus, moderator)
	held := l.s.Seq
	l.block()
	require.Equal(t, held, l.s.Statuses[0].Seq)
}

func TestDoneTextDistinguishesHoldAndResume(t *testing.T) {
	seen := []string{}
	for _, kind := range []order.Kind{order.RegistryStatus, order.ModeratorStatus, order.EmployerStatus} {
		for _, active := range []bool{true, false} {
			for _, reasoned := range []bool{true, false} {
				done := order.DoneText(kind, []byte(encode(t, order.EngineerStatus{Engineer: "e", Active: active, AsOf: start})), reasoned)
				if kind == order.ModeratorStatus || reasoned {
					require.False(t, slices.Contains(seen, done), done)
					seen = append(seen, done)
				}
			}
		}
	}
	require.Equal(t, "Заказ опубликован", order.DoneText(order.Publish, nil, true))
	require.Equal(t, "later", order.DoneText("later", nil, false))
}

// Nothing holds an order that has ended, however it ended.
func TestEndedOrderHasNoHolds(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := inWork(t).suspend()
	l.send(order.ProposeTermination, customer, nil)
	l.send(order.AgreeTermination, performer, nil)
	require.Equal(t, order.Cancelled, l.s.Stage)
	require.Empty(t, l.s.Holds(), "terminated")

	l = contracting(t).suspend()
	l.send(order.Cancel, customer, nil)
	require.Empty(t, l.s.Holds(), "cancelled")

	l = claimed(t)
	l.advance(time.Hour).send(order.RegistryStatus, registry, l.status(false))
	require.NotEmpty(t, l.s.Holds())
	l.send(order.ConfirmPayment, performer, nil)
	require.Empty(t, l.s.Holds(), "completed")
}

// A manual hold of one order and the decision on its engineer are independent: neither ends the
// other.
func TestManualHoldAndEngineerDecisionAreIndependent(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := inWork(t).hold(order.ModeratorStatus, moderator).block()
	held := l.s.Statuses[0].Since
	require.Equal(t, order.Applied, l.sendDecision(false).Verdict)
	require.True(t, l.s.Suspended(), "the manual hold of this order remains")
	require.Equal(t, held, l.s.Statuses[0].Since)
	l.advance(day).send(order.ModeratorStatus, moderator, l.status(true))
	require.False(t, l.s.Suspended())

	l = inWork(t).block().advance(day)
	require.Equal(t, "Приостановить этот заказ", holdAction(l, order.ModeratorStatus, moderator).Title, "the block is lifted elsewhere")
	l.withBlockedEngineer().requireRefused(order.CodeBlocked, order.ModeratorStatus, moderator, l.status(true))
	l.withBlockedEngineer().send(order.ModeratorStatus, moderator, l.status(false))
	require.Equal(t, order.Applied, l.advance(day).sendDecision(false).Verdict)
	require.True(t, l.s.Suspended(), "the manual hold set while the engineer was blocked remains")
}

// A manual hold recorded without a reason can be lifted, or set again with a reason.
func TestManualHoldWithoutAReasonCanBeLifted(t *testing.T) {
	acceptance.Covers(t, "S-16")
	for _, anew := range []bool{false, true} {
		l := inWork(t).hold(order.ModeratorStatus, moderator)
		l.s.Statuses[0].Seq = 0
		if anew {
			l.advance(day).send(order.ModeratorStatus, moderator, l.status(false))
			require.Equal(t, l.s.Seq, l.s.Statuses[0].Seq)
		}
		l.advance(day).send(order.ModeratorStatus, moderator, l.status(true))
		require.False(t, l.s.Suspended())
	}
}

// Both parties are notified during the payment too, when the first flag is set and when the last
// one is cleared.
func TestBothPartiesAreNotifiedOfAFlagAndItsEnd(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := claimed(t)
	noticeKinds := func(active bool) []order.NoticeKind {
		d := l.advance(day).decide(message(order.RegistryStatus, registry, l.status(active)))
		require.Equal(t, order.Applied, d.Verdict)
		var kinds []order.NoticeKind
		for _, n := range d.Notices {
			kinds = append(kinds, n.Kind)
		}
		return kinds
	}
	require.Equal(t, []order.NoticeKind{order.NoticeEngineerFlagged, order.NoticeEngineerFlagged}, noticeKinds(false))
	require.Empty(t, noticeKinds(false), "an unchanged status notifies nobody")
	require.Equal(t, []order.NoticeKind{order.NoticeEngineerUnflagged, order.NoticeEngineerUnflagged}, noticeKinds(true))
}
