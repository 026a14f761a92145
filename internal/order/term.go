package order

import (
	"fmt"
	"time"
)

// MaxTermDays is the longest term that people may give, as days or as a date: ten years.
const MaxTermDays = 3650

// CheckTerm returns the problem of a term given at a time, nil if there is none. A term is either a
// last day (Moscow), not before the day of at, or a number of days, and no longer than
// [MaxTermDays]. It checks the terms of conditions, of responses and of contracts.
func CheckTerm(date string, days int, at time.Time) *TextProblem {
	switch {
	case (date == "") == (days == 0):
		return &TextProblem{"termDate", "Укажите срок: либо дату, либо количество дней."}
	case date != "":
		return checkTermDate(date, at)
	case days < 1 || days > MaxTermDays:
		return &TextProblem{"termDays", fmt.Sprintf("Укажите количество дней от 1 до %d.", MaxTermDays)}
	}
	return nil
}

func checkTermDate(date string, at time.Time) *TextProblem {
	last, err := time.ParseInLocation(time.DateOnly, date, Moscow)
	if err != nil {
		return &TextProblem{"termDate", "Такой даты нет. Укажите день, месяц и год."}
	}
	first := midnight(at)
	latest := first.AddDate(0, 0, MaxTermDays)
	if last.Before(first) || last.After(latest) {
		return &TextProblem{"termDate", fmt.Sprintf("Укажите дату не раньше %s и не позже %s.", shortDate(first), shortDate(latest))}
	}
	return nil
}

// lastDay returns the last day of a term: its date, or the day that its days end on if they count from
// a time. It reports false if there is no such day.
func lastDay(date string, days int, from time.Time) (time.Time, bool) {
	if date == "" {
		return midnight(from).AddDate(0, 0, days), days > 0
	}
	last, err := time.ParseInLocation(time.DateOnly, date, Moscow)
	return last, err == nil
}

// daysBetween returns by how many days the midnight later is after earlier. The zone has no summer
// time.
func daysBetween(earlier, later time.Time) int { return int(later.Sub(earlier) / day) }

// midnight returns the start of the day of t in Moscow.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(Moscow).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Moscow)
}

func shortDate(t time.Time) string { return t.In(Moscow).Format("02.01.2006") }

// checkTerm applies [CheckTerm] at the time when the sender sent the term.
func (c *decision) checkTerm(date string, days int) *Refusal {
	if p := CheckTerm(date, days, c.sentAt); p != nil {
		return &Refusal{CodeBadTerm, p.Reason}
	}
	return nil
}

// earliestStatus is the earliest valid date of a status: the platform has nothing older.
var earliestStatus = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// plausibleStatusTime reports whether a status can have been sent at asOf. A status from the future
// would make every later one outdated.
func plausibleStatusTime(asOf, now time.Time) bool {
	return !asOf.Before(earliestStatus) && !asOf.After(now.Add(clockTolerance))
}

// maxReceiptAge limits how long ago a message may have been received: no outage lasts longer.
// Messages of the order's own clock may be older.
const maxReceiptAge = 30 * day

// receiptTime returns the time of receipt, but at most [maxReceiptAge] ago.
func receiptTime(m Message, now time.Time) time.Time {
	if earliest := now.Add(-maxReceiptAge); m.Actor.Role != RolePlatform && !m.ReceivedAt.IsZero() && m.ReceivedAt.Before(earliest) {
		return earliest
	}
	return m.ReceivedAt
}

// representable reports whether a time can be written in UTC in the form that every reader of the
// record expects.
func representable(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999
}
