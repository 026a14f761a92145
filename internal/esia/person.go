package esia

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"epkr/internal/humantext"
	"epkr/internal/strictjson"
)

// Person holds ЕСИА's data of a person. Numbers are unchanged from ЕСИА; their checksums are not
// checked.
type Person struct {
	// OID is the identifier in ЕСИА, decimal digits; it never changes.
	OID                             string
	LastName, FirstName, MiddleName string
	// BirthDate is midnight UTC, zero when the scope was not granted.
	BirthDate time.Time
	// Gender is M or F.
	Gender string
	// SNILS is 11 digits without separators, comparable with the registry; "" if the scope was not
	// granted.
	SNILS string
	INN   string
	// Citizenship is a three-letter code: RUS.
	Citizenship string
	// Email and Phone are verified; "" if there is no verified one.
	Email, Phone string
	// Passport is the verified passport of a citizen; nil if there is none.
	Passport *Passport
	// Address is the registered address in one line, or the address of residence if there is no
	// registered one.
	Address string
}

// Passport is a passport of a citizen of the Russian Federation that ЕСИА verified.
type Passport struct {
	Series, Number string
	// IssueDate is midnight UTC; zero if ЕСИА's text is not a date.
	IssueDate time.Time
	// IssueID is the code of the issuing department, unchanged from ЕСИА.
	IssueID  string
	IssuedBy string
}

type rawPerson struct {
	FirstName    text       `json:"firstName"`
	LastName     text       `json:"lastName"`
	MiddleName   text       `json:"middleName"`
	BirthDate    text       `json:"birthDate"`
	Gender       text       `json:"gender"`
	SNILS        text       `json:"snils"`
	INN          text       `json:"inn"`
	Citizenship  text       `json:"citizenship"`
	Trusted      flag       `json:"trusted"`
	Status       text       `json:"status"`
	MainDocument text       `json:"rIdDoc"`
	Contacts     collection `json:"contacts"`
	Documents    collection `json:"documents"`
	Addresses    collection `json:"addresses"`
}

// statusVerified marks data that ЕСИА checked at the source.
const statusVerified = "VERIFIED"

// Person reads the token's person with his contacts, documents and addresses. It refuses an
// unconfirmed account (CodeUnconfirmed), a closed account (CodeInactive) and a person without a
// name, whatever ЕСИА is configured to allow.
func (c *Client) Person(ctx context.Context, token Token) (Person, error) {
	path := personPath(token)
	var raw rawPerson
	if err := c.get(ctx, token, path+"?embed=(contacts.elements,documents.elements,addresses.elements)", &raw); err != nil {
		return Person{}, err
	}
	if err := checkAccount(raw, token); err != nil {
		return Person{}, err
	}
	last, first := raw.LastName.line(), raw.FirstName.line()
	if !humantext.Filled(last) || !humantext.Filled(first) {
		return Person{}, failure(CodeAnswerInvalid, "the person has no surname or no first name")
	}
	contacts, err := readElements[rawContact](ctx, c, token, raw.Contacts)
	if err != nil {
		return Person{}, err
	}
	documents, err := readElements[rawDocument](ctx, c, token, raw.Documents)
	if err != nil {
		return Person{}, err
	}
	addresses, err := readElements[rawAddress](ctx, c, token, raw.Addresses)
	if err != nil {
		return Person{}, err
	}
	return Person{
		OID:         token.Subject,
		LastName:    last,
		FirstName:   first,
		MiddleName:  raw.MiddleName.line(),
		BirthDate:   parseDate(raw.BirthDate),
		Gender:      string(raw.Gender),
		SNILS:       digits(raw.SNILS.padded(11)),
		INN:         raw.INN.padded(12),
		Citizenship: string(raw.Citizenship),
		Email:       contact(contacts, "EML"),
		Phone:       contact(contacts, "MBT"),
		Passport:    passport(documents, raw.MainDocument),
		Address:     address(addresses),
	}, nil
}

