package esia

import (
	"slices"
	"strings"
	"sync"
	"time"

	"epkr/dev/synthetic"
)

// account is a person and what a test or a demonstration changed about him at run time.
type account struct {
	person synthetic.Person
	// active is false for a closed account: it signs in nowhere.
	active bool
}

// directory holds the people and organisations, and is what POST /control/person changes.
type directory struct {
	organisations map[string]synthetic.Organisation
	cast          []synthetic.CastMember
	order         []string          // oids as the caller listed them
	names         map[string]string // login, SNILS digits or oid → oid
	seeded        map[string]synthetic.Person

	mu      sync.RWMutex
	changed map[string]account
	// renumbered leads from a number that a person got at run time to his first one.
	renumbered map[string]string
}

func newDirectory(people []synthetic.Person, organisations []synthetic.Organisation, cast []synthetic.CastMember) *directory {
	d := &directory{
		organisations: map[string]synthetic.Organisation{}, cast: cast, names: map[string]string{},
		seeded: map[string]synthetic.Person{}, changed: map[string]account{}, renumbered: map[string]string{},
	}
	for _, organisation := range organisations {
		d.organisations[organisation.OID] = organisation
	}
	for _, person := range people {
		d.order = append(d.order, person.OID)
		d.seeded[person.OID] = person
		d.names[person.OID] = person.OID
		d.names[digits(person.SNILS)] = person.OID
	}
	for _, member := range cast {
		if oid, found := d.names[digits(member.SNILS)]; found {
			d.names[member.Login] = oid
		}
	}
	return d
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// byOID gives the person as he is now.
func (d *directory) byOID(oid string) (account, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.current(oid)
}

// current is for holders of the lock.
func (d *directory) current(oid string) (account, bool) {
	if first, found := d.renumbered[oid]; found {
		oid = first
	}
	if changed, found := d.changed[oid]; found {
		return changed, true
	}
	person, found := d.seeded[oid]
	return account{person: person, active: true}, found
}

// byLogin accepts a short name of the cast, СНИЛС in any spelling, or the oid.
func (d *directory) byLogin(login string) (account, bool) {
	oid, found := d.named(login)
	if !found {
		return account{}, false
	}
	return d.byOID(oid)
}

// named gives the number that a person was seeded with.
func (d *directory) named(login string) (oid string, found bool) {
	login = strings.TrimSpace(login)
	if oid, found = d.names[login]; !found {
		oid, found = d.names[digits(login)]
	}
	return oid, found
}

// search gives up to limit people whose name, СНИЛС or oid contains every word of the query.
func (d *directory) search(query string, limit int) []synthetic.Person {
	words := strings.Fields(strings.ToLower(query))
	var found []synthetic.Person
	for _, oid := range d.order {
		if len(found) == limit {
			break
		}
		person := d.seeded[oid]
		text := strings.ToLower(person.FullName() + " " + person.SNILS + " " + digits(person.SNILS) + " " + person.OID)
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			found = append(found, person)
		}
	}
	return found
}

// change is the body of POST /control/person; absent fields stay as they are.
type change struct {
	// Login names the person as on the login page.
	Login   string `json:"login"`
	Active  *bool  `json:"active"`
	Trusted *bool  `json:"trusted"`
	// RemoveOrganisation is the oid of a membership that ends.
	RemoveOrganisation string `json:"removeOrganisation"`
	// NoLongerChief is the oid of an organisation that the person heads no more, though he stays in it.
	NoLongerChief string `json:"noLongerChief"`
	// OID is a new number of the same person, as he gets one who closes his account and makes another.
	OID string `json:"oid"`
	// SNILS, LastName, FirstName and BirthDate (dd.mm.yyyy) replace his own.
	SNILS     string `json:"snils"`
	LastName  string `json:"lastName"`
	FirstName string `json:"firstName"`
	BirthDate string `json:"birthDate"`
	// Reset forgets all earlier changes of this person first.
	Reset bool `json:"reset"`
}

func (d *directory) apply(wanted change) bool {
	oid, found := d.named(wanted.Login)
	if !found {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	current, _ := d.current(oid)
	if wanted.Reset {
		current = account{person: d.seeded[oid], active: true}
	}
	if wanted.Active != nil {
		current.active = *wanted.Active
	}
	if wanted.Trusted != nil {
		current.person.Trusted = *wanted.Trusted
	}
	for _, field := range []struct {
		current *string
		wanted  string
	}{
		{&current.person.OID, wanted.OID},
		{&current.person.SNILS, wanted.SNILS},
		{&current.person.LastName, wanted.LastName},
		{&current.person.FirstName, wanted.FirstName},
	} {
		if field.wanted != "" {
			*field.current = field.wanted
		}
	}
	if wanted.OID != "" {
		d.renumbered[wanted.OID] = oid
	}
	if born, err := time.Parse(dateLayout, wanted.BirthDate); err == nil {
		current.person.BirthDate = born
	}
	// A new slice: the seeded person shares the old one.
	current.person.Organisations = slices.DeleteFunc(slices.Clone(current.person.Organisations), func(m synthetic.Membership) bool {
		return m.OrganisationOID == wanted.RemoveOrganisation
	})
	for i, m := range current.person.Organisations {
		if m.OrganisationOID == wanted.NoLongerChief {
			current.person.Organisations[i].Chief = false
		}
	}
	d.changed[oid] = current
	return true
}
