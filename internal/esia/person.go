package esia

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// Person is somebody as ЕСИА knows him. Numbers are as ЕСИА gives them, never judged by checksum.
type Person struct {
	// OID is the identifier in ЕСИА, decimal digits; it never changes.
	OID                             string
	LastName, FirstName, MiddleName string
	// BirthDate is midnight UTC, zero when the scope was not granted.
	BirthDate time.Time
	// Gender is M or F.
	Gender string
	// SNILS is 11 digits without separators, so that it compares with the registry; "" when not granted.
	SNILS string
	INN   string
	// Citizenship is a three-letter code: RUS.
	Citizenship string
	// Email and Phone are the verified ones; "" when there is none.
	Email, Phone string
	// Passport is the verified passport of a citizen; nil when there is none.
	Passport *Passport
	// Address is the registered place of living in one line, or where he lives when that is all there is.
	Address string
}

// Passport is a passport of a citizen of the Russian Federation that ЕСИА verified.
type Passport struct {
	Series, Number string
	// IssueDate is midnight UTC, zero when ЕСИА's text is no date.
	IssueDate time.Time
	// IssueID is the code of the department, as ЕСИА gives it.
	IssueID  string
	IssuedBy string
}

type rawPerson struct {
	FirstName    string     `json:"firstName"`
	LastName     string     `json:"lastName"`
	MiddleName   string     `json:"middleName"`
	BirthDate    string     `json:"birthDate"`
	Gender       string     `json:"gender"`
	SNILS        string     `json:"snils"`
	INN          string     `json:"inn"`
	Citizenship  string     `json:"citizenship"`
	Trusted      bool       `json:"trusted"`
	Status       string     `json:"status"`
	MainDocument number     `json:"rIdDoc"`
	Contacts     collection `json:"contacts"`
	Documents    collection `json:"documents"`
	Addresses    collection `json:"addresses"`
}

// collection is embedded elements, or the addresses to read them from.
type collection struct {
	Elements []json.RawMessage `json:"elements"`
}

// verified is what ЕСИА marks data with that it checked at the source.
const verified = "VERIFIED"

// Person reads the token's person with his contacts, documents and addresses. It refuses an unconfirmed account (CodeUnconfirmed) and one that is
// closed (CodeInactive), so that neither enters the platform whatever ЕСИА was set to let through.
func (c *Client) Person(ctx context.Context, token Token) (Person, error) {
	path := personPath(token)
	var raw rawPerson
	if err := c.get(ctx, token, path+"?embed=(contacts.elements,documents.elements,addresses.elements)", &raw); err != nil {
		return Person{}, err
	}
	if raw.Status != "REGISTERED" {
		return Person{}, failure(CodeInactive, "the account is not registered")
	}
	if !raw.Trusted {
		return Person{}, failure(CodeUnconfirmed, "the account is not trusted")
	}
	contacts, err := elements[rawContact](ctx, c, token, raw.Contacts)
	if err != nil {
		return Person{}, err
	}
	documents, err := elements[rawDocument](ctx, c, token, raw.Documents)
	if err != nil {
		return Person{}, err
	}
	addresses, err := elements[rawAddress](ctx, c, token, raw.Addresses)
	if err != nil {
		return Person{}, err
	}
	return Person{
		OID:         token.Subject,
		LastName:    raw.LastName,
		FirstName:   raw.FirstName,
		MiddleName:  raw.MiddleName,
		BirthDate:   date(raw.BirthDate),
		Gender:      raw.Gender,
		SNILS:       digits(raw.SNILS),
		INN:         raw.INN,
		Citizenship: raw.Citizenship,
		Email:       contact(contacts, "EML"),
		Phone:       contact(contacts, "MBT"),
		Passport:    passport(documents, raw.MainDocument),
		Address:     address(addresses),
	}, nil
}

func personPath(token Token) string { return "/rs/prns/" + url.PathEscape(token.Subject) }

// elements gives the members of a collection, reading those that came as addresses.
func elements[T any](ctx context.Context, c *Client, token Token, from collection) ([]T, error) {
	result := make([]T, len(from.Elements))
	for i, element := range from.Elements {
		var address string
		if json.Unmarshal(element, &address) != nil {
			if json.Unmarshal(element, &result[i]) != nil {
				return nil, failure(CodeAnswerInvalid, "a collection of ЕСИА holds an unexpected element")
			}
			continue
		}
		path, err := c.localPath(address)
		if err != nil {
			return nil, err
		}
		if err := c.get(ctx, token, path, &result[i]); err != nil {
			return nil, err
		}
	}
	return result, nil
}

type rawContact struct {
	Type   string `json:"type"`
	Status string `json:"vrfStu"`
	Value  string `json:"value"`
}

func contact(all []rawContact, kind string) string {
	for _, one := range all {
		if one.Type == kind && one.Status == verified {
			return one.Value
		}
	}
	return ""
}

type rawDocument struct {
	ID        number `json:"id"`
	Type      string `json:"type"`
	Status    string `json:"vrfStu"`
	Series    string `json:"series"`
	Number    string `json:"number"`
	IssueDate string `json:"issueDate"`
	IssueID   string `json:"issueId"`
	IssuedBy  string `json:"issuedBy"`
}

// passport prefers the document that ЕСИА calls the main one.
func passport(all []rawDocument, main number) *Passport {
	var found *Passport
	for _, one := range all {
		if one.Type != "RF_PASSPORT" || one.Status != verified {
			continue
		}
		if found == nil || (main != "" && one.ID == main) {
			found = &Passport{Series: one.Series, Number: one.Number, IssueDate: date(one.IssueDate), IssueID: one.IssueID, IssuedBy: one.IssuedBy}
		}
	}
	return found
}

type rawAddress struct {
	Type      string `json:"type"`
	ZIP       string `json:"zipCode"`
	Text      string `json:"addressStr"`
	House     string `json:"house"`
	Frame     string `json:"frame"`
	Building  string `json:"building"`
	Apartment string `json:"flat"`
}

// address prefers the registered place of living (PLV is where he lives, PRG where he is registered).
func address(all []rawAddress) string {
	text := ""
	for _, one := range all {
		if one.Type == "PRG" || (one.Type == "PLV" && text == "") {
			text = one.line()
		}
	}
	return text
}

// line writes an address in one line: ЕСИА keeps the house and the flat apart from the street.
func (a rawAddress) line() string {
	parts := []string{a.ZIP, a.Text}
	for _, part := range []struct{ prefix, value string }{{"д. ", a.House}, {"корп. ", a.Frame}, {"стр. ", a.Building}, {"кв. ", a.Apartment}} {
		if part.value != "" {
			parts = append(parts, part.prefix+part.value)
		}
	}
	return strings.Trim(strings.Join(parts, ", "), ", ")
}

// date reads ЕСИА's dd.mm.yyyy; anything else gives the zero time.
func date(text string) time.Time {
	parsed, err := time.Parse("02.01.2006", text)
	if err != nil {
		return time.Time{}
	}
	return parsed
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
