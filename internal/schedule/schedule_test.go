package schedule

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, order.Moscow)
	if err != nil {
		panic(err)
	}
	return t
}

func TestNextAndLast(t *testing.T) {
	for _, c := range []struct{ text, now, last, next string }{
		{"0 3 * * *", "2026-03-01 02:59", "2026-02-28 03:00", "2026-03-01 03:00"},
		{"0 3 * * *", "2026-03-01 03:00", "2026-03-01 03:00", "2026-03-02 03:00"},
		{"*/15 * * * *", "2026-03-01 03:14", "2026-03-01 03:00", "2026-03-01 03:15"},
		{"30 4 * * 1", "2026-03-04 12:00", "2026-03-02 04:30", "2026-03-09 04:30"},
		{"0 0 29 2 *", "2026-03-01 00:00", "2024-02-29 00:00", "2028-02-29 00:00"},
	} {
		s, err := Parse(c.text, order.Moscow)
		require.NoError(t, err, c.text)
		require.True(t, at(c.last).Equal(s.Last(at(c.now))), "%s: last is %s", c.text, s.Last(at(c.now)))
		require.True(t, at(c.next).Equal(s.Next(at(c.now))), "%s: next is %s", c.text, s.Next(at(c.now)))
	}
}

func TestWrongScheduleIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "3", "0 3 * *", "0 3 * * * *", "60 3 * * *", "0 24 * * *", "0 3 * * 8", "@daily", "TZ=UTC 0 3 * * *", "0 3 1 * 1", "0 3 30 2 *",
	} {
		_, err := Parse(text, order.Moscow)
		require.Error(t, err, text)
	}
}

func TestLongestPauseOfAYear(t *testing.T) {
	for text, longer := range map[string]bool{
		"0 3 * * *": false, "*/5 * * * *": false, "30 3,15 * * *": false,
		"0 3 * * 1-5": true, "0 3 */2 * *": true, "0 3 1-30 * *": true, "0 3 * 1-6 *": true, "0 0 1 1 *": true, "0 3 29 2 *": true,
	} {
		s, err := Parse(text, order.Moscow)
		require.NoError(t, err)
		require.Equal(t, longer, s.PausesLongerThan(26*time.Hour), text)
	}
}
