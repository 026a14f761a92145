package esia

import (
	"slices"
	"strings"
	"sync"
	"time"

	"epkr/dev/synthetic"
)

// account is a person with the changes made at run time.
type account struct {
	person synthetic.Person
	// active is false for a closed account, which cannot sign in.
	active bool
}

// directory holds the people and organisations; POST /control/person changes it.
type directory struct {
	organisations map[string]synthetic.Organisation
	testUsers     []synthetic.TestUser
	order         []string          // oids in the caller's order
	names         map[string]string // login, SNILS digits or oid → oid
	seeded        map[string]synthetic.Person

	mu      sync.RWMutex
	changed map[string]account
	// renumbered maps a number that a person got at run time to his first one.
	renumbered map[string]string
}

func newDirectory(people []synthetic.Person, organisations []synthetic.Organisation, testUsers []synthetic.TestUser) *directory {
	d := &directory{
		organisations: map[string]synthetic.Organisation{}, testUsers: testUsers, names: map[string]string{},
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
	for _, member := range testUsers {
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

// byOID returns the person in his current state.
func (d *directory) byOID(oid string) (account, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.current(oid)
}

// current returns the person in his current state. The caller must hold mu.
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

// byLogin accepts a login of a test user, a СНИЛС in any spelling, or the oid.
func (d *directory) byLogin(login string) (account, bool) {
	oid, found := d.named(login)
	if !found {
		return account{}, false
	}
	return d.byOID(oid)
}

// named returns the person's original number.
func (d *directory) named(login string) (oid string, found bool) {
	login = strings.TrimSpace(login)
	if oid, found = d.names[login]; !found {
		oid, found = d.names[digits(login)]
	}
	return oid, found
}

// search returns up to limit people whose name, СНИЛС or oid contains every word of the query.
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

// change is the body of POST /control/person; missing fields change nothing.
type change struct {
	// Login names the person as on the login page.
	Login   string `json:"login"`
	Active  *bool  `json:"active"`
	Trusted *bool  `json:"trusted"`
	// RemoveOrganisation is the oid of an organisation that the person leaves.
	RemoveOrganisation string `json:"removeOrganisation"`
	// NoLongerChief is the oid of an organisation that the person stops heading but does not leave.
	NoLongerChief string `json:"noLongerChief"`
	// OID is a new number of the same person, as if he closed his account and made another.
	OID string `json:"oid"`
	// SNILS, LastName, FirstName and BirthDate (dd.mm.yyyy) replace the person's values.
	SNILS     string `json:"snils"`
	LastName  string `json:"lastName"`
	FirstName string `json:"firstName"`
	BirthDate string `json:"birthDate"`
	// Reset first undoes all earlier changes of this person.
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
	// The slice is cloned because the original person shares it.
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
