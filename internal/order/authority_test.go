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

// signatureCases are the situations in which the customer's next message carries his signature.
var signatureCases = []struct {
	name    string
	kind    order.Kind
	details any
	setup   func(testing.TB) *testOrder
}{
	{"contract", order.SignContract, signature(), func(t testing.TB) *testOrder { return contractSent(t, contract(5000, false)) }},
	{"act with the results", order.AcceptResults, actSignature(), func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles) }},
	{"act", order.SignAct, actSignature(), func(t testing.TB) *testOrder { return actUnsigned(t, 0) }},
}

func TestOnlyTheHeadSignsForAnOrganisation(t *testing.T) {
	acceptance.Covers(t, "S-37")
	for _, c := range signatureCases {
		t.Run(c.name, func(t *testing.T) {
			l := c.setup(t)
			l.facts = append(l.facts, asAdmitted)
			d := l.requireRefused(order.CodeHeadSigns, c.kind, customer, c.details)
			require.Contains(t, d.Reason, "Подписать может только руководитель")
			action := actionOf(t, order.Actions(l.s, customer, order.Facts{Now: l.now, Authority: &order.AuthorityFacts{}}), c.kind)
			require.False(t, action.Open, "the card shows the action as closed")
			require.Equal(t, order.CodeHeadSigns, action.Code)

			l.facts = append(l.facts, asHead)
			l.send(c.kind, customer, c.details)
		})
		t.Run(c.name+", a natural person", func(t *testing.T) { c.setup(t).send(c.kind, customer, c.details) })
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

// An admitted employee may send everything except the signatures.
func TestAdmittedEmployeeMayDoEverythingButSign(t *testing.T) {
	acceptance.Covers(t, "S-37")
	l := newTestOrder(t)
	l.facts = append(l.facts, asAdmitted)
	l.send(order.Create, customer, nil)
	l.send(order.Publish, customer, terms())
	l.send(order.Respond, performer, bid())
	l.send(order.Choose, customer, choiceOf(performer))
	l.send(order.SendContract, performer, contract(0, true))
	l.send(order.ReturnContract, customer, nil)
	l.send(order.SendContract, performer, contract(0, true))
	l.requireRefused(order.CodeHeadSigns, order.SignContract, customer, signature())

	l = inAcceptance(t, 0, true, order.ByFiles)
	l.facts = append(l.facts, asAdmitted)
	l.send(order.AcceptResults, customer, order.ActSignature{})
}

// Every message that carries the customer's signature among its documents requires the head; a new
// kind without the check fails here.
func TestEveryCustomerSignatureRequiresTheHead(t *testing.T) {
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
