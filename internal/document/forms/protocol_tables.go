package forms

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"epkr/internal/mchd"
	"epkr/internal/order"
	"epkr/internal/signature"
)

// fact is a row of a table of names and values; of tells the signature.
type fact struct{ of, name, value string }

// shownCertificate and shownList are rows of the tables of certificates and lists.
type (
	shownCertificate struct{ of, subject, issuer, serial, term, sha256 string }
	shownList        struct{ of, issuer, number, from, to, sha256 string }
)

// unknown stands for what a file does not tell.
const unknown = "не указано"

// moment returns a time in Moscow to the second.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(order.Moscow).Format("02.01.2006 15:04:05") + " МСК"
}

// inEights returns digits in groups of eight, so that people can compare them and lines can break.
func inEights(digits string) string {
	var groups []string
	for len(digits) > 8 {
		groups, digits = append(groups, digits[:8]), digits[8:]
	}
	return strings.Join(append(groups, digits), " ")
}

// hashNames are the names of hashes by their identifiers.
var hashNames = map[string]string{
	"1.2.643.7.1.1.2.2":      "ГОСТ Р 34.11-2012 (Стрибог), 256 бит",
	"1.2.643.7.1.1.2.3":      "ГОСТ Р 34.11-2012 (Стрибог), 512 бит",
	"1.2.643.2.2.9":          "ГОСТ Р 34.11-94",
	"2.16.840.1.101.3.4.2.1": "SHA-256",
	"2.16.840.1.101.3.4.2.2": "SHA-384",
	"2.16.840.1.101.3.4.2.3": "SHA-512",
}

// documentFacts has each digest of the document once.
func (p Protocol) documentFacts() []fact {
	facts := []fact{{name: "Имя файла", value: p.shown(p.Document.Name)}}
	if p.Document.Size > 0 {
		facts = append(facts, fact{name: "Размер", value: strconv.FormatInt(p.Document.Size, 10) + " байт"})
	}
	digests := []struct{ name, value string }{{"SHA-256", p.Document.SHA256}}
	for _, s := range p.Signatures {
		d := s.Result.Document
		digests = append(digests, struct{ name, value string }{cmp.Or(hashNames[d.Hash], d.Hash), d.Digest})
	}
	known := map[string]bool{"": true}
	for _, d := range digests {
		if !known[d.value] {
			known[d.value] = true
			facts = append(facts, fact{name: "Хеш " + d.name, value: inEights(d.value)})
		}
	}
	return facts
}

// signatureFacts are about one signature.
func (p Protocol) signatureFacts(of string, s CheckedSignature) (facts []fact) {
	add := func(name, value string) {
		if value = p.shown(value); value != "" {
			facts = append(facts, fact{of, name, value})
		}
	}
	r := s.Result
	add("Результат", verdictOf(r))
	if signer := r.Signer; signer != nil {
		add("Подписант", cmp.Or(p.shown(signer.Name), unknown))
		add("Должность", signer.Position)
		add("Организация", signer.Organisation)
		add("СНИЛС", signer.SNILS)
		add("ИНН", signer.INN)
		add("ИНН организации", signer.OrganisationINN)
		add("ОГРН", signer.OGRN)
		add("ОГРНИП", signer.OGRNIP)
	}
	if m := r.Moment; m != nil {
		add("Момент подписи", cmp.Or(moment(m.At), unknown)+" — "+sourceOf(m.Source))
		add("Время, указанное подписантом", moment(m.SigningTime))
		add("Отзыв сертификатов", revocationOf(r))
	}
	if r.Algorithm != nil {
		add("Алгоритм подписи", strings.TrimSuffix(r.Algorithm.Name+", "+r.Algorithm.ParameterSet, ", "))
	}
	add("Вид подписи", string(r.Form))
	add("Файл подписи", s.Name)
	add("SHA-256 подписи", inEights(r.SignatureSHA256))
	return facts
}

func verdictOf(r signature.Result) string {
	if r.Valid {
		return "подпись действительна"
	}
	return "подпись не принята"
}

// sourceOf tells why a moment counts.
func sourceOf(s signature.MomentSource) string {
	switch s {
	case signature.ByTimeStamp:
		return "время штампа времени"
	case signature.ByAcceptance:
		return "время приема подписи платформой"
	default:
		return "время проверки: принятого штампа времени в подписи нет, и когда она создана, не доказано"
	}
}

func revocationOf(r signature.Result) string {
	revoked := func(f signature.Finding) bool { return f.Code == signature.Revoked }
	switch {
	case r.RevocationChecked:
		return "проверен, сертификаты не отозваны"
	case slices.ContainsFunc(r.Refusals, revoked):
		return "сертификат отозван"
	default:
		return "отзыв не проверен"
	}
}

