package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
)

func TestNothingWorksBeforeConsent_R_AUTH_6_R_AUTH_7_R_AUTH_9(t *testing.T) {
	p := startPlatform(t, withProbe())
	b := p.browser()
	b.signIn(synthetic.LoginCustomer)
	refused := b.do(http.MethodGet, "/api/probe", nil).problem()
	require.Equal(t, codeConsentRequired, refused.Code)
	require.Equal(t, http.StatusForbidden, refused.Status)
	var page struct {
		Title, Text string
		Needed      bool
	}
	b.do(http.MethodGet, "/api/auth/consent", nil).ok().into(&page)
	require.Equal(t, "Согласие на обработку персональных данных", page.Title)
	require.Contains(t, page.Text, "152-ФЗ")
	require.True(t, page.Needed)
	b.consent()
	b.do(http.MethodGet, "/api/probe", nil).ok()
	b.do(http.MethodGet, "/api/auth/consent", nil).ok().into(&page)
	require.False(t, page.Needed)
}

func TestConsentIsToTheTextThatWasRead_R_AUTH_9(t *testing.T) {
	b := startPlatform(t).browser()
	b.signIn(synthetic.LoginCustomer)
	refused := b.do(http.MethodPost, "/api/auth/consent", map[string]string{"version": "another"}).problem()
	require.Equal(t, codeConsentChanged, refused.Code)
	require.False(t, whoAmI(b).Consented)
	b.consent()
	b.consent()
	require.Equal(t, 1, value[int](b.p, `select count(*) from consents`), "a second click")
}

func TestRefusedConsentEndsTheSessionAndIsAskedAgain_R_AUTH_8(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	b.signIn(synthetic.LoginCustomer)
	kept := b.cookies()
	require.Equal(t, http.StatusNoContent, b.do(http.MethodPost, "/api/auth/consent/refusal", nil).status)
	require.Equal(t, codeNotSignedIn, b.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
	require.Equal(t, codeSessionExpired, replay(p, kept).problem().Code)
	b.signIn(synthetic.LoginCustomer)
	require.Equal(t, nextConsent, whoAmI(b).Next)
}

func TestWithdrawnConsentEndsAllSessionsAndIsAskedAgain_R_AUTH_6(t *testing.T) {
	p := startPlatform(t)
	here, there := p.customer(synthetic.LoginCustomer), p.customer(synthetic.LoginCustomer)
	neighbour := p.customer(synthetic.LoginSecondCustomer)
	require.Equal(t, http.StatusNoContent, here.do(http.MethodDelete, "/api/auth/consent", nil).status)
	require.Equal(t, codeSessionExpired, there.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
	neighbour.do(http.MethodGet, "/api/me", nil).ok()
	there.signIn(synthetic.LoginCustomer)
	require.Equal(t, nextConsent, whoAmI(there).Next)
	require.Equal(t, nextProfile, there.consent(), "not the first consent")
}

func TestChangedConsentIsAskedAgain_R_AUTH_10(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	require.Equal(t, nextSettings, whoAmI(b).Next)
	changed := NewConsent("Согласие\n\nНовый текст.")
	require.NotEqual(t, p.deps.Consent.Version, changed.Version)
	b = b.at(p.beside(func(s *Setup) { s.Consent = changed }))
	require.Equal(t, nextConsent, whoAmI(b).Next)
	b.consent()
	require.True(t, whoAmI(b).Consented)
}
