package forms

import (
	"strconv"
	"time"

	"epkr/internal/humantext"
)

var months = [...]string{
	"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
}

// date returns the date of t in its own location as «1 декабря 2026 г.»; empty for the zero time.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.Itoa(t.Day()) + " " + months[t.Month()-1] + " " + strconv.Itoa(t.Year()) + " г."
}

// workingDays returns a term in the genitive: «1 рабочего дня», «5 рабочих дней»; empty for 0.
func workingDays(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + " " + humantext.Plural(int64(n), "рабочего дня", "рабочих дней", "рабочих дней")
}
