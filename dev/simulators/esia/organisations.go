package esia

import (
	"cmp"
	"encoding/json"
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

// controlOrganisation changes an organisation at run time, for the same callers as controlPerson.
func (s *Server) controlOrganisation(w http.ResponseWriter, r *http.Request) {
	if !mayControl(w, r) {
		return
	}
	var wanted organisationChange
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&wanted); err != nil {
		http.Error(w, "the body is not the expected JSON: "+err.Error(), http.StatusBadRequest)
		return
	}
	s.organisations.mu.Lock()
	defer s.organisations.mu.Unlock()
	if s.organisations.changed == nil {
		s.organisations.changed = map[string]organisationChange{}
	}
	s.organisations.changed[wanted.OID] = wanted
	w.WriteHeader(http.StatusNoContent)
}
