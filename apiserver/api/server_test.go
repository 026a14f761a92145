package api

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/health"
	"epkr/internal/testenv"
)

func TestUnknownAddressesAndMethodsAreProblems(t *testing.T) {
	b := startPlatform(t).browser()
	for _, test := range []struct{ method, path, code string }{
		{http.MethodGet, "/api/nothing", codeNotFound},
		{http.MethodPost, "/api/me", codeMethodNotAllowed},
		{http.MethodGet, "/api/auth/logout", codeMethodNotAllowed},
		{http.MethodGet, "/api/problems/nothing", codeNotFound},
	} {
		require.Equal(t, test.code, b.do(test.method, test.path, nil).problem().Code, test.path)
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	b := startPlatform(t).browser()
	for _, a := range []answer{b.do(http.MethodGet, "/api/me", nil), b.do(http.MethodGet, "/api/problems/internal", nil), b.do(http.MethodGet, "/api/x", nil)} {
		require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
		require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		require.Contains(t, a.header.Get("Content-Security-Policy"), "default-src 'none'")
		require.NotEmpty(t, a.header.Get(requestIDHeader))
	}
	named := b.do(http.MethodGet, "/api/me", nil, requestIDHeader, "proxy-12345678")
	require.NoError(t, uuid.Validate(named.header.Get(requestIDHeader)), "nobody else names a request")
	odd := b.do(http.MethodGet, "/api/me", nil, requestIDHeader, "<script>alert(1)</script>")
	require.NoError(t, uuid.Validate(odd.header.Get(requestIDHeader)))
}

func TestRequestsOfOtherSitesAreRefused(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	const path = "/api/auth/logout"
	for name, headers := range map[string][]string{
		"чужой сайт":           {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.test"},
		"соседний сайт":        {"Sec-Fetch-Site", "same-site", "Origin", "https://other.epkr.test"},
		"старый браузер":       {"Origin", "https://evil.test"},
		"без происхождения":    {"Origin", "null"},
		"другой порт":          {"Origin", "http://127.0.0.1:1"},
		"только Sec-Fetch":     {"Sec-Fetch-Site", "cross-site"},
		"ложный Host в Origin": {"Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test"},
	} {
		refused := b.do(http.MethodPost, path, nil, headers...).problem()
		require.Equal(t, codeCrossOrigin, refused.Code, name)
	}
	require.NotEmpty(t, whoAmI(b).Role, "nobody was logged out")
	b.do(http.MethodGet, "/api/me", nil, "Sec-Fetch-Site", "cross-site").ok() // a link from elsewhere
	for name, headers := range map[string][]string{
		"своя страница": {"Sec-Fetch-Site", "same-origin", "Origin", p.url},
		"за прокси":     {"Sec-Fetch-Site", "cross-site", "Origin", p.url},
		"программа":     {},
	} {
		require.Equal(t, http.StatusOK, b.do(http.MethodPost, path, nil, headers...).status, name)
	}
}

func TestPanicIsAProblemWithTheNumberOfTheRequest(t *testing.T) {
	p := startPlatform(t, withOperation(func(s *Server) {
		register(s, huma.Operation{OperationID: "panic", Method: http.MethodGet, Path: "/api/panic"}, public,
			func(context.Context, *struct{}) (*struct{}, error) { panic("secret") })
	}))
	b := p.browser()
	a := b.do(http.MethodGet, "/api/panic", nil)
	require.Equal(t, codeInternal, a.problem().Code)
	require.Equal(t, a.header.Get(requestIDHeader), a.problem().RequestID)
	require.NotContains(t, string(a.body), "secret")
	b.do(http.MethodGet, "/healthz", nil).ok()
}

// waiting is an operation that answers when it is told to.
type waiting struct{ arrived, release chan struct{} }

func withWaiting(w waiting) func(*Setup) {
	return withOperation(func(s *Server) {
		register(s, huma.Operation{OperationID: "wait", Method: http.MethodGet, Path: "/api/wait", DefaultStatus: http.StatusNoContent}, public,
			func(context.Context, *struct{}) (*struct{}, error) {
				close(w.arrived)
				<-w.release
				return nil, nil
			})
	})
}

func TestEndRefusesNewRequestsAndFinishesThoseInHand(t *testing.T) {
	w := waiting{make(chan struct{}), make(chan struct{})}
	p := startPlatform(t, withWaiting(w))
	b := p.browser()
	keptAlive, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	require.NoError(t, err)
	defer keptAlive.Close()
	inHand := make(chan int, 1)
	go func() { inHand <- b.do(http.MethodGet, "/api/wait", nil).status }()
	<-w.arrived
	closing, streamEnded := p.server.openStream()
	ended := make(chan error, 1)
	go func() { ended <- p.server.Close(t.Context()) }()
	<-closing
	refused := p.browser().do(http.MethodGet, "/api/me", nil)
	require.Equal(t, codeClosing, refused.problem().Code)
	require.NotEmpty(t, refused.header.Get("Retry-After"))
	require.Equal(t, http.StatusServiceUnavailable, p.operator("/readyz").status)
	streamEnded()
	testenv.Eventually(t, "the port is closed", func() bool {
		connection, err := net.DialTimeout("tcp", strings.TrimPrefix(p.url, "http://"), time.Second)
		if err == nil {
			_ = connection.Close()
		}
		return err != nil
	})
	select {
	case <-ended:
		t.Fatal("the server ended with a request in hand")
	default:
	}
	close(w.release)
	require.Equal(t, http.StatusNoContent, <-inHand)
	_ = keptAlive.Close()
	require.NoError(t, <-ended)
}

// What a process works with is told, and is no condition of its readiness: a system that is away is away for every process.
func TestReadinessTellsWhatIsDownAndDoesNotDependOnIt_B6(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	told := func() (found map[string]health.State, a answer) {
		a = p.operator("/readyz").ok()
		a.into(&found)
		return found, a
	}
	testenv.Eventually(t, "everything to be seen", func() bool {
		found, _ := told()
		return found["api"].State == health.OK && found["database"].State == health.OK && found["storage"].State == health.OK && found["temporal"].State == health.OK
	})
	p.deps.Store.Close()
	testenv.Eventually(t, "the database to be missed", func() bool {
		found, a := told()
		require.NotContains(t, string(a.body), "127.0.0.1")
		return found["database"].State == "failed" && found["temporal"].State == health.OK
	})
	require.Contains(t, string(p.operator("/metrics").ok().body), `epkr_system_up{system="database"} 0`)
	require.Equal(t, http.StatusOK, b.do(http.MethodGet, "/healthz", nil).status)
}

func TestMetricsCountByRouteAndNeverByAddress(t *testing.T) {
	p := startPlatform(t)
	b := p.browser()
	b.do(http.MethodGet, "/api/problems/internal", nil).ok()
	b.do(http.MethodGet, "/api/made-up", nil)
	b.do(http.MethodGet, "/api/made-up/2", nil)
	b.do(http.MethodGet, "/made-up", nil)
	text := string(p.operator("/metrics").ok().body)
	require.Contains(t, text, `epkr_http_requests_total{method="GET",route="/api/problems/:code",status="200"} 1`)
	require.Contains(t, text, `epkr_http_requests_total{method="GET",route="unmatched",status="404"} 2`)
	require.Contains(t, text, `route="pages"`)
	require.Contains(t, text, "epkr_open_streams 0")
	require.Contains(t, text, "epkr_db_connections_max ")
	require.NotContains(t, text, "made-up")
}

func TestDescriptionOfTheAPIIsServed(t *testing.T) {
	b := startPlatform(t).browser()
	var description struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage
	}
	b.do(http.MethodGet, "/api/openapi.json", nil).ok().into(&description)
	require.Regexp(t, `^3\.1\.`, description.OpenAPI)
	for _, op := range b.p.server.Operations() {
		require.Contains(t, description.Paths[op.Path], strings.ToLower(op.Method), op.ID)
	}
}

func TestLogHoldsIdsOnly(t *testing.T) {
	var log safeBuffer
	p := startPlatform(t, func(s *Setup) { s.Log = log.logger() })
	b := p.customer(synthetic.LoginCustomer)
	b.do(http.MethodGet, "/api/me?", nil).ok()
	text := log.String()
	require.Contains(t, text, `"route":"/api/me"`)
	require.Contains(t, text, value[string](p, `select id from people`))
	person := p.person(synthetic.LoginCustomer)
	for _, personal := range []string{person.LastName, person.SNILS, person.OID, person.Email, "code=", b.cookies()[0].Value} {
		require.NotContains(t, text, personal)
	}
}

func TestPublicAddressTellsNothingToOperators(t *testing.T) {
	p := startPlatform(t)
	for _, path := range []string{"/metrics", "/readyz", "/metrics/", "//metrics", "/METRICS", "/%6detrics"} {
		a := p.browser().do(http.MethodGet, path, nil)
		require.NotContains(t, string(a.body), "epkr_http_requests_total", path)
		require.NotContains(t, string(a.body), `"database"`, path)
	}
	require.Equal(t, http.StatusOK, p.operator("/healthz").status)
}

func TestRequestsOfOthersNamesAreOnlyLogged(t *testing.T) {
	var log safeBuffer
	p := startPlatform(t, func(s *Setup) { s.Log = log.logger() })
	own := p.browser().do(http.MethodGet, "/api/me", nil, requestIDHeader, "proxy-12345678").header.Get(requestIDHeader)
	p.browser().do(http.MethodGet, "/api/me", nil, requestIDHeader, "evil\"} "+strings.Repeat("x", 100))
	testenv.Eventually(t, "both are logged", func() bool { return strings.Count(log.String(), `"route":"/api/me"`) == 2 })
	require.Contains(t, log.String(), `"request":"`+own+`"`)
	require.Contains(t, log.String(), `"foreignRequest":"proxy-12345678"`)
	require.NotContains(t, log.String(), "evil")
}
