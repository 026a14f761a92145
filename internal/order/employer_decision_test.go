package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// employersDecision sends the employer's decision on the performer as his orders receive it: without
// a text. change alters what the platform has stored of it.
func (l *testOrder) employersDecision(active bool, change ...func(*order.Facts)) order.Decision {
	l.t.Helper()
	l.advance(day)
	l.facts = append(l.facts, func(f *order.Facts) {
		f.EmployerDecision = &order.EmployerDecision{Active: active, At: l.now}
		for _, alter := range change {
			alter(f)
		}
	})
	m := message(order.EmployerStatus, employer, l.status(active))
	m.Body = nil
	d := l.decide(m)
	l.facts = nil
	return d
}

func (l *testOrder) requireEmployersDecision(active bool, change ...func(*order.Facts)) *testOrder {
	l.t.Helper()
	d := l.employersDecision(active, change...)
	require.Equal(l.t, order.Applied, d.Verdict, d.Reason)
	return l
}

func TestEmployersDecisionHoldsTheOrder(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-29")
	for _, setup := range []func(testing.TB) *testOrder{contracting, inPrepayment, inWork, inRegistration} {
		l := setup(t).requireEmployersDecision(false)
		require.True(t, l.s.Suspended())
		require.True(t, l.s.Statuses[0].Decision)
		require.Equal(t, "Приостановить этот заказ", holdAction(l, order.EmployerStatus, employer).Title, "it is no manual hold")
		l.requireEmployersDecision(true)
		require.False(t, l.s.Suspended())
	}
}

// A manual hold stays until it is lifted manually, whatever the employer decides on the engineer, and
// is not lifted while the engineer may not act.
func TestEmployersDecisionAndHisManualHold(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-29")
	suspended := func(f *order.Facts) { f.EmployerDecision = &order.EmployerDecision{At: f.Now.Add(-time.Minute)} }
	l := inWork(t).hold(order.EmployerStatus, employer)
	l.requireEmployersDecision(false)
	l.advance(day)
	l.facts = append(l.facts, suspended)
	l.requireRefused(order.CodeByEmployer, order.EmployerStatus, employer, l.status(true))
	l.facts = nil
	l.requireEmployersDecision(true)
	require.True(t, l.s.Suspended())
	l.advance(day).send(order.EmployerStatus, employer, l.status(true))
	require.False(t, l.s.Suspended())

	// The first manual holds were recorded without a number.
	old := inWork(t).hold(order.EmployerStatus, employer)
	old.s.Statuses[0].Seq = 0
	require.Equal(t, "Возобновить этот заказ", holdAction(old, order.EmployerStatus, employer).Title)
	old.requireEmployersDecision(true)
	require.True(t, old.s.Suspended())
}

func TestEmployerGivesAnUnsignedOrderBack(t *testing.T) {
	acceptance.Covers(t, "S-29", "S-17")
	back := func(f *order.Facts) { f.EmployerDecision.Reselect = true }
	l := contracting(t).requireEmployersDecision(false)
	require.True(t, l.s.Suspended())
	d := l.employersDecision(false, back)
	require.Equal(t, order.Applied, d.Verdict, d.Reason)
	require.Equal(t, order.Selection, l.s.Stage)
	require.Nil(t, l.s.Performer)
	require.True(t, notified(d, order.RoleCustomer, order.NoticeRecalled))
	require.True(t, notifiedParty(d, performer.Party, order.NoticeRecalledByEmployer))
	signed := inWork(t).requireEmployersDecision(false, back)
	require.Equal(t, order.Work, signed.s.Stage, "a concluded contract is only held")
	require.True(t, signed.s.Suspended())
}

func TestEmployersDecisionIsCheckedAgainstWhatIsStored(t *testing.T) {
	acceptance.Covers(t, "S-29")
	for name, row := range map[string]struct {
		code   order.Code
		change func(*order.Facts)
	}{
		"never decided":       {order.CodeNoReason, func(f *order.Facts) { f.EmployerDecision = nil }},
		"decided otherwise":   {order.CodeNoReason, func(f *order.Facts) { f.EmployerDecision.Active = true }},
		"of another time":     {order.CodeNoReason, func(f *order.Facts) { f.EmployerDecision.At = f.Now.Add(-time.Hour) }},
		"decided again":       {order.CodeOutdatedStatus, func(f *order.Facts) { f.EmployerDecision.At = f.Now.Add(time.Second) }},
		"of another engineer": {order.CodeNoReason, func(f *order.Facts) { f.Engineer.ID = "other" }},
	} {
		d := inWork(t).employersDecision(false, row.change)
		require.Equal(t, row.code, d.Code, name)
	}
	l := inWork(t)
	l.s.Performer.Employer = "another employer"
	require.Equal(t, order.CodeNotConcerned, l.employersDecision(false).Code, "the new employer does not inherit the order")
}

func TestEmployersDecisionEndsTheCandidacy(t *testing.T) {
	acceptance.Covers(t, "S-29", "S-16")
	nobody := func(f *order.Facts) {
		f.Engineer.SoleProprietor, f.Engineer.Confirmed = false, false
		f.Engineer.ID = responder.Party
	}
	decide := func(l *testOrder, change func(*order.Facts)) order.Decision {
		l.advance(day)
		l.facts = append(l.facts, func(f *order.Facts) { f.EmployerDecision = &order.EmployerDecision{At: l.now}; change(f) })
		m := message(order.EmployerStatus, employer, l.statusOf(responder, false))
		m.Body = nil
		return l.decide(m)
	}
	l := responded(t)
	d := decide(l, nobody)
	require.Equal(t, order.Applied, d.Verdict, d.Reason)
	require.Nil(t, responseOf(l, responder.Party))
	require.True(t, notifiedParty(d, responder.Party, order.NoticeCandidacyLost))
	elsewhere := responded(t)
	d = decide(elsewhere, func(f *order.Facts) { nobody(f); f.Engineer.Confirmed = true })
	require.Equal(t, order.CodeNotConcerned, d.Code, "he works for another employer by now")
	require.NotNil(t, responseOf(elsewhere, responder.Party))
}

func responseOf(l *testOrder, engineer string) *order.Response {
	for i := range l.s.Responses {
		if l.s.Responses[i].Engineer == engineer {
			return &l.s.Responses[i]
		}
	}
	return nil
}

func TestTextsOfAnEmployersDecision(t *testing.T) {
	details := func(active bool) json.RawMessage {
		encoded, err := json.Marshal(order.EngineerStatus{Engineer: performer.Party, Active: active, AsOf: time.Now()})
		require.NoError(t, err)
		return encoded
	}
	require.Contains(t, order.DoneText(order.EmployerStatus, details(false), false), "деятельность кадастрового инженера или удалил")
	require.Contains(t, order.DoneText(order.EmployerStatus, details(true), false), "возобновил деятельность")
	require.Equal(t, "Работодатель исполнителя приостановил заказ", order.DoneText(order.EmployerStatus, details(false), true))
}
