package order_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// heldBy holds the order by hand.
func (l *life) heldBy(kind order.Kind, who order.Actor) *life {
	l.t.Helper()
	return l.wait(day).then(kind, who, l.says(false))
}

// decision is the moderators' decision on the engineer himself, as it comes to his orders: without a text.
func (l *life) decision(blocked bool) order.Decision {
	l.t.Helper()
	l.wait(day)
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil && f.Engineer.ID == performer.Party {
			f.Engineer.Blocked, f.Engineer.JudgedAt = blocked, l.now
		}
	})
	m := message(order.ModeratorStatus, moderator, l.says(!blocked))
	m.Body = nil
	d := l.judge(m)
	l.facts = nil
	return d
}

func (l *life) blocked() *life {
	l.t.Helper()
	require.Equal(l.t, order.Applied, l.decision(true).Verdict)
	return l
}

// engineerBlocked lets the platform know the engineer as blocked.
func (l *life) engineerBlocked() *life {
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil {
			f.Engineer.Blocked = true
		}
	})
	return l
}

var byHand = []struct {
	kind   order.Kind
	source order.Source
	who    order.Actor
}{
	{order.ModeratorStatus, order.BySourceModerator, moderator},
	{order.EmployerStatus, order.BySourceEmployer, employer},
}

// holding is the card's action that holds the order by hand, nil where the card has none.
func holding(l *life, kind order.Kind, who order.Actor) *order.Action {
	for _, a := range order.Actions(l.s, who, order.Facts{Now: l.now}) {
		if a.Kind == kind {
			return &a
		}
	}
	return nil
}

func TestHoldingByHandSaysWhatItDoesAndWantsAReason(t *testing.T) {
	acceptance.Covers(t, "S-16")
	for _, row := range byHand {
		l := workPlain(t)
		a := holding(l, row.kind, row.who)
		require.True(t, a.Open)
		require.True(t, a.Reasoned)
		require.Equal(t, "Приостановить этот заказ", a.Title)
		silent := message(row.kind, row.who, l.says(false))
		silent.Body = nil
		require.Equal(t, order.CodeNoReason, l.judge(silent).Code, row.kind)

		l.heldBy(row.kind, row.who)
		require.Equal(t, "Возобновить этот заказ", holding(l, row.kind, row.who).Title)
		require.Equal(t, l.s.Seq, l.s.Standings[0].Seq, "the text of this message is the reason")
		l.wait(day)
		silent = message(row.kind, row.who, l.says(true))
		silent.Body = nil
		require.Equal(t, order.CodeNoReason, l.judge(silent).Code, row.kind)
	}
}

func TestHoldingByHandIsClosedWhereItMeansNothing(t *testing.T) {
	acceptance.Covers(t, "S-16")
	for _, row := range byHand {
		for name, l := range map[string]*life{
			"selection": responded(t), "offer": offeredTo(t, offered), "draft": draft(t), "payment": claimed(t), "completed": completed(t),
		} {
			a := holding(l, row.kind, row.who)
			require.True(t, a == nil || !a.Open, "%s: %s", name, row.kind)
			d := l.judge(message(row.kind, row.who, l.says(false)))
			require.Equal(t, order.WasRefused, d.Verdict, "%s: %s", name, row.kind)
		}
		for _, live := range []func(testing.TB) *life{contracting, prepaid, workPlain, registering} {
			require.True(t, holding(live(t), row.kind, row.who).Open)
		}
	}
	l := responded(t)
	l.refused(order.CodeStage, order.ModeratorStatus, moderator, l.saysOf(responder, false))
	l = contracting(t)
	l.refused(order.CodeNotConcerned, order.ModeratorStatus, moderator, l.saysOf(responder, false))
	require.NotEmpty(t, l.s.Responses, "by hand nobody is turned out of an order")
}

func TestSameStatusAgainIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-35")
	for _, row := range byHand {
		l := workPlain(t)
		l.refused(order.CodeAlreadyDone, row.kind, row.who, l.says(true))
		l.heldBy(row.kind, row.who).wait(day)
		l.refused(order.CodeAlreadyDone, row.kind, row.who, l.says(false))
		l.send(row.kind, row.who, l.says(true))
		require.Empty(t, l.s.Holds())
		l.wait(day).refused(order.CodeAlreadyDone, row.kind, row.who, l.says(true))
	}
}

