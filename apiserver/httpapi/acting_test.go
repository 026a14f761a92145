package httpapi_test

import (
	"net/http"
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
	"epkr/internal/order"
)

// actingFor returns the header of a tab that shows the current identity of GET /api/me.
func actingFor(b *apitest.Browser) string {
	b.Platform.T.Helper()
	var me auth.Me
	b.Do(http.MethodGet, "/api/me", nil).OK().Into(&me)
	party := ""
	if me.Party != nil {
		party = me.Party.String()
	}
	return me.Person.ID.String() + "." + string(me.Role) + "." + party
}

func TestRequestMeantForAnotherAccountIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-13")
	p := apitest.Start(t, apitest.WithProbe())
	b := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	shown := actingFor(b)
	b.Do(http.MethodGet, "/api/probe", nil, httpapi.ActingHeader, shown).OK()
	b.ChooseRole(order.RoleCustomer, "person") // in another tab
	refused := b.Do(http.MethodPost, "/api/orders", nil, httpapi.ActingHeader, shown, "Idempotency-Key", uuid.NewString()).Problem()
	require.Equal(t, problems.ActingChanged, refused.Code)
	require.Equal(t, http.StatusConflict, refused.Status)
	require.Zero(t, apitest.Value[int](p, `select count(*) from requests`))
	require.Equal(t, problems.ActingChanged, b.Do(http.MethodGet, "/api/orders", nil, httpapi.ActingHeader, shown).Problem().Code)
	require.Equal(t, problems.ActingChanged, b.Do(http.MethodGet, "/api/events?for="+shown, nil).Problem().Code, "the stream of events")
	stream, err := b.Client.Do(b.Request(http.MethodGet, "/api/events?for="+actingFor(b), nil))
	require.NoError(t, err)
	require.NoError(t, stream.Body.Close())
	require.Equal(t, http.StatusOK, stream.StatusCode, "the stream of the account that the tab shows")
	require.Equal(t, problems.ActingChanged, b.Do(http.MethodGet, "/api/probe", nil, httpapi.ActingHeader, "nonsense").Problem().Code)
	b.Do(http.MethodGet, "/api/probe", nil, httpapi.ActingHeader, actingFor(b)).OK()
	b.Do(http.MethodGet, "/api/probe", nil).OK()
	b.Do(http.MethodGet, "/api/auth/roles", nil, httpapi.ActingHeader, shown).OK()
}

func TestRequestMeantForAnotherPersonIsRefusedEverywhere(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-13")
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	shown := actingFor(b)
	b.Visitor = p.Browser().Visitor
	b.SignIn(synthetic.LoginSecondCustomer) // in another tab
	for _, call := range [][2]string{
		{http.MethodDelete, "/api/auth/consent"},
		{http.MethodPost, "/api/auth/consent/refusal"},
		{http.MethodGet, "/api/auth/roles"},
		{http.MethodPost, "/api/auth/sessions/end"},
		{http.MethodGet, "/api/auth/sessions"},
		{http.MethodPost, "/api/auth/logout"},
	} {
		require.Equal(t, problems.ActingChanged, b.Do(call[0], call[1], nil, httpapi.ActingHeader, shown).Problem().Code, call[1])
		request := b.Request(call[0], call[1], nil)
		request.Header[httpapi.ActingHeader] = []string{"", shown}
		require.Equal(t, problems.ActingChanged, b.Exchange(request).Problem().Code, "%s: after an empty header", call[1])
	}
	b.Do(http.MethodGet, "/api/me", nil, httpapi.ActingHeader, shown).OK()
	b.Do(http.MethodGet, "/api/auth/roles", nil).OK()
	own := actingFor(b)
	b.Do(http.MethodPost, "/api/auth/logout", nil, httpapi.ActingHeader, own).OK()
	b.Do(http.MethodPost, "/api/auth/logout", nil, httpapi.ActingHeader, own).OK()
}

func TestMembershipIsReadAgainWithinAnHour(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t, apitest.WithProbe())
	b := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	own := p.Customer(synthetic.LoginCustomer)
	for range 3 {
		b.Do(http.MethodGet, "/api/probe", nil).OK()
		own.Do(http.MethodGet, "/api/probe", nil).OK()
		p.AdvanceClock(21 * time.Minute)
	}
	require.Equal(t, problems.MembershipStale, b.Do(http.MethodGet, "/api/probe", nil).Problem().Code)
	own.Do(http.MethodGet, "/api/probe", nil).OK()
	me := apitest.WhoAmI(b)
	require.Equal(t, order.RoleCustomer, me.Role, "the page still shows the role")
	back := b.SignInAtESIA(b.Do(http.MethodGet, "/api/auth/login?renew=true&returnTo=/orders", nil).Header.Get("Location"), synthetic.LoginCustomerHead)
	require.Equal(t, "/orders", b.FinishSignIn(back))
	require.Equal(t, me.Party, apitest.WhoAmI(b).Party)
	b.Do(http.MethodGet, "/api/probe", nil).OK()
}
