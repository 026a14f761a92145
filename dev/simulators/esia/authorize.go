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
	scope, scopeOrg string // as written: the token call must repeat them
	scopes          scopes
}

// grant is what a person allowed.
type grant struct {
	authorization
	personOID string
	sessionID string
}

// authorize receives the browser. An unknown system or return address is answered here, never by a redirect.
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
		asked, refused := s.check(r.Context(), generation, client, parameters, "")
		if refused == nil && parameters.Get("response_type") != "code" {
			refused = &badParameter
		}
		if refused != nil {
			redirectProblem(w, r, redirect, parameters.Get("state"), *refused)
			return
		}
		s.begin(w, r, asked)
	}
}

// begin signs in by a living session at once, or shows the login page.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, asked authorization) {
	if session, person, found := s.session(r); found {
		s.finish(w, r, asked, person, session)
		return
	}
	http.Redirect(w, r, "/login?request="+url.QueryEscape(s.logins.add(asked)), http.StatusFound)
}

// finish returns the browser to the system with a code, or with ЕСИА's refusal of this person.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, asked authorization, person synthetic.Person, session string) {
	organisation := asked.scopes.organisationOID
	switch {
	case !person.Trusted:
		redirectProblem(w, r, asked.redirectURI, asked.state, unconfirmed)
	case organisation != "" && !isMember(person, organisation):
		redirectProblem(w, r, asked.redirectURI, asked.state, notEmployee)
	default:
		code := s.codes.add(grant{authorization: asked, personOID: person.OID, sessionID: session})
		redirectWith(w, r, asked.redirectURI, url.Values{"code": {code}, "state": {asked.state}})
	}
}

func isMember(person synthetic.Person, organisationOID string) bool {
	return slices.ContainsFunc(person.Organisations, func(m synthetic.Membership) bool { return m.OrganisationOID == organisationOID })
}

// check is common to the authorisation and the token call; code is empty in the first.
func (s *Server) check(ctx context.Context, generation esia.Generation, client Client, parameters url.Values, code string) (authorization, *problem) {
	asked := authorization{
		generation: generation, clientID: client.ID, redirectURI: parameters.Get("redirect_uri"), state: parameters.Get("state"),
		scope: parameters.Get("scope"), scopeOrg: parameters.Get("scope_org"),
	}
	if refused := checkPresence(generation, parameters); refused != nil {
		return asked, refused
	}
	sent, err := time.Parse("2006.01.02 15:04:05 -0700", parameters.Get("timestamp"))
	if err != nil || s.now().Sub(sent).Abs() > requestWindow {
		return asked, &wrongTime
	}
	var valid bool
	if asked.scopes, valid = parseScopes(asked.scope, asked.scopeOrg); !valid {
		return asked, &badScope
	}
	if hash := parameters.Get("client_certificate_hash"); hash != "" && !strings.EqualFold(hash, hex.EncodeToString(gost.CertificateHash(client.Certificate.Raw))) {
		return asked, &badSecret
	}
	text := signedText(asked, parameters.Get("timestamp"), code)
	if verifySecret(ctx, generation, client.Certificate, parameters.Get("client_secret"), text) != nil {
		return asked, &badSecret
	}
	return asked, nil
}

// signedText is the string under client_secret, in the order of each generation.
func signedText(asked authorization, timestamp, code string) string {
	if asked.generation == esia.V1 {
		return asked.scope + timestamp + asked.clientID + asked.state
	}
	return asked.clientID + asked.scope + asked.scopeOrg + timestamp + asked.state + asked.redirectURI + code
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
	redirectWith(w, r, redirectURI, url.Values{"error": {refused.word}, "error_description": {refused.description()}, "state": {state}})
}

// redirectWith adds parameters to a registered address, which may have its own.
func redirectWith(w http.ResponseWriter, r *http.Request, redirectURI string, parameters url.Values) {
	separator := "?"
	if strings.Contains(redirectURI, "?") {
		separator = "&"
	}
	http.Redirect(w, r, redirectURI+separator+parameters.Encode(), http.StatusSeeOther)
}
