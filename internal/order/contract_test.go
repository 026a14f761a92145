package order_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func TestContractIsPDFAndAddsUp(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-9", "S-4")
	change := func(f func(*order.ContractTerms)) order.ContractTerms {
		x := contract(3333, false)
		f(&x)
		return x
	}
	l := contracting(t)
	for _, row := range []struct {
		code order.Code
		c    order.ContractTerms
	}{
		{order.CodeBadAdvance, change(func(x *order.ContractTerms) { x.Advance++ })},
		{order.CodeBadAdvance, change(func(x *order.ContractTerms) { x.Advance-- })},
		{order.CodeBadAdvance, change(func(x *order.ContractTerms) { x.AdvanceBasisPoints = -1 })},
		{order.CodeBadAdvance, change(func(x *order.ContractTerms) { x.AdvanceBasisPoints = 10_001 })},
		{order.CodeBadPrice, change(func(x *order.ContractTerms) { x.Price = 0 })},
		{order.CodeBadPrice, change(func(x *order.ContractTerms) { x.Price = order.MaxPrice + 1 })},
		{order.CodeBadTerm, change(func(x *order.ContractTerms) { x.TermDate = "" })},
		{order.CodeBadTerm, change(func(x *order.ContractTerms) { x.TermDate = "2026-03-15" })},
	} {
		l.requireRefused(row.code, order.SendContract, performer, row.c)
	}
	l.facts = append(l.facts, func(f *order.Facts) {
		if c, ok := f.Files["contract"]; ok {
			c.ContentType = "application/msword"
			f.Files["contract"] = c
		}
	})
	l.requireRefused(order.CodeNotPDF, order.SendContract, performer, contract(0, false))
}

// Each message that sends a contract or an act refuses one that is no PDF/A: it names each fault and
// says what was checked.
func TestContractAndActMustBePDFA(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-9")
	for _, sending := range []struct {
		at      *testOrder
		kind    order.Kind
		details any
		file    string
	}{
		{contracting(t), order.SendContract, contract(0, false), "contract"},
		{work(t, 0, false), order.SubmitResults, order.ResultsDelivery{Way: order.ByFiles, Files: []order.FileRef{file("results")}, Act: signedAct()}, "act"},
		{registration(t, 0), order.SubmitFinal, final(), "act"},
		{actUnsigned(t, 0), order.SendAct, order.ActDelivery{Act: *signedAct()}, "act"},
	} {
		l := sending.at
		var document order.FileFacts
		l.facts = append(l.facts, func(f *order.Facts) {
			f.Files[sending.file] = document
		})
		document = order.FileFacts{SHA256: sum(sending.file), ContentType: "application/pdf", PDFA: &order.PDFACheck{
			Faults: []string{"Шрифт «Arial» не внедрён. Внедрите его.", "Нет идентификатора. Сохраните заново."}, Checked: []string{"шрифты", "строение файла"},
		}}
		refused := l.decide(message(sending.kind, performer, sending.details))
		require.Equal(t, order.CodeNotPDFA, refused.Code, sending.kind)
		for _, said := range append(document.PDFA.Faults, document.PDFA.Checked...) {
			require.Contains(t, refused.Reason, said, sending.kind)
		}
		document = order.FileFacts{SHA256: sum(sending.file), ContentType: "application/pdf"}
		l.requireRefused(order.CodeNotChecked, sending.kind, performer, sending.details)
		if sending.kind != order.SendContract {
			document = order.FileFacts{SHA256: sum(sending.file), ContentType: "application/msword"}
			l.requireRefused(order.CodeNotPDFA, sending.kind, performer, sending.details)
		}
		document = order.FileFacts{SHA256: sum(sending.file), ContentType: "application/pdf", PDFA: &order.PDFACheck{}}
		l.send(sending.kind, performer, sending.details)
	}
}

// An advance in whole roubles is stored exactly; its share is the nearest one.
func TestAdvanceInWholeRoublesIsExact(t *testing.T) {
	acceptance.Covers(t, "S-4")
	for _, row := range []struct {
		price, advance order.Kopecks
		share          int
		taken          bool
	}{
		{33_333_00, 10_000_00, 3000, true}, // 30 % would be 9 999,90
		{33_333_00, 9_999_90, 3000, true},
		{33_333_00, 10_000_00, 3001, false},
		{33_333_00, 10_000_00, 2999, false},
		{33_333_00, 9_999_91, 3000, false},
		{33_334_00, 10_000_00, 3000, true}, // 10 000,20
		{1_000_000_00, 1_00, 1, true},
		{1_000_000_00, 1_00, 0, false}, // the share of an advance is never zero
		{1_000_000_00, 999_999_00, 9_999, true},
		{1_000_000_00, 999_999_00, 10_000, false}, // nor the whole price
		{order.MaxPrice, order.MaxPrice - 100, 9_999, true},
		{100_00, 101_00, 10_000, false},
	} {
		c := contract(0, false)
		c.Price, c.Advance, c.AdvanceBasisPoints = row.price, row.advance, row.share
		l := contracting(t)
		if !row.taken {
			l.requireRefused(order.CodeBadAdvance, order.SendContract, performer, c)
			continue
		}
		l.then(order.SendContract, performer, c)
		require.Equal(t, row.price-row.advance, l.s.Contract.Remainder())
	}
}

