package auth_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/esia"
	"epkr/internal/order"
)

func TestMeWithoutASessionIsNoError(t *testing.T) {
	p := apitest.Start(t)
	stranger, b := p.Browser(), p.Customer(synthetic.LoginCustomer)
	nobody := stranger.Do(http.MethodGet, "/api/me", nil)
	require.Equal(t, http.StatusNoContent, nobody.Status)
	require.Empty(t, nobody.Body)
	require.Equal(t, "Иванова Мария Петровна", apitest.WhoAmI(b).Person.Name)
	p.AdvanceClock(31 * time.Minute)
	require.Equal(t, http.StatusNoContent, b.Do(http.MethodGet, "/api/me", nil).Status)
}

func TestSignInOfANaturalPersonChoosesTheOnlyRole(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2", "R-AUTH-5", "R-AUTH-6", "R-AUTH-9")
	b := apitest.Start(t).Browser()
	require.Equal(t, problems.NotSignedIn, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
	back := b.SignInAtESIA(b.BeginSignIn("/orders?stage=work"), synthetic.LoginCustomer)
	require.Equal(t, "/orders?stage=work", b.FinishSignIn(back))

	me := apitest.WhoAmI(b)
	require.Equal(t, "Иванова Мария Петровна", me.Person.Name)
	require.Equal(t, order.RoleCustomer, me.Role, "the only role is chosen at sign-in")
	require.Equal(t, "person", me.PartyKind)
	require.False(t, me.Consented)
	require.Equal(t, auth.NextConsent, me.Next)

	require.Equal(t, auth.NextSettings, b.Consent(), "the first consent leads to the settings")
	require.Equal(t, auth.NextSettings, apitest.WhoAmI(b).Next)

	again := b.Platform.Browser()
	again.SignIn(synthetic.LoginCustomer)
	require.Equal(t, auth.NextProfile, apitest.WhoAmI(again).Next, "the next sign-in asks for nothing")
}

func TestActiveSessionOfESIASignsInWithoutAForm(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-3")
	b := apitest.Start(t).Browser()
	b.SignIn(synthetic.LoginCustomer)
	b.Do(http.MethodPost, "/api/auth/logout", nil).OK()
	back, err := b.Visitor.Open(t.Context(), b.BeginSignIn("/"))
	require.NoError(t, err)
	require.Equal(t, "/", b.FinishSignIn(back))
	require.Equal(t, order.RoleCustomer, apitest.WhoAmI(b).Role)
}

func TestRolesToChooseFrom(t *testing.T) {
	acceptance.Covers(t, "R-ROLE-1", "R-ROLE-2", "R-ROLE-3", "R-AUTH-5", "R-AUTH-11", "R-AUTH-12",
		"R-AUTH-13", "R-AUTH-14", "R-FAQ-1")
	p := apitest.Start(t, apitest.WithProbe())
	for login, want := range map[string][]string{
		synthetic.LoginCustomer:             {"customer person"},
		synthetic.LoginCustomerEntrepreneur: {"customer person", "customer entrepreneur"},
		synthetic.LoginCustomerHead:         {"customer person", "customer organisation"},
		synthetic.LoginEmployerHead:         {"customer person", "customer organisation", "employer organisation"},
		synthetic.LoginEngineerMoscow:       {"customer person", "engineer engineer"},
		synthetic.LoginEngineerBlocked:      {"customer person", "engineer engineer"},
		synthetic.LoginEngineerExcluded:     {"customer person"},
		synthetic.LoginModerator:            {"customer person", "moderator moderator"},
	} {
		t.Run(login, func(t *testing.T) {
			b := p.Browser()
			b.SignIn(login)
			var got []string
			for _, one := range b.Roles() {
				got = append(got, string(one.Role)+" "+one.Kind)
			}
			require.Equal(t, want, got)
			if len(want) > 1 {
				require.Equal(t, auth.NextRole, apitest.WhoAmI(b).Next)
				require.Equal(t, problems.RoleRequired, b.Do(http.MethodGet, "/api/probe", nil).Problem().Code)
			}
		})
	}
}

// liveOrder inserts an order in work that the engineer performs.
func liveOrder(p *apitest.Platform, engineer uuid.UUID) {
	customer := p.Customer(synthetic.LoginSecondCustomer)
	me := apitest.WhoAmI(customer)
	body := uuid.New()
	p.Exec(`insert into message_bodies (id, order_id, author_id, body, sha256)
		values ($1, $1, (select person_id from parties where id = $2), '{}', repeat('0', 64))`, body, me.Party)
	p.Exec(`insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, engineer_id, waits_since, form_id, created_at, updated_at)
		values ($1, 'Т-1', 1, '{}', 'work', 'work', $2, (select person_id from parties where id = $2), $3, now(), $1, now(), now())`, body, me.Party, engineer)
}

func TestRoleOfAnotherPersonIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-5")
	p := apitest.Start(t)
	head := p.Browser()
	head.SignIn(synthetic.LoginCustomerHead)
	theirs := head.ChooseRole(order.RoleCustomer, "organisation")
	stranger := p.Browser()
	stranger.SignIn(synthetic.LoginCustomer)
	require.Equal(t, problems.RoleUnavailable, stranger.TakeRole(theirs).Problem().Code)
	require.Equal(t, problems.RoleUnavailable, stranger.TakeRole(auth.Choice{Role: order.RoleModerator}).Problem().Code)
	require.Equal(t, problems.RoleUnavailable, stranger.TakeRole(auth.Choice{Role: order.RoleEmployer, Party: apitest.WhoAmI(stranger).Party}).Problem().Code)
}

