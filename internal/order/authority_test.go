package order_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func asHead(f *order.Facts)     { f.Authority = &order.AuthorityFacts{Head: true} }
func asAdmitted(f *order.Facts) { f.Authority = &order.AuthorityFacts{} }

// signatures are the situations in which the customer's next message carries his signature.
var signatures = []struct {
	name    string
	kind    order.Kind
	details any
	live    func(testing.TB) *life
}{
	{"contract", order.SignContract, signature(), func(t testing.TB) *life { return sent(t, contract(5000, false)) }},
	{"act with the results", order.AcceptResults, actSignature(), func(t testing.TB) *life { return accepting(t, 0, false, order.ByFiles) }},
	{"act", order.SignAct, actSignature(), func(t testing.TB) *life { return unsigned(t, 0) }},
}

func TestOrganisationSignsByItsHeadOnly(t *testing.T) {
	acceptance.Covers(t, "S-37")
	for _, c := range signatures {
		t.Run(c.name, func(t *testing.T) {
			l := c.live(t)
			l.facts = append(l.facts, asAdmitted)
			d := l.refused(order.CodeHeadSigns, c.kind, customer, c.details)
			require.Contains(t, d.Reason, "Подписать может только руководитель")
			action := actionOf(t, order.Actions(l.s, customer, order.Facts{Now: l.now, Authority: &order.AuthorityFacts{}}), c.kind)
			require.False(t, action.Open, "the card says it before")
			require.Equal(t, order.CodeHeadSigns, action.Code)

			l.facts = append(l.facts, asHead)
			l.send(c.kind, customer, c.details)
		})
		t.Run(c.name+", a natural person", func(t *testing.T) { c.live(t).send(c.kind, customer, c.details) })
	}
}

func actionOf(t *testing.T, actions []order.Action, kind order.Kind) order.Action {
	t.Helper()
	for _, a := range actions {
		if a.Kind == kind {
			return a
		}
	}
	require.Fail(t, "no such action", kind)
	return order.Action{}
}

// Whoever is admitted goes the whole way but for the signatures.
func TestAdmittedDoesAllButSign(t *testing.T) {
	acceptance.Covers(t, "S-37")
	l := newLife(t)
	l.facts = append(l.facts, asAdmitted)
	l.send(order.Create, customer, nil)
	l.send(order.Publish, customer, terms())
	l.send(order.Respond, performer, bid())
	l.send(order.Choose, customer, pick(performer))
	l.send(order.SendContract, performer, contract(0, true))
	l.send(order.ReturnContract, customer, nil)
	l.send(order.SendContract, performer, contract(0, true))
	l.refused(order.CodeHeadSigns, order.SignContract, customer, signature())

	l = accepting(t, 0, true, order.ByFiles)
	l.facts = append(l.facts, asAdmitted)
	l.send(order.AcceptResults, customer, order.ActSignature{})
}

// A message that holds the customer's signature among its documents needs the head: no later kind is forgotten.
func TestEveryCustomerSignatureIsTheHeads(t *testing.T) {
	acceptance.Covers(t, "S-37")
	for _, r := range order.Rules() {
		if !slices.Contains(r.Senders(), "заказчик") {
			continue
		}
		bare := order.Documents(message(r.Kind, customer, struct{}{}))
		for _, details := range []any{signature(), actSignature()} {
			for _, doc := range append(bare, order.Documents(message(r.Kind, customer, details))...) {
				if doc.Kind == order.DocumentContractSignature || doc.Kind == order.DocumentActSignature {
					require.True(t, order.BindsOrganisation(r.Kind), r.Kind)
				}
			}
		}
	}
}
