package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// overdueFinds is what every order holds: one that is overdue says since when.
func overdueFinds(t testing.TB, s *order.State, at time.Time) {
	t.Helper()
	if s.Overdue {
		require.False(t, s.Deadline().IsZero(), "an overdue order has lost its deadline: %s", encode(t, s))
		require.False(t, s.Deadline().After(at), "an overdue order has its deadline before it: %s", encode(t, s))
		return
	}
	require.True(t, s.Wait.Until.IsZero(), "a step that is not overdue has no past term: %s", encode(t, s))
}

func TestOverdueStepKeepsItsDeadline(t *testing.T) {
	acceptance.Covers(t, "S-34")
	for name, live := range map[string]func(testing.TB) *life{
		"выбор":                    responded,
		"договор":                  contracting,
		"подпись":                  func(t testing.TB) *life { return sent(t, contract(5000, false)) },
		"счёт на предоплату":       prepaid,
		"работы":                   workPlain,
		"приёмка":                  func(t testing.TB) *life { return accepting(t, 0, false, order.ByFiles) },
		"ГКУ/ГРП":                  registering,
		"подпись на акте":          func(t testing.TB) *life { return unsigned(t, 0) },
		"подтверждение оплаты":     claimed,
		"подтверждение предоплаты": func(t testing.TB) *life { return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()) },
	} {
		t.Run(name, func(t *testing.T) {
			l := live(t)
			due := l.s.Deadline()
			l.fireAll()
			require.True(t, l.s.Overdue)
			require.Equal(t, due, l.s.Deadline(), "at the moment when it becomes overdue")
			l.wait(30 * day)
			l.refused(order.CodeStage, order.Publish, customer, terms())
			require.Equal(t, due, l.s.Deadline(), "and after")
		})
	}
}

func TestOverdueStaysThroughASuspensionAndADispute(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-34")
	l := workPlain(t)
	due := l.s.Deadline()
	l.fireAll().wait(day).word(order.RegistryStatus, false)
	require.Equal(t, due, l.s.Deadline(), "the term ended before the order was suspended")
	l.wait(day).word(order.RegistryStatus, true)
	require.True(t, l.s.Overdue)
	require.Equal(t, due, l.s.Deadline())
	disputed(l)
	require.Equal(t, due, l.s.Deadline())
}

func TestNewStepForgetsTheOldTerm(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := accepting(t, 0, false, order.ByFiles).fireAll()
	l.send(order.ReturnResults, customer, order.Remarks{})
	overdueFinds(t, &l.s, l.now)
	require.True(t, l.s.Deadline().After(l.now))
}

// A state that became overdue before its term was kept has none; the next message that changes the order gives it one.
func TestOverdueStateOfAnEarlierVersionGetsItsTerm(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := accepting(t, 0, false, order.ByFiles)
	due := l.s.Deadline()
	l.fireAll()
	l.s.Wait.Until = time.Time{}
	require.Zero(t, l.s.Deadline())
	require.NotContains(t, encode(t, l.s), "until", "states recorded before are the same today")
	l.wait(day)
	disputed(l)
	require.Equal(t, due, l.s.Deadline())

	l = prepaid(t).fireAll()
	var old order.State
	require.NoError(t, json.Unmarshal([]byte(encode(t, l.s)), &old))
	old.Wait.Until, old.Wait.Since = time.Time{}, l.now.Add(-time.Hour)
	l.s = old
	disputed(l)
	require.Equal(t, l.now, l.s.Deadline(), "never after the moment at which it is overdue")
}

// reachSomebody holds every notice of every verdict, and of every deadline: whoever is called for can sign in and see the order.
func reachSomebody(t *testing.T, all []judged) {
	addressable := map[order.Role]bool{
		order.RoleCustomer: true, order.RoleEngineer: true, order.RoleEmployer: true, order.RoleModerator: true,
	}
	notices := 0
	look := func(d order.Decision) {
		for _, n := range d.Notices {
			notices++
			require.True(t, addressable[n.To.Role], "%s goes to %q, a role that nobody has", n.Kind, n.To.Role)
			require.Equal(t, n.To.Role == order.RoleModerator, n.To.Party == "", "%s", n.Kind)
			require.NotEmpty(t, n.Kind.Text())
		}
	}
	for _, j := range all {
		look(j.d)
	}
	for _, s := range situations() {
		l := s.live(t)
		for due, runs := l.s.NextDue(); runs; due, runs = l.s.NextDue() {
			look(l.fire(due.Kind))
		}
	}
	require.Greater(t, notices, 100)
}

func TestEscalationReachesAModeratorWhoMayAct(t *testing.T) {
	acceptance.Covers(t, "S-2", "S-23", "S-40")
	for name, row := range map[string]struct {
		reported *life
		confirm  order.Kind
	}{
		"предоплата": {prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()), order.ConfirmPrepayment},
		"оплата":     {claimed(t), order.ConfirmPayment},
	} {
		t.Run(name, func(t *testing.T) {
			l := row.reported
			for {
				due, _ := l.s.NextDue()
				d := l.fire(due.Kind)
				require.Equal(t, l.s.Overdue, told(d, order.RoleModerator, order.NoticeEscalated))
				if l.s.Overdue {
					break
				}
			}
			require.True(t, opened(l, moderator, row.confirm))
		})
	}
	l := disputed(workPlain(t))
	require.True(t, opened(l, moderator, order.SettleDispute))
}

// opened says whether the actor's card offers the action.
func opened(l *life, who order.Actor, kind order.Kind) bool {
	for _, a := range order.Actions(l.s, who, order.Facts{Now: l.now}) {
		if a.Kind == kind {
			return a.Open
		}
	}
	return false
}
