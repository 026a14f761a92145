package synthetic

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"epkr/internal/registry"
	"epkr/internal/requisites"
	"epkr/internal/territory"
)

// Serial numbers of persons and of organisations. Each kind has its own range, so that СНИЛС, ИНН and
// ЕСИА identifiers are unique.
const (
	engineerSerial = 0       // engineers of the world
	customerSerial = 44_000  // customers of the world
	testUserSerial = 44_900  // test users
	businessSerial = 300_000 // ОГРНИП of customers, after those of engineers
	personOID      = 1000000 // first ЕСИА identifier of persons

	employerSerial     = 1
	customerFirmSerial = 5_000
	testUserFirmSerial = 9_000
	legalOID           = 2000000 // first ЕСИА identifier of organisations
)

// drawPerson returns a person whose identifiers depend only on the serial number, not on the seed.
// The telephone numbers repeat every 10,000 persons.
func drawPerson(rnd *rand.Rand, serial int, region territory.Region) Person {
	gender, last, first, middle := drawName(rnd)
	birth := time.Date(1956+rnd.IntN(43), time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), 0, 0, 0, 0, time.UTC)
	return Person{
		OID:      strconv.Itoa(personOID + serial),
		SNILS:    requisites.CompleteSNILS(pad(2_000_000+serial*20_011, 9)),
		INN:      requisites.CompleteINN(region.Code + pad(10_000_000+serial, 8)),
		LastName: last, FirstName: first, MiddleName: middle, Gender: gender, BirthDate: birth,
		Email:    "person" + strconv.Itoa(serial) + "@example.com",
		Phone:    fmt.Sprintf("+7 900 000-%02d-%02d", serial/100%100, serial%100),
		Passport: drawPassport(rnd, birth, region),
		Address:  drawAddress(rnd, region),
		Trusted:  true,
	}
}

func drawPassport(rnd *rand.Rand, birth time.Time, region territory.Region) Passport {
	issued := birth.AddDate(45, 0, 10+rnd.IntN(60))
	if last := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC); issued.After(last) {
		issued = birth.AddDate(20, 0, 10+rnd.IntN(60))
	}
	return Passport{
		Series:    region.Code + pad(issued.Year()%100, 2),
		Number:    pad(100_000+rnd.IntN(900_000), 6),
		IssueDate: issued,
		IssueID:   region.Code + "0-" + pad(1+rnd.IntN(150), 3),
		IssuedBy:  "МВД России, подразделение «" + region.Name + "»",
	}
}

func drawAddress(rnd *rand.Rand, region territory.Region) string {
	place := region.Name
	if cities := territory.Cities(region.Code); len(cities) > 0 {
		city := cities[min(rnd.IntN(len(cities)), rnd.IntN(len(cities)))]
		if city.Name == region.Name {
			place = "г. " + city.Name
		} else {
			place += ", г. " + city.Name
		}
	}
	street := pick(rnd, names.Streets)
	return fmt.Sprintf("%06d, %s, ул. %s, д. %d, кв. %d", 101_000+rnd.IntN(590_000), place, street, 1+rnd.IntN(120), 1+rnd.IntN(200))
}

var (
	firmFirst  = strings.Fields("Гео Земле Межевой Кадастр Терра Топо Рубеж Меридиан Азимут Вектор План Гео-Кадастр Земельный Областной Городской")
	firmSecond = strings.Fields("Сервис Центр Проект Эксперт Бюро Стандарт Групп Альянс Инжиниринг Право Плюс Контур")
)

// drawOrganisation returns a ЮЛ with that serial number; an empty name means a random one.
func drawOrganisation(rnd *rand.Rand, serial int, region territory.Region, name string) Organisation {
	if name == "" {
		name = pick(rnd, firmFirst) + " " + pick(rnd, firmSecond) + " " + strconv.Itoa(serial)
	}
	return Organisation{
		OID:        strconv.Itoa(legalOID + serial),
		FullName:   `Общество с ограниченной ответственностью "` + name + `"`,
		ShortName:  `ООО "` + name + `"`,
		OGRN:       requisites.CompleteOGRN("1" + pad(5+rnd.IntN(18), 2) + region.Code + pad(1_000_000+serial, 7)),
		INN:        requisites.CompleteINN(region.Code + pad(1_000_000+serial, 7)),
		KPP:        region.Code + "0101001",
		Type:       TypeLegal,
		Address:    drawAddress(rnd, region),
		RegionCode: region.Code,
	}
}

// business returns the ЕСИА organisation of an entrepreneur.
func business(serial int, region territory.Region, p Person) Organisation {
	return Organisation{
		OID:        strconv.Itoa(legalOID + serial),
		FullName:   "Индивидуальный предприниматель " + p.FullName(),
		ShortName:  "ИП " + p.FullName(),
		OGRN:       ogrnip(18, region.Code, businessSerial+serial),
		INN:        p.INN,
		Type:       TypeBusiness,
		Address:    p.Address,
		RegionCode: region.Code,
	}
}

func ogrnip(year int, region string, serial int) string {
	return requisites.CompleteOGRN("3" + pad(year, 2) + region + pad(100_000_000+serial, 9))
}

// pad formats n with at least that many digits.
func pad(n, digits int) string { return fmt.Sprintf("%0*d", digits, n) }

//go:embed names.json
var namesFile []byte

var names = decode[struct {
	// Fathers are male first names with the patronymics of a son and of a daughter.
	Fathers [][3]string
	// Surnames are in the masculine form.
	Women, Surnames, Streets []string
}](namesFile)

// feminineEndings are the endings of Russian surnames that change; the rest do not.
var feminineEndings = map[string]string{
	"ов": "ова", "ев": "ева", "ёв": "ёва", "ин": "ина", "ын": "ына", "ий": "ая", "ый": "ая", "ой": "ая",
}

func feminine(surname string) string {
	for ending, changed := range feminineEndings {
		if stem, ok := strings.CutSuffix(surname, ending); ok {
			return stem + changed
		}
	}
	return surname
}

// drawName returns a random name. One person in a hundred has no patronymic.
func drawName(rnd *rand.Rand) (gender Gender, last, first, middle string) {
	last = pick(rnd, names.Surnames)
	father := pick(rnd, names.Fathers)
	gender, first, middle = Male, pick(rnd, names.Fathers)[0], father[1]
	if rnd.IntN(100) < 45 {
		gender, last, first, middle = Female, feminine(last), pick(rnd, names.Women), father[2]
	}
	if rnd.IntN(100) == 0 {
		middle = ""
	}
	return gender, last, first, middle
}

func pick[T any](rnd *rand.Rand, from []T) T { return from[rnd.IntN(len(from))] }

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
