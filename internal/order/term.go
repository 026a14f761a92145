package order

import (
	"fmt"
	"time"
)

// MaxTermDays is the longest term that anybody may give, in days and as a date: ten years.
const MaxTermDays = 3650

// CheckTerm says what is wrong with a term given at a moment: it is either a last day (Moscow) from that day on, or a number of days, and
// no longer than [MaxTermDays]. Every term that people give is held against it: of conditions, of a response, of a contract.
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

// midnight begins the day of t in Moscow.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(Moscow).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Moscow)
}

func shortDate(t time.Time) string { return t.In(Moscow).Format("02.01.2006") }

// term holds a term against [CheckTerm] as of the moment when its sender gave it.
func (c *decision) term(date string, days int) *Refusal {
	if p := CheckTerm(date, days, c.given); p != nil {
		return &Refusal{CodeBadTerm, p.Reason}
	}
	return nil
}

// earliestStatement bounds the dates of statements on engineers: nothing that the platform deals with is older.
var earliestStatement = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// saneStatement says whether a statement on an engineer can have been made when it says: one from the future would make every later one
// old news.
func saneStatement(asOf, now time.Time) bool {
	return !asOf.Before(earliestStatement) && !asOf.After(now.Add(clockTolerance))
}

// oldestReceipt bounds how long ago a message may have been received: no outage lasts longer. Only the order's own clock may be later.
const oldestReceipt = 30 * day

// receipt is when the message was received, within what can be.
func receipt(m Message, now time.Time) time.Time {
	if earliest := now.Add(-oldestReceipt); m.Actor.Role != RolePlatform && !m.ReceivedAt.IsZero() && m.ReceivedAt.Before(earliest) {
		return earliest
	}
	return m.ReceivedAt
}

// representable says whether a time can be written in UTC as every reader of the record expects it.
func representable(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999
}
