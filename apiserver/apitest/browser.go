package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/problems"
	esiasim "epkr/dev/simulators/esia"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// WithPlatform returns the same browser, with its cookies, connected to another platform.
func (b *Browser) WithPlatform(p *Platform) *Browser {
	return &Browser{Platform: p, Visitor: b.Visitor, Client: b.Client, login: b.login, role: b.role}
}

// Browser is one person's browser. It stores cookies and follows no redirects.
type Browser struct {
	Platform *Platform
	Client   *http.Client
	Visitor  *esiasim.Visitor

	// login and role are those of the last sign-in, for signatures.
	login string
	role  auth.Choice
}

// Browser returns a new browser. Its clients for the platform and for ЕСИА keep their cookies apart,
// because both servers have the same host name.
func (p *Platform) Browser() *Browser {
	return &Browser{Platform: p, Visitor: esiasim.NewVisitor(), Client: esiasim.NewVisitor().HTTP}
}

// SignedIn returns a browser whose person has signed in through ЕСИА, chosen the role and
// consented. kind is the kind of the account as in the list of roles: person, entrepreneur,
// organisation, engineer or moderator.
func (p *Platform) SignedIn(login string, role order.Role, kind string) *Browser {
	p.T.Helper()
	b := p.Browser()
	b.SignIn(login)
	b.ChooseRole(role, kind)
	b.Consent()
	return b
}

// Customer, Engineer, Employer and Moderator return signed-in browsers in the usual roles.
func (p *Platform) Customer(login string) *Browser {
	return p.SignedIn(login, order.RoleCustomer, "person")
}

func (p *Platform) Engineer(login string) *Browser {
	return p.SignedIn(login, order.RoleEngineer, "engineer")
}

func (p *Platform) Employer(login string) *Browser {
	return p.SignedIn(login, order.RoleEmployer, "organisation")
}

func (p *Platform) Moderator() *Browser {
	return p.SignedIn(synthetic.LoginModerator, order.RoleModerator, "moderator")
}

// SignIn performs the whole sign-in and returns the address to which the platform redirects at the
// end.
func (b *Browser) SignIn(login string) string {
	b.Platform.T.Helper()
	return b.FinishSignIn(b.SignInAtESIA(b.BeginSignIn("/"), login))
}

// BeginSignIn starts a sign-in and returns the address of ЕСИА to which the platform redirects.
func (b *Browser) BeginSignIn(returnTo string) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, "/api/auth/login?"+url.Values{"returnTo": {returnTo}}.Encode(), nil)
	require.Equal(b.Platform.T, http.StatusSeeOther, a.Status, a.Text())
	return a.Header.Get("Location")
}

// SignInAtESIA signs in at ЕСИА and returns the address to which ЕСИА redirects the browser.
func (b *Browser) SignInAtESIA(address, login string) *url.URL {
	b.Platform.T.Helper()
	b.login = login
	back, err := b.Visitor.SignIn(b.Platform.T.Context(), address, login)
	require.NoError(b.Platform.T, err)
	return back
}

// FinishSignIn requests the address from ЕСИА and returns where the platform redirects the browser.
func (b *Browser) FinishSignIn(back *url.URL) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, back.RequestURI(), nil)
	require.Equal(b.Platform.T, http.StatusSeeOther, a.Status, a.Text())
	return a.Header.Get("Location")
}

func (b *Browser) Roles() []auth.Choice {
	b.Platform.T.Helper()
	var page struct {
		Roles []auth.Choice `json:"roles"`
	}
	b.Do(http.MethodGet, "/api/auth/roles", nil).OK().Into(&page)
	return page.Roles
}

// ChooseRole takes the first role of the given kind.
func (b *Browser) ChooseRole(role order.Role, kind string) auth.Choice {
	b.Platform.T.Helper()
	for _, one := range b.Roles() {
		if one.Role == role && one.Kind == kind {
			b.TakeRole(one).OK()
			return one
		}
	}
	require.Failf(b.Platform.T, "no such role", "%s of %s among %v", role, kind, b.Roles())
	return auth.Choice{}
}

func (b *Browser) TakeRole(one auth.Choice) Answer {
	b.Platform.T.Helper()
	b.role = one
	return b.Do(http.MethodPost, "/api/auth/role", map[string]any{"role": one.Role, "party": one.Party})
}

