package api

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
)

func TestCallbackOnceMoreLeadsOn_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	back := b.atESIA(b.begin("/orders"), synthetic.LoginCustomer)
	require.Equal(t, "/orders", b.finish(back))
	require.Equal(t, "/orders", b.finish(back), "reloaded")
	session := b.cookies()
	p.later(loginLifetime)
	require.NoError(t, p.sweep(t.Context()))
	require.Equal(t, "/orders", b.finish(back), "by Back, later")
	require.Equal(t, session, b.cookies(), "nobody gets a session by it")
	require.Equal(t, 1, value[int](p, `select count(*) from sessions`))

	stranger := p.browser()
	require.Equal(t, "/signin?error="+codeLoginExpired, stranger.finish(back), "in another browser")
	other := p.customer(synthetic.LoginSecondCustomer)
	require.Equal(t, "/signin?error="+codeLoginExpired, other.finish(back), "of somebody else")

	b.do(http.MethodPost, "/api/auth/logout", nil).ok()
	require.Contains(t, b.finish(back), "/signin?error="+codeLoginExpired, "after the logout it signs nobody in")
	require.Equal(t, codeNotSignedIn, b.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
}

func TestCallbackWhoseAnswerWasLostGivesTheSession_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	back := b.atESIA(b.begin("/orders"), synthetic.LoginCustomer)
	began := b.cookies()
	require.Equal(t, "/orders", b.finish(back))

	reloaded := p.browser() // the same browser, but for the session's cookie, which never arrived
	address, err := url.Parse(p.url)
	require.NoError(t, err)
	reloaded.client.Jar.SetCookies(address, began)
	require.Equal(t, "/orders", reloaded.finish(back))
	require.Equal(t, http.StatusOK, reloaded.do(http.MethodGet, "/api/auth/roles", nil).status)
	require.Equal(t, 1, value[int](p, `select count(*) from sessions`))
	require.Equal(t, codeSessionExpired, b.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
}

func TestCallbackOnceMoreLeadsOnAfterALaterSignIn_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	first := b.atESIA(b.begin("/one"), synthetic.LoginCustomer)
	require.Equal(t, "/one", b.finish(first))
	second := b.atESIA(b.renew("/two"), synthetic.LoginCustomer)
	require.Equal(t, "/two", b.finish(second))
	require.Equal(t, "/one", b.finish(first), "of the session that was renewed")
	third := b.atESIA(b.begin("/three"), synthetic.LoginCustomer)
	require.Equal(t, "/three", b.finish(third))
	require.Equal(t, "/one", b.finish(first), "of the first of three sessions")
	require.Equal(t, "/two", b.finish(second))
	b.visitor = p.browser().visitor
	require.Equal(t, "/four", b.finish(b.atESIA(b.begin("/four"), synthetic.LoginSecondCustomer)))
	require.Equal(t, "/signin?error="+codeLoginExpired, b.finish(third), "of the person who was there before")
}

func TestLoginAtAnotherNameOfThePlatformEnds_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	public, err := url.Parse(p.url)
	require.NoError(t, err)
	b := p.browser()
	elsewhere := "http://localhost:" + public.Port()
	request := b.request(http.MethodGet, "", nil)
	request.URL, err = url.Parse(elsewhere + "/api/auth/login?returnTo=/orders")
	require.NoError(t, err)
	request.Host = ""
	response, err := b.client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, p.url+"/api/auth/login?moved=true&returnTo=%2Forders", response.Header.Get("Location"))
	require.Empty(t, response.Cookies())

	begun := b.do(http.MethodGet, strings.TrimPrefix(response.Header.Get("Location"), p.url), nil)
	require.Equal(t, "/orders", b.finish(b.atESIA(begun.header.Get("Location"), synthetic.LoginCustomer)))
}

func TestLoginBehindAProxyThatChangesHostLeadsNotInACircle(t *testing.T) {
	p := startPlatform(t, func(s *Setup) { s.Config.PublicURL = "https://epkr.test" })
	b := p.browser()
	a := b.do(http.MethodGet, "/api/auth/login?returnTo=/&moved=true", nil)
	require.True(t, strings.HasPrefix(a.header.Get("Location"), p.esiaURL), a.header.Get("Location"))
}

// The commands of docs/api.md as they stand there, but for the port.
func TestRecipeOfTheDocumentationSignsIn(t *testing.T) {
	p := startPlatform(t)
	text, err := os.ReadFile("../../docs/api.md")
	require.NoError(t, err)
	_, recipe, found := strings.Cut(string(text), "```sh\n")
	require.True(t, found)
	recipe, _, _ = strings.Cut(recipe, "```")
	first, rest, _ := strings.Cut(recipe, "\n")
	require.Contains(t, first, "P=")
	for _, name := range []string{"127.0.0.1", "localhost"} {
		public, err := url.Parse(p.url)
		require.NoError(t, err)
		command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", "P=http://"+name+":"+public.Port()+"\n"+rest)
		command.Dir = t.TempDir()
		out, err := command.CombinedOutput()
		require.NoError(t, err, string(out))
		require.Contains(t, string(out), `"consented":true`, "%s: %s", name, out)
	}
}
