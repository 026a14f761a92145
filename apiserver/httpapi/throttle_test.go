package httpapi_test

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

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/dev/synthetic"
	"epkr/internal/config"
	"epkr/internal/ratelimit"
	"epkr/internal/testenv"
)

func until429(b *apitest.Browser, method, path string, most int) (passed int, refused apitest.Answer) {
	b.Platform.T.Helper()
	for passed = range most {
		if refused = b.Do(method, path, nil); refused.Status == http.StatusTooManyRequests {
			return passed, refused
		}
	}
	return most, refused
}

// Each class of operations has its own rate, one person does not use up another's, and a refusal
// states when to retry.
func TestRatesApplyPerPersonAndClass(t *testing.T) {
	p := apitest.Start(t)
	customer, other := p.Customer(synthetic.LoginCustomer), p.Customer(synthetic.LoginSecondCustomer)
	slow := func(burst int) ratelimit.Rate { return ratelimit.Rate{PerSecond: 0.01, Burst: burst} }
	p.Server.SetLimits(config.Limits{Read: slow(20), Search: slow(10), Write: slow(10), Upload: slow(10), Stream: slow(3)})
	for _, one := range []struct {
		method, path string
		burst        int
	}{
		{http.MethodGet, "/api/notifications", 20},
		{http.MethodGet, "/api/orders", 10},
		{http.MethodPost, "/api/notifications/read", 10},
		{http.MethodPost, "/api/orders/" + synthetic.LoginCustomer + "/files", 10},
	} {
		passed, refused := until429(customer, one.method, one.path, 100)
		require.InDelta(t, one.burst, passed, 3, one.path+": "+refused.Text())
		require.Equal(t, problems.TooManyRequests, refused.Problem().Code)
		require.True(t, refused.ConnectionClosed, "a flood leaves no idle connections")
		after, err := strconv.Atoi(refused.Header.Get("Retry-After"))
		require.NoError(t, err)
		require.Positive(t, after)
	}
	other.Do(http.MethodGet, "/api/notifications", nil).OK()
	require.Contains(t, string(p.GetInternal("/metrics").OK().Body), `epkr_throttled_total{class="search"}`)
}

// Two API servers on one database count a person's requests together.
func TestRatesApplyOverAllServers(t *testing.T) {
	p := apitest.Start(t)
	r := ratelimit.Rate{PerSecond: 0.01, Burst: 60}
	shared := config.Limits{Read: r}
	refusals := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "refusals"}, []string{"class"})
	passed := 0
	for range 3 {
		store, err := db.Open(t.Context(), p.DatabaseURL)
		require.NoError(t, err)
		defer store.Close()
		other := limits.NewThrottle(store, shared, refusals)
		for range 100 {
			if other.Take(t.Context(), limits.Read, "somebody") == nil {
				passed++
			}
		}
	}
	require.InDelta(t, 60, passed, 3)
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from rate_buckets where key = 'read:somebody'"))
	p.Exec("update rate_buckets set refilled_at = now() - interval '2 hours'")
	require.NoError(t, p.Sweep(t.Context()))
	require.Zero(t, apitest.Value[int](p, "select count(*) from rate_buckets"))
}

// Without a session an address has lower limits, and sign-ins are a separate class. A browser that
// signs in is redirected to a page instead of getting a problem.
func TestRatesOfAnAddress(t *testing.T) {
	p := apitest.Start(t)
	r := ratelimit.Rate{PerSecond: 0.01, Burst: 12}
	p.Server.SetLimits(config.Limits{SignIn: r, Anonymous: r})
	b := p.Browser()
	passed, refused := until429(b, http.MethodGet, "/api/me", 50)
	require.InDelta(t, 12, passed, 2)
	require.Equal(t, problems.TooManyRequests, refused.Problem().Code)
	passed, refused = until429(b, http.MethodGet, "/api/auth/login", 50)
	require.InDelta(t, 12, passed, 2)
	require.Equal(t, problems.TooManySignIns, refused.Problem().Code)
	for returnTo, leadsTo := range map[string]string{"": "", "/orders?stage=work": "&returnTo=%2Forders%3Fstage%3Dwork", "//evil.test": ""} {
		page := b.Do(http.MethodGet, "/api/auth/login?"+url.Values{"returnTo": {returnTo}}.Encode(), nil, "Sec-Fetch-Mode", "navigate")
		require.Equal(t, http.StatusSeeOther, page.Status)
		require.Equal(t, "/signin?error="+problems.TooManySignIns+leadsTo, page.Header.Get("Location"))
	}
}

func TestAllRequestsOfAnAddressCount(t *testing.T) {
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	p.Server.SetLimits(config.Limits{Address: ratelimit.Rate{PerSecond: 0.01, Burst: 10}})
	_, refused := until429(customer, http.MethodGet, "/", 50)
	require.Equal(t, problems.TooManyRequests, refused.Problem().Code)
	require.True(t, refused.ConnectionClosed, "a flood leaves no idle connections")
	require.Equal(t, http.StatusTooManyRequests, customer.Do(http.MethodGet, "/api/me", nil).Status)
	customer.Do(http.MethodGet, "/healthz", nil).OK()
}

func TestEveryOperationHasAClassAndEveryClassARate(t *testing.T) {
	p := apitest.Start(t)
	all := config.Limits{}
	set := ratelimit.Rate{PerSecond: 1, Burst: 1}
	all.SignIn, all.Check, all.Read, all.Search, all.Write, all.Upload, all.Stream = set, set, set, set, set, set, set
	for _, op := range p.Server.Operations() {
		require.False(t, limits.RateOf(all, op.Class).Unlimited(), op.ID)
	}
}

// A client that does not read its answers blocks only its own places.
func TestUnreadAnswersBlockOnlyTheirReader(t *testing.T) {
	p := apitest.Start(t)
	customer, other := p.Customer(synthetic.LoginCustomer), p.Customer(synthetic.LoginSecondCustomer)
	p.Server.SetLimits(config.Limits{ConcurrentRequests: 2})
	for range 20 {
		customer.Do(http.MethodGet, "/api/me", nil).OK()
		other.Do(http.MethodGet, "/api/me", nil).OK()
	}
	testenv.Eventually(t, "the place is freed when its answer is written", func() bool {
		return p.Server.Busy() == 0
	})
}

func TestOldestSessionsEnd(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Limits.Sessions = 3 })
	first := p.Customer(synthetic.LoginCustomer)
	for range 3 {
		p.Customer(synthetic.LoginCustomer)
	}
	require.Equal(t, 3, apitest.Value[int](p, "select count(*) from sessions"))
	require.Equal(t, problems.SessionExpired, first.Do(http.MethodGet, "/api/notifications", nil).Problem().Code)
	p.Customer(synthetic.LoginSecondCustomer).Do(http.MethodGet, "/api/notifications", nil).OK()
}

// An address has a limited number of connections, and a closed connection frees its place.
func TestConnectionsOfOneAddressAreLimited(t *testing.T) {
	p := apitest.Start(t)
	limit := p.Deps.Config.Limits
	limit.Connections = 5
	p.Server.SetLimits(limit)
	dial := func() (net.Conn, bool) {
		c, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
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
