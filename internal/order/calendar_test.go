package order_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func TestWorkingDays(t *testing.T) {
	acceptance.Covers(t, "S-34")
	for date, want := range map[string]bool{
		"2026-03-13": true, "2026-03-14": false, "2026-03-15": false, "2026-03-16": true,
		"2026-01-01": false, "2026-01-08": false, "2026-01-09": true,
		"2026-02-23": false, "2027-03-08": false, "2026-05-01": false, "2028-05-09": false, "2026-06-12": false, "2026-11-04": false,
		"2026-06-11": true, "2026-11-03": true, "2026-12-31": true,
	} {
		noon, err := time.ParseInLocation("2006-01-02 15", date+" 12", order.Moscow)
		require.NoError(t, err)
		require.Equal(t, want, order.WorkingDay(noon), date)
	}
	// 22:00 UTC on a Sunday is Monday in Moscow.
	require.True(t, order.WorkingDay(time.Date(2026, 3, 15, 22, 0, 0, 0, time.UTC)))
	require.False(t, order.WorkingDay(time.Date(2026, 3, 13, 22, 0, 0, 0, time.UTC)))
}

func TestAddWorkingByHand(t *testing.T) {
	acceptance.Covers(t, "S-34")
	at := func(month time.Month, d, h int) time.Time { return time.Date(2026, month, d, h, 0, 0, 0, order.Moscow) }
	for _, row := range []struct {
		name string
		from time.Time
		add  time.Duration
		want time.Time
	}{
		{"в пределах дня", at(3, 16, 9), 5 * time.Hour, at(3, 16, 14)},
		{"через выходные", at(3, 13, 12), day, at(3, 16, 12)},
		{"из выходного", at(3, 14, 12), day, at(3, 17, 0)},
		{"неделя", at(3, 16, 12), 5 * day, at(3, 23, 12)},
		{"через майские праздники", at(4, 30, 12), day, at(5, 4, 12)},
		{"через новогодние праздники", time.Date(2025, 12, 31, 12, 0, 0, 0, order.Moscow), day, at(1, 9, 12)},
		{"ровно до конца пятницы", at(3, 13, 0), day, at(3, 16, 0)},
		{"ноль в рабочий день", at(3, 16, 9), 0, at(3, 16, 9)},
		{"ноль в выходной", at(3, 14, 9), 0, at(3, 16, 0)},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.want.String(), order.AddWorking(row.from, row.add).In(order.Moscow).String())
		})
	}
}

func TestWorkingTimeIsTheInverseOfAdding(t *testing.T) {
	acceptance.Covers(t, "S-16")
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		from := start.Add(time.Duration(r.Int64N(int64(3 * 365 * day)))).Truncate(time.Millisecond)
		add := time.Duration(r.Int64N(int64(40 * day))).Truncate(time.Millisecond)
		to := order.AddWorking(from, add)
		require.True(t, order.WorkingDay(to))
		require.Equal(t, add, order.WorkingBetween(from, to), "from %s", from)

		// Freezing at any time between and resuming at the same time changes nothing.
		middle := from.Add(time.Duration(r.Int64N(int64(to.Sub(from)) + 1)))
		left := order.WorkingBetween(middle, to)
		require.Equal(t, add, order.WorkingBetween(from, middle)+left)
		require.True(t, to.Equal(order.AddWorking(middle, left)), "from %s frozen at %s", from, middle)
	}
	require.Zero(t, order.WorkingBetween(start.Add(day), start), "never negative")
}
