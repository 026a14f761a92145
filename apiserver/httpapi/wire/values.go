// Package wire is what the answers and the parameters of several features share.
package wire

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// DayStart is the beginning of a Moscow day, nil for no date; after says how many days later.
func DayStart(date string, after int) *time.Time {
	day, err := time.ParseInLocation(time.DateOnly, date, order.Moscow)
	if err != nil {
		return nil
	}
	day = day.AddDate(0, 0, after).UTC()
	return &day
}

// Listed is never nil: to the database that would be no list at all.
func Listed(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}

// Optional is the address of an id, nil for the empty one.
func Optional(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// FullName joins the parts of a name that are there.
func FullName(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// FirstID is the first id that is set.
func FirstID(ids ...uuid.UUID) uuid.UUID {
	for _, id := range ids {
		if id != uuid.Nil {
			return id
		}
	}
	return uuid.Nil
}
