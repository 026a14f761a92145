package registry

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
)

func TestMassLossNeedsApproval(t *testing.T) {
	acceptance.Covers(t, "S-18")
	region := func(lost, active int) []GroupLoss {
		return []GroupLoss{{Region: true, Name: "77", Active: active, Lost: lost}}
	}
	for _, c := range []struct {
		name    string
		loss    Loss
		reasons int
	}{
		{"никто", Loss{Active: 10_000}, 0},
		{"ровно 5 %", Loss{Active: 10_000, Lost: 500}, 0},
		{"больше 5 %", Loss{Active: 10_000, Lost: 501}, 1},
		{"ровно тысяча", Loss{Active: 40_000, Lost: 1000}, 0},
		{"больше тысячи", Loss{Active: 40_000, Lost: 1001}, 1},
		{"больше 5 % и тысячи", Loss{Active: 10_000, Lost: 6000}, 2},
		{"ровно 20 % региона", Loss{Active: 10_000, Lost: 10, Groups: region(10, 50)}, 0},
		{"больше 20 % региона", Loss{Active: 10_000, Lost: 11, Groups: region(11, 50)}, 1},
		{"малый регион", Loss{Active: 10_000, Lost: 49, Groups: region(49, 49)}, 0},
		{"больше 20 % СРО", Loss{Active: 10_000, Lost: 30, Groups: []GroupLoss{{Name: "СРО", Active: 100, Lost: 30}}}, 1},
		{"пустой снимок", Loss{Active: 3, Lost: 3}, 1},
		{"пустая платформа", Loss{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Len(t, DefaultLossLimit().Exceeded(c.loss), c.reasons)
		})
	}
}

func TestEveryAlarmHasAText(t *testing.T) {
	for _, a := range Alarms() {
		require.NotEmpty(t, a.Text(), a)
	}
	require.Len(t, alarmTexts, len(Alarms()))
}

func TestAnnulledAttestatIsNotActive(t *testing.T) {
	acceptance.Covers(t, "R-SUSP-1")
	row := Row{Status: StatusActive}
	require.True(t, row.Active())
	row.AttestatAnnulled = NewDate(2026, 1, 15)
	require.False(t, row.Active())
}
