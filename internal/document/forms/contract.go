package forms

import (
	"time"

	"epkr/internal/document/template"
	"epkr/internal/order"
)

// Contract is what a contract for cadastral works says (articles 36 and 37 of 221-ФЗ, chapter 37 of
// the Civil Code). Dates are read in their own location.
type Contract struct {
	Parties
	Number      string
	Date        time.Time
	Place       string // for example «г. Москва»
	OrderNumber string
	Engineer    Engineer
	WorkKind    string
	Object      Object
	Works       []Work    // the firm estimate; its prices add up to Price
	Term        time.Time // the last day of the works
	Price       order.Kopecks
	// AdvanceBasisPoints is the advance in hundredths of a per cent, 0 to 10000; Advance is the same in
	// kopecks. The remainder is the rest of the price.
	AdvanceBasisPoints int
	Advance            order.Kopecks
	// Terms of the steps in working days, 1 to 365. PrepaymentDays is 0 without an advance.
	PrepaymentDays, AcceptanceDays, PaymentDays int
	// Registration means that the performer also carries the result through ГКУ/ГРП.
	Registration bool
	// SilentAcceptance means that both agreed on acceptance by silence after AcceptanceDays.
	SilentAcceptance bool
	Attachment       string // what is attached; may be empty
}

// Object is the object of the works.
type Object struct {
	Description      string // its characteristics
	Address          string
	CadastralNumbers string // may be empty
}

// Work is a line of the firm estimate.
type Work struct {
	Name, Result string
	Price        order.Kopecks
}

var objectFields = []field[Object]{
	{"описание", "Description", "Характеристики объекта", template.Required, nil, func(o Object) string { return o.Description }},
	{"адрес", "Address", "Адрес объекта", template.Required, nil, func(o Object) string { return o.Address }},
	{"кадастровые-номера", "CadastralNumbers", "Кадастровые номера", template.Optional, nil, func(o Object) string { return o.CadastralNumbers }},
}

var workFields = []field[Work]{
	{"наименование", "Name", "Наименование работ", template.Required, nil, func(w Work) string { return w.Name }},
	{"результат", "Result", "Результат работ", template.Required, nil, func(w Work) string { return w.Result }},
	{"цена", "Price", "Цена работ", template.Required, nil, func(w Work) string { return order.AmountText(w.Price) }},
}

var contractFields = append(append(append([]field[Contract]{
	{"договор.номер", "Number", "Номер договора", template.Required, nil, func(c Contract) string { return c.Number }},
	{"договор.дата", "Date", "Дата договора", template.Required, nil, func(c Contract) string { return date(c.Date) }},
	{"договор.место", "Place", "Место заключения договора", template.Required, nil, func(c Contract) string { return c.Place }},
	{"заказ.номер", "OrderNumber", "Номер заказа", template.Required, nil, func(c Contract) string { return c.OrderNumber }},
	{"работы.вид", "WorkKind", "Вид работ", template.Required, nil, func(c Contract) string { return c.WorkKind }},
	{"срок", "Term", "Срок исполнения", template.Required, nil, func(c Contract) string { return date(c.Term) }},
	{"цена", "Price", "Стоимость работ", template.Required, nil, func(c Contract) string { return amount(c.Price) }},
	{"цена.число", "Price", "Стоимость работ", template.Required, nil, func(c Contract) string { return order.AmountText(c.Price) }},
	{"цена.прописью", "Price", "Стоимость работ", template.Required, nil, func(c Contract) string { return inWords(c.Price) }},
	{"аванс", "Advance", "Сумма аванса", template.Optional, nil, func(c Contract) string { return unlessZero(c.Advance, amount) }},
	{"аванс.прописью", "Advance", "Сумма аванса", template.With("аванс"), nil, func(c Contract) string { return unlessZero(c.Advance, inWords) }},
	{"аванс.процент", "AdvanceBasisPoints", "Процент аванса", template.With("аванс"), nil, func(c Contract) string {
		return unlessZero(c.Advance, func(order.Kopecks) string { return order.PercentText(c.AdvanceBasisPoints) })
	}},
	{"аванс.срок", "PrepaymentDays", "Срок уплаты аванса", template.With("аванс"), nil, func(c Contract) string { return workingDays(c.PrepaymentDays) }},
	{"остаток", "Advance", "Оставшаяся часть", template.Optional, nil, func(c Contract) string { return unlessZero(c.Price-c.Advance, amount) }},
	{"остаток.прописью", "Advance", "Оставшаяся часть", template.With("остаток"), nil, func(c Contract) string { return unlessZero(c.Price-c.Advance, inWords) }},
	{"оплата.срок", "PaymentDays", "Срок оплаты", template.Required, nil, func(c Contract) string { return workingDays(c.PaymentDays) }},
	{"приемка.срок", "AcceptanceDays", "Срок приемки", template.Required, nil, func(c Contract) string { return workingDays(c.AcceptanceDays) }},
	{"приложение", "Attachment", "Приложение", template.Optional, nil, func(c Contract) string { return c.Attachment }},
},
	partyFields(func(c Contract) Parties { return c.Parties })...),
	of(func(c Contract) Engineer { return c.Engineer }, "инженер.", "Engineer.", engineerFields)...),
	of(func(c Contract) Object { return c.Object }, "объект.", "Object.", objectFields)...)

