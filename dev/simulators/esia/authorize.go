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

// authorize handles the browser's request. For an unknown system or return address it answers
// itself and never redirects.
func (s *Server) authorize(generation esia.Generation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		parameters := r.URL.Query()
		client, known := s.clients[parameters.Get("client_id")]
		if !known {
			s.showProblem(w, http.StatusBadRequest, unknownClient.description())
			return
		}
		redirect := parameters.Get("redirect_uri")
		if !slices.Contains(client.Redirects, redirect) {
			s.showProblem(w, http.StatusBadRequest, unknownRedirect.description())
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
		if _, _, found := s.session(r); !found && parameters.Get("prompt") == "none" {
			redirectWith(w, r, redirect, url.Values{"error": {"login_required"}, "state": {auth.state}})
			return
		}
		s.begin(w, r, auth)
	}
}

// begin signs in at once if there is a valid session, or shows the login page.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, auth authorization) {
	if session, person, found := s.session(r); found {
		s.finish(w, r, auth, person, session)
		return
	}
	http.Redirect(w, r, "/login?request="+url.QueryEscape(s.logins.add(auth)), http.StatusFound)
}

// finish redirects the browser to the system with a code, or with ЕСИА's refusal of this person.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, auth authorization, person synthetic.Person, session string) {
	organisation := auth.scopes.organisationOID
	switch {
	case !person.Trusted:
		redirectProblem(w, r, auth.redirectURI, auth.state, unconfirmed)
	case organisation != "" && !isMember(person, organisation):
		redirectProblem(w, r, auth.redirectURI, auth.state, notEmployee)
	default:
		code := s.codes.add(grant{authorization: auth, personOID: person.OID, sessionID: session})
		redirectWith(w, r, auth.redirectURI, url.Values{"code": {code}, "state": {auth.state}})
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
	if hash := parameters.Get("client_certificate_hash"); hash != "" && !strings.EqualFold(hash, hex.EncodeToString(gost.CertificateHash(client.Certificate.Raw))) {
		return auth, &badSecret
	}
	text := signedText(auth, parameters.Get("timestamp"), code)
	if verifySecret(ctx, generation, client.Certificate, parameters.Get("client_secret"), text) != nil {
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
	redirectWith(w, r, redirectURI, url.Values{"error": {refused.code}, "error_description": {refused.description()}, "state": {state}})
}

// redirectWith redirects to a registered address, which may have parameters of its own, with these
// added.
func redirectWith(w http.ResponseWriter, r *http.Request, redirectURI string, parameters url.Values) {
	separator := "?"
	if strings.Contains(redirectURI, "?") {
		separator = "&"
	}
	http.Redirect(w, r, redirectURI+separator+parameters.Encode(), http.StatusSeeOther)
}
