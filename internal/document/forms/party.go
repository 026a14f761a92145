package forms

import (
	"slices"
	"strings"

	"epkr/internal/document/template"
	"epkr/internal/order"
	"epkr/internal/requisites"
)

// PartyKind is what a party is in law.
type PartyKind = order.CustomerKind

// The kinds of parties. A performer is a sole proprietor or the organisation that employs the
// engineer (articles 32 and 33 of 221-ФЗ).
const (
	Person       = order.NaturalPerson
	Organisation = order.OrganisationKind
	Entrepreneur = order.SoleProprietor
)

// Party is a side of a document. Empty fields are absent; which ones a document needs depends on the
// kind.
type Party struct {
	Kind PartyKind
	// Name is the full name of an organisation, or surname, name and patronymic.
	Name string
	// SNILS or IdentityDocument identify a person; the document is written in full, for example
	// «паспорт 4509 123456, выдан 01.02.2015 …».
	SNILS, IdentityDocument string
	// OGRN is the ОГРНИП of a sole proprietor.
	INN, KPP, OGRN        string
	Address, Email, Phone string
	Bank                  Bank
	// Representative acts for the party; empty if it acts itself. An organisation needs one.
	Representative Representative
	// Basis is what the party acts by: устав, доверенность, приказ, лист записи ЕГРИП.
	Basis string
}

// Bank is a settlement account and the bank that holds it.
type Bank struct{ Name, BIC, Account, CorrespondentAccount string }

// Representative is a person who acts for a party.
type Representative struct{ Name, Position string }

// Engineer is the cadastral engineer who does the works.
type Engineer struct {
	Name, SNILS    string
	RegistryNumber string // the unique number in the registry of members of an СРО
	Association    string // the СРО
}

func isPerson(p Party) bool       { return p.Kind == Person }
func isOrganisation(p Party) bool { return p.Kind == Organisation }
func isEntrepreneur(p Party) bool { return p.Kind == Entrepreneur }
func isBusiness(p Party) bool     { return p.Kind != Person }

// signer is the person who signs for the party, below his position.
func (p Party) signer() string {
	if p.Representative.Name == "" {
		return p.Name
	}
	return strings.TrimSpace(p.Representative.Position + "\n" + p.Representative.Name)
}

// customerFields are those of a customer: only name and address are always there.
var customerFields = []field[Party]{
	{"имя", "Name", "Имя или наименование", template.Required, nil, func(p Party) string { return p.Name }},
	{"адрес", "Address", "Адрес", template.Required, nil, func(p Party) string { return p.Address }},
	{
		"снилс", "SNILS", "СНИЛС", template.Optional,
		func(p Party) bool { return isPerson(p) && p.IdentityDocument == "" }, func(p Party) string { return p.SNILS },
	},
	{"документ", "IdentityDocument", "Документ, удостоверяющий личность", template.Optional, nil, func(p Party) string { return p.IdentityDocument }},
	{"инн", "INN", "ИНН", template.Optional, isBusiness, func(p Party) string { return p.INN }},
	{"кпп", "KPP", "КПП", template.Optional, isOrganisation, func(p Party) string { return p.KPP }},
	{"огрн", "OGRN", "ОГРН (ОГРНИП)", template.Optional, isBusiness, func(p Party) string { return p.OGRN }},
	{"телефон", "Phone", "Телефон", template.Optional, nil, func(p Party) string { return requisites.PhoneLabel(p.Phone) }},
	{"почта", "Email", "Электронная почта", template.Optional, nil, func(p Party) string { return p.Email }},
	{"банк", "Bank.Name", "Банк", template.Optional, isBusiness, func(p Party) string { return p.Bank.Name }},
	{"бик", "Bank.BIC", "БИК", template.With("банк"), hasBank, func(p Party) string { return p.Bank.BIC }},
	{"счет", "Bank.Account", "Расчетный счет", template.With("банк"), hasBank, func(p Party) string { return p.Bank.Account }},
	{"корсчет", "Bank.CorrespondentAccount", "Корреспондентский счет", template.Optional, nil, func(p Party) string { return p.Bank.CorrespondentAccount }},
	{"представитель", "Representative.Name", "ФИО представителя", template.Optional, isOrganisation, func(p Party) string { return p.Representative.Name }},
	{"представитель.должность", "Representative.Position", "Должность представителя", template.Optional, nil, func(p Party) string { return p.Representative.Position }},
	{
		"основание", "Basis", "Основание полномочий", template.With("представитель"),
		func(p Party) bool { return p.Representative.Name != "" }, func(p Party) string { return p.Basis },
	},
	{"подписант", "Representative.Name", "Подписант", template.Required, nil, Party.signer},
}

