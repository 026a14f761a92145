package forms

import (
	"time"

	"epkr/internal/document/template"
	"epkr/internal/order"
)

// Act is what an act of completed works says (articles 711 and 720 of the Civil Code).
type Act struct {
	Parties
	Number      string
	Date        time.Time
	Place       string
	Contract    Reference
	OrderNumber string
	Engineer    Engineer
	Object      Object
	Works       []Work // its prices add up to Price
	// Results are the documents that the customer gets, and Delivery the way.
	Results  []Result
	Delivery string
	Price    order.Kopecks
	Paid     order.Kopecks // before the act; at most Price
	// Registration is the outcome of ГКУ/ГРП; zero if the contract has none.
	Registration Registration
	Remarks      string // of the customer; empty if he has no claims
	// AloneAfter is when the customer was told of the results, if the engineer signs alone after the
	// customer's silence; else zero.
	AloneAfter time.Time
}

// Reference is the number and the date of another document.
type Reference struct {
	Number string
	Date   time.Time
}

// Result is a delivered document. Details and Form may be empty.
type Result struct{ Name, Details, Form string }

// Registration is the outcome of ГКУ/ГРП at Rosreestr.
type Registration struct {
	Description string // what was entered
	Number      string // of the entry or of the application (КУВД)
	Date        time.Time
}

var resultFields = []field[Result]{
	{"наименование", "Name", "Документ", template.Required, nil, func(r Result) string { return r.Name }},
	{"реквизиты", "Details", "Реквизиты документа", template.Optional, nil, func(r Result) string { return r.Details }},
	{"вид", "Form", "Вид документа", template.Optional, nil, func(r Result) string { return r.Form }},
}

var referenceFields = []field[Reference]{
	{"номер", "Number", "Номер договора", template.Required, nil, func(r Reference) string { return r.Number }},
	{"дата", "Date", "Дата договора", template.Required, nil, func(r Reference) string { return date(r.Date) }},
}

func isRegistered(a Act) bool { return a.Registration != Registration{} }

var actFields = append(append(append(append([]field[Act]{
	{"акт.номер", "Number", "Номер акта", template.Required, nil, func(a Act) string { return a.Number }},
	{"акт.дата", "Date", "Дата акта", template.Required, nil, func(a Act) string { return date(a.Date) }},
	{"акт.место", "Place", "Место составления акта", template.Required, nil, func(a Act) string { return a.Place }},
	{"заказ.номер", "OrderNumber", "Номер заказа", template.Required, nil, func(a Act) string { return a.OrderNumber }},
	{"передача", "Delivery", "Способ передачи результата", template.Required, nil, func(a Act) string { return a.Delivery }},
	{"цена", "Price", "Стоимость работ", template.Required, nil, func(a Act) string { return amount(a.Price) }},
	{"цена.число", "Price", "Стоимость работ", template.Required, nil, func(a Act) string { return order.AmountText(a.Price) }},
	{"цена.прописью", "Price", "Стоимость работ", template.Required, nil, func(a Act) string { return inWords(a.Price) }},
	{"оплачено", "Paid", "Уплачено", template.Optional, nil, func(a Act) string { return unlessZero(a.Paid, amount) }},
	{"оплачено.прописью", "Paid", "Уплачено", template.With("оплачено"), nil, func(a Act) string { return unlessZero(a.Paid, inWords) }},
	{"к-оплате", "Paid", "К оплате", template.Optional, nil, func(a Act) string { return unlessZero(a.Price-a.Paid, amount) }},
	{"к-оплате.прописью", "Paid", "К оплате", template.With("к-оплате"), nil, func(a Act) string { return unlessZero(a.Price-a.Paid, inWords) }},
	{"учет.номер", "Registration.Number", "Номер записи о ГКУ/ГРП", template.Optional, isRegistered, func(a Act) string { return a.Registration.Number }},
	{"учет.описание", "Registration.Description", "Сведения о ГКУ/ГРП", template.With("учет.номер"), isRegistered, func(a Act) string { return a.Registration.Description }},
	{"учет.дата", "Registration.Date", "Дата ГКУ/ГРП", template.With("учет.номер"), isRegistered, func(a Act) string { return date(a.Registration.Date) }},
	{"замечания", "Remarks", "Замечания", template.Optional, nil, func(a Act) string { return a.Remarks }},
	{"односторонний.извещение", "AloneAfter", "Дата извещения заказчика", template.With("односторонний"), nil, func(a Act) string { return date(a.AloneAfter) }},
},
	partyFields(func(a Act) Parties { return a.Parties })...),
	of(func(a Act) Reference { return a.Contract }, "договор.", "Contract.", referenceFields)...),
	of(func(a Act) Engineer { return a.Engineer }, "инженер.", "Engineer.", engineerFields)...),
	of(func(a Act) Object { return a.Object }, "объект.", "Object.", objectFields)...)

func actSchema() template.Schema {
	return template.Schema{
		Values: schemaOf(actFields),
		Flags:  append([]string{"односторонний"}, partyFlags...),
		Tables: map[string]map[string]template.Presence{"работы": columnsOf(workFields), "документы": columnsOf(resultFields)},
	}
}

func (a Act) values() (v template.Values, err error) {
	if err := a.check(); err != nil {
		return v, err
	}
	if v.Text, err = valuesOf(actFields, a); err != nil {
		return v, err
	}
	works, err := rowsOf("Works", workFields, a.Works)
	if err != nil {
		return v, err
	}
	results, err := rowsOf("Results", resultFields, a.Results)
	if err != nil {
		return v, err
	}
	v.Tables = map[string][]map[string]string{"работы": works, "документы": results}
	v.Flags = a.flags()
	v.Flags["односторонний"] = !a.AloneAfter.IsZero()
	return v, nil
}

func (a Act) check() error {
	if err := a.Parties.check(); err != nil {
		return err
	}
	if err := checkWorks(a.Works, a.Price); err != nil {
		return err
	}
	switch {
	case a.Paid < 0 || a.Paid > a.Price:
		return fault("Paid", "Уплаченная сумма больше стоимости работ.")
	case len(a.Results) == 0 || len(a.Results) > maxRows:
		return fault("Results", "В акте должно быть от 1 до %d документов.", maxRows)
	case a.Date.Before(a.Contract.Date):
		return fault("Date", "Дата акта раньше даты договора.")
	case !a.AloneAfter.IsZero() && a.Remarks != "":
		return fault("Remarks", "Замечания заказчика исключают подписание акта в одностороннем порядке.")
	}
	return nil
}
