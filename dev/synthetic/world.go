package synthetic

import (
	"math/rand/v2"
	"slices"

	"epkr/internal/registry"
	"epkr/internal/territory"
)

// Sizes of the world.
const (
	EngineerCount = 40_000 // including test users
	EmployerCount = 3_000  // employers, including those of test users
	customerCount = 50     // customers other than test users
	signInCount   = 300    // engineers who can sign in at the ЕСИА simulator, including test users
)

// LocalSeed is the seed of the world of the simulators and of every local platform.
const LocalSeed = 1

// World is the whole generated country. Nobody may change it, so that it is safe for concurrent
// use.
type World struct {
	Engineers     []Engineer     // test users first
	Organisations []Organisation // employers, and those of customers
	// People can sign in at the ЕСИА simulator: the test users, 50 customers and the first 300
	// engineers, each once.
	People    []Person
	TestUsers []TestUser // the same in every world

	bySNILS map[string]int // index in Engineers
}

// New generates the world of a seed in well under a second. The same seed gives the same world.
func New(seed int64) *World {
	w := &World{bySNILS: make(map[string]int, EngineerCount)}
	w.addTestUsers()
	rnd := rand.New(rand.NewPCG(uint64(seed), testUserSeed))
	land := newLand()
	w.addEngineers(rnd, land)
	w.addCustomers(rnd, land)
	for i, e := range w.Engineers {
		w.bySNILS[e.Person.SNILS] = i
		if i >= signInCount {
			continue
		}
		if _, added := w.PersonByLogin(e.Person.SNILS); !added {
			w.People = append(w.People, e.Person)
		}
	}
	return w
}

// PersonByLogin finds one of People by his login at the ЕСИА simulator: a test user's login, or a
// СНИЛС in its normal form.
func (w *World) PersonByLogin(login string) (Person, bool) {
	for _, u := range w.TestUsers {
		if u.Login == login {
			login = u.SNILS
		}
	}
	i := slices.IndexFunc(w.People, func(p Person) bool { return p.SNILS == login })
	if i < 0 {
		return Person{}, false
	}
	return w.People[i], true
}

// EngineerBySNILS finds an engineer by a СНИЛС in its normal form.
func (w *World) EngineerBySNILS(snils string) (Engineer, bool) {
	i, ok := w.bySNILS[snils]
	if !ok {
		return Engineer{}, false
	}
	return w.Engineers[i], true
}

// Rows returns the registry's rows of all engineers, in their order.
func (w *World) Rows() []registry.Row {
	rows := make([]registry.Row, len(w.Engineers))
	for i, e := range w.Engineers {
		rows[i] = e.Row
	}
	return rows
}

// land draws regions in proportion to the population of their cities; every region gets at least
// one engineer.
type land struct {
	regions []territory.Region
	upTo    []int // running sums of weights
}

func newLand() *land {
	l := &land{regions: territory.Subjects()}
	sum := 0
	for _, r := range l.regions {
		sum += 150_000
		for _, c := range territory.Cities(r.Code) {
			sum += c.Population
		}
		l.upTo = append(l.upTo, sum)
	}
	return l
}

func (l *land) draw(rnd *rand.Rand) territory.Region {
	n := rnd.IntN(l.upTo[len(l.upTo)-1])
	i, _ := slices.BinarySearch(l.upTo, n+1)
	return l.regions[i]
}

// activity returns one to five random regions of activity, home first.
func (l *land) activity(rnd *rand.Rand, home string) []string {
	regions := []string{home}
	more := min(rnd.IntN(5), rnd.IntN(5))
	for len(regions) <= more {
		if code := l.draw(rnd).Code; !slices.Contains(regions, code) {
			regions = append(regions, code)
		}
	}
	return regions
}

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
