package generated

import (
	"epkr/internal/document"
	"epkr/internal/document/forms"
	"epkr/internal/paymentqr"
)

// PaymentCode returns the QR code by which an invoice is paid (ГОСТ Р 56042-2014), and the bytes that it
// contains. The error is *paymentqr.Error if the requisites do not fit the standard.
func PaymentCode(i forms.Invoice) (code *paymentqr.Code, payload []byte, err error) {
	payee := i.Performer
	payload, err = paymentqr.Payload(paymentqr.Payment{
		Name: payee.PayeeName(), PersonalAcc: payee.Bank.Account, BankName: shortened(payee.Bank.Name, maxBankName), BIC: payee.Bank.BIC,
		CorrespAcc: payee.Bank.CorrespondentAccount, Sum: i.Sum, Purpose: i.Purpose, PayeeINN: payee.INN, KPP: payee.KPP,
	}, paymentqr.UTF8, paymentqr.Windows1251)
	if err != nil {
		return nil, nil, err
	}
	code, err = paymentqr.New(payload)
	return code, payload, err
}

// maxBankName is the longest name of a bank in the standard. The БИК identifies the bank, so a longer
// name may be cut.
const maxBankName = 45

func shortened(name string, longest int) string {
	if runes := []rune(name); len(runes) > longest {
		return string(runes[:longest])
	}
	return name
}

// withCode adds the QR code to an invoice. Requisites that do not fit the standard leave it without
// one: they can be paid by hand.
func withCode(i forms.Invoice) forms.Invoice {
	code, _, err := PaymentCode(i)
	if err != nil {
		return i
	}
	i.Code = make(document.Modules, code.Size())
	for y := range i.Code {
		i.Code[y] = make([]bool, code.Size())
		for x := range i.Code[y] {
			i.Code[y][x] = code.Black(x, y)
		}
	}
	return i
}
