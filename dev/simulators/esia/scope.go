package esia

import (
	"net/url"
	"slices"
	"strings"
)

var personScopes = []string{"openid", "fullname", "birthdate", "gender", "snils", "inn", "id_doc", "email", "mobile", "contacts", "addresses", "usr_org"}

var organisationScopes = []string{
	"org_shortname", "org_fullname", "org_type", "org_ogrn", "org_inn", "org_leg", "org_kpp", "org_agencytype", "org_oktmo",
	"org_ctts", "org_addrs", "org_emps", "org_brhs",
}

// scopes are the requested scopes: of the person, and of one organisation.
type scopes struct {
	person          []string
	organisationOID string
	organisation    []string
}

// parseScopes reads both parameters. v1 mixes person and organisation scopes in one, v2 has a
// separate scope_org; parseScopes accepts both.
func parseScopes(parameters ...string) (scopes, bool) {
	var parsed scopes
	for _, scope := range strings.Fields(strings.Join(parameters, " ")) {
		if slices.Contains(personScopes, scope) {
			parsed.person = append(parsed.person, scope)
			continue
		}
		name, query, found := strings.Cut(strings.TrimPrefix(scope, "http://esia.gosuslugi.ru/"), "?org_oid=")
		oid, err := url.QueryUnescape(query)
		if !found || err != nil || oid == "" || !slices.Contains(organisationScopes, name) {
			return scopes{}, false
		}
		if parsed.organisationOID != "" && parsed.organisationOID != oid {
			return scopes{}, false
		}
		parsed.organisationOID = oid
		parsed.organisation = append(parsed.organisation, name)
	}
	return parsed, slices.Contains(parsed.person, "openid")
}

func (s scopes) allows(scope string) bool {
	return slices.Contains(s.person, scope) || slices.Contains(s.organisation, scope)
}
