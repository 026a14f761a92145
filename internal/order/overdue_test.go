package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// requireOverdueDeadline requires that an overdue order has a deadline in the past, and that other
// orders have no past term.
func requireOverdueDeadline(t testing.TB, s *order.State, at time.Time) {
	t.Helper()
	if s.Overdue {
		require.False(t, s.Deadline().IsZero(), "an overdue order has lost its deadline: %s", encode(t, s))
		require.False(t, s.Deadline().After(at), "the deadline of an overdue order is in the future: %s", encode(t, s))
		return
	}
	require.True(t, s.Wait.Until.IsZero(), "a step that is not overdue has no past term: %s", encode(t, s))
}

func TestOverdueStepKeepsItsDeadline(t *testing.T) {
	acceptance.Covers(t, "S-34")
	for name, setup := range map[string]func(testing.TB) *testOrder{
		"выбор":                responded,
		"договор":              contracting,
		"подпись":              func(t testing.TB) *testOrder { return contractSent(t, contract(5000, false)) },
		"счёт на предоплату":   inPrepayment,
		"работы":               inWork,
		"приёмка":              func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles) },
		"ГКУ/ГРП":              inRegistration,
		"подпись на акте":      func(t testing.TB) *testOrder { return actUnsigned(t, 0) },
		"подтверждение оплаты": claimed,
		"подтверждение предоплаты": func(t testing.TB) *testOrder {
			return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid())
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := setup(t)
			due := l.s.Deadline()
			l.fireUntilOverdue()
			require.True(t, l.s.Overdue)
			require.Equal(t, due, l.s.Deadline(), "when it becomes overdue")
			l.advance(30 * day)
			l.requireRefused(order.CodeStage, order.Publish, customer, terms())
			require.Equal(t, due, l.s.Deadline(), "after it becomes overdue")
		})
	}
}

func TestOverdueSurvivesASuspensionAndADispute(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-34")
	l := inWork(t)
	due := l.s.Deadline()
	l.fireUntilOverdue().advance(day).sendStatus(order.RegistryStatus, false)
	require.Equal(t, due, l.s.Deadline(), "the term ended before the order was suspended")
	l.advance(day).sendStatus(order.RegistryStatus, true)
	require.True(t, l.s.Overdue)
	require.Equal(t, due, l.s.Deadline())
	disputed(l)
	require.Equal(t, due, l.s.Deadline())
}

func TestNewStepClearsTheOldTerm(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := inAcceptance(t, 0, false, order.ByFiles).fireUntilOverdue()
	l.send(order.ReturnResults, customer, order.Remarks{})
	requireOverdueDeadline(t, &l.s, l.now)
	require.True(t, l.s.Deadline().After(l.now))
}

// A state that became overdue before the term was recorded has none; the next message that changes
// the order sets it.
func TestOverdueStateOfAnEarlierVersionGetsItsTerm(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := inAcceptance(t, 0, false, order.ByFiles)
	due := l.s.Deadline()
	l.fireUntilOverdue()
	l.s.Wait.Until = time.Time{}
	require.Zero(t, l.s.Deadline())
	require.NotContains(t, encode(t, l.s), "until", "the field is absent in states recorded before it existed")
	l.advance(day)
	disputed(l)
	require.Equal(t, due, l.s.Deadline())

	l = inPrepayment(t).fireUntilOverdue()
	var old order.State
	require.NoError(t, json.Unmarshal([]byte(encode(t, l.s)), &old))
	old.Wait.Until, old.Wait.Since = time.Time{}, l.now.Add(-time.Hour)
	l.s = old
	disputed(l)
	require.Equal(t, l.now, l.s.Deadline(), "never later than the message that sets it")
}

// checkAddressees checks every notice of every verdict and of every deadline: its addressee has a
// role that can sign in and see the order.
func checkAddressees(t *testing.T, all []verdictRow) {
	addressable := map[order.Role]bool{
		order.RoleCustomer: true, order.RoleEngineer: true, order.RoleEmployer: true, order.RoleModerator: true,
	}
	notices := 0
	check := func(d order.Decision) {
		for _, n := range d.Notices {
			notices++
			require.True(t, addressable[n.To.Role], "%s goes to %q, a role that cannot sign in", n.Kind, n.To.Role)
			require.Equal(t, n.To.Role == order.RoleModerator, n.To.Party == "", "%s", n.Kind)
			require.NotEmpty(t, n.Kind.Text())
		}
	}
	for _, j := range all {
		check(j.d)
	}
	for _, s := range situations() {
		l := s.setup(t)
		for due, runs := l.s.NextDue(); runs; due, runs = l.s.NextDue() {
			check(l.fireNext(due.Kind))
		}
	}
	require.Greater(t, notices, 100)
}

func TestEscalationReachesAModeratorWhoMayAct(t *testing.T) {
	acceptance.Covers(t, "S-2", "S-23", "S-40")
	for name, row := range map[string]struct {
		reported *testOrder
		confirm  order.Kind
	}{
		"предоплата": {prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()), order.ConfirmPrepayment},
		"оплата":     {claimed(t), order.ConfirmPayment},
	} {
		t.Run(name, func(t *testing.T) {
			l := row.reported
			for {
				due, _ := l.s.NextDue()
				d := l.fireNext(due.Kind)
				require.Equal(t, l.s.Overdue, notified(d, order.RoleModerator, order.NoticeEscalated))
				if l.s.Overdue {
					break
				}
			}
			require.True(t, isOpen(l, moderator, row.confirm))
		})
	}
	l := disputed(inWork(t))
	require.True(t, isOpen(l, moderator, order.SettleDispute))
}

// isOpen reports whether the actor's card offers the action.
func isOpen(l *testOrder, who order.Actor, kind order.Kind) bool {
	for _, a := range order.Actions(l.s, who, order.Facts{Now: l.now}) {
		if a.Kind == kind {
			return a.Open
		}
	}
	return false
}
