package template

import "epkr/internal/document"

// Presence says when a value is there: always, perhaps, or [With] another one.
type Presence string

// An optional value may stand only inside a condition on it.
const (
	Required Presence = "always"
	Optional Presence = "perhaps"
)

// With is the presence of a value that is there whenever a flag or an optional value is: it may stand
// inside a condition on that name.
func With(name string) Presence { return Presence(name) }

// leader returns the name that the presence depends on; empty if it is none.
func (p Presence) leader() string {
	if p == Required || p == Optional {
		return ""
	}
	return string(p)
}

// Schema lists the names that a text may use.
type Schema struct {
	Values map[string]Presence
	Flags  []string
	// Tables has the columns of each table. An optional column may be empty in a row.
	Tables map[string]map[string]Presence
	Codes  map[string]Presence
}

// Values are what a document is made of. A value is plain text; a line feed in it breaks the line.
type Values struct {
	Text   map[string]string
	Flags  map[string]bool
	Tables map[string][]map[string]string
	Codes  map[string]document.Modules
}

// isPresent reports whether a flag is set, or an optional value or code is there.
func (v Values) isPresent(name string) bool {
	return v.Flags[name] || v.Text[name] != "" || v.Codes[name] != nil
}