func TestFileMustBeTheSendersAndUnchanged(t *testing.T) {
	acceptance.Covers(t, "S-6")
	l := contracting(t)
	l.facts = append(l.facts, func(f *order.Facts) { delete(f.Files, "contract-sig") })
	l.requireRefused(order.CodeFileUnknown, order.SendContract, performer, contract(0, false))
	l.facts = []func(*order.Facts){func(f *order.Facts) {
		f.Files["contract"] = order.FileFacts{SHA256: sum("another"), ContentType: "application/pdf"}
	}}
	l.requireRefused(order.CodeFileUnknown, order.SendContract, performer, contract(0, false))
}

func TestBothSignTheSameBytes(t *testing.T) {
	acceptance.Covers(t, "S-6", "S-7", "S-8")
	l := contracting(t)
	l.requireRefused(order.CodeContractNotSent, order.SignContract, customer, signature())
	l.send(order.SendContract, performer, contract(0, false))
	l.requireRefused(order.CodeContractSent, order.SendContract, performer, contract(0, false))

	silent := message(order.ReturnContract, customer, nil)
	silent.Body = nil
	require.Equal(t, order.CodeNoReason, l.decide(silent).Code)
	l.send(order.ReturnContract, customer, nil)
	require.Nil(t, l.s.Contract, "a returned contract drops the engineer's signature")

	again := contract(0, false)
	again.File = file("contract-2")
	l.send(order.SendContract, performer, again)
	l.requireRefused(order.CodeOtherContract, order.SignContract, customer, signature())
	require.Equal(t, order.Contracting, l.s.Stage)

	l.send(order.WithdrawContract, performer, nil)
	l.requireRefused(order.CodeContractNotSent, order.SignContract, customer, signature())
	l.send(order.SendContract, performer, contract(0, false))
	l.send(order.SignContract, customer, signature())
	l.requireRefused(order.CodeStage, order.WithdrawContract, performer, nil)
	require.Empty(t, l.s.Responses, "signing the contract drops the responses")
}

func TestSecondSignatureIsAlreadyDone(t *testing.T) {
	acceptance.Covers(t, "S-35")
	l := work(t, 5000, false)
	before := l.s.Contract
	d := l.requireRefused(order.CodeAlreadyDone, order.SignContract, customer, signature())
	require.Equal(t, "Это уже выполнено.", d.Reason)
	require.Equal(t, before, l.s.Contract)
}

func TestContractMayDifferFromTheResponse(t *testing.T) {
	acceptance.Covers(t, "S-5")
	l := contracting(t)
	c := contract(0, false)
	c.Price, c.TermDate = 1_000_000_00, "2027-01-01"
	require.NotEqual(t, bid().Price, c.Price)
	l.send(order.SendContract, performer, c)
}

func TestAdvanceIsRoundedToTheKopeck(t *testing.T) {
	acceptance.Covers(t, "S-4")
	for _, row := range []struct {
		price       order.Kopecks
		basisPoints int
		want        order.Kopecks
	}{
		{100_00, 0, 0},
		{100_00, 10_000, 100_00},
		{100_01, 5000, 50_01},
		{99, 5000, 50},
		{1, 4999, 0},
		{1, 5000, 1},
		{33_333, 3333, 11_110},
		{10, 1, 0},
		{order.MaxPrice, 10_000, order.MaxPrice},
		{order.MaxPrice, 1, order.MaxPrice / 10_000},
	} {
		require.Equal(t, row.want, order.Advance(row.price, row.basisPoints), "%d × %d", row.price, row.basisPoints)
	}
}

func TestMoneyNeverOverflowsAndAlwaysAddsUp(t *testing.T) {
	acceptance.Covers(t, "S-4")
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		price, basisPoints := 1+r.Int64N(order.MaxPrice), r.IntN(10_001)
		advance := order.Advance(price, basisPoints)
		exact := new(big.Int).Mul(big.NewInt(price), big.NewInt(int64(basisPoints)))
		exact.Add(exact, big.NewInt(5000)).Div(exact, big.NewInt(10_000))
		require.Equal(t, exact.Int64(), advance)
		c := order.ContractConditions{Price: price, Advance: advance}
		require.True(t, advance >= 0 && advance <= price)
		require.Equal(t, price, advance+c.Remainder())
	}
}

// The contract is with the employer that the engineer has when he signs it, and a person who
// represents that employer cannot sign it for the customer.
func TestContractIsWithTheCurrentEmployer(t *testing.T) {
	acceptance.Covers(t, "S-39")
	l := contracting(t)
	l.facts = append(l.facts, func(f *order.Facts) {
		if f.Engineer != nil {
			f.Engineer.Employer = "another-employer"
		}
	})
	l.then(order.SendContract, performer, contract(0, false))
	require.Equal(t, "another-employer", l.s.Performer.Employer)

	l = contractSent(t, contract(0, false))
	l.facts = []func(*order.Facts){func(f *order.Facts) { f.Ties = order.Ties{ToEngineer: order.TieRepresents} }}
	l.requireRefused(order.CodeOwnOrder, order.SignContract, customer, signature())
}
