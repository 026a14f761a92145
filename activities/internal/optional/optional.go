// Package optional converts values to the pointers of nullable columns. A zero value or a text that
// does not parse becomes nil.
package optional

import (
	"time"

	"github.com/google/uuid"
)

// ID returns the parsed UUID.
func ID(text string) *uuid.UUID {
	id, err := uuid.Parse(text)
	if err != nil {
		return nil
	}
	return &id
}

// Time returns a pointer to t.
func Time(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Date returns the date parsed as [time.DateOnly].
func Date(text string) *time.Time {
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	return &date
}

// Int returns a pointer to n as an int32.
func Int(n int) *int32 {
	if n == 0 {
		return nil
	}
	small := int32(n)
	return &small
}
