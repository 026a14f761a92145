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
			all.WriteString("/" + part.name + "=" + part.value)
		}
	}
	return all.String()
}

// Person returns a person with numbers that have the right control digits.
func Person(surname, givenName, number string) Subject {
	snils := strings.NewReplacer("-", "", " ", "").Replace(requisites.CompleteSNILS(number))
	return Subject{
		Name: surname + " " + givenName, Surname: surname, GivenName: givenName,
		SNILS: snils, INN: requisites.CompleteINN("7" + number),
	}
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
