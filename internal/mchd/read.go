package mchd

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"epkr/internal/humantext"
)

var (
	// ErrTooLarge means that a file exceeds a limit of this package.
	ErrTooLarge = errors.New("mchd: the power of attorney is too large")
	// ErrNotPowerOfAttorney means that a file is no XML of a power of attorney.
	ErrNotPowerOfAttorney = errors.New("mchd: not a power of attorney")
	// ErrFormat002 means that it is of the format before 003, which is no longer issued.
	ErrFormat002 = errors.New("mchd: a power of attorney of the format 002")
	// ErrFormat means that it is of an unknown format.
	ErrFormat = errors.New("mchd: a power of attorney of an unknown format")
	// ErrIncomplete means that a field that the format demands is missing, or that it is malformed.
	ErrIncomplete = errors.New("mchd: the power of attorney is incomplete")
	// ErrPrincipalKind means that the principal is of a kind whose authority is not judged: a foreign
	// organisation, a branch, one whose head is another organisation, or one with several heads that
	// act together.
	ErrPrincipalKind = errors.New("mchd: the kind of the principal is not accepted")
	// ErrRepresentativeKind means that no representative is a person.
	ErrRepresentativeKind = errors.New("mchd: the representative is not a person")
)

const (
	namespace = "urn://x-artefacts/EMCHD_1"
	version   = "EMCHD_1"
)

// Read reads a power of attorney in XML, in UTF-8 or windows-1251. The errors are those with which
// this file begins.
func Read(file []byte) (*PowerOfAttorney, error) {
	var x xmlFile
	if err := unmarshal(file, &x); err != nil {
		return nil, err
	}
	switch {
	case x.XMLName.Local != "Доверенность":
		return nil, fmt.Errorf("%w: its root is %.40q", ErrNotPowerOfAttorney, x.XMLName.Local)
	case x.Version == "002" || strings.HasPrefix(x.ID, "ON_DOVBB_"):
		return nil, ErrFormat002
	case x.Version != version || x.XMLName.Space != namespace:
		return nil, fmt.Errorf("%w: %.40q", ErrFormat, x.Version)
	case x.Direct == nil == (x.Delegated == nil):
		return nil, fmt.Errorf("%w: it is neither given nor delegated", ErrIncomplete)
	case x.Direct != nil:
		return x.Direct.read()
	default:
		return x.Delegated.read()
	}
}

func (x *xmlDirect) read() (*PowerOfAttorney, error) {
	p := &PowerOfAttorney{}
	for _, given := range x.Principals {
		principal, err := given.read()
		if err != nil {
			return nil, err
		}
		p.Principals = append(p.Principals, principal)
	}
	return p, p.complete(x.About, x.Representatives, x.Powers)
}

func (x *xmlDelegated) read() (*PowerOfAttorney, error) {
	p := &PowerOfAttorney{Parent: normal(x.Original.Number)}
	if x.Previous != nil {
		p.Parent = normal(x.Previous.Number)
	}
	if !uuid.MatchString(p.Parent) {
		return nil, fmt.Errorf("%w: the number of the delegated one is %.40q", ErrIncomplete, p.Parent)
	}
	for _, given := range x.Principals {
		principal, err := given.read()
		if err != nil {
			return nil, err
		}
		p.Principals = append(p.Principals, principal)
	}
	return p, p.complete(x.About, x.Representatives, x.Powers)
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// complete reads what both forms have.
func (p *PowerOfAttorney) complete(about xmlAbout, representatives []xmlRepresentative, powers xmlPowers) error {
	p.Number, p.InternalNumber = normal(about.Number), humantext.Line(about.InternalNumber)
	p.IssuedOn, p.ExpiresOn = about.IssuedOn, about.ExpiresOn
	p.RegistryAddress = humantext.Line(about.Registry)
	p.Delegable = about.Delegation == "2" || about.Delegation == "3"
	if !uuid.MatchString(p.Number) {
		return fmt.Errorf("%w: its number is %.40q", ErrIncomplete, p.Number)
	}
	for _, date := range []string{p.IssuedOn, p.ExpiresOn} {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return fmt.Errorf("%w: a date is %.40q", ErrIncomplete, date)
		}
	}
	if len(p.Principals) == 0 {
		return fmt.Errorf("%w: it has no principal", ErrIncomplete)
	}
	for _, one := range representatives {
		if person := one.read(); person.SNILS != "" || person.INN != "" {
			p.Representatives = append(p.Representatives, person)
		}
	}
	if len(p.Representatives) == 0 {
		return ErrRepresentativeKind
	}
	p.Powers = powers.read()
	if p.Powers.Text == "" && len(p.Powers.Codes) == 0 {
		return fmt.Errorf("%w: it has no powers", ErrIncomplete)
	}
	return nil
}