// performerFields are the same; a performer has most of them, whatever he is.
var performerFields = withPresence(customerFields, template.Required, "инн", "огрн", "телефон", "почта", "банк", "бик", "счет", "основание")

func withPresence(fields []field[Party], presence template.Presence, names ...string) []field[Party] {
	changed := append([]field[Party]{}, fields...)
	for i := range changed {
		for _, name := range names {
			if changed[i].name == name {
				changed[i].presence = presence
			}
		}
	}
	return changed
}

// pick returns the fields with these names.
func pick(fields []field[Party], names ...string) []field[Party] {
	return slices.DeleteFunc(slices.Clone(fields), func(f field[Party]) bool { return !slices.Contains(names, f.name) })
}

func hasBank(p Party) bool { return p.Bank.Name != "" }

// partyFields returns the fields of both parties and of the engineer of a document.
func partyFields[T any](parties func(T) Parties) []field[T] {
	fields := of(func(t T) Party { return parties(t).Customer }, "заказчик.", "Customer.", labelled("Заказчик", customerFields))
	fields = append(fields, of(func(t T) Party { return parties(t).Performer }, "исполнитель.", "Performer.", labelled("Исполнитель", performerFields))...)
	return fields
}

func labelled(party string, fields []field[Party]) []field[Party] {
	out := append([]field[Party]{}, fields...)
	for i := range out {
		out[i].label = party + ", " + out[i].label
	}
	return out
}

var engineerFields = []field[Engineer]{
	{"имя", "Name", "Кадастровый инженер, ФИО", template.Required, nil, func(e Engineer) string { return e.Name }},
	{"снилс", "SNILS", "Кадастровый инженер, СНИЛС", template.Required, nil, func(e Engineer) string { return e.SNILS }},
	{"реестровый-номер", "RegistryNumber", "Кадастровый инженер, реестровый номер", template.Required, nil, func(e Engineer) string { return e.RegistryNumber }},
	{"сро", "Association", "Кадастровый инженер, СРО", template.Required, nil, func(e Engineer) string { return e.Association }},
}

// Parties are the two sides of a document.
type Parties struct{ Customer, Performer Party }

// partyFlags are the flags by which a text tells the kinds of parties.
var partyFlags = []string{
	"заказчик.гражданин", "заказчик.организация", "заказчик.предприниматель", "исполнитель.организация", "исполнитель.предприниматель",
}

func (p Parties) flags() map[string]bool {
	return map[string]bool{
		"заказчик.гражданин":          isPerson(p.Customer),
		"заказчик.организация":        isOrganisation(p.Customer),
		"заказчик.предприниматель":    isEntrepreneur(p.Customer),
		"исполнитель.организация":     isOrganisation(p.Performer),
		"исполнитель.предприниматель": isEntrepreneur(p.Performer),
	}
}

func (p Parties) check() error {
	if !isPerson(p.Customer) && !isOrganisation(p.Customer) && !isEntrepreneur(p.Customer) {
		return fault("Customer.Kind", "Заказчик: неизвестный вид лица.")
	}
	if !isOrganisation(p.Performer) && !isEntrepreneur(p.Performer) {
		return fault("Performer.Kind", "Исполнитель: договор заключает индивидуальный предприниматель или организация, в которой работает кадастровый инженер.")
	}
	return nil
}
