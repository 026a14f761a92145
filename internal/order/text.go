package order

import (
	"net/url"
	"unicode/utf8"

	"epkr/internal/humantext"
)

// Form is the text of an order: where, what, in the customer's words.
type Form struct {
	Address string `json:"address" format:"line" maxLength:"1000" doc:"Адрес или описание места, до улицы"`
	City    string `json:"city,omitempty" format:"line" maxLength:"200" doc:"Населенный пункт"`
	Street  string `json:"street,omitempty" format:"line" maxLength:"200" doc:"Улица"`
	// CadastralNumbers of the objects or of the block, if known.
	CadastralNumbers []string `json:"cadastralNumbers,omitempty" maxItems:"50" format:"line" maxLength:"64" doc:"Кадастровые номера"`
	Object           string   `json:"object,omitempty" format:"text" maxLength:"4000" doc:"Характеристики объекта кадастровых работ"`
	Description      string   `json:"description,omitempty" format:"text" maxLength:"10000" doc:"Описание заказа"`
}

// Note is a free text: a reason, a remark, a comment.
type Note struct {
	Note string `json:"note,omitempty" format:"text" maxLength:"4000" doc:"Пояснение"`
}

// LinkNote is a free text with a link.
type LinkNote struct {
	Link string `json:"link,omitempty" format:"line" maxLength:"2000" doc:"Ссылка, только https"`
	Note string `json:"note,omitempty" format:"text" maxLength:"4000" doc:"Пояснение"`
}

// ResultsText goes with the results of the works.
type ResultsText struct {
	Link        string `json:"link,omitempty" format:"line" maxLength:"2000" doc:"Ссылка на облачное хранилище, только https"`
	UIN         string `json:"uin,omitempty" format:"line" maxLength:"64" doc:"Номер УИН электронного хранилища"`
	InvoiceLink string `json:"invoiceLink,omitempty" format:"line" maxLength:"2000" doc:"Ссылка на счет, только https"`
	Note        string `json:"note,omitempty" format:"text" maxLength:"4000" doc:"Пояснение"`
}

// RegistrationText goes with a report on ГКУ/ГРП.
type RegistrationText struct {
	KUVD string `json:"kuvd,omitempty" format:"line" maxLength:"64" doc:"Номер КУВД"`
	Note string `json:"note,omitempty" format:"text" maxLength:"4000" doc:"Пояснение"`
}

// Review is what a customer writes of the work.
type Review struct {
	Review string `json:"review,omitempty" format:"text" maxLength:"4000" doc:"Отзыв"`
}

// TextProblem is a fault in one field of a text, told before the text is stored.
type TextProblem struct {
	Field  string
	Reason string
}

// CheckLink allows absolute https links only; the platform never follows them.
func CheckLink(field, link string) *TextProblem {
	if link == "" {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || !utf8.ValidString(link) {
		return &TextProblem{field, "Укажите полную ссылку, которая начинается с https://"}
	}
	return nil
}

// CheckRequired wants something to read.
func CheckRequired(field, text, reason string) *TextProblem {
	if !humantext.Filled(text) {
		return &TextProblem{field, reason}
	}
	return nil
}
