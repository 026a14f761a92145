package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

func TestOwnSessionsAreListedAndEnded(t *testing.T) {
	p := startPlatform(t)
	first, second, stranger := p.customer(synthetic.LoginCustomer), p.customer(synthetic.LoginCustomer), p.customer(synthetic.LoginSecondCustomer)
	list := func(b *browser) []OwnSession {
		var page struct{ Items []OwnSession }
		b.do(http.MethodGet, "/api/auth/sessions", nil).ok().into(&page)
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
	require.Equal(t, codeNotFound, stranger.do(http.MethodDelete, other, nil).problem().Code, "of somebody else")
	first.do(http.MethodDelete, other, nil).ok()
	require.Equal(t, codeSessionExpired, second.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
	require.Equal(t, codeNotFound, first.do(http.MethodDelete, other, nil).problem().Code, "once")

	third := p.customer(synthetic.LoginCustomer)
	var out struct{ Location string }
	a := first.do(http.MethodPost, "/api/auth/sessions/end", nil).ok()
	a.into(&out)
	require.NotEmpty(t, out.Location)
	require.Equal(t, clearSiteData, a.header.Get("Clear-Site-Data"))
	require.Equal(t, codeSessionExpired, third.do(http.MethodGet, "/api/auth/roles", nil).problem().Code)
	stranger.do(http.MethodGet, "/api/auth/roles", nil).ok()
	require.Equal(t, 2, value[int](p, `select count(*) from security_events where kind = 'session-ended'`))
}

func TestPagesAndAnswersAreNotKeptByTheBrowser_R_AUTH_1(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	require.Equal(t, "no-store", b.do(http.MethodGet, "/api/orders", nil).header.Get("Cache-Control"))
	require.Equal(t, clearSiteData, b.do(http.MethodPost, "/api/auth/logout", nil).header.Get("Clear-Site-Data"))
}
