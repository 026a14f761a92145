package auth_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
)

func TestOperationsRequireConsent(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-6", "R-AUTH-7", "R-AUTH-9")
	p := apitest.Start(t, apitest.WithProbe())
	b := p.Browser()
	b.SignIn(synthetic.LoginCustomer)
	refused := b.Do(http.MethodGet, "/api/probe", nil).Problem()
	require.Equal(t, problems.ConsentRequired, refused.Code)
	require.Equal(t, http.StatusForbidden, refused.Status)
	var page struct {
		Title, Text string
		Needed      bool
	}
	b.Do(http.MethodGet, "/api/auth/consent", nil).OK().Into(&page)
	require.Equal(t, "Согласие на обработку персональных данных", page.Title)
	require.Contains(t, page.Text, "152-ФЗ")
	require.True(t, page.Needed)
	b.Consent()
	b.Do(http.MethodGet, "/api/probe", nil).OK()
	b.Do(http.MethodGet, "/api/auth/consent", nil).OK().Into(&page)
	require.False(t, page.Needed)
}

func TestConsentRequiresTheVersionThatWasRead(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-9")
	b := apitest.Start(t).Browser()
	b.SignIn(synthetic.LoginCustomer)
	refused := b.Do(http.MethodPost, "/api/auth/consent", map[string]string{"version": "another"}).Problem()
	require.Equal(t, problems.ConsentChanged, refused.Code)
	require.False(t, apitest.WhoAmI(b).Consented)
	b.Consent()
	b.Consent()
	require.Equal(t, 1, apitest.Value[int](b.Platform, `select count(*) from consents`), "a second click")
}

func TestRefusedConsentEndsTheSessionAndIsRequestedAgain(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-8")
	p := apitest.Start(t)
	b := p.Browser()
	b.SignIn(synthetic.LoginCustomer)
	kept := b.Cookies()
	require.Equal(t, http.StatusNoContent, b.Do(http.MethodPost, "/api/auth/consent/refusal", nil).Status)
	require.Equal(t, problems.NotSignedIn, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
	require.Equal(t, problems.SessionExpired, apitest.Replay(p, kept).Problem().Code)
	b.SignIn(synthetic.LoginCustomer)
	require.Equal(t, auth.NextConsent, apitest.WhoAmI(b).Next)
}

func TestWithdrawnConsentEndsAllSessionsAndIsRequestedAgain(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-6")
	p := apitest.Start(t)
	here, there := p.Customer(synthetic.LoginCustomer), p.Customer(synthetic.LoginCustomer)
	neighbour := p.Customer(synthetic.LoginSecondCustomer)
	require.Equal(t, http.StatusNoContent, here.Do(http.MethodDelete, "/api/auth/consent", nil).Status)
	require.Equal(t, problems.SessionExpired, there.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
	neighbour.Do(http.MethodGet, "/api/me", nil).OK()
	there.SignIn(synthetic.LoginCustomer)
	require.Equal(t, auth.NextConsent, apitest.WhoAmI(there).Next)
	require.Equal(t, auth.NextProfile, there.Consent(), "not the first consent")
}

func TestChangedConsentIsRequestedAgain(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-10")
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	require.Equal(t, auth.NextSettings, apitest.WhoAmI(b).Next)
	changed := auth.NewConsent("Согласие\n\nНовый текст.")
	require.NotEqual(t, p.Deps.Consent.Version, changed.Version)
	b = b.WithPlatform(p.StartSecondServer(func(s *apitest.Setup) { s.Consent = changed }))
	require.Equal(t, auth.NextConsent, apitest.WhoAmI(b).Next)
	b.Consent()
	require.True(t, apitest.WhoAmI(b).Consented)
}
