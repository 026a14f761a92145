package order_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// withTies sets the ties of every message of the order.
func (l *testOrder) withTies(ties order.Ties) *testOrder {
	l.facts = append(l.facts, func(f *order.Facts) { f.Ties = ties })
	return l
}

func amended(t testing.TB) *testOrder { return contracting(t).then(order.Amend, customer, terms()) }

// TestCustomerSideNeverBecomesPerformer tries every message by which an engineer becomes or stays
// the performer.
func TestCustomerSideNeverBecomesPerformer(t *testing.T) {
	acceptance.Covers(t, "S-39")
	steps := []struct {
		name string
		from func(testing.TB) *testOrder
		kind order.Kind
		by   order.Actor
	}{
		{"откликается", selection, order.Respond, responder},
		{"подтверждает отклик", func(t testing.TB) *testOrder { return responded(t).then(order.Amend, customer, terms()) }, order.AcceptChanges, responder},
		{"получает предложение", selection, order.OfferOrder, customer},
		{"принимает предложение", offer, order.AcceptOffer, offered},
		{"выбран", responded, order.Choose, customer},
		{"соглашается с изменениями", amended, order.AcceptChanges, performer},
		{"отправляет договор", contracting, order.SendContract, performer},
		{"подписан заказчиком", sentWithAdvance, order.SignContract, customer},
		{"заменяет исполнителя", inWork, order.ReplaceEngineer, moderator},
		{"предложен на замену", func(t testing.TB) *testOrder { return inWork(t).suspend() }, order.ProposeReplacement, employer},
		{"согласен на замену", replacementProposed, order.AgreeReplacement, colleague},
		{"утверждён на замену", replacementAgreed, order.ApproveReplacement, moderator},
	}
	for _, tie := range []order.Tie{order.TiePerson, order.TieRepresents, order.TieEmployed, order.TieEmployer} {
		for _, step := range steps {
			t.Run(string(tie)+" "+step.name, func(t *testing.T) {
				l := step.from(t).withTies(order.Ties{Engineer: tie})
				d := l.requireRefused(order.CodeOwnOrder, step.kind, step.by, validDetails(l, step.kind))
				requireRussian(t, d.Reason)
			})
		}
	}
}

// The person who acts for the customer may be new to the order.
func TestCustomerCannotChooseHimselfOrHisEmployees(t *testing.T) {
	acceptance.Covers(t, "S-39")
	for _, tie := range []order.Tie{order.TiePerson, order.TieRepresents} {
		for kind, from := range map[order.Kind]func(testing.TB) *testOrder{order.Choose: responded, order.OfferOrder: selection} {
			l := from(t).withTies(order.Ties{ToEngineer: tie})
			l.requireRefused(order.CodeOwnOrder, kind, customer, validDetails(l, kind))
		}
	}
}

// The engineer's employer is the customer; the facts of the engineer show it without ties.
func TestCustomersEmployeeCannotPerform(t *testing.T) {
	acceptance.Covers(t, "S-39")
	l := selection(t)
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil {
			f.Engineer.SoleProprietor, f.Engineer.Employer, f.Engineer.Confirmed, f.Engineer.EmployerActive = false, customer.Party, true, 5
		}
	})
	d := l.requireRefused(order.CodeOwnOrder, order.Respond, responder, bid())
	require.Contains(t, d.Reason, "работает у заказчика")
}

// TestPerformerDoesNotActAsCustomer sends every message that a customer may send, in every
// situation with a performer.
func TestPerformerDoesNotActAsCustomer(t *testing.T) {
	acceptance.Covers(t, "S-39")
	open := map[order.Kind]bool{}
	for _, s := range situations() {
		l := s.setup(t)
		if l.s.Performer == nil || l.s.Stage == order.Cancelled {
			continue
		}
		for _, r := range order.Rules() {
			m := message(r.Kind, customer, validDetails(l, r.Kind))
			m.ReceivedAt = l.now
			f := factsFor(&l.s, m, l.now)
			applied := decide(t, l.s, m, f).Verdict == order.Applied
			for tie, exits := range map[order.Tie][]order.Kind{
				order.TiePerson:     nil,
				order.TieRepresents: {order.Cancel, order.DismissEngineer, order.OpenDispute},
			} {
				f.Ties = order.Ties{ToPerformer: tie}
				d := decide(t, l.s, m, f)
				if applied && !slices.Contains(exits, r.Kind) {
					open[r.Kind] = true
					require.Equal(t, order.CodeBothSides, d.Code, "%s: %s by a sender with a tie to the performer: %s", s.name, r.Kind, tie)
					requireRussian(t, d.Reason)
				}
			}
		}
	}
	for _, kind := range []order.Kind{
		order.Amend, order.Cancel, order.SignContract, order.ReturnContract, order.ReportPrepayment, order.AcceptResults, order.ConfirmReceipt,
		order.ReturnResults, order.SignAct, order.ReturnAct, order.ReportPayment, order.Rate, order.ProposeTermination, order.OpenDispute,
	} {
		require.True(t, open[kind], "%s was not tried", kind)
	}
}

