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
