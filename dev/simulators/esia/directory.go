package esia

import (
	"cmp"
	"encoding/json"
	"net"
	"net/http"
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
	changes       organisationChanges // made at run time
	testUsers     []synthetic.TestUser
	seeded        []synthetic.Person

	mu      sync.RWMutex
	current []account      // in the order of seeded
	names   map[string]int // login, digits of the СНИЛС or oid, also an earlier one → index
}

func newDirectory(world *synthetic.World) *directory {
	d := &directory{
		organisations: map[string]synthetic.Organisation{}, testUsers: world.TestUsers,
		seeded: world.People, names: map[string]int{},
	}
	for _, organisation := range world.Organisations {
		d.organisations[organisation.OID] = organisation
	}
	for i, person := range world.People {
		d.current = append(d.current, account{person: person, active: true})
		d.names[person.OID] = i
		d.names[digits(person.SNILS)] = i
	}
	for _, member := range world.TestUsers {
		if i, found := d.names[digits(member.SNILS)]; found {
			d.names[member.Login] = i
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

// find returns the person in his current state. It accepts a login of a test user, a СНИЛС in any
// spelling, or the oid.
func (d *directory) find(name string) (account, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	i, found := d.index(name)
	if !found {
		return account{}, false
	}
	return d.current[i], true
}

// index returns the person's place in current. The caller must hold mu.
func (d *directory) index(name string) (i int, found bool) {
	name = strings.TrimSpace(name)
	if i, found = d.names[name]; !found {
		i, found = d.names[digits(name)]
	}
	return i, found
}

// search returns up to 30 people whose name, СНИЛС or oid contains every word of the query.
func (d *directory) search(query string) []synthetic.Person {
	words := strings.Fields(strings.ToLower(query))
	var found []synthetic.Person
	for _, person := range d.seeded {
		text := strings.ToLower(person.FullName() + " " + person.SNILS + " " + digits(person.SNILS) + " " + person.OID)
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			found = append(found, person)
		}
	}
	return found[:min(30, len(found))]
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
	d.mu.Lock()
	defer d.mu.Unlock()
	i, found := d.index(wanted.Login)
	if !found {
		return false
	}
	if wanted.Reset {
		d.current[i] = account{person: d.seeded[i], active: true}
	}
	if wanted.Active != nil {
		d.current[i].active = *wanted.Active
	}
	p := &d.current[i].person
	if wanted.Trusted != nil {
		p.Trusted = *wanted.Trusted
	}
	if wanted.OID != "" {
		d.names[wanted.OID] = i
	}
	p.OID, p.SNILS = cmp.Or(wanted.OID, p.OID), cmp.Or(wanted.SNILS, p.SNILS)
	p.LastName, p.FirstName = cmp.Or(wanted.LastName, p.LastName), cmp.Or(wanted.FirstName, p.FirstName)
	if born, err := time.Parse(dateLayout, wanted.BirthDate); err == nil {
		p.BirthDate = born
	}
	// The slice is cloned because the original person shares it.
	p.Organisations = slices.DeleteFunc(slices.Clone(p.Organisations), func(m synthetic.Membership) bool {
		return m.OrganisationOID == wanted.RemoveOrganisation
	})
	for k, m := range p.Organisations {
		if m.OrganisationOID == wanted.NoLongerChief {
			p.Organisations[k].Chief = false
		}
	}
	return true
}

// controlPerson changes a person at run time.
func (s *Server) controlPerson(w http.ResponseWriter, r *http.Request) {
	var wanted change
	if !readControl(w, r, &wanted) {
		return
	}
	if !s.directory.apply(wanted) {
		http.Error(w, "there is no such person", http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// readControl reads the body of a control request into wanted. It accepts requests from this
// machine only, and none from web pages, which send an origin; it answers the others.
func readControl(w http.ResponseWriter, r *http.Request, wanted any) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if address := net.ParseIP(host); err != nil || address == nil || !address.IsLoopback() || r.Header.Get("Origin") != "" {
		http.Error(w, "only this machine may change people", http.StatusForbidden)
		return false
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		http.Error(w, "the body must be application/json", http.StatusUnsupportedMediaType)
		return false
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(wanted); err != nil {
		http.Error(w, "the body is not the expected JSON: "+err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}
