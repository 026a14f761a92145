package trust

import (
	"crypto/x509"
	"strings"
)

// Holder is whom a certificate names. What it does not name is empty.
type Holder struct {
	// Name is the person's: surname, name and patronymic; of an impersonal certificate, its name.
	Name         string
	Position     string
	Organisation string
	// SNILS has 11 digits, INN 12.
	SNILS, INN string
	// OrganisationINN has 10 digits, OGRN 13, OGRNIP 15.
	OrganisationINN, OGRN, OGRNIP string
}

// The attributes of names (Приказ ФСБ № 795 for those of 1.2.643).
const (
	oidCommonName      = "2.5.4.3"
	oidSurname         = "2.5.4.4"
	oidOrganisation    = "2.5.4.10"
	oidTitle           = "2.5.4.12"
	oidGivenName       = "2.5.4.42"
	oidOGRN            = "1.2.643.100.1"
	oidSNILS           = "1.2.643.100.3"
	oidOrganisationINN = "1.2.643.100.4"
	oidOGRNIP          = "1.2.643.100.5"
	oidINN             = "1.2.643.3.131.1.1"
)

// HolderOf returns whom a certificate names. Certificates of organisations before 2022 have their ИНН
// in the place of a person's, with two zeros before it.
func HolderOf(c *x509.Certificate) Holder {
	values := map[string]string{}
	for _, name := range c.Subject.Names {
		if value, isText := name.Value.(string); isText && values[name.Type.String()] == "" {
			values[name.Type.String()] = strings.TrimSpace(value)
		}
	}
	h := Holder{
		Name:     strings.TrimSpace(values[oidSurname] + " " + values[oidGivenName]),
		Position: values[oidTitle], Organisation: values[oidOrganisation],
		SNILS: values[oidSNILS], INN: values[oidINN], OrganisationINN: values[oidOrganisationINN],
		OGRN: values[oidOGRN], OGRNIP: values[oidOGRNIP],
	}
	if h.Name == "" {
		h.Name = values[oidCommonName]
	}
	if organisation, old := strings.CutPrefix(h.INN, "00"); old && len(organisation) == 10 {
		h.INN = ""
		if h.OrganisationINN == "" {
			h.OrganisationINN = organisation
		}
	}
	return h
}