// The moderators' decision on the engineer himself reaches his orders without a text, wherever they are.
func TestDecisionOnTheEngineerReachesHisOrders(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := workPlain(t).blocked()
	require.True(t, l.s.Suspended())
	require.Zero(t, l.s.Standings[0].Seq, "its reason stands with the decision")
	require.Equal(t, order.Applied, l.decision(false).Verdict)
	require.False(t, l.s.Suspended())

	require.Equal(t, order.Applied, responded(t).decision(true).Verdict, "a responder loses his response")
	require.Equal(t, []order.Source{order.BySourceModerator}, claimed(t).blocked().s.Holds(), "an accepted work is flagged")

	// It does not take the place of a reason for whoever signals by hand.
	l = workPlain(t)
	forged := message(order.ModeratorStatus, moderator, l.says(false))
	forged.Body = nil
	require.Equal(t, order.CodeNoReason, l.judge(forged).Code)

	// The reason of a hold by hand stays while the engineer is blocked as well.
	l = workPlain(t).heldBy(order.ModeratorStatus, moderator)
	held := l.s.Seq
	l.blocked()
	require.Equal(t, held, l.s.Standings[0].Seq)
}

func TestHistorySaysWhichOfTheTwoWasDone(t *testing.T) {
	seen := []string{}
	for _, kind := range []order.Kind{order.RegistryStatus, order.ModeratorStatus, order.EmployerStatus} {
		for _, active := range []bool{true, false} {
			for _, reasoned := range []bool{true, false} {
				done := order.DoneOf(kind, []byte(encode(t, order.Standing{Engineer: "e", Active: active, AsOf: start})), reasoned)
				if kind == order.ModeratorStatus || reasoned {
					require.False(t, slices.Contains(seen, done), done)
					seen = append(seen, done)
				}
			}
		}
	}
	require.Equal(t, "Заказ опубликован", order.DoneOf(order.Publish, nil, true))
	require.Equal(t, "later", order.DoneOf("later", nil, false))
}

// An order that has ended is held by nobody, however it ended.
func TestEndedOrderIsHeldByNobody(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := workPlain(t).suspended()
	l.send(order.ProposeTermination, customer, nil)
	l.send(order.AgreeTermination, performer, nil)
	require.Equal(t, order.Cancelled, l.s.Stage)
	require.Empty(t, l.s.Holds(), "terminated")

	l = contracting(t).suspended()
	l.send(order.Cancel, customer, nil)
	require.Empty(t, l.s.Holds(), "cancelled")

	l = claimed(t)
	l.wait(time.Hour).send(order.RegistryStatus, registry, l.says(false))
	require.NotEmpty(t, l.s.Holds())
	l.send(order.ConfirmPayment, performer, nil)
	require.Empty(t, l.s.Holds(), "completed")
}

// The hold of one order and the decision on its engineer are two words: neither ends with the other.
func TestHoldByHandAndTheDecisionOnTheEngineerEndApart(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := workPlain(t).heldBy(order.ModeratorStatus, moderator).blocked()
	held := l.s.Standings[0].Since
	require.Equal(t, order.Applied, l.decision(false).Verdict)
	require.True(t, l.s.Suspended(), "nobody has lifted the hold of this order")
	require.Equal(t, held, l.s.Standings[0].Since)
	l.wait(day).send(order.ModeratorStatus, moderator, l.says(true))
	require.False(t, l.s.Suspended())

	l = workPlain(t).blocked().wait(day)
	require.Equal(t, "Приостановить этот заказ", holding(l, order.ModeratorStatus, moderator).Title, "the block is lifted elsewhere")
	l.engineerBlocked().refused(order.CodeBlocked, order.ModeratorStatus, moderator, l.says(true))
	l.engineerBlocked().send(order.ModeratorStatus, moderator, l.says(false))
	require.Equal(t, order.Applied, l.wait(day).decision(false).Verdict)
	require.True(t, l.s.Suspended(), "held by hand while the engineer was blocked")
}

// An order held by a version that knew no reasons is let go by hand, or held anew with one.
func TestHoldWithoutAReasonIsLetGo(t *testing.T) {
	acceptance.Covers(t, "S-16")
	for _, anew := range []bool{false, true} {
		l := workPlain(t).heldBy(order.ModeratorStatus, moderator)
		l.s.Standings[0].Seq = 0
		if anew {
			l.wait(day).send(order.ModeratorStatus, moderator, l.says(false))
			require.Equal(t, l.s.Seq, l.s.Standings[0].Seq)
		}
		l.wait(day).send(order.ModeratorStatus, moderator, l.says(true))
		require.False(t, l.s.Suspended())
	}
}

// What became of the engineer is told while the money is under way too: when it comes and when the last of it goes.
func TestBothHearOfAFlagAndOfItsEnd(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := claimed(t)
	tell := func(active bool) []order.NoticeKind {
		d := l.wait(day).judge(message(order.RegistryStatus, registry, l.says(active)))
		require.Equal(t, order.Applied, d.Verdict)
		var kinds []order.NoticeKind
		for _, n := range d.Notices {
			kinds = append(kinds, n.Kind)
		}
		return kinds
	}
	require.Equal(t, []order.NoticeKind{order.NoticeEngineerFlagged, order.NoticeEngineerFlagged}, tell(false))
	require.Empty(t, tell(false), "the same again is no news")
	require.Equal(t, []order.NoticeKind{order.NoticeEngineerUnflagged, order.NoticeEngineerUnflagged}, tell(true))
}
