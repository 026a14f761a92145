// Package optional turns values into the pointers of nullable columns: nil stands for the zero value
// or for text that does not parse.
package optional

import (
	"time"

	"github.com/google/uuid"
)

// ID parses a UUID.
func ID(text string) *uuid.UUID {
	id, err := uuid.Parse(text)
	if err != nil {
		return nil
	}
	return &id
}

// Time is a moment.
func Time(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Date parses a date as [time.DateOnly].
func Date(text string) *time.Time {
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	return &date
}

// Int is a small number.
func Int(n int) *int32 {
	if n == 0 {
		return nil
	}
	small := int32(n)
	return &small
}
