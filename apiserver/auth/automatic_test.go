package auth_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/esia"
)

// attempts reports whether the start page begins a sign-in by itself.
func attempts(b *apitest.Browser) bool {
	b.Platform.T.Helper()
	var answer struct{ Attempt bool }
	b.Do(http.MethodGet, "/api/auth/automatic", nil).OK().Into(&answer)
	return answer.Attempt
}

// beginAutomatic begins a sign-in as the start page does and returns where the platform redirects.
func beginAutomatic(b *apitest.Browser, returnTo string) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, "/api/auth/login?"+url.Values{"automatic": {"true"}, "returnTo": {returnTo}}.Encode(), nil)
	require.Equal(b.Platform.T, http.StatusSeeOther, a.Status, a.Text())
	return a.Header.Get("Location")
}

func TestStartPageSignsInWhereASessionOfESIALives(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-3")
	p := apitest.Start(t)
	earlier := p.Browser()
	earlier.SignIn(synthetic.LoginCustomer)

	reopened := p.Browser()
	reopened.Visitor = earlier.Visitor // the browser was closed and opened again: ЕСИА still knows the person
	require.True(t, attempts(reopened))
	back, err := reopened.Visitor.Open(t.Context(), beginAutomatic(reopened, "/orders"))
	require.NoError(t, err)
	require.Equal(t, "/orders", reopened.FinishSignIn(back))
	require.Equal(t, "Иванова Мария Петровна", apitest.WhoAmI(reopened).Person.Name)
	require.False(t, attempts(reopened))

	reopened.Do(http.MethodPost, "/api/auth/logout", nil).OK()
	require.False(t, attempts(reopened), "never after signing out")
	require.Equal(t, "/?returnTo=%2Forders", beginAutomatic(reopened, "/orders"))
	require.Equal(t, http.StatusNoContent, reopened.Do(http.MethodGet, "/api/me", nil).Status)
}

func TestStartPageWithoutASessionOfESIAShowsNoError(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-3")
	p := apitest.Start(t)
	b := p.Browser()
	require.True(t, attempts(b))
	back, err := b.Visitor.Open(t.Context(), beginAutomatic(b, "/orders?stage=work"))
	require.NoError(t, err)
	require.Equal(t, "login_required", back.Query().Get("error"), "ЕСИА shows no form")
	require.Equal(t, "/?returnTo=%2Forders%3Fstage%3Dwork", b.FinishSignIn(back))
	require.False(t, attempts(b), "once, as long as the browser is open")
	require.Equal(t, "/", beginAutomatic(b, "https://elsewhere.example/"))
	require.Zero(t, apitest.Value[int](p, `select count(*) from security_events where kind = 'sign-in-refused'`), "nobody was refused")
	require.Zero(t, apitest.Value[int](p, `select count(*) from logins`))
	require.Equal(t, "Иванова Мария Петровна", func() string { b.SignIn(synthetic.LoginCustomer); return apitest.WhoAmI(b).Person.Name }())
}

// A person whom the platform itself refuses reads why, also without a click.
func TestAutomaticSignInOfASwitchedOffPersonIsExplained(t *testing.T) {
	p := apitest.Start(t)
	earlier := p.Browser()
	earlier.SignIn(synthetic.LoginCustomer)
	p.Exec(`update people set active = false`)
	b := p.Browser()
	b.Visitor = earlier.Visitor
	back, err := b.Visitor.Open(t.Context(), beginAutomatic(b, "/"))
	require.NoError(t, err)
	require.Equal(t, "/signin?error=account_inactive", b.FinishSignIn(back))
}

func TestAutomaticSignInIsOffUnlessConfigured(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-3")
	p := apitest.Start(t)
	off := p.StartSecondServer(func(s *apitest.Setup) {
		s.ESIA = p.StartESIA(s.Config.ESIARedirect, func(c *esia.Config) { c.Automatic = esia.AutomaticOff })
	})
	b := off.Browser()
	require.False(t, attempts(b))
	require.Equal(t, "/", beginAutomatic(b, "/"))
	require.Empty(t, b.Cookies())
	address, err := url.Parse(b.BeginSignIn("/"))
	require.NoError(t, err)
	require.False(t, address.Query().Has("prompt"))
	renewal := p.Customer(synthetic.LoginCustomer).BeginRenewal("/")
	require.NotContains(t, renewal, "prompt")
}
