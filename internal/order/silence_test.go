package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// awaitingSilence returns an order in acceptance whose contract accepts the works by silence after days.
func awaitingSilence(t testing.TB, days, basisPoints int, registration bool, way order.Way) *testOrder {
	c := contract(basisPoints, registration)
	c.SilenceAcceptsAfter = days
	l := contractSent(t, c)
	l.send(order.SignContract, customer, signature())
	if basisPoints > 0 {
		l.send(order.ConfirmPrepayment, performer, nil)
	}
	l.send(order.SubmitResults, performer, results(l, way))
	return l.requireStage(order.Acceptance)
}

// The customer is reminded twice within the term; the works are accepted on the working day after it.
func TestSilenceAcceptsIfTheContractSaysSo(t *testing.T) {
	acceptance.Covers(t, "S-22")
	for name, one := range map[string]struct {
		basisPoints  int
		registration bool
		stage        order.Stage
	}{
		"с оплатой":       {0, false, order.Payment},
		"с ГКУ/ГРП":       {0, true, order.Registration},
		"оплачен целиком": {10_000, false, order.Completed},
	} {
		t.Run(name, func(t *testing.T) {
			l := awaitingSilence(t, 4, one.basisPoints, one.registration, order.ByFiles)
			handed, accepts := l.now, l.s.SilenceAccepts()
			require.Equal(t, order.AddWorking(handed, 4*day).UTC(), l.s.Deadline().UTC(), "the term is the contract's")
			require.Equal(t, order.AddWorking(handed, 5*day).UTC(), accepts)
			for range 2 {
				d := l.fireNext(order.DueReminder)
				require.True(t, l.now.Before(l.s.Deadline()))
				require.True(t, notified(d, order.RoleCustomer, order.NoticeSilenceAccepts))
			}
			require.True(t, notified(l.fireNext(order.DueOverdue), order.RoleCustomer, order.NoticeOverdue))
			l.requireStage(order.Acceptance)
			d := l.fireNext(order.DueAcceptance)
			require.Equal(t, accepts, l.now.UTC())
			l.requireStage(one.stage)
			require.True(t, notified(d, order.RoleCustomer, order.NoticeAcceptedBySilence))
			require.True(t, notified(d, order.RoleEngineer, order.NoticeAcceptedBySilence))
			if !one.registration {
				require.True(t, l.s.Act.Alone, "the engineer's signature stands alone")
			}
			require.Zero(t, l.s.SilenceAccepts())
		})
	}
}

// Whatever the customer does before it stops the silence: he accepts, returns the works, calls the
// moderator; and works that he has not got are not accepted.
func TestAnAnswerStopsSilence(t *testing.T) {
	acceptance.Covers(t, "S-22")
	silent := func(t *testing.T) *testOrder { return awaitingSilence(t, 3, 0, false, order.ByFiles) }
	requireOver := func(t *testing.T, l *testOrder) {
		t.Helper()
		require.Zero(t, l.s.SilenceAccepts())
		for _, due := range l.s.Dues {
			require.NotEqual(t, order.DueAcceptance, due.Kind)
		}
	}
	t.Run("принял", func(t *testing.T) {
		requireOver(t, silent(t).then(order.AcceptResults, customer, actSignature()).requireStage(order.Payment))
	})
	t.Run("вернул", func(t *testing.T) {
		l := silent(t).fireUntilOverdue().then(order.ReturnResults, customer, order.Remarks{}).requireStage(order.Work)
		requireOver(t, l)
		l.send(order.SubmitResults, performer, results(l, order.ByFiles))
		require.Equal(t, order.AddWorking(l.now, 4*day).UTC(), l.s.SilenceAccepts(), "the term begins anew")
	})
	t.Run("пригласил модератора", func(t *testing.T) {
		l := disputed(silent(t))
		requireOver(t, l)
		require.True(t, notified(l.fireNext(order.DueReminder), order.RoleCustomer, order.NoticeReminder), "an ordinary reminder")
		l.fireUntilOverdue().requireStage(order.Acceptance)
	})
	t.Run("не получил", func(t *testing.T) {
		l := awaitingSilence(t, 3, 0, false, order.ByLink)
		requireOver(t, l)
		l.fireUntilOverdue().requireStage(order.Acceptance)
		l.send(order.ConfirmReceipt, customer, nil)
		require.Equal(t, order.AddWorking(l.now, 4*day).UTC(), l.s.SilenceAccepts())
	})
	t.Run("исполнитель оформил приемку раньше", func(t *testing.T) {
		requireOver(t, silent(t).fireUntilOverdue().then(order.SignActAlone, performer, actSignature()).requireStage(order.Payment))
	})
}

