package auth_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

func TestOwnSessionsAreListedAndEnded(t *testing.T) {
	p := apitest.Start(t)
	first, second, stranger := p.Customer(synthetic.LoginCustomer), p.Customer(synthetic.LoginCustomer), p.Customer(synthetic.LoginSecondCustomer)
	list := func(b *apitest.Browser) []auth.OwnSession {
		var page struct{ Items []auth.OwnSession }
		b.Do(http.MethodGet, "/api/auth/sessions", nil).OK().Into(&page)
		return page.Items
	}
	mine := list(first)
	require.Len(t, mine, 2)
	require.True(t, mine[0].Current)
	require.False(t, mine[1].Current)
	require.Equal(t, "127.0.0.1", mine[0].Address)
	require.Contains(t, mine[0].Device, "Go-http-client")
	require.Equal(t, order.RoleCustomer, mine[0].Role)

	other := "/api/auth/sessions/" + mine[1].ID.String()
	require.Equal(t, problems.NotFound, stranger.Do(http.MethodDelete, other, nil).Problem().Code, "another person's session")
	first.Do(http.MethodDelete, other, nil).OK()
	require.Equal(t, problems.SessionExpired, second.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
	require.Equal(t, problems.NotFound, first.Do(http.MethodDelete, other, nil).Problem().Code, "once")

	third := p.Customer(synthetic.LoginCustomer)
	var out struct{ Location string }
	a := first.Do(http.MethodPost, "/api/auth/sessions/end", nil).OK()
	a.Into(&out)
	require.NotEmpty(t, out.Location)
	require.Equal(t, auth.ClearSiteData, a.Header.Get("Clear-Site-Data"))
	require.Equal(t, problems.SessionExpired, third.Do(http.MethodGet, "/api/auth/roles", nil).Problem().Code)
	stranger.Do(http.MethodGet, "/api/auth/roles", nil).OK()
	require.Equal(t, 2, apitest.Value[int](p, `select count(*) from security_events where kind = 'session-ended'`))
}

func TestPagesAndAnswersAreNotCachedByTheBrowser(t *testing.T) {
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	require.Equal(t, "no-store", b.Do(http.MethodGet, "/api/orders", nil).Header.Get("Cache-Control"))
	require.Equal(t, auth.ClearSiteData, b.Do(http.MethodPost, "/api/auth/logout", nil).Header.Get("Clear-Site-Data"))
}
