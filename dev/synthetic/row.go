package synthetic

import (
	"math/rand/v2"
	"strconv"
	"time"

	"epkr/internal/registry"
)

// sroCount is the number of self-regulatory organisations.
const sroCount = 40

var (
	sroKinds = []string{"Ассоциация", "Союз", "Саморегулируемая организация"}
	sroNames = []string{
		"Кадастровые инженеры", "Гильдия кадастровых инженеров", "Кадастр и межевание", "Межевое дело", "Профессиональный кадастр",
		"Содружество землемеров", "Единый кадастр", "Кадастровое партнёрство",
	}
	sroParts = []string{"Центр", "Волга", "Урал", "Сибирь", "Юг"}
)

func sroName(i int) string {
	return sroKinds[i%len(sroKinds)] + " «" + sroNames[i%len(sroNames)] + " — " + sroParts[i/len(sroNames)] + "»"
}

// drawRow returns the registry's entry of an active engineer; registry numbers follow the serial
// numbers.
func drawRow(rnd *rand.Rand, serial int, p Person, region string) registry.Row {
	sro := rnd.IntN(sroCount)
	row := registry.Row{
		RegistryNumber: pad(serial+1, 5),
		SNILS:          p.SNILS,
		LastName:       p.LastName,
		FirstName:      p.FirstName,
		MiddleName:     p.MiddleName,
		SROName:        sroName(sro),
		SRONumber:      pad(sro+1, 3),
		SROIn:          registry.NewDate(2016+rnd.IntN(9), time.Month(7+rnd.IntN(6)), 1+rnd.IntN(28)),
		Status:         registry.StatusActive,
	}
	// Attestats were issued until July 2016; engineers who joined later have none.
	if row.SROIn.Time().Year() < 2019 && p.BirthDate.Year() < 1992 {
		year := 2011 + rnd.IntN(5)
		row.AttestatNumber = region + "-" + pad(year%100, 2) + "-" + strconv.Itoa(1+serial%999)
		row.AttestatDate = registry.NewDate(year, time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28))
	}
	for _, year := range []string{"2024", "2025"} {
		filed := 5 + rnd.IntN(300)
		row.Results = append(row.Results, registry.Result{
			Period: year, Filed: filed, Refusals: rnd.IntN(1 + filed/20), Suspensions: rnd.IntN(1 + filed/10),
		})
	}
	if rnd.IntN(100) < 5 {
		row.Disciplinary = []registry.Disciplinary{{
			Date:   registry.NewDate(2022+rnd.IntN(3), time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28)),
			Kind:   "предупреждение",
			Ground: "нарушение стандартов осуществления кадастровой деятельности",
		}}
	}
	return row
}

// loseStatus changes an active row to that of an engineer who may not work.
func loseStatus(row *registry.Row, status registry.Status) {
	row.Status = status
	left := registry.NewDate(2025, time.Month(1+len(row.LastName)%12), 15)
	switch status {
	case registry.StatusExcluded:
		row.SROOut, row.SROOutReason = left, "исключён за неуплату членских взносов"
	case registry.StatusDeceased:
		row.SROOut, row.SROOutReason = left, "смерть члена саморегулируемой организации"
	case registry.StatusSuspended:
		row.Disciplinary = append(row.Disciplinary, registry.Disciplinary{
			Date: left, Kind: "приостановление права осуществлять кадастровую деятельность", Ground: "нет договора страхования ответственности",
		})
	}
}
