// Package schedule parses cron schedules and returns the next and the last scheduled time.
//
// It never starts anything: Temporal does, from the same text. Its inputs are five cron fields and
// a time zone.
package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule is a parsed cron schedule.
type Schedule struct {
	text  string
	zone  *time.Location
	times cron.Schedule
}

var parser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

var (
	errZone = errors.New("the time zone is set apart from the schedule")
	// cron matches a day if either field does, Temporal if both do.
	errBoth  = errors.New("day of month and day of week cannot both be set")
	errNever = errors.New("no such moment in five years")
)

// Parse parses minute, hour, day of month, month and day of week ("0 3 * * *" is daily at 03:00) in
// that zone. It refuses what cron and Temporal interpret differently, and schedules without any
// time.
func Parse(text string, zone *time.Location) (Schedule, error) {
	if strings.Contains(text, "=") {
		return Schedule{}, errZone
	}
	times, err := parser.Parse(text)
	if err != nil {
		return Schedule{}, fmt.Errorf("reading the schedule: %w", err)
	}
	if fields := strings.Fields(text); fields[2] != "*" && fields[4] != "*" {
		return Schedule{}, errBoth
	}
	s := Schedule{text: text, zone: zone, times: times}
	if s.Next(time.Unix(0, 0)).IsZero() {
		return Schedule{}, errNever
	}
	return s, nil
}

// String returns the text that was parsed.
func (s Schedule) String() string { return s.text }

// Zone returns the time zone of the fields.
func (s Schedule) Zone() *time.Location { return s.zone }

// Next returns the first scheduled time after t, in UTC.
func (s Schedule) Next(t time.Time) time.Time {
	next := s.times.Next(t.In(s.zone))
	if next.IsZero() {
		return next
	}
	return next.UTC()
}

// PausesLongerThan reports whether the pause between two scheduled times exceeds longest; it checks
// one leap year.
func (s Schedule) PausesLongerThan(longest time.Duration) bool {
	begin := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC) // a leap year
	end := begin.AddDate(1, 0, 0)
	for at := s.Next(begin); at.Before(end); {
		next := s.Next(at)
		if next.IsZero() || next.Sub(at) > longest {
			return true
		}
		at = next
	}
	return false
}

// Last returns the last scheduled time not after t, in UTC; the zero time if there was none in five
// years.
func (s Schedule) Last(t time.Time) time.Time {
	for _, back := range []time.Duration{time.Hour, 25 * time.Hour, 32 * 24 * time.Hour, 5 * 366 * 24 * time.Hour} {
		var last time.Time
		for at := s.Next(t.Add(-back)); !at.IsZero() && !at.After(t); at = s.Next(at) {
			last = at
		}
		if !last.IsZero() {
			return last
		}
	}
	return time.Time{}
}
