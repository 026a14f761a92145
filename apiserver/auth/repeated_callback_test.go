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

func TestRepeatedCallbackRedirectsToThePage(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	b := p.Browser()
	back := b.SignInAtESIA(b.BeginSignIn("/orders"), synthetic.LoginCustomer)
	require.Equal(t, "/orders", b.FinishSignIn(back))
	require.Equal(t, "/orders", b.FinishSignIn(back), "reloaded")
	session := b.Cookies()
	p.AdvanceClock(auth.LoginLifetime)
	require.NoError(t, p.Sweep(t.Context()))
	require.Equal(t, "/orders", b.FinishSignIn(back), "by the browser's Back button, later")
	require.Equal(t, session, b.Cookies(), "the repeated callback issues no session")
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from sessions`))

	stranger := p.Browser()
	require.Equal(t, "/signin?error="+problems.LoginExpired, stranger.FinishSignIn(back), "in another browser")
	other := p.Customer(synthetic.LoginSecondCustomer)
	require.Equal(t, "/signin?error="+problems.LoginExpired, other.FinishSignIn(back), "another person's browser")

	b.Do(http.MethodPost, "/api/auth/logout", nil).OK()
	require.Contains(t, b.FinishSignIn(back), "/signin?error="+problems.LoginExpired, "after the logout it signs nobody in")
	require.Equal(t, problems.NotSignedIn, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
}

func TestRepeatedCallbackIssuesALostSession(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	b := p.Browser()
	back := b.SignInAtESIA(b.BeginSignIn("/orders"), synthetic.LoginCustomer)
	began := b.Cookies()
	require.Equal(t, "/orders", b.FinishSignIn(back))

	reloaded := p.Browser() // the same browser without the session's cookie, which never arrived
	address, err := url.Parse(p.URL)
	require.NoError(t, err)
	reloaded.Client.Jar.SetCookies(address, began)
	require.Equal(t, "/orders", reloaded.FinishSignIn(back))
	require.Equal(t, http.StatusOK, reloaded.Do(http.MethodGet, "/api/auth/roles", nil).Status)
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from sessions`))
	require.Equal(t, problems.SessionExpired, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
}

func TestRepeatedCallbackRedirectsAfterALaterSignIn(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	b := p.Browser()
	first := b.SignInAtESIA(b.BeginSignIn("/one"), synthetic.LoginCustomer)
	require.Equal(t, "/one", b.FinishSignIn(first))
	second := b.SignInAtESIA(b.BeginRenewal("/two"), synthetic.LoginCustomer)
	require.Equal(t, "/two", b.FinishSignIn(second))
	require.Equal(t, "/one", b.FinishSignIn(first), "the first login of the renewed session")
	third := b.SignInAtESIA(b.BeginSignIn("/three"), synthetic.LoginCustomer)
	require.Equal(t, "/three", b.FinishSignIn(third))
	require.Equal(t, "/one", b.FinishSignIn(first), "the first login of three")
	require.Equal(t, "/two", b.FinishSignIn(second))
	b.Visitor = p.Browser().Visitor
	require.Equal(t, "/four", b.FinishSignIn(b.SignInAtESIA(b.BeginSignIn("/four"), synthetic.LoginSecondCustomer)))
	require.Equal(t, "/signin?error="+problems.LoginExpired, b.FinishSignIn(third), "a login of the previous person")
}

func TestLoginAtAnotherHostNameSucceeds(t *testing.T) {
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
	require.Equal(t, "/orders", b.FinishSignIn(b.SignInAtESIA(begun.Header.Get("Location"), synthetic.LoginCustomer)))
}

func TestLoginBehindAProxyThatChangesHostRedirectsOnce(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.PublicURL = "https://epkr.test" })
	b := p.Browser()
	a := b.Do(http.MethodGet, "/api/auth/login?returnTo=/&moved=true", nil)
	require.True(t, strings.HasPrefix(a.Header.Get("Location"), p.ESIA), a.Header.Get("Location"))
}

// The test runs the commands of docs/api.md unchanged except for the port.
func TestDocumentedCommandsSignIn(t *testing.T) {
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