// The term stands still while the order is suspended.
func TestSilenceStandsStillWhileSuspended(t *testing.T) {
	acceptance.Covers(t, "S-22", "S-16")
	l := awaitingSilence(t, 3, 0, false, order.ByFiles).suspend()
	require.Zero(t, l.s.SilenceAccepts())
	l.advance(30*day).sendStatus(order.RegistryStatus, true)
	l.requireStage(order.Acceptance)
	require.True(t, l.s.SilenceAccepts().After(l.now.Add(3*day)))
}

// A term too short for two reminders is refused, as one without end is.
func TestTermOfSilence(t *testing.T) {
	acceptance.Covers(t, "S-22")
	for days, code := range map[int]order.Code{-1: order.CodeBadSilence, 1: order.CodeBadSilence, 2: order.CodeBadSilence, 366: order.CodeBadSilence, 0: "", 3: "", 365: ""} {
		l := contracting(t)
		c := contract(0, false)
		c.SilenceAcceptsAfter = days
		require.Equal(t, code, l.decide(message(order.SendContract, performer, c)).Code, days)
	}
}

// The history tells an acceptance by silence from other deadlines.
func TestAcceptanceBySilenceIsNamedInTheHistory(t *testing.T) {
	l := awaitingSilence(t, 3, 0, false, order.ByFiles)
	for _, due := range l.s.Dues {
		details, err := json.Marshal(order.DueNow{Due: due.ID})
		require.NoError(t, err)
		said := order.DoneText(order.DeadlineDue, details, false)
		if due.Kind == order.DueAcceptance {
			require.Contains(t, said, "Работы приняты без замечаний")
		} else {
			require.Equal(t, "Наступил срок", said)
		}
	}
	require.NotZero(t, l.s.SilenceAccepts().Sub(l.now)/time.Hour)
}

// The contract's own term of acceptance is the order's: for the receipt of the results, for their
// acceptance and for the act that comes after them; the customer is reminded in the middle of it.
func TestTermOfAcceptanceIsTheContracts(t *testing.T) {
	acceptance.Covers(t, "S-22", "S-34")
	withTerm := func(days, silence int, registration bool) *testOrder {
		c := contract(0, registration)
		c.AcceptanceDays, c.SilenceAcceptsAfter = days, silence
		l := contractSent(t, c)
		return l.then(order.SignContract, customer, signature())
	}
	requireTerm := func(l *testOrder, days time.Duration) {
		t.Helper()
		require.Equal(t, order.AddWorking(l.now, days*day).UTC(), l.s.Deadline().UTC())
	}
	l := withTerm(20, 0, false)
	requireTerm(l.then(order.SubmitResults, performer, results(l, order.ByLink)), 20)
	l.requireRefused(order.CodeNotOverdue, order.SignActAlone, performer, actSignature())
	handed := l.now
	l.fireNext(order.DueReminder)
	require.Equal(t, order.AddWorking(handed, 10*day).UTC(), l.now.UTC())
	requireTerm(l.then(order.ConfirmReceipt, customer, nil), 20)
	l.fireUntilOverdue().then(order.SignActAlone, performer, actSignature())

	l = withTerm(7, 0, true)
	l.then(order.SubmitResults, performer, results(l, order.ByFiles)).then(order.AcceptResults, customer, order.ActSignature{})
	requireTerm(l.then(order.SubmitFinal, performer, final()), 7)

	l = withTerm(0, 0, false)
	requireTerm(l.then(order.SubmitResults, performer, results(l, order.ByFiles)), order.UsualAcceptanceDays)
	l = withTerm(4, 4, false)
	l.then(order.SubmitResults, performer, results(l, order.ByFiles))
	requireTerm(l, 4)
	require.Equal(t, order.AddWorking(l.now, 5*day).UTC(), l.s.SilenceAccepts())

	for _, wrong := range [][2]int{{-1, 0}, {366, 0}, {5, 4}} {
		c := contract(0, false)
		c.AcceptanceDays, c.SilenceAcceptsAfter = wrong[0], wrong[1]
		contracting(t).requireRefused(order.CodeBadAcceptance, order.SendContract, performer, c)
	}
	c := contract(0, false)
	made := c
	made.AcceptanceDays = 20
	l = contracting(t).makes("contract", order.GeneratedFacts{Kind: order.DocumentContract, Contract: &made.ContractConditions})
	l.then(order.SendContract, performer, c)
	require.Equal(t, 20, l.s.Contract.AcceptanceDays, "the contract's, if the message does not state it")
}
