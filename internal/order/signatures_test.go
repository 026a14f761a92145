package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// signedMessages are the messages that bring a signature, with the order that awaits them.
var signedMessages = []struct {
	name    string
	kind    order.Kind
	by      order.Actor
	details func(*testOrder) any
	setup   func(testing.TB) *testOrder
}{
	{"contract", order.SendContract, performer, func(*testOrder) any { return contract(5000, false) }, contracting},
	{"contract of the customer", order.SignContract, customer, func(*testOrder) any { return signature() }, func(t testing.TB) *testOrder {
		return contractSent(t, contract(5000, false))
	}},
	{"act with the results", order.SubmitResults, performer, func(l *testOrder) any { return results(l, order.ByFiles) }, func(t testing.TB) *testOrder {
		return work(t, 0, false)
	}},
	{"act of the customer", order.AcceptResults, customer, func(*testOrder) any { return actSignature() }, func(t testing.TB) *testOrder {
		return inAcceptance(t, 0, false, order.ByFiles)
	}},
	{"act with the registration", order.SubmitFinal, performer, func(*testOrder) any { return final() }, inRegistration},
	{"act after the payment", order.SignAct, customer, func(*testOrder) any { return actSignature() }, func(t testing.TB) *testOrder {
		return actUnsigned(t, 0)
	}},
}

// No stage moves on a signature that was not found valid for this document.
func TestSignatureMustBeValidForItsDocument(t *testing.T) {
	acceptance.Covers(t, "S-6", "R-CONTR-10")
	for _, c := range signedMessages {
		for fault, change := range map[string]func(map[string]order.SignatureFacts){
			"not checked": func(all map[string]order.SignatureFacts) { clear(all) },
			"of another document": func(all map[string]order.SignatureFacts) {
				for id := range all {
					all[id] = order.SignatureFacts{Document: sum("another")}
				}
			},
		} {
			t.Run(c.name+", "+fault, func(t *testing.T) {
				l := c.setup(t)
				before := l.s.Stage
				l.facts = append(l.facts, func(f *order.Facts) { change(f.Signatures) })
				l.requireRefused(order.CodeNotSigned, c.kind, c.by, c.details(l))
				l.requireStage(before)
				l.facts = nil
				l.send(c.kind, c.by, c.details(l))
			})
		}
	}
}

// Every message that names a signature among its documents is in the table above.
func TestEveryMessageWithASignatureIsTested(t *testing.T) {
	tested := map[order.Kind]bool{order.SendAct: true, order.SignActAlone: true} // like SubmitFinal and SignAct
	for _, c := range signedMessages {
		tested[c.kind] = true
		l := c.setup(t)
		require.Len(t, order.SignaturesOf(message(c.kind, c.by, c.details(l))), 1, c.name)
	}
	for _, r := range order.Rules() {
		for _, details := range []any{contract(0, false), signature(), actSignature(), order.ActDelivery{Act: *signedAct()}, final()} {
			if len(order.SignaturesOf(message(r.Kind, customer, details))) > 0 {
				require.True(t, tested[r.Kind], r.Kind)
			}
		}
	}
}

func TestRepresentativeSignsByAPowerOfAttorney(t *testing.T) {
	acceptance.Covers(t, "S-37")
	for _, c := range signatureCases {
		l := c.setup(t)
		l.facts = append(l.facts, asAdmitted, func(f *order.Facts) {
			for id, s := range f.Signatures {
				s.ByPower = true
				f.Signatures[id] = s
			}
		})
		require.True(t, order.TakesFiles(l.s, customer, order.Facts{Now: l.now, Authority: &order.AuthorityFacts{}}), "the power of attorney is a file")
		l.send(c.kind, customer, c.details)
	}
}