// A person with a tie to either side decides nothing as a moderator or operator.
func TestModeratorMustNotBeAParty(t *testing.T) {
	acceptance.Covers(t, "S-39", "S-40")
	for _, ties := range []order.Ties{
		{ToCustomer: order.TiePerson},
		{ToCustomer: order.TieRepresents},
		{ToCustomer: order.TieEmployed},
		{ToPerformer: order.TiePerson},
		{ToPerformer: order.TieRepresents},
		{ToPerformer: order.TieEmployed},
		{ToEngineer: order.TiePerson},
	} {
		for kind, from := range map[order.Kind]func(testing.TB) *testOrder{
			order.SettleDispute:      func(t testing.TB) *testOrder { return disputed(inWork(t)) },
			order.ReplaceEngineer:    inWork,
			order.ModeratorStatus:    inWork,
			order.ApproveReplacement: replacementAgreed,
			order.RejectReplacement:  replacementAgreed,
			order.ConfirmPayment:     func(t testing.TB) *testOrder { return claimed(t).fireUntilOverdue() },
			order.ConfirmPrepayment: func(t testing.TB) *testOrder {
				return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()).fireUntilOverdue()
			},
		} {
			l := from(t).withTies(ties)
			l.requireRefused(order.CodeModeratorIsParty, kind, moderator, validDetails(l, kind))
		}
		l := claimed(t).fireUntilOverdue().withTies(ties)
		l.requireRefused(order.CodeModeratorIsParty, order.ConfirmPayment, operator, nil)
	}
}

// The order accepts a decision of the moderators that is already in force, whichever of them sends
// it.
func TestCurrentDecisionIsAccepted(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := inWork(t).advance(time.Hour).withTies(order.Ties{ToCustomer: order.TiePerson})
	decided := l.now
	l.facts = append(l.facts, func(f *order.Facts) { f.Engineer.Blocked, f.Engineer.DecidedAt = true, decided })
	l.requireRefused(order.CodeModeratorIsParty, order.ModeratorStatus, moderator, order.EngineerStatus{Engineer: "performer", Active: true, AsOf: decided.Add(time.Minute)})
	l.send(order.ModeratorStatus, moderator, order.EngineerStatus{Engineer: "performer", AsOf: decided})
	require.True(t, l.s.Suspended())
}

func TestCustomerDoesNotActAsEmployer(t *testing.T) {
	acceptance.Covers(t, "S-39")
	for _, tie := range []order.Tie{order.TiePerson, order.TieRepresents} {
		l := inWork(t).withTies(order.Ties{ToCustomer: tie})
		l.requireRefused(order.CodeBothSides, order.EmployerStatus, employer, l.status(false))
	}
}

// Ties acquired after both have signed leave the performer his part, but not the customer's.
func TestTieAfterTheSignatures(t *testing.T) {
	acceptance.Covers(t, "S-39")
	for _, tie := range []order.Tie{order.TieRepresents, order.TieEmployed, order.TieEmployer} {
		l := inWork(t).withTies(order.Ties{Engineer: tie})
		l.send(order.SubmitResults, performer, results(l, order.ByFiles))
		l.fireUntilOverdue()
		l.requireRefused(order.CodeOwnOrder, order.SignActAlone, performer, actSignature())
		l.send(order.AcceptResults, customer, actSignature())
	}
	l := inWork(t).withTies(order.Ties{Engineer: order.TiePerson})
	l.requireRefused(order.CodeOwnOrder, order.SubmitResults, performer, results(l, order.ByFiles))
	l.send(order.OpenDispute, performer, order.DisputeCall{Ground: order.GroundTermination})
	l = contracting(t).withTies(order.Ties{Engineer: order.TiePerson})
	l.send(order.LeaveOrder, performer, nil)
}

// The card shows the refusal that the order would give.
func TestActionsReflectTheTies(t *testing.T) {
	acceptance.Covers(t, "S-39")
	for _, s := range situations() {
		for _, c := range testActors {
			for _, ties := range []order.Ties{
				{Engineer: order.TieEmployed},
				{Engineer: order.TiePerson},
				{ToPerformer: order.TiePerson},
				{ToPerformer: order.TieRepresents},
				{ToCustomer: order.TieRepresents},
			} {
				l := s.setup(t)
				for _, a := range order.Actions(l.s, c.who, order.Facts{Now: l.now, Engineer: eligible(c.who.Party), Ties: ties}) {
					m := message(a.Kind, c.who, validDetails(l, a.Kind))
					m.ReceivedAt = l.now
					f := factsFor(&l.s, m, l.now)
					f.Ties = ties
					if d := decide(t, l.s, m, f); !a.Open {
						require.Equal(t, a.Code, d.Code, "%s: %s by %s", s.name, a.Kind, c.name)
						require.Equal(t, a.Reason, d.Reason)
					}
				}
			}
		}
	}
}
