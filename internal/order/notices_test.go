package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// acceptedOffer returns an order whose performer accepted an offer and has no response.
func acceptedOffer(t testing.TB) *testOrder {
	l := offer(t)
	l.send(order.AcceptOffer, offered, l.currentRevision())
	return l.requireStage(order.Contracting)
}

func TestAmendmentDuringContractingNotifiesResponders(t *testing.T) {
	acceptance.Covers(t, "S-9", "S-10", "C-5")
	l := contracting(t)
	d := l.send(order.Amend, customer, terms())
	require.True(t, notifiedParty(d, "performer", order.NoticeTermsChanged))
	require.True(t, notifiedParty(d, "responder", order.NoticeTermsChangedMeanwhile))
	require.False(t, notifiedParty(d, "performer", order.NoticeTermsChangedMeanwhile))
}

// An engineer who is notified that his response is valid can be chosen; one who is notified that he
// must confirm it can confirm it.
func TestNotifiedResponderCanBeChosen(t *testing.T) {
	acceptance.Covers(t, "S-9", "S-13")
	for name, releasePerformer := range map[string]func(*testOrder) order.Decision{
		"исполнитель отказался": func(l *testOrder) order.Decision { return l.send(order.LeaveOrder, performer, nil) },
		"заказчик отказался":    func(l *testOrder) order.Decision { return l.send(order.DismissEngineer, customer, nil) },
		"отказ в приостановке":  func(l *testOrder) order.Decision { return l.suspend().send(order.DismissEngineer, customer, nil) },
		"изменён вид работ": func(l *testOrder) order.Decision {
			x := terms()
			x.WorkKind = "map-plan"
			return l.send(order.Amend, customer, x)
		},
		"изменено место": func(l *testOrder) order.Decision {
			x := terms()
			x.Region = "78"
			return l.send(order.Amend, customer, x)
		},
	} {
		for amended, from := range map[string]func(testing.TB) *testOrder{
			"условия прежние":  contracting,
			"условия изменены": func(t testing.TB) *testOrder { return contracting(t).then(order.Amend, customer, terms()) },
			"изменены и приняты": func(t testing.TB) *testOrder {
				l := contracting(t).then(order.Amend, customer, terms())
				return l.then(order.AcceptChanges, performer, l.currentRevision())
			},
		} {
			t.Run(name+", "+amended, func(t *testing.T) {
				l := from(t)
				l.facts = append(l.facts, everywhere)
				d := releasePerformer(l)
				valid := notifiedParty(d, "responder", order.NoticeReopened)
				require.NotEqual(t, valid, notifiedParty(d, "responder", order.NoticeReopenedChanged), "he gets exactly one of the two notices: %v", d.Notices)
				if valid {
					l.send(order.Choose, customer, choiceOf(responder))
					return
				}
				l.requireRefused(order.CodeStaleResponse, order.Choose, customer, choiceOf(responder))
				l.send(order.AcceptChanges, responder, l.currentRevision())
				l.send(order.Choose, customer, choiceOf(responder))
			})
		}
	}
}

// everywhere allows every engineer to work in every region of these tests.
func everywhere(f *order.Facts) {
	if f.Engineer != nil {
		f.Engineer.Regions = []string{"77", "78"}
	}
}

func TestPerformerByOfferHasNoResponseToConfirm(t *testing.T) {
	acceptance.Covers(t, "S-10")
	moved := terms()
	moved.WorkKind = "map-plan"
	l := acceptedOffer(t)
	d := l.send(order.Amend, customer, moved)
	require.True(t, notifiedParty(d, "offered", order.NoticeReleased))
	require.False(t, notifiedParty(d, "offered", order.NoticeTermsChanged))
	require.False(t, notifiedParty(d, "offered", order.NoticeReopenedChanged))
	l.requireRefused(order.CodeNoResponse, order.AcceptChanges, offered, l.currentRevision())
	l.send(order.Respond, offered, bid())

	l = contracting(t)
	d = l.send(order.Amend, customer, moved)
	require.True(t, notifiedParty(d, "performer", order.NoticeReopenedChanged), "his own response can be confirmed")
	l.send(order.AcceptChanges, performer, l.currentRevision())
}

func TestAcceptedChangesAndConfirmedResponseHaveOwnNotices(t *testing.T) {
	acceptance.Covers(t, "S-10")
	l := acceptedOffer(t).then(order.Amend, customer, terms())
	d := l.send(order.AcceptChanges, offered, l.currentRevision())
	require.True(t, notified(d, order.RoleCustomer, order.NoticeChangesAccepted))
	require.False(t, notified(d, order.RoleCustomer, order.NoticeResponseConfirmed))

	l = responded(t).then(order.Amend, customer, terms())
	d = l.send(order.AcceptChanges, responder, l.currentRevision())
	require.True(t, notified(d, order.RoleCustomer, order.NoticeResponseConfirmed))
}

func TestEachPartyGetsItsOwnNotice(t *testing.T) {
	acceptance.Covers(t, "S-18", "S-40")
	l := offer(t)
	d := l.send(order.RegistryStatus, registry, l.statusOf(offered, false))
	require.True(t, notified(d, order.RoleCustomer, order.NoticeEngineerLost))
	require.True(t, notifiedParty(d, "offered", order.NoticeCandidacyLost))
	require.False(t, notifiedParty(d, "offered", order.NoticeEngineerLost), "that notice is for the other parties")

	l = inWork(t)
	d = l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
	require.True(t, notified(d, order.RoleCustomer, order.NoticeReplaced))
	require.True(t, notifiedParty(d, "performer", order.NoticeReplaced))
	require.True(t, notifiedParty(d, "colleague", order.NoticeAssigned))
	require.False(t, notifiedParty(d, "colleague", order.NoticeReplaced))
}