func TestRoleSwitchEndsTheFormerToken(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-13")
	p := apitest.Start(t, apitest.WithProbe())
	b := p.Engineer(synthetic.LoginEngineerMoscow)
	former := b.Cookies()
	b.ChooseRole(order.RoleCustomer, "person")
	require.Equal(t, order.RoleCustomer, apitest.WhoAmI(b).Role)
	require.Equal(t, problems.SessionExpired, apitest.Replay(p, former).Problem().Code)
}

func TestLogoutInvalidatesTheCookies(t *testing.T) {
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	kept := b.Cookies()
	require.Equal(t, http.StatusOK, apitest.Replay(p, kept).Status, "before the logout the cookies are good")
	var out struct{ Location string }
	b.Do(http.MethodPost, "/api/auth/logout", nil).OK().Into(&out)
	require.True(t, strings.HasPrefix(out.Location, p.ESIA+"/"), out.Location)
	require.Equal(t, problems.SessionExpired, apitest.Replay(p, kept).Problem().Code)
	require.Equal(t, problems.NotSignedIn, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
}

func TestSessionEndsAfterHalfAnHourWithoutUse(t *testing.T) {
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	for range 3 {
		p.AdvanceClock(29 * time.Minute)
		b.Do(http.MethodGet, "/api/me", nil).OK()
	}
	p.AdvanceClock(31 * time.Minute)
	require.Equal(t, problems.SessionExpired, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
}

func TestSessionEndsAfterTwelveHoursOfUse(t *testing.T) {
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	for range 35 {
		p.AdvanceClock(20 * time.Minute)
		b.Do(http.MethodGet, "/api/me", nil).OK()
	}
	p.AdvanceClock(21 * time.Minute)
	require.Equal(t, problems.SessionExpired, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
	require.NoError(t, p.Sweep(t.Context()))
	require.Zero(t, apitest.Value[int](p, `select count(*) from sessions`))
}

func TestRecheckOfAStreamKeepsNoSessionAlive(t *testing.T) {
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	var stream httpapi.Session
	for _, c := range b.Cookies() {
		if c.Name == httpapi.SessionCookie {
			stream.TokenHash = httpapi.HashToken(c.Value)
		}
	}
	_, err := p.Server.RecheckSession(t.Context(), stream, httpapi.Consented(order.RoleCustomer))
	require.NoError(t, err)
	_, err = p.Server.RecheckSession(t.Context(), stream, httpapi.Consented(order.RoleEngineer))
	require.Equal(t, problems.WrongRole, httpapi.ProblemOf(t.Context(), err).Code)
	p.AdvanceClock(29 * time.Minute)
	_, err = p.Server.RecheckSession(t.Context(), stream, httpapi.Consented())
	require.NoError(t, err)
	p.AdvanceClock(2 * time.Minute)
	_, err = p.Server.RecheckSession(t.Context(), stream, httpapi.Consented())
	require.Equal(t, problems.SessionExpired, httpapi.ProblemOf(t.Context(), err).Code)
}

func TestInactivePersonLosesSessionAndSignIn(t *testing.T) {
	acceptance.Covers(t, "R-GEN-6")
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	p.Exec(`update people set active = false`)
	require.Equal(t, problems.AccountInactive, b.Do(http.MethodGet, "/api/me", nil).Problem().Code)
	require.Equal(t, "/signin?error="+problems.AccountInactive, p.Browser().SignIn(synthetic.LoginCustomer))
}

func TestUnconfirmedAccountIsRefusedWithTheReason(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	b := p.Browser()
	require.Equal(t, "/signin?error=esia_unconfirmed_account", b.SignIn(synthetic.LoginUnconfirmed))
	require.Equal(t, problems.NotSignedIn, b.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
	require.Zero(t, apitest.Value[int](p, `select count(*) from people`))
	var text struct{ Detail string }
	b.Do(http.MethodGet, "/api/problems/esia_unconfirmed_account", nil).OK().Into(&text)
	require.Equal(t, (&esia.Error{Code: esia.CodeUnconfirmed}).Message(), text.Detail)
}

func TestRefusalAtESIAIsShownByItsCode(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := apitest.Start(t).Browser()
	back, err := b.Visitor.Refuse(t.Context(), b.BeginSignIn("/"))
	require.NoError(t, err)
	require.Equal(t, "/signin?error=esia_refused_by_user", b.FinishSignIn(back))
}

func TestStateIsValidOnceAndInItsOwnBrowserOnly(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	const refused = "/signin?error=" + problems.LoginExpired
	victim, attacker := p.Browser(), p.Browser()
	back := attacker.SignInAtESIA(attacker.BeginSignIn("/"), synthetic.LoginCustomer)
	require.Equal(t, refused, victim.FinishSignIn(back), "a browser that began no sign-in")
	victim.BeginSignIn("/")
	require.Equal(t, refused, victim.FinishSignIn(back), "a browser that began another sign-in")
	require.Equal(t, problems.NotSignedIn, victim.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
	require.Equal(t, "/", attacker.FinishSignIn(back), "the refused attempts did not use up the state")
	require.Equal(t, refused, victim.FinishSignIn(back), "used up")

	late := p.Browser()
	back = late.SignInAtESIA(late.BeginSignIn("/"), synthetic.LoginCustomer)
	p.AdvanceClock(auth.LoginLifetime)
	require.Equal(t, refused, late.FinishSignIn(back), "too late")
	require.Equal(t, refused, late.FinishSignIn(&url.URL{Path: "/api/auth/callback", RawQuery: "code=x&state=y&more=z"}), "the state is not the platform's")
}

func TestTwoWindowsSignInConcurrently(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := apitest.Start(t).Browser()
	first, second := b.BeginSignIn("/one"), b.BeginSignIn("/two")
	require.Equal(t, "/one", b.FinishSignIn(b.SignInAtESIA(first, synthetic.LoginCustomer)))
	require.Equal(t, "/two", b.FinishSignIn(b.SignInAtESIA(second, synthetic.LoginCustomer)))
}

func TestSignInReturnsOnlyToThePlatform(t *testing.T) {
	b := apitest.Start(t).Browser()
	require.Equal(t, "/", b.FinishSignIn(b.SignInAtESIA(b.BeginSignIn("//evil.test/x"), synthetic.LoginCustomer)))
}

func TestEndedMembershipEndsTheRole(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t, apitest.WithProbe())
	b := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	b.Do(http.MethodGet, "/api/probe", nil).OK()
	organisation := p.Person(synthetic.LoginCustomerHead).Organisations[0].OrganisationOID
	p.UpdateESIAPerson(`{"login":"` + synthetic.LoginCustomerHead + `","removeOrganisation":"` + organisation + `"}`)

	elsewhere := p.Browser()
	elsewhere.SignIn(synthetic.LoginCustomerHead)
	require.Equal(t, order.RoleCustomer, apitest.WhoAmI(elsewhere).Role)
	require.Equal(t, "person", apitest.WhoAmI(elsewhere).PartyKind, "one role is left")
	require.Equal(t, problems.RoleUnavailable, b.Do(http.MethodGet, "/api/probe", nil).Problem().Code, "the session in the lost role")

	p.UpdateESIAPerson(`{"login":"` + synthetic.LoginCustomerHead + `","reset":true}`)
	p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation").Do(http.MethodGet, "/api/probe", nil).OK()
}

func TestRepeatedSignInsStoreOnePerson(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	done := make(chan string)
	for range 4 {
		go func() { done <- p.Browser().SignIn(synthetic.LoginEmployerHead) }()
	}
	for range 4 {
		require.Equal(t, "/", <-done)
	}
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from people`))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from parties where kind = 'person'`))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from representatives where active`))
	require.Equal(t, p.Person(synthetic.LoginEmployerHead).SNILS, apitest.Value[string](p, `select snils from people`))
}

func TestTokensAreStoredAsHashesAndCookiesAreHTTPOnly(t *testing.T) {
	p := apitest.Start(t)
	b := p.Browser()
	a := b.Do(http.MethodGet, b.SignInAtESIA(b.BeginSignIn("/"), synthetic.LoginCustomer).RequestURI(), nil)
	cookie := (&http.Response{Header: a.Header}).Cookies()[0]
	require.Equal(t, httpapi.SessionCookie, cookie.Name)
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	require.Equal(t, "/", cookie.Path)
	require.Len(t, cookie.Value, 43)
	require.Equal(t, httpapi.HashToken(cookie.Value), apitest.Value[[]byte](p, `select token_hash from sessions`))

	secure := p.StartSecondServer(func(s *apitest.Setup) { s.Config.PublicURL = "https://epkr.test" }).Server.Cookie(httpapi.SessionCookie, "x")
	require.True(t, secure.Secure)
	require.Equal(t, "__Host-epkr_session", secure.Name)
}

func TestFaultOfThePlatformIsShownByItsCode(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	b := p.Browser()
	back := b.SignInAtESIA(b.BeginSignIn("/"), synthetic.LoginCustomer)
	p.Exec(`drop table representatives cascade`)
	require.Equal(t, "/signin?error="+problems.Internal, b.FinishSignIn(back))
	require.Zero(t, apitest.Value[int](p, `select count(*) from sessions`))
}

func TestLoginCookieIsRemovedAfterTheLogin(t *testing.T) {
	p := apitest.Start(t)
	b := p.Browser()
	named := func(name string) bool {
		return slices.ContainsFunc(b.Cookies(), func(c *http.Cookie) bool { return c.Name == name })
	}
	first, second := b.BeginSignIn("/"), b.BeginSignIn("/")
	require.True(t, named(auth.LoginCookie))
	require.Equal(t, "/", b.FinishSignIn(b.SignInAtESIA(first, synthetic.LoginCustomer)))
	require.True(t, named(auth.LoginCookie), "the other window is still signing in")
	require.Equal(t, "/", b.FinishSignIn(b.SignInAtESIA(second, synthetic.LoginCustomer)))
	require.False(t, named(auth.LoginCookie))
	require.True(t, named(httpapi.SessionCookie))
}
