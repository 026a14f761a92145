package auth_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
)

func TestCallbackOnceMoreLeadsOn(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	b := p.Browser()
	back := b.AtESIA(b.Begin("/orders"), synthetic.LoginCustomer)
	require.Equal(t, "/orders", b.Finish(back))
	require.Equal(t, "/orders", b.Finish(back), "reloaded")
	session := b.Cookies()
	p.Later(auth.LoginLifetime)
	require.NoError(t, p.Sweep(t.Context()))
	require.Equal(t, "/orders", b.Finish(back), "by Back, later")
	require.Equal(t, session, b.Cookies(), "nobody gets a session by it")
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from sessions`))

	stranger := p.Browser()
	require.Equal(t, "/signin?error="+problems.LoginExpired, stranger.Finish(back), "in another browser")
	other := p.Customer(synthetic.LoginSecondCustomer)
	require.Equal(t, "/signin?error="+problems.LoginExpired, other.Finish(back), "of somebody else")

	b.Do(http.MethodPost, "/api/auth/logout", nil).OK()
	require.Contains(t, b.Finish(back), "/signin?error="+problems.LoginExpired, "after the logout it signs nobody in")
	require.Equal(t, problems.NotSignedIn, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
}

func TestCallbackWhoseAnswerWasLostGivesTheSession(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	b := p.Browser()
	back := b.AtESIA(b.Begin("/orders"), synthetic.LoginCustomer)
	began := b.Cookies()
	require.Equal(t, "/orders", b.Finish(back))

	reloaded := p.Browser() // the same browser, but for the session's cookie, which never arrived
	address, err := url.Parse(p.URL)
	require.NoError(t, err)
	reloaded.Client.Jar.SetCookies(address, began)
	require.Equal(t, "/orders", reloaded.Finish(back))
	require.Equal(t, http.StatusOK, reloaded.Do(http.MethodGet, "/api/auth/roles", nil).Status)
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from sessions`))
	require.Equal(t, problems.SessionExpired, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
}

func TestCallbackOnceMoreLeadsOnAfterALaterSignIn(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	b := p.Browser()
	first := b.AtESIA(b.Begin("/one"), synthetic.LoginCustomer)
	require.Equal(t, "/one", b.Finish(first))
	second := b.AtESIA(b.Renew("/two"), synthetic.LoginCustomer)
	require.Equal(t, "/two", b.Finish(second))
	require.Equal(t, "/one", b.Finish(first), "of the session that was renewed")
	third := b.AtESIA(b.Begin("/three"), synthetic.LoginCustomer)
	require.Equal(t, "/three", b.Finish(third))
	require.Equal(t, "/one", b.Finish(first), "of the first of three sessions")
	require.Equal(t, "/two", b.Finish(second))
	b.Visitor = p.Browser().Visitor
	require.Equal(t, "/four", b.Finish(b.AtESIA(b.Begin("/four"), synthetic.LoginSecondCustomer)))
	require.Equal(t, "/signin?error="+problems.LoginExpired, b.Finish(third), "of the person who was there before")
}

func TestLoginAtAnotherNameOfThePlatformEnds(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	public, err := url.Parse(p.URL)
	require.NoError(t, err)
	b := p.Browser()
	elsewhere := "http://localhost:" + public.Port()
	request := b.Request(http.MethodGet, "", nil)
	request.URL, err = url.Parse(elsewhere + "/api/auth/login?returnTo=/orders")
	require.NoError(t, err)
	request.Host = ""
	response, err := b.Client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, p.URL+"/api/auth/login?moved=true&returnTo=%2Forders", response.Header.Get("Location"))
	require.Empty(t, response.Cookies())

	begun := b.Do(http.MethodGet, strings.TrimPrefix(response.Header.Get("Location"), p.URL), nil)
	require.Equal(t, "/orders", b.Finish(b.AtESIA(begun.Header.Get("Location"), synthetic.LoginCustomer)))
}

func TestLoginBehindAProxyThatChangesHostLeadsNotInACircle(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.PublicURL = "https://epkr.test" })
	b := p.Browser()
	a := b.Do(http.MethodGet, "/api/auth/login?returnTo=/&moved=true", nil)
	require.True(t, strings.HasPrefix(a.Header.Get("Location"), p.ESIA), a.Header.Get("Location"))
}

// The commands of docs/api.md as they stand there, but for the port.
func TestRecipeOfTheDocumentationSignsIn(t *testing.T) {
	p := apitest.Start(t)
	text, err := os.ReadFile("../../docs/api.md")
	require.NoError(t, err)
	_, recipe, found := strings.Cut(string(text), "```sh\n")
	require.True(t, found)
	recipe, _, _ = strings.Cut(recipe, "```")
	first, rest, _ := strings.Cut(recipe, "\n")
	require.Contains(t, first, "P=")
	for _, name := range []string{"127.0.0.1", "localhost"} {
		public, err := url.Parse(p.URL)
		require.NoError(t, err)
		command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", "P=http://"+name+":"+public.Port()+"\n"+rest)
		command.Dir = t.TempDir()
		out, err := command.CombinedOutput()
		require.NoError(t, err, string(out))
		require.Contains(t, string(out), `"consented":true`, "%s: %s", name, out)
	}
}
