package esia

import (
	"cmp"
	"net/http"
	"sync"

	"epkr/dev/synthetic"
)

// organisationChange is the body of POST /control/organisation: how ЕСИА answers about an
// organisation from now on. Missing fields are as usual.
type organisationChange struct {
	OID string `json:"oid"`
	// Refused makes ЕСИА refuse the scopes of the organisation; Unreadable makes it refuse its data.
	Refused    bool `json:"refused"`
	Unreadable bool `json:"unreadable"`
	// OGRN replaces the number in the data, but not in the people's roles.
	OGRN string `json:"ogrn"`
}

func (c organisationChange) apply(o synthetic.Organisation) synthetic.Organisation {
	o.OGRN = cmp.Or(c.OGRN, o.OGRN)
	return o
}

// organisationChanges are the changes made at run time, by oid.
type organisationChanges struct {
	mu      sync.Mutex
	changed map[string]organisationChange
}

func (c *organisationChanges) of(oid string) organisationChange {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed[oid]
}

// controlOrganisation changes an organisation at run time.
func (s *Server) controlOrganisation(w http.ResponseWriter, r *http.Request) {
	var wanted organisationChange
	if !readControl(w, r, &wanted) {
		return
	}
	changes := &s.directory.changes
	changes.mu.Lock()
	defer changes.mu.Unlock()
	if changes.changed == nil {
		changes.changed = map[string]organisationChange{}
	}
	changes.changed[wanted.OID] = wanted
	w.WriteHeader(http.StatusNoContent)
}
