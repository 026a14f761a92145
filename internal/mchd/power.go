package mchd

import "cmp"

// PowerOfAttorney is what a power of attorney says. Dates have the form yyyy-mm-dd.
type PowerOfAttorney struct {
	// Number is that of the registry, a UUID in small letters.
	Number         string `json:"number"`
	InternalNumber string `json:"internal_number,omitempty"`
	IssuedOn       string `json:"issued_on"`
	// ExpiresOn is the last day of its term.
	ExpiresOn string `json:"expires_on"`
	// RegistryAddress is where its author says that its state is told. It is never asked.
	RegistryAddress string `json:"registry_address,omitempty"`
	// Principals gave authority; of a delegated power of attorney, whose authority it delegates is said
	// by its parent.
	Principals      []Principal `json:"principals"`
	Representatives []Person    `json:"representatives"`
	Powers          Powers      `json:"powers"`
	// Delegable means that the representatives may delegate the authority.
	Delegable bool `json:"delegable"`
	// Parent is the number of the power of attorney whose authority this one delegates (передоверие);
	// empty if it delegates none.
	Parent string `json:"parent,omitempty"`
}

// PrincipalKind is what a principal is.
type PrincipalKind string

// The kinds of principals.
const (
	Organisation  PrincipalKind = "organisation"
	Entrepreneur  PrincipalKind = "entrepreneur"
	NaturalPerson PrincipalKind = "person"
)

// Principal gave authority.
type Principal struct {
	Kind PrincipalKind `json:"kind"`
	Name string        `json:"name"`
	// INN has 10 digits of an organisation, else 12; OGRN 13 digits, or the 15 of an entrepreneur.
	INN  string `json:"inn,omitempty"`
	OGRN string `json:"ogrn,omitempty"`
	// Signer is who signs for the principal: the head of an organisation, or himself.
	Signer Person `json:"signer"`
}

// Person is a natural person. SNILS has 11 digits, INN 12; one of them may be empty.
type Person struct {
	Name     string `json:"name"`
	SNILS    string `json:"snils,omitempty"`
	INN      string `json:"inn,omitempty"`
	Position string `json:"position,omitempty"`
}

// Powers are what the representatives may do: in words, or by codes of the classifier.
type Powers struct {
	Text  string  `json:"text,omitempty"`
	Codes []Power `json:"codes,omitempty"`
}

// Names returns what the representatives may do, to be read: the names of the codes, else the words.
func (p Powers) Names() []string {
	if len(p.Codes) == 0 && p.Text != "" {
		return []string{p.Text}
	}
	names := make([]string, len(p.Codes))
	for i, one := range p.Codes {
		names[i] = cmp.Or(one.Name, one.Code)
	}
	return names
}

// Power is an entry of the classifier of powers.
type Power struct {
	Code string `json:"code"`
	Name string `json:"name"`
	// Limits restrict it, as «name: value».
	Limits []string `json:"limits,omitempty"`
}

// same reports whether a person has these numbers: those that both have are equal, and there is one.
func (p Person) same(snils, inn string) bool {
	equal := p.SNILS != "" && p.SNILS == snils || p.INN != "" && p.INN == inn
	return equal && !differ(p.SNILS, snils) && !differ(p.INN, inn)
}

// differ reports whether two numbers are known and differ.
func differ(a, b string) bool { return a != "" && b != "" && a != b }
