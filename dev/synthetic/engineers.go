package synthetic

import (
	"math/rand/v2"
	"slices"

	"epkr/internal/registry"
	"epkr/internal/territory"
)

// addEngineers adds engineers up to EngineerCount: employers with 1 to 30 engineers each, about 40
// % of all, and entrepreneurs for the rest.
func (w *World) addEngineers(rnd *rand.Rand, land *land) {
	employers := w.addEmployers(rnd, land)
	places := make([]*Organisation, 0, EngineerCount) // nil for an entrepreneur
	for i := range employers {
		for range staff(rnd) {
			places = append(places, &employers[i])
		}
	}
	places = places[:EngineerCount-len(w.Engineers)]
	rnd.Shuffle(len(places), func(i, k int) { places[i], places[k] = places[k], places[i] })
	for i, employer := range places {
		home := land.draw(rnd)
		switch {
		case employer != nil:
			home = regionOf(employer.RegionCode)
		case i < 4*len(land.regions):
			home = land.regions[i%len(land.regions)] // no region is left without one
		}
		w.Engineers = append(w.Engineers, drawEngineer(rnd, engineerSerial+i, home, land, employer))
	}
}

func (w *World) addEmployers(rnd *rand.Rand, land *land) []Organisation {
	first, missing := len(w.Organisations), EmployerCount
	for _, o := range w.Organisations {
		if o.IsEmployer {
			missing--
		}
	}
	for i := range missing {
		firm := drawOrganisation(rnd, employerSerial+i, land.draw(rnd), "")
		firm.IsEmployer = true
		w.Organisations = append(w.Organisations, firm)
	}
	return w.Organisations[first:]
}

// staff returns the number of an employer's engineers: one in seven employers has a single one, the
// rest 2 to 30, few of them many; 5.3 on average.
func staff(rnd *rand.Rand) int {
	if rnd.IntN(7) == 0 {
		return 1
	}
	return min(30, 2+int(rnd.ExpFloat64()*4.6))
}

func drawEngineer(rnd *rand.Rand, serial int, home territory.Region, land *land, employer *Organisation) Engineer {
	person := drawPerson(rnd, serial, home)
	e := Engineer{
		Person:          person,
		Row:             drawRow(rnd, serial, person, home.Code),
		Regions:         land.activity(rnd, home.Code),
		ReceivesOrders:  rnd.IntN(100) < 90,
		ProfileComplete: rnd.IntN(100) < 85,
		Blocked:         rnd.IntN(1000) < 5,
		Form:            Entrepreneur,
	}
	if rnd.IntN(100) < 3 {
		loseStatus(&e.Row, pick(rnd, losses))
	}
	if employer == nil {
		e.OGRNIP = ogrnip(5+rnd.IntN(18), home.Code, serial)
		return e
	}
	e.Form = Employee
	e.EmployerOGRN = employer.OGRN
	e.Person.Organisations = []Membership{{OrganisationOID: employer.OID}}
	return e
}

// losses are the statuses of ten engineers who may not work.
var losses = slices.Concat(
	slices.Repeat([]registry.Status{registry.StatusExcluded}, 6),
	slices.Repeat([]registry.Status{registry.StatusSuspended}, 3),
	[]registry.Status{registry.StatusDeceased},
)

// addCustomers adds customerCount customers: of every ten, six natural persons, two entrepreneurs
// and two heads of organisations.
func (w *World) addCustomers(rnd *rand.Rand, land *land) {
	for i := range customerCount {
		home := land.draw(rnd)
		p := drawPerson(rnd, customerSerial+i, home)
		switch i % 10 {
		case 6, 7:
			w.heads(&p, business(customerFirmSerial+i, home, p))
		case 8, 9:
			w.heads(&p, drawOrganisation(rnd, customerFirmSerial+i, home, ""))
		}
		w.People = append(w.People, p)
	}
}

// heads adds an organisation that the person heads to the world.
func (w *World) heads(p *Person, firm Organisation) {
	w.Organisations = append(w.Organisations, firm)
	p.Organisations = []Membership{{OrganisationOID: firm.OID, Chief: true}}
}
