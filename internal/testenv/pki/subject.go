package pki

import (
	"strings"

	"epkr/internal/requisites"
)

// Subject is whom a certificate names (Приказ ФСБ № 795). What is empty is not in it.
type Subject struct {
	Name                   string // the common name
	Surname, GivenName     string
	SNILS, INN             string // 11 and 12 digits
	Position, Organisation string
	OrganisationINN        string // 10 digits
	OGRN, OGRNIP           string
}

// String returns the subject as the option -subj of OpenSSL.
func (s Subject) String() string {
	var all strings.Builder
	for _, part := range []struct{ name, value string }{
		{"CN", s.Name},
		{"SN", s.Surname},
		{"GN", s.GivenName},
		{"title", s.Position},
		{"O", s.Organisation},
		{"1.2.643.100.1", s.OGRN},
		{"1.2.643.100.5", s.OGRNIP},
		{"1.2.643.100.3", s.SNILS},
		{"1.2.643.3.131.1.1", s.INN},
		{"1.2.643.100.4", s.OrganisationINN},
	} {
		if part.value != "" {
			all.WriteString("/" + part.name + "=" + escaped.Replace(part.value))
		}
	}
	return all.String()
}

// escaped protects what separates the parts of a subject for OpenSSL.
var escaped = strings.NewReplacer(`\`, `\\`, "/", `\/`, "+", `\+`)

// Named returns a person by his full name and his numbers, which may have punctuation.
func Named(name, snils, inn string) Subject {
	surname, given, _ := strings.Cut(name, " ")
	return Subject{Name: name, Surname: surname, GivenName: given, SNILS: digits.Replace(snils), INN: digits.Replace(inn)}
}

// digits removes the punctuation of numbers.
var digits = strings.NewReplacer("-", "", " ", "")

// Person returns a person with numbers that have the right control digits.
func Person(surname, givenName, number string) Subject {
	return Named(surname+" "+givenName, requisites.CompleteSNILS(number), requisites.CompleteINN("7"+number))
}

// Entrepreneur returns a person as an entrepreneur.
func (s Subject) Entrepreneur() Subject {
	s.OGRNIP = requisites.CompleteOGRN("32077" + s.INN[:9])
	return s
}

// HeadOf returns a person as the head of an organisation.
func (s Subject) HeadOf(organisation Subject) Subject {
	organisation.Surname, organisation.GivenName, organisation.Position = s.Surname, s.GivenName, "Директор"
	organisation.SNILS, organisation.INN = s.SNILS, s.INN
	return organisation
}

// Organisation returns an organisation, whose certificate names no person.
func Organisation(name, number string) Subject {
	return Subject{
		Name: name, Organisation: name,
		OrganisationINN: requisites.CompleteINN(number), OGRN: requisites.CompleteOGRN("1027" + number[:8]),
	}
}