func unlessZero(kopecks order.Kopecks, format func(order.Kopecks) string) string {
	if kopecks == 0 {
		return ""
	}
	return format(kopecks)
}

func contractSchema() template.Schema {
	return template.Schema{
		Values: schemaOf(contractFields),
		Flags:  append([]string{"регистрация", "приемка.молчанием"}, partyFlags...),
		Tables: map[string]map[string]template.Presence{"работы": columnsOf(workFields)},
	}
}

func (c Contract) values() (v template.Values, err error) {
	if err := c.check(); err != nil {
		return v, err
	}
	if v.Text, err = valuesOf(contractFields, c); err != nil {
		return v, err
	}
	works, err := rowsOf("Works", workFields, c.Works)
	if err != nil {
		return v, err
	}
	v.Tables = map[string][]map[string]string{"работы": works}
	v.Flags = c.flags()
	v.Flags["регистрация"] = c.Registration
	v.Flags["приемка.молчанием"] = c.SilentAcceptance
	return v, nil
}

func (c Contract) check() error {
	if err := c.Parties.check(); err != nil {
		return err
	}
	if err := checkWorks(c.Works, c.Price); err != nil {
		return err
	}
	switch {
	case !order.AdvanceFits(c.Price, c.Advance, c.AdvanceBasisPoints):
		return fault("Advance", "Сумма аванса не соответствует его проценту и стоимости работ.")
	case (c.Advance > 0) != (c.PrepaymentDays > 0):
		return fault("PrepaymentDays", "Срок уплаты аванса указывается, если предусмотрен аванс.")
	case !c.Date.IsZero() && c.Term.Before(c.Date):
		return fault("Term", "Срок исполнения раньше даты договора.")
	}
	for _, term := range []struct {
		field string
		days  int
	}{{"PrepaymentDays", c.PrepaymentDays}, {"AcceptanceDays", c.AcceptanceDays}, {"PaymentDays", c.PaymentDays}} {
		if term.days < 0 || term.days > 365 {
			return fault(term.field, "Срок — от 1 до 365 рабочих дней.")
		}
	}
	if c.SilentAcceptance && c.AcceptanceDays < order.MinSilence {
		return fault("AcceptanceDays", "Приёмка по молчанию возможна не раньше, чем через %d рабочих дня: за это время платформа дважды напомнит заказчику о приёмке.", order.MinSilence)
	}
	return nil
}

// maxRows is the number of rows that a table may have.
const maxRows = 500

// checkWorks compares the estimate with the price, to the kopeck.
func checkWorks(works []Work, price order.Kopecks) error {
	if price <= 0 || price > order.MaxPrice {
		return fault("Price", "Стоимость работ — больше нуля и не больше 100 миллиардов рублей.")
	}
	if len(works) == 0 || len(works) > maxRows {
		return fault("Works", "В смете должно быть от 1 до %d строк.", maxRows)
	}
	rest := price
	for i, w := range works {
		if w.Price < 0 || w.Price > rest {
			return fault(indexed("Works", i)+".Price", "Цены в смете не складываются в стоимость работ.")
		}
		rest -= w.Price
	}
	if rest != 0 {
		return fault("Works", "Сумма цен в смете меньше стоимости работ на %s", amount(rest))
	}
	return nil
}
