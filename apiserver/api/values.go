package api

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// dayStart is the beginning of a Moscow day, nil for no date; after says how many days later.
func dayStart(date string, after int) *time.Time {
	day, err := time.ParseInLocation(time.DateOnly, date, order.Moscow)
	if err != nil {
		return nil
	}
	day = day.AddDate(0, 0, after).UTC()
	return &day
}

// listed is never nil: to the database that would be no list at all.
func listed(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}

// optional is the address of an id, nil for the empty one.
func optional(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func fullName(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// firstID is the first id that is set.
func firstID(ids ...uuid.UUID) uuid.UUID {
	for _, id := range ids {
		if id != uuid.Nil {
			return id
		}
	}
	return uuid.Nil
}
