// Package synthetic generates from a seed a country of fictitious people for demonstrations, tests
// and load: 40,000 cadastral engineers in 89 regions, the organisations that employ them, and named
// test users with fixed identities.
//
// It contains no real persons: every name is drawn from lists, every number is computed, every
// e-mail is at example.com and every phone in an invented range. It reads no external files,
// network or clock, so that the same seed gives the same world on every machine. The product never
// imports it; the simulators under dev and the tests do.
package synthetic

import (
	"strings"
	"time"

	"epkr/internal/order"
	"epkr/internal/registry"
)

// Gender is as in the ЕСИА.
type Gender string

// The two values of Gender.
const (
	Male   Gender = "M"
	Female Gender = "F"
)

// Person is a person as in the ЕСИА.
type Person struct {
	OID           string // ЕСИА identifier, decimal digits
	SNILS         string // "123-456-789 00", valid checksum, unique
	LastName      string
	FirstName     string
	MiddleName    string    // patronymic; "" for a few
	BirthDate     time.Time // midnight UTC
	Gender        Gender
	INN           string // 12 digits, valid checksum
	Email         string // …@example.com
	Phone         string // "+7 900 000-12-34"
	Passport      Passport
	Address       string       // one line, Russian
	Trusted       bool         // confirmed ЕСИА account
	Organisations []Membership // organisations for which he may act
}

// FullName is «Фамилия Имя Отчество».
func (p Person) FullName() string {
	return strings.TrimSpace(p.LastName + " " + p.FirstName + " " + p.MiddleName)
}

// Passport is a passport of a citizen of the Russian Federation.
type Passport struct {
	Series    string    // 4 digits
	Number    string    // 6 digits
	IssueDate time.Time // midnight UTC
	IssueID   string    // code of the issuing department, "770-001"
	IssuedBy  string
}

// Membership allows a person to act for an organisation in the ЕСИА.
type Membership struct {
	OrganisationOID string
	Chief           bool // its head
}

// Types of organisations in the ЕСИА.
const (
	TypeLegal    = "LEGAL"    // ЮЛ
	TypeBusiness = "BUSINESS" // ИП
)

// Organisation is a ЮЛ, or the business of an ИП, as in the ЕСИА.
type Organisation struct {
	OID        string // decimal digits
	FullName   string // «Общество с ограниченной ответственностью "…"»
	ShortName  string // «ООО "…"»
	OGRN       string // valid checksum: 13 digits, or the 15 of an ОГРНИП
	INN        string // valid checksum: 10 digits, or the 12 of an entrepreneur
	KPP        string // 9 digits, "" for an entrepreneur
	Type       string // TypeLegal or TypeBusiness
	Address    string // one line, Russian
	RegionCode string // two-digit code of the subject
	IsEmployer bool   // employs cadastral engineers
}

// Form is how an engineer is employed.
type Form string

// The two values of Form.
const (
	Entrepreneur Form = "entrepreneur" // ИП
	Employee     Form = "employee"     // on the staff of a ЮЛ
)

// Engineer is a cadastral engineer: the person, his row in the registry and his profile.
type Engineer struct {
	Person          Person
	Row             registry.Row
	Regions         []string // 1–5 two-digit subject codes, the first is where he lives
	ReceivesOrders  bool     // the switch in tab «Основное»
	ProfileComplete bool     // all mandatory fields are filled
	Blocked         bool     // by the moderator
	Newcomer        bool     // has never signed in: only the registry knows him
	Form            Form
	EmployerOGRN    string // employees only
	OGRNIP          string // entrepreneurs only, 15 digits, valid checksum
}

// TestUser is a named person of the demonstration. His identity does not depend on the seed.
type TestUser struct {
	Role  order.Role
	Name  string // «Фамилия Имя Отчество»
	SNILS string // "123-456-789 00"
	Login string // his login at the ЕСИА simulator, one of the Login constants
	What  string // one Russian sentence: who he is and what he demonstrates
}

// Logins of the test users.
const (
	LoginCustomer             = "customer"            // ФЛ, Иванова Мария Петровна
	LoginSecondCustomer       = "customer2"           // ФЛ
	LoginCustomerEntrepreneur = "customer-ip"         // ИП
	LoginCustomerHead         = "customer-org"        // head of a customer ЮЛ, also ФЛ
	LoginCustomerEmployee     = "customer-org2"       // ordinary employee of the same ЮЛ, whom its head may admit
	LoginEngineerMoscow       = "engineer-moscow"     // ИП, Москва and Московская область
	LoginEngineerTatarstan    = "engineer-tatarstan"  // ИП, Татарстан
	LoginEmployeeFirst        = "engineer-employee"   // employee, employer has two or more active engineers
	LoginEmployeeSecond       = "engineer-employee2"  // employee of the same employer
	LoginEmployeeOnly         = "engineer-only"       // the only active engineer of his employer
	LoginEngineerOff          = "engineer-off"        // switch off
	LoginEngineerIncomplete   = "engineer-incomplete" // profile incomplete
	LoginEngineerBlocked      = "engineer-blocked"    // blocked by the moderator
	LoginEngineerExcluded     = "engineer-excluded"   // not active in the registry
	LoginEngineerNew          = "engineer-new"        // has never signed in
	LoginCustomerNew          = "customer-new"        // ФЛ, has never signed in
	LoginEmployerHead         = "employer"            // head of the employer of LoginEmployeeFirst
	LoginOnlyEmployerHead     = "employer-only"       // head of the employer of LoginEmployeeOnly
	LoginModerator            = "moderator"
	LoginUnconfirmed          = "unconfirmed" // ЕСИА account not confirmed
)
