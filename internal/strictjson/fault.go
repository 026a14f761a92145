package strictjson

import (
	"fmt"
	"strconv"
)

// Kind says what is wrong with a JSON text.
type Kind int

// The kinds of faults.
const (
	Syntax    Kind = iota + 1 // no JSON, cut short, or followed by something
	Encoding                  // bytes that are no UTF-8, or a byte order mark
	Duplicate                 // a name stands twice in an object, in the same case or another
	Unknown                   // a name that nothing is read into
	Character                 // U+0000, a lone surrogate or a noncharacter
	Number                    // a number that a double does not hold
	Depth                     // more than [MaxDepth] objects and arrays inside each other
)

var kindNames = map[Kind]string{
	Syntax: "not JSON", Encoding: "not UTF-8", Duplicate: "a doubled name", Unknown: "an unknown name",
	Character: "a character that no text has", Number: "a number out of range", Depth: "nested too deeply",
}

// String is the kind in English, for logs.
func (k Kind) String() string { return kindNames[k] }

// Fault is what is wrong and where. It never repeats a value.
type Fault struct {
	Kind Kind
	// Path leads to the member, for example text.files[0].id; empty for the whole.
	Path string
	// Offset is the byte at which it was noticed.
	Offset int
}

// Error is the fault for the log. The path is quoted: its names come from the sender.
func (f *Fault) Error() string {
	if f.Path == "" {
		return fmt.Sprintf("%s at byte %d", f.Kind, f.Offset)
	}
	return fmt.Sprintf("%s at byte %d, %s", f.Kind, f.Offset, strconv.Quote(f.Path))
}