// Consent gives the consent and returns the page that follows.
func (b *Browser) Consent() auth.NextPage {
	b.Platform.T.Helper()
	var page struct{ Version string }
	b.Do(http.MethodGet, "/api/auth/consent", nil).OK().Into(&page)
	var given struct{ Next auth.NextPage }
	b.Do(http.MethodPost, "/api/auth/consent", map[string]any{"version": page.Version}).OK().Into(&given)
	return given.Next
}

// Cookies returns the platform's cookies in the browser.
func (b *Browser) Cookies() []*http.Cookie {
	address, err := url.Parse(b.Platform.URL)
	require.NoError(b.Platform.T, err)
	return b.Client.Jar.Cookies(address)
}

func (b *Browser) BeginRenewal(returnTo string) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, "/api/auth/login?"+url.Values{"renew": {"true"}, "returnTo": {returnTo}}.Encode(), nil)
	require.Equal(b.Platform.T, http.StatusSeeOther, a.Status, a.Text())
	return a.Header.Get("Location")
}

// WhoAmI requests GET /api/me and returns its body.
func WhoAmI(b *Browser) (found struct {
	Person       struct{ Name, Email string }
	Role         order.Role
	Party        *uuid.UUID
	PartyKind    string
	Consented    bool
	Next         auth.NextPage
	Restrictions []auth.Restriction
},
) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, "/api/me", nil).OK().Into(&found)
	return found
}

// Replay sends a request with cookies that were saved earlier, as a thief of cookies would.
func Replay(p *Platform, cookies []*http.Cookie) Answer {
	other := p.Browser()
	address, err := url.Parse(p.URL)
	require.NoError(p.T, err)
	other.Client.Jar.SetCookies(address, cookies)
	return other.Do(http.MethodGet, "/api/auth/roles", nil)
}

// Answer is an HTTP response of the API.
type Answer struct {
	T      *testing.T
	Status int
	Header http.Header
	Body   []byte
	// ConnectionClosed reports that the server closes the connection after this answer.
	ConnectionClosed bool
}

// Do sends body, if any, as JSON; it sends a string or []byte unchanged. headers alternate names
// and values.
func (b *Browser) Do(method, path string, body any, headers ...string) Answer {
	b.Platform.T.Helper()
	return b.Exchange(b.Request(method, path, body, headers...))
}

func (b *Browser) Exchange(request *http.Request) Answer {
	b.Platform.T.Helper()
	response, err := b.Client.Do(request)
	require.NoError(b.Platform.T, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(b.Platform.T, err)
	return Answer{T: b.Platform.T, Status: response.StatusCode, Header: response.Header, Body: text, ConnectionClosed: response.Close}
}

// Request builds the request that Do sends. Tests of streams and of concurrent requests use it
// directly.
func (b *Browser) Request(method, path string, body any, headers ...string) *http.Request {
	b.Platform.T.Helper()
	var reader io.Reader
	switch content := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(content)
	case []byte:
		reader = bytes.NewReader(content)
	default:
		text, err := json.Marshal(body)
		require.NoError(b.Platform.T, err)
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(b.Platform.T.Context(), method, b.Platform.URL+path, reader)
	require.NoError(b.Platform.T, err)
	if reader != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return request
}

func (a Answer) Text() string { return fmt.Sprintf("%d %s", a.Status, a.Body) }

// OK fails the test unless the status is below 300.
func (a Answer) OK() Answer {
	a.T.Helper()
	require.Less(a.T, a.Status, 300, a.Text())
	return a
}

func (a Answer) Into(target any) {
	a.T.Helper()
	require.NoError(a.T, json.Unmarshal(a.Body, target), a.Text())
}

// Problem decodes the answer as a problem. It requires the content type of a problem and equal
// statuses in the header and the body.
func (a Answer) Problem() problems.Problem {
	a.T.Helper()
	require.Equal(a.T, problems.MediaType, a.Header.Get("Content-Type"), a.Text())
	var p problems.Problem
	a.Into(&p)
	require.Equal(a.T, a.Status, p.Status, a.Text())
	return p
}

func Fields(p problems.Problem) (all []string) {
	for _, f := range p.Errors {
		all = append(all, f.Field)
	}
	return all
}
