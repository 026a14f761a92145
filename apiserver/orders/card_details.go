package orders

import (
	"time"

	"epkr/internal/order"
)

// The parts of an order as the API shows them. Package order stores them under names that are fixed
// by recorded histories; the names here may change with the web app. Where messages contain the
// same part, the API description shows it as here, see aliasSchemas.

// FileRef refers to a stored file of the order.
type FileRef struct {
	ID     string `json:"id" format:"uuid" doc:"Идентификатор загруженного файла"`
	SHA256 string `json:"sha256" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 содержимого"`
}

func fileRefOf(f order.FileRef) FileRef { return FileRef{ID: f.ID, SHA256: f.SHA256} }

func fileRefsOf(files []order.FileRef) []FileRef {
	var shown []FileRef
	for _, f := range files {
		shown = append(shown, fileRefOf(f))
	}
	return shown
}

// Terms are the conditions of an order. The address and the description are in [Form].
type Terms struct {
	Region   string `json:"region" pattern:"^[0-9]{2}$" doc:"Код субъекта Российской Федерации"`
	WorkKind string `json:"workKind" maxLength:"64" doc:"Вид кадастровых работ"`
	// Price is what the customer is ready to pay, in kopecks; nil if he states none.
	Price *int64 `json:"price,omitempty" minimum:"1" maximum:"10000000000000" doc:"Стоимость в копейках, если заказчик её указал"`
	// TermDate is the last day of the works (Moscow); TermDays is their length. One of the two is
	// set.
	TermDate     string    `json:"termDate,omitempty" format:"date" doc:"Срок выполнения: до даты"`
	TermDays     int       `json:"termDays,omitempty" minimum:"1" maximum:"3650" doc:"Срок выполнения: в днях"`
	Prepayment   bool      `json:"prepayment,omitempty" doc:"Заказчик согласен на предоплату"`
	Registration bool      `json:"registration,omitempty" doc:"Нужна постановка на ГКУ/ГРП"`
	Files        []FileRef `json:"files,omitempty" maxItems:"100" doc:"Приложенные файлы"`
}

func termsOf(t *order.Terms) *Terms {
	if t == nil {
		return nil
	}
	return &Terms{
		Region: t.Region, WorkKind: string(t.WorkKind), Price: t.Price, TermDate: t.TermDate, TermDays: t.TermDays, Prepayment: t.Prepayment,
		Registration: t.Registration, Files: fileRefsOf(t.Files),
	}
}

// Form is the text of an order: place, object and description in the customer's words.
type Form struct {
	Address string `json:"address" format:"line" maxLength:"1000" doc:"Адрес или описание места, до улицы"`
	City    string `json:"city,omitempty" format:"line" maxLength:"200" doc:"Населенный пункт"`
	Street  string `json:"street,omitempty" format:"line" maxLength:"200" doc:"Улица"`
	// CadastralNumbers are the numbers of the objects or of the block, if known.
	CadastralNumbers []string `json:"cadastralNumbers,omitempty" maxItems:"50" format:"line" maxLength:"64" doc:"Кадастровые номера"`
	Object           string   `json:"object,omitempty" format:"text" maxLength:"4000" doc:"Характеристики объекта кадастровых работ"`
	Description      string   `json:"description,omitempty" format:"text" maxLength:"10000" doc:"Описание заказа"`
}

func formOf(f *order.Form) *Form {
	if f == nil {
		return nil
	}
	return &Form{
		Address: f.Address, City: f.City, Street: f.Street, CadastralNumbers: f.CadastralNumbers, Object: f.Object, Description: f.Description,
	}
}

// Bid is the term and the price of an engineer's response.
type Bid struct {
	Price    int64  `json:"price" minimum:"1" maximum:"10000000000000" doc:"Стоимость в копейках"`
	TermDate string `json:"termDate,omitempty" format:"date" doc:"Срок выполнения: до даты"`
	TermDays int    `json:"termDays,omitempty" minimum:"1" maximum:"3650" doc:"Срок выполнения: в днях"`
}

func bidOf(b order.Bid) Bid { return Bid{Price: b.Price, TermDate: b.TermDate, TermDays: b.TermDays} }

// Proposal is a proposal of one party that needs the other's agreement.
type Proposal struct {
	Kind order.Kind `json:"kind" enum:"propose-termination,propose-rework"`
	By   order.Role `json:"by"`
	// Party is who made it; empty in older records, which did not store it.
	Party string `json:"party,omitempty"`
}

func proposalOf(p *order.Proposal) Proposal {
	return Proposal{Kind: p.Kind, By: p.By, Party: p.Party}
}

// Contract is the contract that the engineer signed and sent.
type Contract struct {
	File      FileRef `json:"file" doc:"Договор, PDF/A"`
	Signature FileRef `json:"signature" doc:"Открепленная подпись исполнителя"`
	Price     int64   `json:"price" minimum:"1" maximum:"10000000000000" doc:"Стоимость работ в копейках"`
	// AdvanceBasisPoints is the advance in hundredths of a per cent of the price, 0..10000.
	AdvanceBasisPoints  int    `json:"advanceBasisPoints" minimum:"0" maximum:"10000" doc:"Аванс в сотых долях процента"`
	Advance             int64  `json:"advance" minimum:"0" maximum:"10000000000000" doc:"Сумма аванса в копейках"`
	TermDate            string `json:"termDate" format:"date" doc:"Срок исполнения"`
	Registration        bool   `json:"registration,omitempty" doc:"Договор предусматривает постановку на ГКУ/ГРП"`
	AcceptanceDays      int    `json:"acceptanceDays,omitempty" doc:"Срок приёмки по договору в рабочих днях; нет, если договор его не указывает"`
	SilenceAcceptsAfter int    `json:"silenceAcceptsAfter,omitempty" doc:"Через сколько рабочих дней молчание заказчика считается приёмкой; нет, если не считается"`
	// CustomerSignature is set when both sides have signed.
	CustomerSignature *FileRef `json:"customerSignature,omitempty"`
}

