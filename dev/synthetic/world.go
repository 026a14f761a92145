package synthetic

import (
	"math/rand/v2"
	"slices"

	"epkr/internal/registry"
	"epkr/internal/territory"
)

// Sizes of the world.
const (
	EngineerCount = 40_000 // the cast's included
	EmployerCount = 3_000  // employers, the cast's included
	CustomerCount = 50     // customers beside the cast
	signInCount   = 300    // engineers who can sign in at the ЕСИА simulator, the cast's included
)

// Serial numbers of organisations, each kind in a range of its own.
const (
	employerSerial     = 1
	customerFirmSerial = 5_000
	castFirmSerial     = 9_000
)

// World is everybody. It does not change after New and may be read from many goroutines.
type World struct {
	engineers     []Engineer
	organisations []Organisation
	people        []Person
	cast          []CastMember

	bySNILS map[string]int // into engineers
	person  map[string]int // СНИЛС, into people
	login   map[string]string
}

// New makes the world of a seed: the same one for the same seed, in well under a second.
func New(seed int64) *World {
	w := &World{}
	w.addCast()
	rnd := rand.New(rand.NewPCG(uint64(seed), castSeed))
	land := newLand()
	w.addEngineers(rnd, land)
	w.addCustomers(rnd, land)
	for _, e := range w.engineers[:signInCount] {
		w.people = append(w.people, e.Person)
	}
	w.index()
	return w
}

// Engineers are all engineers, the cast's first. The slice is shared: do not change it.
func (w *World) Engineers() []Engineer { return w.engineers }

// Organisations are all organisations: employers, and those of customers. The slice is shared: do not change it.
func (w *World) Organisations() []Organisation { return w.organisations }

// People are those who can sign in at the ЕСИА simulator: the cast, 50 customers and the first 300 engineers, each once. The slice is
// shared: do not change it.
func (w *World) People() []Person { return w.people }

// Cast are the named people of the demonstration, the same in every world. The slice is shared: do not change it.
func (w *World) Cast() []CastMember { return w.cast }

// PersonByLogin finds one of People by what he types at the ЕСИА simulator: a login of the cast, or a СНИЛС in its normal form.
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

// Rows are the registry's rows of all engineers, in their order.
func (w *World) Rows() []registry.Row {
	rows := make([]registry.Row, len(w.engineers))
	for i, e := range w.engineers {
		rows[i] = e.Row
	}
	return rows
}

// index also drops from People whoever is there twice: engineers of the cast are among the first engineers too.
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
	w.login = make(map[string]string, len(w.cast))
	for _, c := range w.cast {
		w.login[c.Login] = c.SNILS
	}
}

// land draws regions in proportion to the people in their cities, none left out.
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

// activity draws one to five regions of activity, home first.
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
