package forms

import (
	"time"

	"epkr/internal/document"
	"epkr/internal/document/template"
	"epkr/internal/order"
)

// Invoice is what an invoice for the advance, the remainder or the whole price says.
type Invoice struct {
	Parties
	Number      string
	Date        time.Time
	ValidUntil  time.Time // zero for no term
	Contract    Reference
	OrderNumber string
	Items       []Item // its sums add up to Sum
	Sum         order.Kopecks
	Purpose     string // «назначение платежа» as the payer's bank gets it
	// Code is the QR code of the payment (ГОСТ Р 56042-2014); nil for none. It is made of the other
	// values, so it is not stored with them.
	Code document.Modules `json:"-"`
}

// Item is a line of an invoice.
type Item struct {
	Name string
	Sum  order.Kopecks
}

var itemFields = []field[Item]{
	{"наименование", "Name", "Наименование", template.Required, nil, func(i Item) string { return i.Name }},
	{"сумма", "Sum", "Сумма", template.Required, nil, func(i Item) string { return order.AmountText(i.Sum) }},
}

// Detail is a row of the table of the payee's requisites: what it is called, and its value.
type Detail struct{ Name, Value string }

var detailFields = []field[Detail]{
	{"наименование", "Name", "Реквизит", template.Required, nil, func(d Detail) string { return d.Name }},
	{"значение", "Value", "Реквизит", template.Required, nil, func(d Detail) string { return d.Value }},
}

// PayeeName returns the party as its bank names it.
func (p Party) PayeeName() string {
	if isEntrepreneur(p) {
		return "ИП " + p.Name
	}
	return p.Name
}

// Payee returns the requisites to which the customer pays, those that are known.
func (p Party) Payee() (details []Detail) {
	for _, d := range []Detail{
		{"Получатель", p.PayeeName()},
		{"ИНН", p.INN},
		{"КПП", p.KPP},
		{"Расчетный счет", p.Bank.Account},
		{"Банк получателя", p.Bank.Name},
		{"БИК", p.Bank.BIC},
		{"Корр. счет", p.Bank.CorrespondentAccount},
	} {
		if d.Value != "" {
			details = append(details, d)
		}
	}
	return details
}

var invoiceFields = append(append([]field[Invoice]{
	{"счет.номер", "Number", "Номер счета", template.Required, nil, func(i Invoice) string { return i.Number }},
	{"счет.дата", "Date", "Дата счета", template.Required, nil, func(i Invoice) string { return date(i.Date) }},
	{"счет.срок", "ValidUntil", "Срок действия счета", template.Optional, nil, func(i Invoice) string { return date(i.ValidUntil) }},
	{"заказ.номер", "OrderNumber", "Номер заказа", template.Required, nil, func(i Invoice) string { return i.OrderNumber }},
	{"сумма", "Sum", "Сумма", template.Required, nil, func(i Invoice) string { return amount(i.Sum) }},
	{"сумма.число", "Sum", "Сумма", template.Required, nil, func(i Invoice) string { return order.AmountText(i.Sum) }},
	{"сумма.прописью", "Sum", "Сумма", template.Required, nil, func(i Invoice) string { return inWords(i.Sum) }},
	{"назначение", "Purpose", "Назначение платежа", template.Required, nil, func(i Invoice) string { return i.Purpose }},
},
	invoicePartyFields...),
	of(func(i Invoice) Reference { return i.Contract }, "договор.", "Contract.", referenceFields)...)

// invoicePartyFields are what an invoice says of the parties. Nobody acts for the payer in it.
var invoicePartyFields = append(
	of(func(i Invoice) Party { return i.Customer }, "заказчик.", "Customer.",
		labelled("Заказчик", withPresence(pick(customerFields, "имя", "адрес", "инн", "кпп"), template.Optional, "адрес"))),
	of(func(i Invoice) Party { return i.Performer }, "исполнитель.", "Performer.", labelled("Исполнитель", pick(performerFields,
		"имя", "адрес", "инн", "кпп", "телефон", "банк", "бик", "счет", "корсчет", "представитель", "представитель.должность", "подписант")))...)

func invoiceSchema() template.Schema {
	return template.Schema{
		Values: schemaOf(invoiceFields),
		Flags:  partyFlags,
		Tables: map[string]map[string]template.Presence{"получатель": columnsOf(detailFields), "позиции": columnsOf(itemFields)},
		Codes:  map[string]template.Presence{"оплата": template.Optional},
	}
}

func (i Invoice) values() (v template.Values, err error) {
	if err := i.check(); err != nil {
		return v, err
	}
	if v.Text, err = valuesOf(invoiceFields, i); err != nil {
		return v, err
	}
	items, err := rowsOf("Items", itemFields, i.Items)
	if err != nil {
		return v, err
	}
	payee, err := rowsOf("Performer", detailFields, i.Performer.Payee())
	if err != nil {
		return v, err
	}
	v.Tables = map[string][]map[string]string{"получатель": payee, "позиции": items}
	v.Flags = i.flags()
	if i.Code != nil {
		v.Codes = map[string]document.Modules{"оплата": i.Code}
	}
	return v, nil
}

func (i Invoice) check() error {
	if err := i.Parties.check(); err != nil {
		return err
	}
	if i.Sum <= 0 || i.Sum > order.MaxPrice {
		return fault("Sum", "Сумма счета — больше нуля и не больше 100 миллиардов рублей.")
	}
	if len(i.Items) == 0 || len(i.Items) > maxRows {
		return fault("Items", "В счете должно быть от 1 до %d строк.", maxRows)
	}
	if !i.ValidUntil.IsZero() && i.ValidUntil.Before(i.Date) {
		return fault("ValidUntil", "Срок действия счета раньше его даты.")
	}
	rest := i.Sum
	for n, item := range i.Items {
		if item.Sum <= 0 || item.Sum > rest {
			return fault(indexed("Items", n)+".Sum", "Строки счета не складываются в его сумму.")
		}
		rest -= item.Sum
	}
	if rest != 0 {
		return fault("Items", "Сумма строк меньше суммы счета на %s", amount(rest))
	}
	return nil
}
