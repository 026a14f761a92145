// Package registry defines the snapshot of АИС «Реестр СРО»: its rows (one cadastral engineer
// each), its date and completeness, and its reader and writer.
//
// The package never fetches or stores anything and does not decide what a change of the registry
// means for an order. Its inputs are bytes that a caller obtained elsewhere and that it treats as
// hostile (docs/registry-snapshot.md describes the format and its limits).
package registry

import (
	"errors"
	"time"
)

// Status is the state of an engineer's membership in the registry.
type Status string

// The states of an engineer in the registry. Only StatusActive allows him to work, see
// [Row.Active].
const (
	StatusActive    Status = "active"    // a member of an СРО, nothing suspended
	StatusExcluded  Status = "excluded"  // left or was excluded from his СРО
	StatusSuspended Status = "suspended" // a member whose right to work is suspended
	StatusDeceased  Status = "deceased"
)

// Valid reports whether s is one of the four states of the format.
func (s Status) Valid() bool {
	switch s {
	case StatusActive, StatusExcluded, StatusSuspended, StatusDeceased:
		return true
	}
	return false
}

// Label returns the state in Russian, for the screen.
func (s Status) Label() string {
	switch s {
	case StatusActive:
		return "Действующий член СРО"
	case StatusExcluded:
		return "Исключён из СРО"
	case StatusSuspended:
		return "Членство приостановлено"
	case StatusDeceased:
		return "Запись прекращена в связи со смертью"
	}
	return "Статус не определён"
}

// Row is one engineer in a snapshot. Dates have neither time nor zone. RegistryNumber and SNILS are
// unique in a snapshot.
type Row struct {
	RegistryNumber   string         `json:"registry_number"` // уникальный регистрационный номер члена СРО
	SNILS            string         `json:"snils"`           // "123-456-789 00"
	LastName         string         `json:"last_name"`
	FirstName        string         `json:"first_name"`
	MiddleName       string         `json:"middle_name,omitempty"`     // absent for persons without a patronymic
	AttestatNumber   string         `json:"attestat_number,omitempty"` // issued until 2016-07-01, so new engineers have none
	AttestatDate     Date           `json:"attestat_date,omitzero"`
	AttestatAnnulled Date           `json:"attestat_annulled,omitzero"` // zero: not annulled
	SROName          string         `json:"sro_name"`
	SRONumber        string         `json:"sro_number"`               // number of the СРО in the state register
	SROIn            Date           `json:"sro_in"`                   // date of entry
	SROOut           Date           `json:"sro_out,omitzero"`         // zero: still a member
	SROOutReason     string         `json:"sro_out_reason,omitempty"` // ground of leaving
	Status           Status         `json:"status"`
	Disciplinary     []Disciplinary `json:"disciplinary,omitempty"` // oldest first
	Results          []Result       `json:"results,omitempty"`      // oldest first
}

// Active reports whether the registry allows the engineer to work: his membership is active and his
// attestat is not annulled.
func (r Row) Active() bool { return r.Status == StatusActive && r.AttestatAnnulled.IsZero() }

// Disciplinary is one disciplinary measure (дисциплинарное взыскание).
type Disciplinary struct {
	Date   Date   `json:"date"`
	Kind   string `json:"kind"`           // in Russian, as the СРО wrote it
	Ground string `json:"ground"`         // in Russian
	Until  Date   `json:"until,omitzero"` // zero: unlimited, or a measure without a term
}

// Result is the professional activity of a period (результаты профессиональной деятельности).
// Counts are of documents filed with the state cadastre in that period.
type Result struct {
	Period      string `json:"period"`      // "2025" or "2025-Q3"
	Filed       int    `json:"filed"`       // filed for accounting
	Refusals    int    `json:"refusals"`    // refused
	Suspensions int    `json:"suspensions"` // suspended
}

// Date is a calendar day in the form "2006-01-02". Its zero value is "no date" and its text is "".
type Date struct{ t time.Time }

// NewDate returns the date of that year, month and day.
func NewDate(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

var errDate = errors.New("дата не в виде 2006-01-02 или вне 1900–2199 годов")

// ParseDate parses "2006-01-02"; the empty string is the zero Date. The error does not contain s,
// which may be anything.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || !inRange(t) {
		return Date{}, errDate
	}
	return Date{t}, nil
}

func inRange(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 2199 }

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.t.IsZero() }

// Time returns midnight UTC of that day; the zero time for no date.
func (d Date) Time() time.Time { return d.t }

// String returns "2006-01-02", or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// MarshalText returns the text of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses like ParseDate and ignores spaces around the date.
func (d *Date) UnmarshalText(b []byte) error {
	parsed, err := ParseDate(normalizeText(string(b)))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Manifest describes a snapshot: its date and what is needed to check its completeness. It is a
// small JSON file beside the data files.
type Manifest struct {
	Format string    `json:"format"` // FormatVersion
	AsOf   time.Time `json:"as_of"`  // the moment the registry was read, UTC
	Rows   int       `json:"rows"`   // engineers in the snapshot
	Files  []File    `json:"files"`  // the same rows in each encoding
}

// File is one data file of a snapshot.
type File struct {
	Name     string   `json:"name"`     // "engineers.csv.gz"
	Encoding Encoding `json:"encoding"` // how the rows are written
	Bytes    int64    `json:"bytes"`    // compressed size
	SHA256   string   `json:"sha256"`   // lower-case hex of the compressed bytes
}

// Encoding is how the rows of a data file are written.
type Encoding string

// The two encodings of a data file, both gzip-compressed UTF-8.
const (
	CSV   Encoding = "csv"
	JSONL Encoding = "jsonl"
)

// FormatVersion is the only version of the format that this package writes and reads.
const FormatVersion = "epkr-registry-1"