// findings are what was refused and what was noted.
func (p Protocol) findings(of string, r signature.Result) (facts []fact) {
	for _, kind := range []struct {
		name string
		all  []signature.Finding
	}{{"Отказ", r.Refusals}, {"Предупреждение", r.Warnings}} {
		for _, f := range kind.all {
			facts = append(facts, fact{of, kind.name, p.shown(strings.TrimSpace(f.Text + " " + f.Detail))})
		}
	}
	return facts
}

// certificates are those of all chains: of the signer, of the time stamp, and of who gave the powers of
// attorney. A certificate that led to no root stands alone.
func (p Protocol) certificates(of string, r signature.Result) (all []shownCertificate) {
	chain := r.Chain
	if len(chain) == 0 && r.Certificate != nil {
		chain = []signature.Certificate{*r.Certificate}
	}
	add := func(of string, chain []signature.Certificate) {
		for _, c := range chain {
			all = append(all, shownCertificate{
				of, cmp.Or(p.shown(c.Subject), unknown), cmp.Or(p.shown(c.Issuer), unknown), cmp.Or(inEights(c.Serial), unknown),
				"с " + cmp.Or(moment(c.NotBefore), unknown) + " по " + cmp.Or(moment(c.NotAfter), unknown), cmp.Or(inEights(c.SHA256), unknown),
			})
		}
	}
	add(of, chain)
	if r.Moment != nil {
		add(of+", штамп времени", r.Moment.TimeStampChain)
	}
	if power := r.PowerOfAttorney; power != nil {
		all = append(all, p.certificates(of+", доверенность", power.Signature)...)
		if power.Delegates != nil {
			all = append(all, p.certificates(of+", первоначальная доверенность", power.Delegates.Signature)...)
		}
	}
	return all
}

// lists are those of all chains.
func (p Protocol) lists(of string, r signature.Result) (all []shownList) {
	for _, l := range r.RevocationLists {
		all = append(all, shownList{
			of, cmp.Or(p.shown(l.Issuer), unknown), cmp.Or(l.Number, unknown), cmp.Or(moment(l.ThisUpdate), unknown),
			cmp.Or(moment(l.NextUpdate), unknown), cmp.Or(inEights(l.SHA256), unknown),
		})
	}
	if power := r.PowerOfAttorney; power != nil {
		all = append(all, p.lists(of+", доверенность", power.Signature)...)
		if power.Delegates != nil {
			all = append(all, p.lists(of+", первоначальная доверенность", power.Delegates.Signature)...)
		}
	}
	return all
}

// maxNamed limits the people and powers of a power of attorney that are named.
const maxNamed = 20

// powerFacts are about a power of attorney, and about the one whose authority it delegates.
func (p Protocol) powerFacts(of string, power *signature.PowerOfAttorney) (facts []fact) {
	if power == nil {
		return nil
	}
	add := func(name, value string) { facts = append(facts, fact{of, name, cmp.Or(p.shown(value), unknown)}) }
	add("Номер доверенности", power.Number)
	add("Срок действия", "с "+dayOf(power.IssuedOn)+" по "+dayOf(power.ExpiresOn))
	add("Доверитель", listed(power.Principals, func(p mchd.Principal) string { return p.Name }))
	add("Представитель", listed(power.Representatives, func(p mchd.Person) string { return p.Name }))
	add("Полномочия", cmp.Or(listed(power.Powers.Codes, func(p mchd.Power) string { return p.Code + " " + p.Name }), power.Powers.Text))
	add("Отмена по реестру ФНС", stateOf(power.State))
	add("Подпись доверенности", verdictOf(power.Signature))
	if signer := power.Signature.Signer; signer != nil {
		add("Доверенность подписал", signer.String())
	}
	add("SHA-256 файла доверенности", inEights(power.SHA256))
	return append(facts, p.powerFacts(of+", первоначальная", power.Delegates)...)
}

// listed names some of many.
func listed[T any](all []T, name func(T) string) string {
	var names []string
	for i, one := range all {
		if i == maxNamed {
			names = append(names, fmt.Sprintf("и еще %d", len(all)-maxNamed))
			break
		}
		names = append(names, name(one))
	}
	return strings.Join(names, "; ")
}

// dayOf returns a day of a power of attorney, yyyy-mm-dd, for people.
func dayOf(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return unknown
	}
	return t.Format("02.01.2006")
}

func stateOf(s mchd.State) string {
	switch s {
	case mchd.Active:
		return "не отменена"
	case mchd.Revoked:
		return "отменена"
	default:
		return "не проверялась"
	}
}
