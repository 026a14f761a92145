package order_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// tied gives every message of the life these ties.
func (l *life) tied(ties order.Ties) *life {
	l.facts = append(l.facts, func(f *order.Facts) { f.Ties = ties })
	return l
}

func amended(t testing.TB) *life { return contracting(t).then(order.Amend, customer, terms()) }

// TestNobodyOfTheCustomersSideBecomesPerformer asks by every door through which an engineer comes to an order.
func TestNobodyOfTheCustomersSideBecomesPerformer(t *testing.T) {
	acceptance.Covers(t, "S-39")
	doors := []struct {
		name string
		from func(testing.TB) *life
		kind order.Kind
		by   order.Actor
	}{
		{"откликается", selection, order.Respond, responder},
		{"подтверждает отклик", func(t testing.TB) *life { return responded(t).then(order.Amend, customer, terms()) }, order.AcceptChanges, responder},
		{"получает предложение", selection, order.OfferOrder, customer},
		{"принимает предложение", offer, order.AcceptOffer, offered},
		{"выбран", responded, order.Choose, customer},
		{"соглашается с изменениями", amended, order.AcceptChanges, performer},
		{"отправляет договор", contracting, order.SendContract, performer},
		{"подписан заказчиком", sentHalf, order.SignContract, customer},
		{"заменяет исполнителя", workPlain, order.ReplaceEngineer, moderator},
	}
	for _, tie := range []order.Tie{order.TiePerson, order.TieRepresents, order.TieEmployed, order.TieEmployer} {
		for _, door := range doors {
			t.Run(string(tie)+" "+door.name, func(t *testing.T) {
				l := door.from(t).tied(order.Ties{Engineer: tie})
				d := l.refused(order.CodeOwnOrder, door.kind, door.by, sensible(l, door.kind))
				readable(t, d.Reason)
			})
		}
	}
}

// Who acts for the customer now may have come to the order only this moment.
func TestNobodyChoosesHimselfOrWhomHeRepresents(t *testing.T) {
	acceptance.Covers(t, "S-39")
	for _, tie := range []order.Tie{order.TiePerson, order.TieRepresents} {
		for kind, from := range map[order.Kind]func(testing.TB) *life{order.Choose: responded, order.OfferOrder: selection} {
			l := from(t).tied(order.Ties{ToEngineer: tie})
			l.refused(order.CodeOwnOrder, kind, customer, sensible(l, kind))
		}
	}
}

// The employer of the engineer is the customer: seen without asking anybody.
func TestCustomersOwnEngineerDoesNotPerform(t *testing.T) {
	acceptance.Covers(t, "S-39")
	l := selection(t)
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil {
			f.Engineer.SoleProprietor, f.Engineer.Employer, f.Engineer.Confirmed, f.Engineer.EmployerActive = false, customer.Party, true, 5
		}
	})
	d := l.refused(order.CodeOwnOrder, order.Respond, responder, bid())
	require.Contains(t, d.Reason, "работает у заказчика")
}

// TestPerformerDoesNotActAsCustomer sends everything that a customer may send, in every situation with a performer.
func TestPerformerDoesNotActAsCustomer(t *testing.T) {
	acceptance.Covers(t, "S-39")
	open := map[order.Kind]bool{}
	for _, s := range situations() {
		l := s.live(t)
		if l.s.Performer == nil || l.s.Stage == order.Cancelled {
			continue
		}
		for _, r := range order.Rules() {
			m := message(r.Kind, customer, sensible(l, r.Kind))
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
					require.Equal(t, order.CodeBothSides, d.Code, "%s: %s by who is tied to the performer: %s", s.name, r.Kind, tie)
					readable(t, d.Reason)
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

// Whoever acts for both sides settles nothing between them, and speaks for neither side against the other.
func TestModeratorIsNoParty(t *testing.T) {
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
		for kind, from := range map[order.Kind]func(testing.TB) *life{
			order.SettleDispute:   func(t testing.TB) *life { return disputed(workPlain(t)) },
			order.ReplaceEngineer: workPlain,
			order.ModeratorStatus: workPlain,
			order.ConfirmPayment:  func(t testing.TB) *life { return claimed(t).fireAll() },
			order.ConfirmPrepayment: func(t testing.TB) *life {
				return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()).fireAll()
			},
		} {
			l := from(t).tied(ties)
			l.refused(order.CodeModeratorIsParty, kind, moderator, sensible(l, kind))
		}
		l := claimed(t).fireAll().tied(ties)
		l.refused(order.CodeModeratorIsParty, order.ConfirmPayment, operator, nil)
	}
}

// What the moderators have decided already is told the order, whoever of them decided it.
func TestDecisionThatStandsIsTold(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := workPlain(t).wait(time.Hour).tied(order.Ties{ToCustomer: order.TiePerson})
	decided := l.now
	l.facts = append(l.facts, func(f *order.Facts) { f.Engineer.Blocked, f.Engineer.JudgedAt = true, decided })
	l.refused(order.CodeModeratorIsParty, order.ModeratorStatus, moderator, order.Standing{Engineer: "performer", Active: true, AsOf: decided.Add(time.Minute)})
	l.send(order.ModeratorStatus, moderator, order.Standing{Engineer: "performer", AsOf: decided})
	require.True(t, l.s.Suspended())
}

func TestCustomerDoesNotActAsEmployer(t *testing.T) {
	acceptance.Covers(t, "S-39")
	for _, tie := range []order.Tie{order.TiePerson, order.TieRepresents} {
		l := workPlain(t).tied(order.Ties{ToCustomer: tie})
		l.refused(order.CodeBothSides, order.EmployerStatus, employer, l.says(false))
	}
}

// Ties that came after both had signed leave the performer his part, but never the customer's.
func TestTieAfterTheSignatures(t *testing.T) {
	acceptance.Covers(t, "S-39")
	for _, tie := range []order.Tie{order.TieRepresents, order.TieEmployed, order.TieEmployer} {
		l := workPlain(t).tied(order.Ties{Engineer: tie})
		l.send(order.SubmitResults, performer, results(l, order.ByFiles))
		l.fireAll()
		l.refused(order.CodeOwnOrder, order.SignActAlone, performer, actSignature())
		l.send(order.AcceptResults, customer, actSignature())
	}
	l := workPlain(t).tied(order.Ties{Engineer: order.TiePerson})
	l.refused(order.CodeOwnOrder, order.SubmitResults, performer, results(l, order.ByFiles))
	l.send(order.OpenDispute, performer, order.DisputeCall{Ground: order.GroundTermination})
	l = contracting(t).tied(order.Ties{Engineer: order.TiePerson})
	l.send(order.LeaveOrder, performer, nil)
}

// A hint on the card is what the order will say.
func TestActionsKnowTheTies(t *testing.T) {
	acceptance.Covers(t, "S-39")
	for _, s := range situations() {
		for _, c := range cast {
			for _, ties := range []order.Ties{
				{Engineer: order.TieEmployed},
				{Engineer: order.TiePerson},
				{ToPerformer: order.TiePerson},
				{ToPerformer: order.TieRepresents},
				{ToCustomer: order.TieRepresents},
			} {
				l := s.live(t)
				for _, a := range order.Actions(l.s, c.who, order.Facts{Now: l.now, Engineer: able(c.who.Party), Ties: ties}) {
					m := message(a.Kind, c.who, sensible(l, a.Kind))
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
