package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/esia"
	"epkr/internal/order"
)

func TestNobodyIsNoError(t *testing.T) {
	p := startPlatform(t)
	stranger, b := p.browser(), p.customer(synthetic.LoginCustomer)
	nobody := stranger.do(http.MethodGet, "/api/me", nil)
	require.Equal(t, http.StatusNoContent, nobody.status)
	require.Empty(t, nobody.body)
	require.Equal(t, "Иванова Мария Петровна", whoAmI(b).Person.Name)
	p.later(31 * time.Minute)
	require.Equal(t, http.StatusNoContent, b.do(http.MethodGet, "/api/me", nil).status)
}

func TestSignInOfANaturalPersonGoesStraightToConsent_R_AUTH_2_R_AUTH_5_R_AUTH_6_R_AUTH_9(t *testing.T) {
	b := startPlatform(t).browser()
	require.Equal(t, codeNotSignedIn, b.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
	back := b.atESIA(b.begin("/orders?stage=work"), synthetic.LoginCustomer)
	require.Equal(t, "/orders?stage=work", b.finish(back))

	me := whoAmI(b)
	require.Equal(t, "Иванова Мария Петровна", me.Person.Name)
	require.Equal(t, order.RoleCustomer, me.Role, "the only role is chosen at sign-in")
	require.Equal(t, "person", me.PartyKind)
	require.False(t, me.Consented)
	require.Equal(t, nextConsent, me.Next)

	require.Equal(t, nextSettings, b.consent(), "the first consent leads to the settings")
	require.Equal(t, nextSettings, whoAmI(b).Next)

	again := b.p.browser()
	again.signIn(synthetic.LoginCustomer)
	require.Equal(t, nextProfile, whoAmI(again).Next, "the next sign-in asks for nothing")
}

func TestActiveSessionOfESIASignsInWithoutAForm_R_AUTH_1_R_AUTH_3(t *testing.T) {
	b := startPlatform(t).browser()
	b.signIn(synthetic.LoginCustomer)
	b.do(http.MethodPost, "/api/auth/logout", nil).ok()
	back, err := b.visitor.Open(t.Context(), b.begin("/"))
	require.NoError(t, err)
	require.Equal(t, "/", b.finish(back))
	require.Equal(t, order.RoleCustomer, whoAmI(b).Role)
}

func TestRolesToChooseFrom_R_AUTH_5_R_AUTH_11_R_AUTH_12_R_AUTH_13_R_AUTH_14(t *testing.T) {
	p := startPlatform(t, withProbe())
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
			b := p.browser()
			b.signIn(login)
			var got []string
			for _, one := range b.roles() {
				got = append(got, string(one.Role)+" "+one.Kind)
			}
			require.Equal(t, want, got)
			if len(want) > 1 {
				require.Equal(t, nextRole, whoAmI(b).Next)
				require.Equal(t, codeRoleRequired, b.do(http.MethodGet, "/api/probe", nil).problem().Code)
			}
		})
	}
}

// liveOrder writes an order in work that the engineer performs.
func (p *platform) liveOrder(engineer uuid.UUID) {
	customer := p.customer(synthetic.LoginSecondCustomer)
	me := whoAmI(customer)
	body := uuid.New()
	p.exec(`insert into message_bodies (id, order_id, author_id, body, sha256)
		values ($1, $1, (select person_id from parties where id = $2), '{}', repeat('0', 64))`, body, me.Party)
	p.exec(`insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, engineer_id, waits_since, form_id, created_at, updated_at)
		values ($1, 'Т-1', 1, '{}', 'work', 'work', $2, (select person_id from parties where id = $2), $3, now(), $1, now(), now())`, body, me.Party, engineer)
}

func TestRoleOfAnotherPersonCannotBeTaken_R_AUTH_5(t *testing.T) {
	p := startPlatform(t)
	head := p.browser()
	head.signIn(synthetic.LoginCustomerHead)
	theirs := head.choose(order.RoleCustomer, "organisation")
	stranger := p.browser()
	stranger.signIn(synthetic.LoginCustomer)
	require.Equal(t, codeRoleUnavailable, stranger.take(theirs).problem().Code)
	require.Equal(t, codeRoleUnavailable, stranger.take(choice{Role: order.RoleModerator}).problem().Code)
	require.Equal(t, codeRoleUnavailable, stranger.take(choice{Role: order.RoleEmployer, Party: whoAmI(stranger).Party}).problem().Code)
}

