package order

import "time"

// Moscow is the time zone in which the platform counts days and schedules its nightly syncs,
// whichever zones the machine knows.
var Moscow = time.FixedZone("MSK", 3*60*60)

const day = 24 * time.Hour

// holidays are the non-working days of article 112 of the Labour Code, on the same dates every
// year. Days off that the Government moves each year are not known in advance and are not counted.
var holidays = map[[2]int]bool{
	{1, 1}: true, {1, 2}: true, {1, 3}: true, {1, 4}: true, {1, 5}: true, {1, 6}: true, {1, 7}: true, {1, 8}: true,
	{2, 23}: true, {3, 8}: true, {5, 1}: true, {5, 9}: true, {6, 12}: true, {11, 4}: true,
}

// WorkingDay reports whether the day of t in Moscow is a working day.
func WorkingDay(t time.Time) bool {
	t = t.In(Moscow)
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return false
	}
	return !holidays[[2]int{int(t.Month()), t.Day()}]
}

func nextMidnight(t time.Time) time.Time {
	y, m, d := t.In(Moscow).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, Moscow)
}

// maxWorkingTime limits the days that are counted one by one: no working term is longer.
const maxWorkingTime = 2 * MaxTermDays * day

// AddWorking adds working time to t: a working day has 24 hours, other days have none. It adds at
// most [maxWorkingTime].
func AddWorking(t time.Time, left time.Duration) time.Time {
	left = min(left, maxWorkingTime)
	for {
		midnight := nextMidnight(t)
		if WorkingDay(t) {
			span := midnight.Sub(t)
			if left < span {
				return t.Add(left)
			}
			left -= span
		}
		t = midnight
	}
}

// WorkingBetween returns the working time between two times, at most [maxWorkingTime]. It is the
// inverse of [AddWorking].
func WorkingBetween(from, to time.Time) time.Duration {
	var sum time.Duration
	for from.Before(to) && sum < maxWorkingTime {
		end := nextMidnight(from)
		if end.After(to) {
			end = to
		}
		if WorkingDay(from) {
			sum += end.Sub(from)
		}
		from = end
	}
	return sum
}
