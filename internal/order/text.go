package order

import (
	"net/url"
	"unicode/utf8"

	"epkr/internal/humantext"
)

// Form is the text of an order: the place and the works, in the customer's words.
type Form struct {
	Address string `json:"address" format:"line" maxLength:"1000" doc:"Адрес или описание места, до улицы"`
	City    string `json:"city,omitempty" format:"line" maxLength:"200" doc:"Населенный пункт"`
	Street  string `json:"street,omitempty" format:"line" maxLength:"200" doc:"Улица"`
	// CadastralNumbers are the numbers of the objects or of the block, if known.
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

// ResultsText is the text of a delivery of results.
type ResultsText struct {
	Link        string `json:"link,omitempty" format:"line" maxLength:"2000" doc:"Ссылка на облачное хранилище, только https"`
	UIN         string `json:"uin,omitempty" format:"line" maxLength:"64" doc:"Номер УИН электронного хранилища"`
	InvoiceLink string `json:"invoiceLink,omitempty" format:"line" maxLength:"2000" doc:"Ссылка на счет, только https"`
	Note        string `json:"note,omitempty" format:"text" maxLength:"4000" doc:"Пояснение"`
}

// RegistrationText is the text of a report on ГКУ/ГРП.
type RegistrationText struct {
	KUVD string `json:"kuvd,omitempty" format:"line" maxLength:"64" doc:"Номер КУВД"`
	Note string `json:"note,omitempty" format:"text" maxLength:"4000" doc:"Пояснение"`
}

// Review is a customer's review of the works.
type Review struct {
	Review string `json:"review,omitempty" format:"text" maxLength:"4000" doc:"Отзыв"`
}

// TextProblem is an error in one field of a text, reported before the text is stored.
type TextProblem struct {
	Field  string
	Reason string
}

// CheckLink accepts only absolute https links; the platform never follows them.
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

// CheckRequired returns a problem with the reason unless the text contains something readable.
func CheckRequired(field, text, reason string) *TextProblem {
	if !humantext.Filled(text) {
		return &TextProblem{field, reason}
	}
	return nil
}
