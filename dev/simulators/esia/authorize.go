package esia

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"epkr/dev/synthetic"
	"epkr/internal/esia"
	"epkr/internal/gost"
)

// authorization is a checked request that waits for the person.
type authorization struct {
	generation      esia.Generation
	clientID        string
	redirectURI     string
	state           string
	scope, scopeOrg string // as written in the request: the token request must repeat them
	scopes          scopes
}

// grant is what a person has allowed.
type grant struct {
	authorization
	personOID string
	sessionID string
}

// authorize handles the browser's request: it signs in at once if there is a valid session, or shows
// the login page. For an unknown system or return address it answers itself and never redirects.
func (s *Server) authorize(generation esia.Generation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		parameters := r.URL.Query()
		client, known := s.clients[parameters.Get("client_id")]
		if !known {
			render(w, http.StatusBadRequest, "message", unknownClient.description())
			return
		}
		redirect := parameters.Get("redirect_uri")
		if !slices.Contains(client.Redirects, redirect) {
			render(w, http.StatusBadRequest, "message", unknownRedirect.description())
			return
		}
		auth, refused := s.check(r.Context(), generation, client, parameters, "")
		if refused == nil && parameters.Get("response_type") != "code" {
			refused = &badParameter
		}
		if refused != nil {
			redirectProblem(w, r, redirect, parameters.Get("state"), *refused)
			return
		}
		if session, person, found := s.session(r); found {
			s.finish(w, r, auth, person, session)
			return
		}
		if parameters.Get("prompt") == "none" {
			answer := url.Values{"error": {"login_required"}, "state": {auth.state}}
			http.Redirect(w, r, redirect+"?"+answer.Encode(), http.StatusSeeOther)
			return
		}
		http.Redirect(w, r, "/login?request="+s.logins.add(auth), http.StatusFound)
	}
}

// finish redirects the browser to the system with a code, or with ЕСИА's refusal of this person.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, auth authorization, person synthetic.Person, session string) {
	organisation := auth.scopes.organisationOID
	switch {
	case !person.Trusted:
		redirectProblem(w, r, auth.redirectURI, auth.state, unconfirmed)
	case organisation != "" && !isMember(person, organisation):
		redirectProblem(w, r, auth.redirectURI, auth.state, notEmployee)
	case s.directory.changes.of(organisation).Refused:
		redirectProblem(w, r, auth.redirectURI, auth.state, badScope)
	default:
		code := s.codes.add(grant{authorization: auth, personOID: person.OID, sessionID: session})
		answer := url.Values{"code": {code}, "state": {auth.state}}
		http.Redirect(w, r, auth.redirectURI+"?"+answer.Encode(), http.StatusSeeOther)
	}
}

func isMember(person synthetic.Person, organisationOID string) bool {
	return slices.ContainsFunc(person.Organisations, func(m synthetic.Membership) bool { return m.OrganisationOID == organisationOID })
}

// check validates the parameters that the authorisation and the token request have in common; code
// is empty in the first.
func (s *Server) check(ctx context.Context, generation esia.Generation, client Client, parameters url.Values, code string) (authorization, *problem) {
	auth := authorization{
		generation: generation, clientID: client.ID, redirectURI: parameters.Get("redirect_uri"), state: parameters.Get("state"),
		scope: parameters.Get("scope"), scopeOrg: parameters.Get("scope_org"),
	}
	if refused := checkPresence(generation, parameters); refused != nil {
		return auth, refused
	}
	sent, err := time.Parse("2006.01.02 15:04:05 -0700", parameters.Get("timestamp"))
	if err != nil || s.now().Sub(sent).Abs() > requestWindow {
		return auth, &wrongTime
	}
	var valid bool
	if auth.scopes, valid = parseScopes(auth.scope, auth.scopeOrg); !valid {
		return auth, &badScope
	}
	hash := parameters.Get("client_certificate_hash")
	own := hex.EncodeToString(gost.CertificateHash(client.Key.Certificate.Raw))
	text := signedText(auth, parameters.Get("timestamp"), code)
	if hash != "" && !strings.EqualFold(hash, own) ||
		verifySecret(ctx, generation, client.Key, parameters.Get("client_secret"), text) != nil {
		return auth, &badSecret
	}
	return auth, nil
}

// signedText returns the string that client_secret signs; its order depends on the generation.
func signedText(auth authorization, timestamp, code string) string {
	if auth.generation == esia.V1 {
		return auth.scope + timestamp + auth.clientID + auth.state
	}
	return auth.clientID + auth.scope + auth.scopeOrg + timestamp + auth.state + auth.redirectURI + code
}

func checkPresence(generation esia.Generation, parameters url.Values) *problem {
	mandatory := []string{"client_id", "client_secret", "redirect_uri", "scope", "state", "timestamp"}
	if generation == esia.V2 {
		mandatory = append(mandatory, "client_certificate_hash")
	}
	for _, name := range mandatory {
		if parameters.Get(name) == "" {
			return &missingParameter
		}
	}
	for _, values := range parameters {
		if len(values) > 1 {
			return &badParameter
		}
	}
	return nil
}

func redirectProblem(w http.ResponseWriter, r *http.Request, redirectURI, state string, refused problem) {
	answer := url.Values{"error": {refused.code}, "error_description": {refused.description()}, "state": {state}}
	http.Redirect(w, r, redirectURI+"?"+answer.Encode(), http.StatusSeeOther)
}

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
		if !found || err != nil || oid == "" || !slices.Contains(organisationScopes, name) ||
			parsed.organisationOID != "" && parsed.organisationOID != oid {
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