// checkAccount refuses a closed or unconfirmed account. A missing status does not mean closed; the
// confirmation must be stated here or in the identity token.
func checkAccount(raw rawPerson, token Token) error {
	if raw.Status != "" && !strings.EqualFold(string(raw.Status), "REGISTERED") {
		return failure(CodeInactive, "the account is not registered")
	}
	trusted := raw.Trusted
	if trusted == unknown {
		trusted = token.trusted
	}
	switch trusted {
	case yes:
		return nil
	case no:
		return failure(CodeUnconfirmed, "the account is not trusted")
	}
	return failure(CodeConfirmationUnknown, "the answer does not say whether the account is trusted")
}

func personPath(token Token) string { return "/rs/prns/" + url.PathEscape(token.Subject) }

// readElements returns the elements of a collection and fetches those given as URLs. It skips
// values that are not elements.
func readElements[T any](ctx context.Context, c *Client, token Token, from collection) ([]T, error) {
	result := make([]T, 0, len(from.Elements))
	for _, element := range from.Elements {
		one, err := readElement[T](ctx, c, token, element)
		if errors.Is(err, errNoElement) {
			continue
		}
		if err != nil {
			return nil, err
		}
		result = append(result, one)
	}
	return result, nil
}

var errNoElement = errors.New("no element")

// readElement decodes one element or fetches it from its URL. It returns errNoElement for null and
// for values of other kinds.
func readElement[T any](ctx context.Context, c *Client, token Token, element json.RawMessage) (one T, err error) {
	if element = bytes.TrimSpace(element); len(element) == 0 || (element[0] != '{' && element[0] != '"') {
		return one, errNoElement
	}
	if element[0] == '{' {
		if strictjson.UnmarshalKnown(element, &one) != nil {
			return one, failure(CodeAnswerInvalid, "a collection of ЕСИА holds an unexpected element")
		}
		return one, nil
	}
	var address string
	if strictjson.UnmarshalKnown(element, &address) != nil {
		return one, errNoElement
	}
	path, err := c.localPath(address)
	if err != nil {
		return one, err
	}
	return one, c.get(ctx, token, path, &one)
}

type rawContact struct {
	Type   text `json:"type"`
	Status text `json:"vrfStu"`
	Value  text `json:"value"`
}

func contact(all []rawContact, kind text) string {
	for _, one := range all {
		if one.Type == kind && one.Status == statusVerified {
			return string(one.Value)
		}
	}
	return ""
}

type rawDocument struct {
	ID        text `json:"id"`
	Type      text `json:"type"`
	Status    text `json:"vrfStu"`
	Series    text `json:"series"`
	Number    text `json:"number"`
	IssueDate text `json:"issueDate"`
	IssueID   text `json:"issueId"`
	IssuedBy  text `json:"issuedBy"`
}

// passport returns a verified passport, preferably the document that ЕСИА marks as the main one.
func passport(all []rawDocument, main text) *Passport {
	var found *Passport
	for _, one := range all {
		if one.Type != "RF_PASSPORT" || one.Status != statusVerified {
			continue
		}
		if found == nil || (main != "" && one.ID == main) {
			found = &Passport{
				Series: one.Series.padded(4), Number: one.Number.padded(6), IssueDate: parseDate(one.IssueDate), IssueID: one.IssueID.line(), IssuedBy: one.IssuedBy.line(),
			}
		}
	}
	return found
}

type rawAddress struct {
	Type      text `json:"type"`
	ZIP       text `json:"zipCode"`
	Text      text `json:"addressStr"`
	House     text `json:"house"`
	Frame     text `json:"frame"`
	Building  text `json:"building"`
	Apartment text `json:"flat"`
}

// address returns the registered address (PRG) or, if there is none, the address of residence
// (PLV).
func address(all []rawAddress) string {
	line := ""
	for _, one := range all {
		if one.Type == "PRG" || (one.Type == "PLV" && line == "") {
			line = one.line()
		}
	}
	return line
}

// line returns the address in one line: ЕСИА stores the house and the flat apart from the street.
func (a rawAddress) line() string {
	parts := []string{a.ZIP.line(), a.Text.line()}
	for _, part := range []struct {
		prefix string
		value  text
	}{{"д. ", a.House}, {"корп. ", a.Frame}, {"стр. ", a.Building}, {"кв. ", a.Apartment}} {
		if value := part.value.line(); value != "" {
			parts = append(parts, part.prefix+value)
		}
	}
	return strings.Trim(strings.Join(parts, ", "), ", ")
}