func contractOf(c *order.Contract) *Contract {
	if c == nil {
		return nil
	}
	return &Contract{
		File: fileRefOf(c.File), Signature: fileRefOf(c.Signature), Price: c.Price, AdvanceBasisPoints: c.AdvanceBasisPoints, Advance: c.Advance,
		TermDate: c.TermDate, Registration: c.Registration, AcceptanceDays: c.AcceptanceDays, SilenceAcceptsAfter: c.SilenceAcceptsAfter,
		CustomerSignature: optionalRef(c.CustomerSignature),
	}
}

func optionalRef(f *order.FileRef) *FileRef {
	if f == nil {
		return nil
	}
	shown := fileRefOf(*f)
	return &shown
}

// Difference is one deviation of a contract from what was agreed: the agreed value and the value in
// the contract.
type Difference struct {
	Field string `json:"field" enum:"price,term,registration,advance,silence,term-passed" doc:"Что отличается"`
	From  string `json:"from" enum:"response,conditions" doc:"О чём договорились: в отклике или в условиях заказа"`

	WasAmount *int64 `json:"wasAmount,omitempty" doc:"Было, в копейках"`
	IsAmount  *int64 `json:"isAmount,omitempty" doc:"В договоре, в копейках"`

	// WasDate is the last day according to what was agreed. WasDays is set if a number of days was
	// agreed; they count from the choice of the performer.
	WasDate string `json:"wasDate,omitempty" format:"date" doc:"Последний день по договорённости"`
	WasDays int    `json:"wasDays,omitempty" doc:"Сколько дней было; они считаются со дня выбора исполнителя"`
	IsDate  string `json:"isDate,omitempty" format:"date" doc:"Срок в договоре"`
	// Days is by how many days the contract's term is later; negative if earlier. Of silence it is the
	// number of working days after which it accepts the works.
	Days int `json:"days,omitempty" doc:"На сколько дней срок договора позже; отрицательное, если раньше. При silence — через сколько рабочих дней молчание считается приёмкой"`

	// Is reports whether the contract includes ГКУ/ГРП.
	Is bool `json:"is,omitempty" doc:"Есть ли в договоре постановка на ГКУ/ГРП"`
}

func differencesOf(all []order.Difference) []Difference {
	var shown []Difference
	for _, d := range all {
		shown = append(shown, Difference{
			Field: string(d.Field), From: string(d.From), WasAmount: d.WasAmount, IsAmount: d.IsAmount, WasDate: d.WasDate, WasDays: d.WasDays,
			IsDate: d.IsDate, Days: d.Days, Is: d.Is,
		})
	}
	return shown
}

// Act is the act of completed works.
type Act struct {
	File              FileRef  `json:"file" doc:"Акт выполненных работ"`
	Signature         FileRef  `json:"signature" doc:"Открепленная подпись исполнителя"`
	CustomerSignature *FileRef `json:"customerSignature,omitempty"`
	// Alone reports that the engineer signed alone after the customer's silence.
	Alone    bool `json:"alone,omitempty"`
	Returned bool `json:"returned,omitempty"`
}

func actOf(a *order.Act) *Act {
	if a == nil {
		return nil
	}
	return &Act{
		File: fileRefOf(a.File), Signature: fileRefOf(a.Signature), CustomerSignature: optionalRef(a.CustomerSignature), Alone: a.Alone,
		Returned: a.Returned,
	}
}

// Invoice is an invoice: a stored file, or a link, which is in the text of the message.
type Invoice struct {
	File *FileRef `json:"file,omitempty" doc:"Файл счета"`
	Link bool     `json:"link,omitempty" doc:"Счет передан ссылкой (ссылка в text.link)"`
}

func invoiceOf(i *order.Invoice) *Invoice {
	if i == nil {
		return nil
	}
	return &Invoice{File: optionalRef(i.File), Link: i.Link}
}

// Dispute is an open dispute that awaits the moderator's decision.
type Dispute struct {
	Ground order.Ground `json:"ground"`
	By     order.Role   `json:"by"`
	Since  time.Time    `json:"since"`
}

func disputeOf(d *order.Dispute) *Dispute {
	if d == nil {
		return nil
	}
	return &Dispute{Ground: d.Ground, By: d.By, Since: d.Since}
}

// Action is an action of the viewer of an order card and, if he may not perform it, the reason. It
// is a hint: the order itself decides.
type Action struct {
	Kind  order.Kind `json:"kind"`
	Title string     `json:"title"`
	Open  bool       `json:"open"`
	// Code and Reason explain why the action is not open.
	Code   order.Code `json:"code,omitempty"`
	Reason string     `json:"reason,omitempty"`
	// Reasoned reports that the action requires a text.
	Reasoned bool `json:"reasoned,omitempty"`
}

func actionsOf(all []order.Action) []Action {
	shown := make([]Action, len(all))
	for i, a := range all {
		shown[i] = Action{Kind: a.Kind, Title: a.Title, Open: a.Open, Code: a.Code, Reason: a.Reason, Reasoned: a.RequiresReason}
	}
	return shown
}
