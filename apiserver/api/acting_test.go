package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// actingFor is the header of a tab that shows what GET /api/me says now.
func (b *browser) actingFor() string {
	b.p.t.Helper()
	var me Me
	b.do(http.MethodGet, "/api/me", nil).ok().into(&me)
	party := ""
	if me.Party != nil {
		party = me.Party.String()
	}
	return me.Person.ID.String() + "." + string(me.Role) + "." + party
}

func TestRequestMeantForAnotherAccountIsRefused_R_AUTH_13(t *testing.T) {
	p := startPlatform(t, withProbe())
	b := p.signedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	shown := b.actingFor()
	b.do(http.MethodGet, "/api/probe", nil, actingHeader, shown).ok()
	b.choose(order.RoleCustomer, "person") // in another tab
	refused := b.do(http.MethodPost, "/api/orders", nil, actingHeader, shown, "Idempotency-Key", uuid.NewString()).problem()
	require.Equal(t, codeActingChanged, refused.Code)
	require.Equal(t, http.StatusConflict, refused.Status)
	require.Zero(t, value[int](p, `select count(*) from requests`))
	require.Equal(t, codeActingChanged, b.do(http.MethodGet, "/api/orders", nil, actingHeader, shown).problem().Code)
	require.Equal(t, codeActingChanged, b.do(http.MethodGet, "/api/events?for="+shown, nil).problem().Code, "the stream of events")
	stream, err := b.client.Do(b.request(http.MethodGet, "/api/events?for="+b.actingFor(), nil))
	require.NoError(t, err)
	require.NoError(t, stream.Body.Close())
	require.Equal(t, http.StatusOK, stream.StatusCode, "the stream of whom the tab shows")
	require.Equal(t, codeActingChanged, b.do(http.MethodGet, "/api/probe", nil, actingHeader, "nonsense").problem().Code)
	b.do(http.MethodGet, "/api/probe", nil, actingHeader, b.actingFor()).ok()
	b.do(http.MethodGet, "/api/probe", nil).ok()
	b.do(http.MethodGet, "/api/auth/roles", nil, actingHeader, shown).ok()
}

func TestRequestMeantForAnotherPersonIsRefusedEverywhere_R_AUTH_13(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	shown := b.actingFor()
	b.visitor = p.browser().visitor
	b.signIn(synthetic.LoginSecondCustomer) // in another tab
	for _, call := range [][2]string{
		{http.MethodDelete, "/api/auth/consent"},
		{http.MethodPost, "/api/auth/consent/refusal"},
		{http.MethodGet, "/api/auth/roles"},
		{http.MethodPost, "/api/auth/sessions/end"},
		{http.MethodGet, "/api/auth/sessions"},
		{http.MethodPost, "/api/auth/logout"},
	} {
		require.Equal(t, codeActingChanged, b.do(call[0], call[1], nil, actingHeader, shown).problem().Code, call[1])
		request := b.request(call[0], call[1], nil)
		request.Header[actingHeader] = []string{"", shown}
		require.Equal(t, codeActingChanged, b.exchange(request).problem().Code, "%s: after an empty header", call[1])
	}
	b.do(http.MethodGet, "/api/me", nil, actingHeader, shown).ok()
	b.do(http.MethodGet, "/api/auth/roles", nil).ok()
	own := b.actingFor()
	b.do(http.MethodPost, "/api/auth/logout", nil, actingHeader, own).ok()
	b.do(http.MethodPost, "/api/auth/logout", nil, actingHeader, own).ok()
}

func TestMembershipIsReadAnewWithinAnHour_R_AUTH_14(t *testing.T) {
	p := startPlatform(t, withProbe())
	b := p.signedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	own := p.customer(synthetic.LoginCustomer)
	for range 3 {
		b.do(http.MethodGet, "/api/probe", nil).ok()
		own.do(http.MethodGet, "/api/probe", nil).ok()
		p.later(21 * time.Minute)
	}
	require.Equal(t, codeMembershipStale, b.do(http.MethodGet, "/api/probe", nil).problem().Code)
	own.do(http.MethodGet, "/api/probe", nil).ok()
	me := whoAmI(b)
	require.Equal(t, order.RoleCustomer, me.Role, "the page goes on showing the role")
	back := b.atESIA(b.do(http.MethodGet, "/api/auth/login?renew=true&returnTo=/orders", nil).header.Get("Location"), synthetic.LoginCustomerHead)
	require.Equal(t, "/orders", b.finish(back))
	require.Equal(t, me.Party, whoAmI(b).Party)
	b.do(http.MethodGet, "/api/probe", nil).ok()
}
