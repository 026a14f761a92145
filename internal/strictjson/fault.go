package strictjson

import (
	"fmt"
	"strconv"
)

// Kind is the kind of a fault in a JSON text.
type Kind int

// The kinds of faults.
const (
	Syntax    Kind = iota + 1 // not JSON, truncated, or followed by other text
	Encoding                  // bytes that are not UTF-8, or a byte order mark
	Duplicate                 // a name that occurs twice in an object, in the same case or another
	Unknown                   // a name without a field
	Character                 // U+0000, a lone surrogate or a noncharacter
	Number                    // a number that a double cannot represent
	Depth                     // more than [MaxDepth] nested objects and arrays
)

var kindNames = map[Kind]string{
	Syntax: "not JSON", Encoding: "not UTF-8", Duplicate: "a doubled name", Unknown: "an unknown name",
	Character: "a character that no text has", Number: "a number out of range", Depth: "nested too deeply",
}

// String returns the kind in English, for logs.
func (k Kind) String() string { return kindNames[k] }

// Fault is a fault and its place. It never contains a value.
type Fault struct {
	Kind Kind
	// Path is the path of the member, for example text.files[0].id; empty for the whole text.
	Path string
	// Offset is the byte offset at which the fault was found.
	Offset int
}

// Error returns the text for the log. The path is quoted, because its names come from the sender.
func (f *Fault) Error() string {
	if f.Path == "" {
		return fmt.Sprintf("%s at byte %d", f.Kind, f.Offset)
	}
	return fmt.Sprintf("%s at byte %d, %s", f.Kind, f.Offset, strconv.Quote(f.Path))
}