func (x xmlPrincipal) read() (p Principal, err error) {
	switch given := x.Given; {
	case given.Organisation != nil:
		return given.Organisation.read()
	case given.Entrepreneur != nil:
		return given.Entrepreneur.principal()
	case given.Person != nil:
		return given.Person.principal()
	default:
		return p, fmt.Errorf("%w: it is neither organisation, entrepreneur nor person", ErrPrincipalKind)
	}
}

func (x xmlDelegator) read() (Principal, error) {
	switch {
	case x.Given.Entrepreneur != nil:
		return x.Given.Entrepreneur.principal()
	case x.Given.Person != nil:
		return x.Given.Person.principal()
	default:
		return Principal{}, fmt.Errorf("%w: an organisation or a branch delegates", ErrPrincipalKind)
	}
}

func (x xmlOrganisation) read() (Principal, error) {
	p := Principal{Kind: Organisation, Name: humantext.Line(x.About.Name), INN: digits(x.About.INN), OGRN: digits(x.About.OGRN)}
	if len(x.Heads) != 1 || x.Heads[0].Together == "2" || len(x.Heads[0].People) != 1 {
		return p, fmt.Errorf("%w: its head is not one person", ErrPrincipalKind)
	}
	p.Signer = x.Heads[0].People[0].read()
	if p.INN == "" && p.OGRN == "" {
		return p, fmt.Errorf("%w: the organisation has no ИНН and no ОГРН", ErrIncomplete)
	}
	return p, p.Signer.identified()
}

func (x xmlEntrepreneur) principal() (Principal, error) {
	p := Principal{Kind: Entrepreneur, INN: digits(x.INN), OGRN: digits(x.OGRNIP), Signer: x.read()}
	if p.Name = humantext.Line(x.Name); p.Name == "" {
		p.Name = p.Signer.Name
	}
	return p, p.Signer.identified()
}

func (x xmlPerson) principal() (Principal, error) {
	p := Principal{Kind: NaturalPerson, INN: digits(x.INN), Signer: x.read()}
	p.Name = p.Signer.Name
	return p, p.Signer.identified()
}

// identified checks that a person can be told from others.
func (p Person) identified() error {
	if p.SNILS == "" && p.INN == "" {
		return fmt.Errorf("%w: who signs it has no СНИЛС and no ИНН", ErrIncomplete)
	}
	return nil
}

// read returns the person that a representative is; an empty one if he is none.
func (x xmlRepresentative) read() Person {
	switch {
	case x.Given.Person != nil:
		return x.Given.Person.read()
	case x.Given.Entrepreneur != nil:
		return x.Given.Entrepreneur.read()
	default:
		return Person{}
	}
}

func (x xmlPerson) read() Person {
	name := humantext.Line(x.About.Name.Surname + " " + x.About.Name.Name + " " + x.About.Name.Patronymic)
	return Person{Name: name, SNILS: digits(x.SNILS), INN: digits(x.INN), Position: humantext.Line(x.Position)}
}

func (x xmlPowers) read() Powers {
	p := Powers{Text: humantext.Text(x.Text)}
	for _, one := range x.Codes {
		power := Power{Code: strings.TrimSpace(one.Code), Name: humantext.Line(one.Name)}
		for _, limit := range one.Limits {
			value := humantext.Line(limit.ValueName + " " + limit.Code + " " + limit.Text)
			power.Limits = append(power.Limits, humantext.Line(limit.Name)+": "+value)
		}
		p.Codes = append(p.Codes, power)
	}
	return p
}

// normal returns a number of the registry in small letters.
func normal(number string) string { return strings.ToLower(strings.TrimSpace(number)) }

// digits returns the digits of a number that may be written with punctuation.
func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}
