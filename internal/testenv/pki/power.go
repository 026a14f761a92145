package pki

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// PowerOfAttorney is a power of attorney of the format 003 (EMCHD_1), in which an organisation or an
// entrepreneur lets people act.
type PowerOfAttorney struct {
	Number              string // a UUID
	IssuedOn, ExpiresOn string // yyyy-mm-dd
	Principal           Subject
	Representatives     []Subject
	// Codes are those of the classifier, Text is in words; one of them is enough.
	Codes []string
	Text  string
	// Delegable means that the representatives may delegate the authority.
	Delegable bool
	// Parent is the number of the power of attorney whose authority the principal, its representative,
	// delegates.
	Parent string
}

// XML returns the file, in UTF-8.
func (p PowerOfAttorney) XML() []byte {
	delegation := "1"
	if p.Delegable {
		delegation = "2"
	}
	about := element("СвДов", attributes{
		"ВидДовер", "1", "ПрПередов", delegation, "ВнНомДовер", "7", "НомДовер", p.Number, "ДатаВыдДовер", p.IssuedOn, "СрокДейст", p.ExpiresOn,
	}, element("СведСист", nil, "https://m4d.nalog.gov.ru/emchd/check-status?guid="+p.Number))
	body := element("Довер", nil, about, element("СвДоверит", nil, element("Доверит", nil, p.principal())), p.people("СвУпПред"), p.powers())
	if p.Parent != "" {
		about = strings.ReplaceAll(about, "СвДов ", "СвПереДовер ")
		about = strings.ReplaceAll(about, "/СвДов>", "/СвПереДовер>")
		delegator := element("СвПередПолн", attributes{"ТипПерПолн", "3"}, element("ПередПолн", nil, p.Principal.element("ФЛПерПолн")))
		body = element("Передов", attributes{"ПрНалПередов", "0"},
			element("СвПервДовер", attributes{"ПрДовер", "1", "ФормДовер", "1", "НомДоверПерв", p.Parent}), about, delegator, p.people("СвПолучПолн"), p.powers())
	}
	return []byte(xml.Header + element("Доверенность", attributes{
		"xmlns", "urn://x-artefacts/EMCHD_1", "ВерсФорм", "EMCHD_1", "ПрЭлФорм", "00000000", "ИдФайл", "ON_EMCHD_20260901_" + p.Number,
	}, element("Документ", attributes{"КНД", "1110310"}, body)))
}

func (p PowerOfAttorney) principal() string {
	s := p.Principal
	switch {
	case s.OrganisationINN != "":
		return element("РосОргДовер", attributes{"ЕИОУК", "0", "ЕИОФЛ", "1", "ЕИОИП", "0"},
			element("СвРосОрг", attributes{"НаимОрг", s.Organisation, "ИННЮЛ", s.OrganisationINN, "КПП", "770701001", "ОГРН", s.OGRN}),
			element("ЛицоБезДов", attributes{"ПолнЮЛ", "1"}, s.element("СвФЛ")))
	case s.OGRNIP != "":
		return s.element("ИПДовер")
	default:
		return s.element("ФЛДовер")
	}
}

func (p PowerOfAttorney) people(name string) (all string) {
	for _, person := range p.Representatives {
		all += element(name, attributes{"ТипПред", "3"}, element("Пред", nil, person.element("СведФизЛ")))
	}
	return all
}

func (p PowerOfAttorney) powers() string {
	var parts []string
	if p.Text != "" {
		parts = append(parts, element("ТекстПолн", nil, escape(p.Text)))
	}
	for _, code := range p.Codes {
		parts = append(parts, element("МашПолн", attributes{"КодПолн", code, "НаимПолн", "Полномочие " + code}))
	}
	return element("СвПолн", attributes{"ТипПолн", "1", "ПрСовмПолн", "1"}, parts...)
}

// element returns a person, with the numbers that he has.
func (s Subject) element(name string) string {
	own := attributes{}
	for _, a := range []attributes{{"ОГРНИП", s.OGRNIP}, {"ИННФЛ", s.INN}, {"СНИЛС", s.SNILS}, {"Должность", s.Position}} {
		if a[1] != "" {
			own = append(own, a...)
		}
	}
	given, patronymic, _ := strings.Cut(s.GivenName, " ")
	return element(name, own, element("СведФЛ", nil, element("ФИО", attributes{"Фамилия", s.Surname, "Имя", given, "Отчество", patronymic})))
}

// attributes are names and values by turns.
type attributes []string

func element(name string, own attributes, inside ...string) string {
	var all strings.Builder
	all.WriteString("<" + name)
	for i := 0; i < len(own); i += 2 {
		fmt.Fprintf(&all, ` %s="%s"`, own[i], escape(own[i+1]))
	}
	all.WriteString(">" + strings.Join(inside, "") + "</" + name + ">")
	return all.String()
}

func escape(text string) string {
	var all strings.Builder
	_ = xml.EscapeText(&all, []byte(text)) // a Builder does not fail
	return all.String()
}
