package api

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/dev/synthetic"
	"epkr/internal/config"
	"epkr/internal/ratelimit"
	"epkr/internal/testenv"
)

func (b *browser) until429(method, path string, most int) (passed int, refused answer) {
	b.p.t.Helper()
	for passed = range most {
		if refused = b.do(method, path, nil); refused.status == http.StatusTooManyRequests {
			return passed, refused
		}
	}
	return most, refused
}

// Each class of operations has its own rate, one person does not use up another's, and a refusal says when to come back.
func TestRatesOfAPersonByClass(t *testing.T) {
	p := startPlatform(t)
	customer, other := p.customer(synthetic.LoginCustomer), p.customer(synthetic.LoginSecondCustomer)
	slow := func(burst int) ratelimit.Rate { return ratelimit.Rate{PerSecond: 0.01, Burst: burst} }
	p.server.SetLimits(config.Limits{Read: slow(20), Search: slow(10), Write: slow(10), Upload: slow(10), Stream: slow(3)})
	for _, one := range []struct {
		method, path string
		burst        int
	}{
		{http.MethodGet, "/api/notifications", 20},
		{http.MethodGet, "/api/orders", 10},
		{http.MethodPost, "/api/notifications/read", 10},
		{http.MethodPost, "/api/orders/" + synthetic.LoginCustomer + "/files", 10},
	} {
		passed, refused := customer.until429(one.method, one.path, 100)
		require.InDelta(t, one.burst, passed, 3, one.path+": "+refused.text())
		require.Equal(t, codeTooManyRequests, refused.problem().Code)
		require.True(t, refused.last, "a flood leaves no idle connections")
		after, err := strconv.Atoi(refused.header.Get("Retry-After"))
		require.NoError(t, err)
		require.Positive(t, after)
	}
	other.do(http.MethodGet, "/api/notifications", nil).ok()
	require.Contains(t, string(p.operator("/metrics").ok().body), `epkr_throttled_total{class="search"}`)
}

// Two API servers on one database keep one account of a person.
func TestRatesHoldOverAllServers(t *testing.T) {
	p := startPlatform(t)
	r := ratelimit.Rate{PerSecond: 0.01, Burst: 60}
	shared := config.Limits{Read: r}
	refusals := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "refusals"}, []string{"class"})
	passed := 0
	for range 3 {
		store, err := db.Open(t.Context(), p.databaseURL)
		require.NoError(t, err)
		defer store.Close()
		other := newThrottle(store, shared, refusals)
		for range 100 {
			if other.take(t.Context(), classRead, "somebody") == nil {
				passed++
			}
		}
	}
	require.InDelta(t, 60, passed, 3)
	require.Equal(t, 1, value[int](p, "select count(*) from rate_buckets where key = 'read:somebody'"))
	p.exec("update rate_buckets set refilled_at = now() - interval '2 hours'")
	require.NoError(t, p.sweep(t.Context()))
	require.Zero(t, value[int](p, "select count(*) from rate_buckets"))
}

// Without a session an address has less, and sign-ins are their own class; a browser on its way there gets a page and not a program's answer.
func TestRatesOfAnAddress(t *testing.T) {
	p := startPlatform(t)
	r := ratelimit.Rate{PerSecond: 0.01, Burst: 12}
	p.server.SetLimits(config.Limits{SignIn: r, Anonymous: r})
	b := p.browser()
	passed, refused := b.until429(http.MethodGet, "/api/me", 50)
	require.InDelta(t, 12, passed, 2)
	require.Equal(t, codeTooManyRequests, refused.problem().Code)
	passed, refused = b.until429(http.MethodGet, "/api/auth/login", 50)
	require.InDelta(t, 12, passed, 2)
	require.Equal(t, codeTooManySignIns, refused.problem().Code)
	for returnTo, leadsTo := range map[string]string{"": "", "/orders?stage=work": "&returnTo=%2Forders%3Fstage%3Dwork", "//evil.test": ""} {
		page := b.do(http.MethodGet, "/api/auth/login?"+url.Values{"returnTo": {returnTo}}.Encode(), nil, "Sec-Fetch-Mode", "navigate")
		require.Equal(t, http.StatusSeeOther, page.status)
		require.Equal(t, "/signin?error="+codeTooManySignIns+leadsTo, page.header.Get("Location"))
	}
}

func TestEverythingFromAnAddressCounts(t *testing.T) {
	p := startPlatform(t)
	customer := p.customer(synthetic.LoginCustomer)
	p.server.SetLimits(config.Limits{Address: ratelimit.Rate{PerSecond: 0.01, Burst: 10}})
	_, refused := customer.until429(http.MethodGet, "/", 50)
	require.Equal(t, codeTooManyRequests, refused.problem().Code)
	require.True(t, refused.last, "a flood leaves no idle connections")
	require.Equal(t, http.StatusTooManyRequests, customer.do(http.MethodGet, "/api/me", nil).status)
	customer.do(http.MethodGet, "/healthz", nil).ok()
}

func TestEveryOperationHasAClassAndEveryClassARate(t *testing.T) {
	p := startPlatform(t)
	all := config.Limits{}
	set := ratelimit.Rate{PerSecond: 1, Burst: 1}
	all.SignIn, all.Read, all.Search, all.Write, all.Upload, all.Stream = set, set, set, set, set, set
	for _, op := range p.server.Operations() {
		require.False(t, rateOf(all, op.Class).Unlimited(), op.ID)
	}
}

// Who asks and does not read keeps his own places only.
func TestUnreadAnswersHoldThePlacesOfTheirReader(t *testing.T) {
	p := startPlatform(t)
	customer, other := p.customer(synthetic.LoginCustomer), p.customer(synthetic.LoginSecondCustomer)
	p.server.SetLimits(config.Limits{AtOnce: 2})
	for range 20 {
		customer.do(http.MethodGet, "/api/me", nil).ok()
		other.do(http.MethodGet, "/api/me", nil).ok()
	}
	testenv.Eventually(t, "a place to be free once its answer is written", func() bool {
		return p.server.Busy() == 0
	})
}

func TestOldestSessionsEnd(t *testing.T) {
	p := startPlatform(t, func(s *Setup) { s.Config.Limits.Sessions = 3 })
	first := p.customer(synthetic.LoginCustomer)
	for range 3 {
		p.customer(synthetic.LoginCustomer)
	}
	require.Equal(t, 3, value[int](p, "select count(*) from sessions"))
	require.Equal(t, codeSessionExpired, first.do(http.MethodGet, "/api/notifications", nil).problem().Code)
	p.customer(synthetic.LoginSecondCustomer).do(http.MethodGet, "/api/notifications", nil).ok()
}

// One address has so many connections, and a connection that ends makes room.
func TestConnectionsOfOneAddressAreLimited(t *testing.T) {
	p := startPlatform(t)
	limit := p.deps.Config.Limits
	limit.Connections = 5
	p.server.SetLimits(limit)
	dial := func() (net.Conn, bool) {
		c, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		require.NoError(t, err)
		_, _ = c.Write([]byte("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"))
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, _ := c.Read(make([]byte, 16))
		return c, n > 0
	}
	var open []net.Conn
	served := 0
	for range 12 {
		c, ok := dial()
		if open = append(open, c); ok {
			served++
		}
	}
	require.LessOrEqual(t, served, 5)
	require.Positive(t, served)
	for _, c := range open {
		_ = c.Close()
	}
	require.Eventually(t, func() bool { c, ok := dial(); _ = c.Close(); return ok }, 10*time.Second, 20*time.Millisecond)
}
