package pdfa

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Report is the result of a check. Its JSON is stored: a field may be added, none may be renamed.
type Report struct {
	// Part is the part of ISO 19005 that the file claims, 1 to 4; 0 if it claims none of them.
	Part int `json:"part,omitempty"`
	// Conformance is the level that it claims: A, B or U, of part 4 E or F; "" if it claims none.
	Conformance string `json:"conformance,omitempty"`
	// Faults are what is wrong, each kind of fault once, in the order in which they were found.
	Faults []Fault `json:"faults,omitempty"`
	// Checked and NotChecked tell a person what was checked and what was not, in Russian.
	Checked    []string `json:"checked"`
	NotChecked []string `json:"notChecked"`
}

// Fault is a kind of fault of a file.
type Fault struct {
	Code Code `json:"code"`
	// Message is a Russian text: what is wrong, where, and what to do.
	Message string `json:"message"`
}

// Accepted reports whether no fault was found.
func (r Report) Accepted() bool { return len(r.Faults) == 0 }

// Standard returns what the file claims to be, such as «PDF/A-2b»; "" if it claims nothing.
func (r Report) Standard() string {
	if r.Part == 0 {
		return ""
	}
	return "PDF/A-" + strconv.Itoa(r.Part) + strings.ToLower(r.Conformance)
}

const (
	// maxPlaces is how many places of a fault are told.
	maxPlaces = 5
	// maxPlace is the length of a place in characters.
	maxPlace = 60
)

// places are where a fault is: those that are told, and one more if there are more.
type places []string

// add adds a place, "" for the whole file.
func (p *places) add(place string) {
	if place != "" && len(*p) <= maxPlaces && !slices.Contains(*p, place) {
		*p = append(*p, place)
	}
}

// String returns the places in brackets; "" if there are none.
func (p places) String() string {
	if len(p) == 0 {
		return ""
	}
	more := ""
	if len(p) > maxPlaces {
		p, more = p[:maxPlaces], " и другие"
	}
	return " (" + strings.Join(p, ", ") + more + ")"
}

// findings collects faults and where they are.
type findings struct {
	codes  []Code
	places map[Code]*places
}

// add adds a fault at a place, "" for the whole file.
func (f *findings) add(code Code, place string) {
	if f.places == nil {
		f.places = map[Code]*places{}
	}
	if f.places[code] == nil {
		f.codes = append(f.codes, code)
		f.places[code] = &places{}
	}
	f.places[code].add(place)
}

// faults returns the faults with their messages. standard is what the file claims to be.
func (f *findings) faults(standard string) []Fault {
	var all []Fault
	for _, code := range f.codes {
		s := sentences[code]
		problem := strings.ReplaceAll(s.problem, "{PDF/A}", standard)
		message := problem + f.places[code].String() + ". " + s.advice
		all = append(all, Fault{code, message})
	}
	return all
}

// quoted returns a name of the file for a person: only letters that can be shown, and not too many.
func quoted(name string) string {
	shown := strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if runes := []rune(shown); len(runes) > maxPlace {
		shown = string(runes[:maxPlace-1]) + "…"
	}
	return fmt.Sprintf("«%s»", shown)
}
