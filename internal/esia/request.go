package esia

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
)

// timestampLayout is ЕСИА's time format; the signature covers the offset too.
const timestampLayout = "2006.01.02 15:04:05 -0700"

// Request is one pass through ЕСИА. The same value is needed again when the code comes back, so the
// caller stores it with the pre-login cookie.
type Request struct {
	// State is a random value that the response must repeat; ЕСИА expects a UUID.
	State string
	// RedirectURI must be registered with ЕСИА exactly as written here.
	RedirectURI string
	Scopes      []string
	// Automatic asks for a sign-in without ЕСИА's form, see Client.SignsInAutomatically.
	Automatic bool
	// OrganisationOID is the organisation of OrganisationScopes; empty in the first pass.
	OrganisationOID    string
	OrganisationScopes []string
}

// PersonRequest returns the request of the first pass, which identifies the person.
func (c *Client) PersonRequest(state, redirectURI string) Request {
	return Request{State: state, RedirectURI: redirectURI, Scopes: slices.Clone(c.config.PersonScopes)}
}

// OrganisationRequest returns the request of the second pass, for the organisation that the person
// chose among his roles. ЕСИА refuses it (CodeNotEmployee) for people who do not belong to the
// organisation.
func (c *Client) OrganisationRequest(state, redirectURI, organisationOID string) Request {
	request := c.PersonRequest(state, redirectURI)
	request.OrganisationOID = organisationOID
	request.OrganisationScopes = slices.Clone(c.config.OrganisationScopes)
	return request
}

// organisationScope returns the scopes of the organisation, each with its oid.
func (r Request) organisationScope() string {
	scopes := make([]string, len(r.OrganisationScopes))
	for i, scope := range r.OrganisationScopes {
		scopes[i] = "http://esia.gosuslugi.ru/" + scope + "?org_oid=" + url.QueryEscape(r.OrganisationOID)
	}
	return strings.Join(scopes, " ")
}

// scope returns the two scope parameters. v1 has one for all scopes; v2 has a separate one for the
// organisation.
func (r Request) scope(generation Generation) (scope, organisation string) {
	scope, organisation = strings.Join(r.Scopes, " "), r.organisationScope()
	if generation == V1 && organisation != "" {
		return scope + " " + organisation, ""
	}
	return scope, organisation
}

// AuthorizeURL returns the URL for the browser. Its signature is valid for minutes only, so every
// sign-in needs a new URL.
func (c *Client) AuthorizeURL(ctx context.Context, request Request) (string, error) {
	parameters, err := c.signedParameters(ctx, request, "")
	if err != nil {
		return "", err
	}
	parameters.Set("response_type", "code")
	parameters.Set("access_type", "online")
	if request.Automatic && c.SignsInAutomatically() {
		parameters.Set("prompt", "none")
	}
	return c.base + c.paths.authorize + "?" + parameters.Encode(), nil
}

// SignsInAutomatically reports whether ЕСИА can be asked to sign in a person whom it knows already,
// without its form. If it knows nobody, the callback then has the code CodeLoginRequired.
func (c *Client) SignsInAutomatically() bool { return c.config.Automatic == PromptNone }

// LogoutURL returns a URL that ends the session at ЕСИА too and redirects the browser to
// redirectURI, which must be registered.
func (c *Client) LogoutURL(redirectURI string) string {
	parameters := url.Values{"client_id": {c.config.ClientID}}
	if redirectURI != "" {
		parameters.Set("redirect_url", redirectURI)
	}
	return c.base + "/idp/ext/Logout?" + parameters.Encode()
}

// ParseCallback checks the query parameters of the callback and returns the code for Exchange.
// wantState is the state of the Request stored with the pre-login cookie.
func ParseCallback(parameters url.Values, wantState string) (string, error) {
	state := parameters.Get("state")
	if wantState == "" || subtle.ConstantTimeCompare([]byte(state), []byte(wantState)) != 1 {
		return "", failure(CodeStateMismatch, "the callback carries another state")
	}
	if parameters.Has("error") || parameters.Has("error_description") {
		return "", refusal(parameters.Get("error"), parameters.Get("error_description"))
	}
	code := parameters.Get("code")
	if code == "" {
		return "", failure(CodeAnswerInvalid, "the callback carries neither code nor error")
	}
	return code, nil
}

// signedParameters returns the parameters that both calls share, with a fresh time and signature.
// code is empty for the authorisation call.
func (c *Client) signedParameters(ctx context.Context, request Request, code string) (url.Values, error) {
	scope, organisation := request.scope(c.config.Generation)
	timestamp := c.now().UTC().Format(timestampLayout)
	text := scope + timestamp + c.config.ClientID + request.State
	if c.config.Generation == V2 {
		text = c.config.ClientID + scope + organisation + timestamp + request.State + request.RedirectURI + code
	}
	signature, err := c.signer.Sign(ctx, []byte(text))
	if errors.Is(err, errSignerBusy) {
		return nil, &Error{Code: CodeBusy, cause: err}
	}
	if err != nil {
		return nil, &Error{Code: CodeSigning, cause: err}
	}
	parameters := url.Values{
		"client_id":               {c.config.ClientID},
		"client_secret":           {base64.URLEncoding.EncodeToString(signature)},
		"client_certificate_hash": {c.certificateHash},
		"redirect_uri":            {request.RedirectURI},
		"scope":                   {scope},
		"state":                   {request.State},
		"timestamp":               {timestamp},
	}
	if organisation != "" {
		parameters.Set("scope_org", organisation)
	}
	return parameters, nil
}
