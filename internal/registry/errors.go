package registry

import "fmt"

// Code names a fault of a snapshot for programs: stable.
type Code string

// Codes of Error.
const (
	CodeUnreadable  Code = "unreadable"    // the source failed, or the bytes are not gzip or are cut short
	CodeFormat      Code = "format"        // not a snapshot of a known version
	CodeManifest    Code = "manifest"      // the manifest is not valid
	CodeMismatch    Code = "mismatch"      // the data are not those that the manifest describes
	CodeTooLarge    Code = "too_large"     // more bytes or rows than the limits allow
	CodeLineTooLong Code = "line_too_long" // one line exceeds its limit
	CodeUTF8        Code = "utf8"          // a line is not UTF-8
	CodeRow         Code = "row"           // a row is not valid
	CodeDuplicate   Code = "duplicate"     // a registry number or СНИЛС occurs twice
	CodeIncomplete  Code = "incomplete"    // fewer or more rows than announced
)

// Error says why a snapshot cannot be used. One fault condemns the whole snapshot: a row that is skipped would look like an engineer
// who left the registry. Message carries no personal data, only the line and the name of the field.
type Error struct {
	Code    Code
	Line    int    // line of the decompressed file, from 1; 0 where no line is to blame
	Message string // a Russian sentence for the operator
	Err     error  // the cause, may be nil
}

// Error is the Russian sentence with its line.
func (e *Error) Error() string {
	s := "Снимок реестра: " + e.Message
	if e.Line > 0 {
		s += fmt.Sprintf(" (строка %d)", e.Line)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }
