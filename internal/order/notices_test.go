package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// acceptedOffer has a performer who came by an offer and has no response.
func acceptedOffer(t testing.TB) *life {
	l := offer(t)
	l.send(order.AcceptOffer, offered, l.seen())
	return l.at(order.Contracting)
}

func TestAmendmentDuringTheContractTellsTheOthers(t *testing.T) {
	acceptance.Covers(t, "S-9", "S-10", "C-5")
	l := contracting(t)
	d := l.send(order.Amend, customer, terms())
	require.True(t, toldParty(d, "performer", order.NoticeTermsChanged))
	require.True(t, toldParty(d, "responder", order.NoticeTermsChangedMeanwhile))
	require.False(t, toldParty(d, "performer", order.NoticeTermsChangedMeanwhile))
}

// Whoever is told that his response stands can be chosen, whoever is told to confirm it can confirm it.
func TestWhoIsToldThatHisResponseStandsCanBeChosen(t *testing.T) {
	acceptance.Covers(t, "S-9", "S-13")
	for name, goes := range map[string]func(*life) order.Decision{
		"исполнитель отказался": func(l *life) order.Decision { return l.send(order.LeaveOrder, performer, nil) },
		"заказчик отказался":    func(l *life) order.Decision { return l.send(order.DismissEngineer, customer, nil) },
		"отказ в приостановке":  func(l *life) order.Decision { return l.suspended().send(order.DismissEngineer, customer, nil) },
		"изменён вид работ": func(l *life) order.Decision {
			x := terms()
			x.WorkKind = "map-plan"
			return l.send(order.Amend, customer, x)
		},
		"изменено место": func(l *life) order.Decision { x := terms(); x.Region = "78"; return l.send(order.Amend, customer, x) },
	} {
		for amended, from := range map[string]func(testing.TB) *life{
			"условия прежние":  contracting,
			"условия изменены": func(t testing.TB) *life { return contracting(t).then(order.Amend, customer, terms()) },
			"изменены и приняты": func(t testing.TB) *life {
				l := contracting(t).then(order.Amend, customer, terms())
				return l.then(order.AcceptChanges, performer, l.seen())
			},
		} {
			t.Run(name+", "+amended, func(t *testing.T) {
				l := from(t)
				l.facts = append(l.facts, everywhere)
				d := goes(l)
				stands := toldParty(d, "responder", order.NoticeReopened)
				require.NotEqual(t, stands, toldParty(d, "responder", order.NoticeReopenedChanged), "he is told one of the two: %v", d.Notices)
				if stands {
					l.send(order.Choose, customer, pick(responder))
					return
				}
				l.refused(order.CodeStaleResponse, order.Choose, customer, pick(responder))
				l.send(order.AcceptChanges, responder, l.seen())
				l.send(order.Choose, customer, pick(responder))
			})
		}
	}
}

// everywhere lets every engineer work in every region of these tests.
func everywhere(f *order.Facts) {
	if f.Engineer != nil {
		f.Engineer.Regions = []string{"77", "78"}
	}
}

func TestPerformerByOfferIsNotAskedForAResponse(t *testing.T) {
	acceptance.Covers(t, "S-10")
	moved := terms()
	moved.WorkKind = "map-plan"
	l := acceptedOffer(t)
	d := l.send(order.Amend, customer, moved)
	require.True(t, toldParty(d, "offered", order.NoticeReleased))
	require.False(t, toldParty(d, "offered", order.NoticeTermsChanged))
	require.False(t, toldParty(d, "offered", order.NoticeReopenedChanged))
	l.refused(order.CodeNoResponse, order.AcceptChanges, offered, l.seen())
	l.send(order.Respond, offered, bid())

	l = contracting(t)
	d = l.send(order.Amend, customer, moved)
	require.True(t, toldParty(d, "performer", order.NoticeReopenedChanged), "his own response can be confirmed")
	l.send(order.AcceptChanges, performer, l.seen())
}

func TestAcceptedChangesAreNoConfirmedResponse(t *testing.T) {
	acceptance.Covers(t, "S-10")
	l := acceptedOffer(t).then(order.Amend, customer, terms())
	d := l.send(order.AcceptChanges, offered, l.seen())
	require.True(t, told(d, order.RoleCustomer, order.NoticeChangesAccepted))
	require.False(t, told(d, order.RoleCustomer, order.NoticeResponseConfirmed))

	l = responded(t).then(order.Amend, customer, terms())
	d = l.send(order.AcceptChanges, responder, l.seen())
	require.True(t, told(d, order.RoleCustomer, order.NoticeResponseConfirmed))
}

func TestEachIsToldHisOwn(t *testing.T) {
	acceptance.Covers(t, "S-18", "S-40")
	l := offer(t)
	d := l.send(order.RegistryStatus, registry, l.saysOf(offered, false))
	require.True(t, told(d, order.RoleCustomer, order.NoticeEngineerLost))
	require.True(t, toldParty(d, "offered", order.NoticeCandidacyLost))
	require.False(t, toldParty(d, "offered", order.NoticeEngineerLost), "it speaks of him to others")

	l = workPlain(t)
	d = l.send(order.ReplaceEngineer, moderator, pick(colleague))
	require.True(t, told(d, order.RoleCustomer, order.NoticeReplaced))
	require.True(t, toldParty(d, "performer", order.NoticeReplaced))
	require.True(t, toldParty(d, "colleague", order.NoticeAssigned))
	require.False(t, toldParty(d, "colleague", order.NoticeReplaced))
}
