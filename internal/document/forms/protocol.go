package forms

import (
	"strconv"
	"time"

	"epkr/internal/document/template"
	"epkr/internal/signature"
)

// Protocol is what a protocol of a check of electronic signatures says (63-ФЗ, article 11). It never
// lacks a value because of what certificates contain: their texts are shortened, and characters that
// cannot be printed are shown as «?».
type Protocol struct {
	Document SignedDocument
	// Signatures are those of the document: at least one, at most maxSignatures.
	Signatures []CheckedSignature
	CheckedAt  time.Time
	// Version is that of the platform that checked; empty if it is not known.
	Version string
	// History is where the signature stands in the history of its order; nil without an order.
	History *HistoryHead
	// Shows reports whether the font has a character; nil if it has all.
	Shows func(rune) bool
}

// maxSignatures limits a protocol: a document of an order has two.
const maxSignatures = 20

// HistoryHead is a place in the history of an order, see package history.
type HistoryHead struct {
	Order string // its number
	Seq   int
	// Hash is that of the chain, in hexadecimal digits. It covers all messages up to this one.
	Hash string
}

// SignedDocument is the document that was signed.
type SignedDocument struct {
	Name   string
	Size   int64  // in bytes; 0 if it was not measured
	SHA256 string // in hexadecimal digits; empty if it was not computed
}

// CheckedSignature is a signature with what its check found.
type CheckedSignature struct {
	Name   string // of its file; empty if it has none
	Result signature.Result
}

var protocolFields = []field[Protocol]{
	{"документ.имя", "Document.Name", "Имя документа", template.Required, nil, func(p Protocol) string { return p.shown(p.Document.Name) }},
	{"проверка.время", "CheckedAt", "Время проверки", template.Required, nil, func(p Protocol) string { return moment(p.CheckedAt) }},
	{"проверка.версия", "Version", "Версия платформы", template.Optional, nil, func(p Protocol) string { return p.shown(p.Version) }},
	{"история.заказ", "History.Order", "Номер заказа", template.With("история.хеш"), hasHistory, func(p Protocol) string { return p.shown(p.History.of().Order) }},
	{"история.запись", "History.Seq", "Номер записи", template.With("история.хеш"), hasHistory, func(p Protocol) string { return p.History.of().number() }},
	{"история.хеш", "History.Hash", "Хеш истории", template.Optional, hasHistory, func(p Protocol) string { return inEights(p.History.of().Hash) }},
	{"подписи.всего", "Signatures", "Число подписей", template.Required, nil, func(p Protocol) string { return strconv.Itoa(len(p.Signatures)) }},
	{"подписи.принято", "Signatures", "Число принятых подписей", template.Required, nil, func(p Protocol) string { return strconv.Itoa(p.accepted()) }},
}

func hasHistory(p Protocol) bool { return p.History != nil }

// of returns the place, or an empty one.
func (h *HistoryHead) of() HistoryHead {
	if h == nil {
		return HistoryHead{}
	}
	return *h
}

// number returns the number of the message; empty if there is none.
func (h HistoryHead) number() string {
	if h.Seq == 0 {
		return ""
	}
	return strconv.Itoa(h.Seq)
}

// The tables of a protocol.
var (
	factFields = []field[fact]{
		{"подпись", "Number", "Номер подписи", template.Optional, nil, func(f fact) string { return f.of }},
		{"наименование", "Name", "Наименование", template.Required, nil, func(f fact) string { return f.name }},
		{"значение", "Value", "Значение", template.Required, nil, func(f fact) string { return f.value }},
	}
	certificateFields = []field[shownCertificate]{
		{"подпись", "Number", "Номер подписи", template.Required, nil, func(c shownCertificate) string { return c.of }},
		{"владелец", "Subject", "Владелец", template.Required, nil, func(c shownCertificate) string { return c.subject }},
		{"издатель", "Issuer", "Издатель", template.Required, nil, func(c shownCertificate) string { return c.issuer }},
		{"серийный-номер", "Serial", "Серийный номер", template.Required, nil, func(c shownCertificate) string { return c.serial }},
		{"срок", "Term", "Срок действия", template.Required, nil, func(c shownCertificate) string { return c.term }},
		{"отпечаток", "SHA256", "Отпечаток", template.Required, nil, func(c shownCertificate) string { return c.sha256 }},
	}
	listFields = []field[shownList]{
		{"подпись", "Number", "Номер подписи", template.Required, nil, func(l shownList) string { return l.of }},
		{"издатель", "Issuer", "Издатель", template.Required, nil, func(l shownList) string { return l.issuer }},
		{"номер-списка", "ListNumber", "Номер списка", template.Required, nil, func(l shownList) string { return l.number }},
		{"выпущен", "ThisUpdate", "Выпущен", template.Required, nil, func(l shownList) string { return l.from }},
		{"следующий", "NextUpdate", "Следующий выпуск", template.Required, nil, func(l shownList) string { return l.to }},
		{"отпечаток", "SHA256", "Отпечаток", template.Required, nil, func(l shownList) string { return l.sha256 }},
	}
)

func protocolSchema() template.Schema {
	facts := columnsOf(factFields)
	return template.Schema{
		Values: schemaOf(protocolFields),
		Flags:  []string{"принято", "одна", "замечания", "сертификаты", "списки", "доверенности"},
		Tables: map[string]map[string]template.Presence{
			"документ": facts, "подписи": facts, "замечания": facts, "доверенности": facts,
			"сертификаты": columnsOf(certificateFields), "списки": columnsOf(listFields),
		},
	}
}

func (p Protocol) values() (v template.Values, err error) {
	if len(p.Signatures) == 0 || len(p.Signatures) > maxSignatures {
		return v, fault("Signatures", "В протоколе должно быть от 1 до %d подписей.", maxSignatures)
	}
	if v.Text, err = valuesOf(protocolFields, p); err != nil {
		return v, err
	}
	var signatures, findings, powers []fact
	var certificates []shownCertificate
	var lists []shownList
	for i, s := range p.Signatures {
		of := strconv.Itoa(i + 1)
		signatures = append(signatures, p.signatureFacts(of, s)...)
		findings = append(findings, p.findings(of, s.Result)...)
		powers = append(powers, p.powerFacts(of, s.Result.PowerOfAttorney)...)
		certificates = append(certificates, p.certificates(of, s.Result)...)
		lists = append(lists, p.lists(of, s.Result)...)
	}
	v.Tables = map[string][]map[string]string{}
	for name, facts := range map[string][]fact{"документ": p.documentFacts(), "подписи": signatures, "замечания": findings, "доверенности": powers} {
		if v.Tables[name], err = rowsOf(name, factFields, facts); err != nil {
			return v, err
		}
	}
	if v.Tables["сертификаты"], err = rowsOf("Certificates", certificateFields, certificates); err != nil {
		return v, err
	}
	if v.Tables["списки"], err = rowsOf("RevocationLists", listFields, lists); err != nil {
		return v, err
	}
	v.Flags = map[string]bool{
		"принято": p.accepted() == len(p.Signatures), "одна": len(p.Signatures) == 1, "замечания": len(findings) > 0,
		"сертификаты": len(certificates) > 0, "списки": len(lists) > 0, "доверенности": len(powers) > 0,
	}
	return v, nil
}

// accepted counts the signatures that were accepted.
func (p Protocol) accepted() (n int) {
	for _, s := range p.Signatures {
		if s.Result.Valid {
			n++
		}
	}
	return n
}

// shown returns a text from a file as it can be printed.
func (p Protocol) shown(text string) string { return printable(text, p.Shows) }
