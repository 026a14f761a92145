package registry

import "fmt"

// Code identifies a fault of a snapshot for programs. Codes are stable.
type Code string

// Codes of Error.
const (
	CodeUnreadable  Code = "unreadable"    // the source failed, or the data are not gzip or truncated
	CodeFormat      Code = "format"        // not a snapshot of a supported version
	CodeManifest    Code = "manifest"      // the manifest is not valid
	CodeMismatch    Code = "mismatch"      // the data are not those that the manifest describes
	CodeTooLarge    Code = "too_large"     // more bytes or rows than the limits allow
	CodeLineTooLong Code = "line_too_long" // one line exceeds its limit
	CodeUTF8        Code = "utf8"          // a line is not UTF-8
	CodeRow         Code = "row"           // a row is not valid
	CodeDuplicate   Code = "duplicate"     // a registry number or СНИЛС occurs twice
	CodeIncomplete  Code = "incomplete"    // fewer or more rows than announced
)

// Error is the reason why a snapshot cannot be used. One fault makes the whole snapshot unusable,
// because a skipped row would look like an engineer who left the registry. Message contains no
// personal data, only the line and the name of the field.
type Error struct {
	Code    Code
	Line    int    // line of the decompressed file, from 1; 0 if the fault is not in a line
	Message string // a Russian sentence for the operator
	Err     error  // the cause, may be nil
}

// Error returns the Russian sentence with the line number.
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

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