func TestRoleSwitchEndsTheFormerToken_R_AUTH_13(t *testing.T) {
	p := startPlatform(t, withProbe())
	b := p.engineer(synthetic.LoginEngineerMoscow)
	former := b.cookies()
	b.choose(order.RoleCustomer, "person")
	require.Equal(t, order.RoleCustomer, whoAmI(b).Role)
	require.Equal(t, codeSessionExpired, replay(p, former).problem().Code)
}

func TestLogoutEndsTheSessionForEverybody_R_AUTH_1(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	kept := b.cookies()
	require.Equal(t, http.StatusOK, replay(p, kept).status, "before the logout the cookies are good")
	var out struct{ Location string }
	b.do(http.MethodPost, "/api/auth/logout", nil).ok().into(&out)
	require.True(t, strings.HasPrefix(out.Location, p.esiaURL+"/"), out.Location)
	require.Equal(t, codeSessionExpired, replay(p, kept).problem().Code)
	require.Equal(t, codeNotSignedIn, b.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
}

func TestSessionEndsAfterHalfAnHourWithoutUse(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	for range 3 {
		p.later(29 * time.Minute)
		b.do(http.MethodGet, "/api/me", nil).ok()
	}
	p.later(31 * time.Minute)
	require.Equal(t, codeSessionExpired, b.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
}

func TestSessionEndsAfterTwelveHoursOfUse(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	for range 35 {
		p.later(20 * time.Minute)
		b.do(http.MethodGet, "/api/me", nil).ok()
	}
	p.later(21 * time.Minute)
	require.Equal(t, codeSessionExpired, b.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
	require.NoError(t, p.sweep(t.Context()))
	require.Zero(t, value[int](p, `select count(*) from sessions`))
}

func TestRecheckOfAStreamKeepsNoSessionAlive(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	var stream session
	for _, c := range b.cookies() {
		if c.Name == sessionCookie {
			stream.tokenHash = hashToken(c.Value)
		}
	}
	_, err := p.server.recheckSession(t.Context(), stream, consented(order.RoleCustomer))
	require.NoError(t, err)
	_, err = p.server.recheckSession(t.Context(), stream, consented(order.RoleEngineer))
	require.Equal(t, codeWrongRole, problemOf(t.Context(), err).Code)
	p.later(29 * time.Minute)
	_, err = p.server.recheckSession(t.Context(), stream, consented())
	require.NoError(t, err)
	p.later(2 * time.Minute)
	_, err = p.server.recheckSession(t.Context(), stream, consented())
	require.Equal(t, codeSessionExpired, problemOf(t.Context(), err).Code)
}

func TestInactivePersonIsOutAtOnceAndCannotReturn_R_GEN_6(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	p.exec(`update people set active = false`)
	require.Equal(t, codeAccountInactive, b.do(http.MethodGet, "/api/me", nil).problem().Code)
	require.Equal(t, "/signin?error="+codeAccountInactive, p.browser().signIn(synthetic.LoginCustomer))
}

func TestUnconfirmedAccountIsRefusedWithTheReason_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	require.Equal(t, "/signin?error=esia_unconfirmed_account", b.signIn(synthetic.LoginUnconfirmed))
	require.Equal(t, codeNotSignedIn, b.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
	require.Zero(t, value[int](p, `select count(*) from people`))
	var text struct{ Detail string }
	b.do(http.MethodGet, "/api/problems/esia_unconfirmed_account", nil).ok().into(&text)
	require.Equal(t, (&esia.Error{Code: esia.CodeUnconfirmed}).Message(), text.Detail)
}

func TestRefusalAtESIAComesBackAsItsCode_R_AUTH_2(t *testing.T) {
	b := startPlatform(t).browser()
	back, err := b.visitor.Refuse(t.Context(), b.begin("/"))
	require.NoError(t, err)
	require.Equal(t, "/signin?error=esia_refused_by_user", b.finish(back))
}

func TestStateIsGoodOnceAndInItsOwnBrowserOnly_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	const refused = "/signin?error=" + codeLoginExpired
	victim, attacker := p.browser(), p.browser()
	back := attacker.atESIA(attacker.begin("/"), synthetic.LoginCustomer)
	require.Equal(t, refused, victim.finish(back), "a browser that began nothing")
	victim.begin("/")
	require.Equal(t, refused, victim.finish(back), "a browser that began another sign-in")
	require.Equal(t, codeNotSignedIn, victim.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
	require.Equal(t, "/", attacker.finish(back), "the attempts did not use it up")
	require.Equal(t, refused, victim.finish(back), "used up")

	late := p.browser()
	back = late.atESIA(late.begin("/"), synthetic.LoginCustomer)
	p.later(loginLifetime)
	require.Equal(t, refused, late.finish(back), "too late")
	require.Equal(t, refused, late.finish(&url.URL{Path: "/api/auth/callback", RawQuery: "code=x&state=y&more=z"}), "no state of ours")
}

func TestTwoWindowsMaySignInAtOnce_R_AUTH_2(t *testing.T) {
	b := startPlatform(t).browser()
	first, second := b.begin("/one"), b.begin("/two")
	require.Equal(t, "/one", b.finish(b.atESIA(first, synthetic.LoginCustomer)))
	require.Equal(t, "/two", b.finish(b.atESIA(second, synthetic.LoginCustomer)))
}

func TestSignInReturnsOnlyToThePlatform(t *testing.T) {
	b := startPlatform(t).browser()
	require.Equal(t, "/", b.finish(b.atESIA(b.begin("//evil.test/x"), synthetic.LoginCustomer)))
}

func TestEndedMembershipEndsTheRole_R_AUTH_14(t *testing.T) {
	p := startPlatform(t, withProbe())
	b := p.signedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	b.do(http.MethodGet, "/api/probe", nil).ok()
	organisation := p.person(synthetic.LoginCustomerHead).Organisations[0].OrganisationOID
	p.control(`{"login":"` + synthetic.LoginCustomerHead + `","removeOrganisation":"` + organisation + `"}`)

	elsewhere := p.browser()
	elsewhere.signIn(synthetic.LoginCustomerHead)
	require.Equal(t, order.RoleCustomer, whoAmI(elsewhere).Role)
	require.Equal(t, "person", whoAmI(elsewhere).PartyKind, "one role is left")
	require.Equal(t, codeRoleUnavailable, b.do(http.MethodGet, "/api/probe", nil).problem().Code, "the session in that role")

	p.control(`{"login":"` + synthetic.LoginCustomerHead + `","reset":true}`)
	p.signedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation").do(http.MethodGet, "/api/probe", nil).ok()
}

func TestPersonIsKeptOnceHoweverOftenHeSignsIn_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	done := make(chan string)
	for range 4 {
		go func() { done <- p.browser().signIn(synthetic.LoginEmployerHead) }()
	}
	for range 4 {
		require.Equal(t, "/", <-done)
	}
	require.Equal(t, 1, value[int](p, `select count(*) from people`))
	require.Equal(t, 1, value[int](p, `select count(*) from parties where kind = 'person'`))
	require.Equal(t, 1, value[int](p, `select count(*) from representatives where active`))
	require.Equal(t, p.person(synthetic.LoginEmployerHead).SNILS, value[string](p, `select snils from people`))
}

func TestTokensAreKeptAsHashesAndCookiesAreClosedToScripts(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	a := b.do(http.MethodGet, b.atESIA(b.begin("/"), synthetic.LoginCustomer).RequestURI(), nil)
	cookie := (&http.Response{Header: a.header}).Cookies()[0]
	require.Equal(t, sessionCookie, cookie.Name)
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	require.Equal(t, "/", cookie.Path)
	require.Len(t, cookie.Value, 43)
	require.Equal(t, hashToken(cookie.Value), value[[]byte](p, `select token_hash from sessions`))

	secure := p.beside(func(s *Setup) { s.Config.PublicURL = "https://epkr.test" }).server.cookie(sessionCookie, "x")
	require.True(t, secure.Secure)
	require.Equal(t, "__Host-epkr_session", secure.Name)
}

func TestFaultOfThePlatformComesBackAsItsCode_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	back := b.atESIA(b.begin("/"), synthetic.LoginCustomer)
	p.exec(`drop table representatives cascade`)
	require.Equal(t, "/signin?error="+codeInternal, b.finish(back))
	require.Zero(t, value[int](p, `select count(*) from sessions`))
}

func TestCookieOfASignInEndsWithIt(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	named := func(name string) bool {
		return slices.ContainsFunc(b.cookies(), func(c *http.Cookie) bool { return c.Name == name })
	}
	first, second := b.begin("/"), b.begin("/")
	require.True(t, named(loginCookie))
	require.Equal(t, "/", b.finish(b.atESIA(first, synthetic.LoginCustomer)))
	require.True(t, named(loginCookie), "the other window is still on its way")
	require.Equal(t, "/", b.finish(b.atESIA(second, synthetic.LoginCustomer)))
	require.False(t, named(loginCookie))
	require.True(t, named(sessionCookie))
}
