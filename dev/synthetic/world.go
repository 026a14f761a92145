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
	CustomerCount = 50     // customers other than test users
	signInCount   = 300    // engineers who can sign in at the ЕСИА simulator, including test users
)

// Serial numbers of organisations, with a separate range for each kind.
const (
	employerSerial     = 1
	customerFirmSerial = 5_000
	testUserFirmSerial = 9_000
)

// World is the whole generated country. It does not change after New and is safe for concurrent
// use.
type World struct {
	engineers     []Engineer
	organisations []Organisation
	people        []Person
	testUsers     []TestUser

	bySNILS map[string]int // index in engineers
	person  map[string]int // СНИЛС → index in people
	login   map[string]string
}

// New generates the world of a seed in well under a second. The same seed gives the same world.
func New(seed int64) *World {
	w := &World{}
	w.addTestUsers()
	rnd := rand.New(rand.NewPCG(uint64(seed), testUserSeed))
	land := newLand()
	w.addEngineers(rnd, land)
	w.addCustomers(rnd, land)
	for _, e := range w.engineers[:signInCount] {
		w.people = append(w.people, e.Person)
	}
	w.index()
	return w
}

// Engineers returns all engineers, test users first. The slice is shared: do not change it.
func (w *World) Engineers() []Engineer { return w.engineers }

// Organisations returns all organisations: employers, and those of customers. The slice is shared:
// do not change it.
func (w *World) Organisations() []Organisation { return w.organisations }

// People returns the people who can sign in at the ЕСИА simulator: the test users, 50 customers and
// the first 300 engineers, each once. The slice is shared: do not change it.
func (w *World) People() []Person { return w.people }

// TestUsers returns the named people of the demonstration, the same in every world. The slice is
// shared: do not change it.
func (w *World) TestUsers() []TestUser { return w.testUsers }

// PersonByLogin finds one of People by his login at the ЕСИА simulator: a test user's login, or a
// СНИЛС in its normal form.
func (w *World) PersonByLogin(login string) (Person, bool) {
	if snils, ok := w.login[login]; ok {
		login = snils
	}
	i, ok := w.person[login]
	if !ok {
		return Person{}, false
	}
	return w.people[i], true
}

// EngineerBySNILS finds an engineer by a СНИЛС in its normal form.
func (w *World) EngineerBySNILS(snils string) (Engineer, bool) {
	i, ok := w.bySNILS[snils]
	if !ok {
		return Engineer{}, false
	}
	return w.engineers[i], true
}

// Rows returns the registry's rows of all engineers, in their order.
func (w *World) Rows() []registry.Row {
	rows := make([]registry.Row, len(w.engineers))
	for i, e := range w.engineers {
		rows[i] = e.Row
	}
	return rows
}

// index builds the indexes and removes duplicates from People: test users who are engineers are
// also among the first engineers.
func (w *World) index() {
	w.bySNILS = make(map[string]int, len(w.engineers))
	for i, e := range w.engineers {
		w.bySNILS[e.Person.SNILS] = i
	}
	w.person = make(map[string]int, len(w.people))
	once := w.people[:0]
	for _, p := range w.people {
		if _, seen := w.person[p.SNILS]; !seen {
			w.person[p.SNILS] = len(once)
			once = append(once, p)
		}
	}
	w.people = once
	w.login = make(map[string]string, len(w.testUsers))
	for _, c := range w.testUsers {
		w.login[c.Login] = c.SNILS
	}
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
		weight := 150_000
		for _, c := range territory.Cities(r.Code) {
			weight += c.Population
		}
		sum += weight
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
