// Package wire contains types and conversions shared by the answers and parameters of several
// features.
package wire

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// DayStart returns the beginning of a Moscow day in UTC, moved by after days; nil for no date.
func DayStart(date string, after int) *time.Time {
	day, err := time.ParseInLocation(time.DateOnly, date, order.Moscow)
	if err != nil {
		return nil
	}
	day = day.AddDate(0, 0, after).UTC()
	return &day
}

// NonNil returns an empty slice for nil, which the database would receive as null instead of an
// empty list.
func NonNil(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}

// Optional returns a pointer to an id; nil for the zero id.
func Optional(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// FullName joins the non-empty parts of a name.
func FullName(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// FirstID returns the first id that is not zero.
func FirstID(ids ...uuid.UUID) uuid.UUID {
	for _, id := range ids {
		if id != uuid.Nil {
			return id
		}
	}
	return uuid.Nil
}
