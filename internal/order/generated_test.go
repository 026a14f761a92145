package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// makes lets the platform have made a file of the order.
func (l *testOrder) makes(file string, said order.GeneratedFacts) *testOrder {
	l.facts = append(l.facts, func(f *order.Facts) {
		if stored, named := f.Files[file]; named {
			stored.Generated = &said
			f.Files[file] = stored
		}
	})
	return l
}

// A contract that the platform made is sent with its own conditions only; each that differs is named.
func TestGeneratedContractIsSentWithItsConditions(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-8", "S-5")
	for said, change := range map[string]func(*order.ContractConditions){
		"В файле договора цена 90 000,00 ₽, в сообщении 80 000,00 ₽. В файле договора аванс 29 997,00 ₽, в сообщении 26 664,00 ₽.": func(c *order.ContractConditions) {
			c.Price, c.Advance = 80_000_00, order.Advance(80_000_00, 3333)
		},
		"В файле договора аванс 29 997,00 ₽, в сообщении 0,00 ₽. В файле договора процент аванса 33,33 %, в сообщении 0 %.": func(c *order.ContractConditions) {
			c.Advance, c.AdvanceBasisPoints = 0, 0
		},
		"В файле договора срок исполнения 30.06.2026, в сообщении 01.07.2026.":                      func(c *order.ContractConditions) { c.TermDate = "2026-07-01" },
		"В файле договора постановка на ГКУ/ГРП предусмотрена, в сообщении не предусмотрена.":       func(c *order.ContractConditions) { c.Registration = false },
		"В файле договора срок приёмки 21 рабочий день, в сообщении 10 рабочих дней.":               func(c *order.ContractConditions) { c.AcceptanceDays = 10 },
		"В файле договора приёмка по молчанию не предусмотрена, в сообщении через 21 рабочий день.": func(c *order.ContractConditions) { c.SilenceAcceptsAfter = 21 },
	} {
		made := contract(3333, true)
		made.AcceptanceDays = 21
		l := contracting(t).makes("contract", order.GeneratedFacts{Kind: order.DocumentContract, Contract: &made.ContractConditions})
		other := made
		change(&other.ContractConditions)
		refused := l.requireRefused(order.CodeOtherConditions, order.SendContract, performer, other)
		require.Equal(t, order.ReasonOf(order.CodeOtherConditions)+" "+said, refused.Reason)
		require.Nil(t, l.s.Contract)
		l.then(order.SendContract, performer, made)

		own := contracting(t) // of another file nothing is known
		own.then(order.SendContract, performer, other)
	}
}

// An act and an invoice that the platform made have the sums of the contract, and no document goes in
// the place of another.
func TestGeneratedDocumentsHaveTheSumsOfTheContract(t *testing.T) {
	acceptance.Covers(t, "R-GEN-3")
	act := func(sum order.Kopecks) order.GeneratedFacts {
		return order.GeneratedFacts{Kind: order.DocumentAct, Sum: sum}
	}
	prepayment := func(sum order.Kopecks) order.GeneratedFacts {
		return order.GeneratedFacts{Kind: order.DocumentPrepaymentInvoice, Sum: sum}
	}
	final := func(sum order.Kopecks) order.GeneratedFacts {
		return order.GeneratedFacts{Kind: order.DocumentInvoice, Sum: sum}
	}
	withInvoice := order.ResultsDelivery{Way: order.ByFiles, Files: []order.FileRef{file("results")}, Act: signedAct(), Invoice: new(invoice())}
	const price, advance = 90_000_00, 27_000_00
	for name, one := range map[string]struct {
		at      func() *testOrder
		kind    order.Kind
		details any
		file    string
		right   order.GeneratedFacts
		wrong   []order.GeneratedFacts
	}{
		"act": {
			func() *testOrder { return work(t, 3000, false) }, order.SubmitResults, withInvoice, "act",
			act(price),
			[]order.GeneratedFacts{act(price + 1), final(price), {Kind: order.DocumentContract}},
		},
		"invoice with the results": {
			func() *testOrder { return work(t, 3000, false) }, order.SubmitResults, withInvoice, "invoice",
			final(price - advance),
			[]order.GeneratedFacts{final(price), prepayment(advance), act(price - advance)},
		},
		"prepayment": {
			func() *testOrder { return prepaying(t) }, order.SendPrepaymentInvoice, invoice(), "invoice",
			prepayment(advance),
			[]order.GeneratedFacts{prepayment(price - advance), final(advance)},
		},
	} {
		for _, wrong := range one.wrong {
			one.at().makes(one.file, wrong).requireRefused(order.CodeOtherConditions, one.kind, performer, one.details)
		}
		one.at().makes(one.file, one.right).then(one.kind, performer, one.details)
		require.NotEmpty(t, name)
	}
	contracting(t).makes("contract", act(price)).requireRefused(order.CodeOtherConditions, order.SendContract, performer, contract(0, false))
}

// prepaying returns an order whose contract has an advance of 30 per cent, before its invoice.
func prepaying(t testing.TB) *testOrder {
	l := contractSent(t, contract(3000, false))
	l.send(order.SignContract, customer, signature())
	return l.requireStage(order.Prepayment)
}
