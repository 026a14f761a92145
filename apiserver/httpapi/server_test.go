package httpapi_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/health"
	"epkr/internal/testenv"
)

func TestUnknownAddressesAndMethodsAreProblems(t *testing.T) {
	b := apitest.Start(t).Browser()
	for _, test := range []struct{ method, path, code string }{
		{http.MethodGet, "/api/nothing", problems.NotFound},
		{http.MethodPost, "/api/me", problems.MethodNotAllowed},
		{http.MethodGet, "/api/auth/logout", problems.MethodNotAllowed},
		{http.MethodGet, "/api/problems/nothing", problems.NotFound},
	} {
		require.Equal(t, test.code, b.Do(test.method, test.path, nil).Problem().Code, test.path)
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	b := apitest.Start(t).Browser()
	for _, a := range []apitest.Answer{b.Do(http.MethodGet, "/api/me", nil), b.Do(http.MethodGet, "/api/problems/internal", nil), b.Do(http.MethodGet, "/api/x", nil)} {
		require.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"))
		require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
		require.Contains(t, a.Header.Get("Content-Security-Policy"), "default-src 'none'")
		require.NotEmpty(t, a.Header.Get(httpapi.RequestIDHeader))
	}
	named := b.Do(http.MethodGet, "/api/me", nil, httpapi.RequestIDHeader, "proxy-12345678")
	require.NoError(t, uuid.Validate(named.Header.Get(httpapi.RequestIDHeader)), "clients cannot choose the request id")
	odd := b.Do(http.MethodGet, "/api/me", nil, httpapi.RequestIDHeader, "<script>alert(1)</script>")
	require.NoError(t, uuid.Validate(odd.Header.Get(httpapi.RequestIDHeader)))
}

func TestRequestsOfOtherSitesAreRefused(t *testing.T) {
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
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
		refused := b.Do(http.MethodPost, path, nil, headers...).Problem()
		require.Equal(t, problems.CrossOrigin, refused.Code, name)
	}
	require.NotEmpty(t, apitest.WhoAmI(b).Role, "nobody was logged out")
	b.Do(http.MethodGet, "/api/me", nil, "Sec-Fetch-Site", "cross-site").OK() // a link on another site
	for name, headers := range map[string][]string{
		"своя страница": {"Sec-Fetch-Site", "same-origin", "Origin", p.URL},
		"за прокси":     {"Sec-Fetch-Site", "cross-site", "Origin", p.URL},
		"программа":     {},
	} {
		require.Equal(t, http.StatusOK, b.Do(http.MethodPost, path, nil, headers...).Status, name)
	}
}

func TestPanicIsAProblemWithTheNumberOfTheRequest(t *testing.T) {
	p := apitest.Start(t, apitest.WithOperation(func(s *httpapi.Server) {
		httpapi.Register(s, huma.Operation{OperationID: "panic", Method: http.MethodGet, Path: "/api/panic"}, httpapi.Public,
			func(context.Context, *struct{}) (*struct{}, error) { panic("secret") })
	}))
	b := p.Browser()
	a := b.Do(http.MethodGet, "/api/panic", nil)
	require.Equal(t, problems.Internal, a.Problem().Code)
	require.Equal(t, a.Header.Get(httpapi.RequestIDHeader), a.Problem().RequestID)
	require.NotContains(t, string(a.Body), "secret")
	b.Do(http.MethodGet, "/healthz", nil).OK()
}

// waiting controls an operation that answers when release is closed.
type waiting struct{ arrived, release chan struct{} }

func withWaiting(w waiting) func(*apitest.Setup) {
	return apitest.WithOperation(func(s *httpapi.Server) {
		httpapi.Register(s, huma.Operation{OperationID: "wait", Method: http.MethodGet, Path: "/api/wait", DefaultStatus: http.StatusNoContent}, httpapi.Public,
			func(context.Context, *struct{}) (*struct{}, error) {
				close(w.arrived)
				<-w.release
				return nil, nil
			})
	})
}

func TestShutdownRefusesNewRequestsAndFinishesRunningOnes(t *testing.T) {
	w := waiting{make(chan struct{}), make(chan struct{})}
	p := apitest.Start(t, withWaiting(w))
	b := p.Browser()
	keptAlive, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	require.NoError(t, err)
	defer keptAlive.Close()
	inHand := make(chan int, 1)
	go func() { inHand <- b.Do(http.MethodGet, "/api/wait", nil).Status }()
	<-w.arrived
	closing, streamEnded := p.Server.OpenStream()
	ended := make(chan error, 1)
	go func() { ended <- p.Server.Close(t.Context()) }()
	<-closing
	refused := p.Browser().Do(http.MethodGet, "/api/me", nil)
	require.Equal(t, problems.Closing, refused.Problem().Code)
	require.NotEmpty(t, refused.Header.Get("Retry-After"))
	require.Equal(t, http.StatusServiceUnavailable, p.GetInternal("/readyz").Status)
	streamEnded()
	testenv.Eventually(t, "the port is closed", func() bool {
		connection, err := net.DialTimeout("tcp", strings.TrimPrefix(p.URL, "http://"), time.Second)
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

// Readiness reports the systems that a process uses but does not depend on them: a system that is
// down is down for every process.
func TestReadinessReportsFailedSystemsAndDoesNotDependOnThem(t *testing.T) {
	p := apitest.Start(t)
	b := p.Browser()
	readiness := func() (found map[string]health.State, a apitest.Answer) {
		a = p.GetInternal("/readyz").OK()
		a.Into(&found)
		return found, a
	}
	testenv.Eventually(t, "all systems are reported as available", func() bool {
		found, _ := readiness()
		return found["api"].State == health.OK && found["database"].State == health.OK && found["storage"].State == health.OK && found["temporal"].State == health.OK
	})
	p.Deps.Store.Close()
	testenv.Eventually(t, "the database is reported as down", func() bool {
		found, a := readiness()
		require.NotContains(t, string(a.Body), "127.0.0.1")
		return found["database"].State == "failed" && found["temporal"].State == health.OK
	})
	require.Contains(t, string(p.GetInternal("/metrics").OK().Body), `epkr_system_up{system="database"} 0`)
	require.Equal(t, http.StatusOK, b.Do(http.MethodGet, "/healthz", nil).Status)
}

func TestMetricsCountByRouteAndNeverByAddress(t *testing.T) {
	p := apitest.Start(t)
	b := p.Browser()
	b.Do(http.MethodGet, "/api/problems/internal", nil).OK()
	b.Do(http.MethodGet, "/api/made-up", nil)
	b.Do(http.MethodGet, "/api/made-up/2", nil)
	b.Do(http.MethodGet, "/made-up", nil)
	text := string(p.GetInternal("/metrics").OK().Body)
	require.Contains(t, text, `epkr_http_requests_total{method="GET",route="/api/problems/:code",status="200"} 1`)
	require.Contains(t, text, `epkr_http_requests_total{method="GET",route="unmatched",status="404"} 2`)
	require.Contains(t, text, `route="pages"`)
	require.Contains(t, text, "epkr_open_streams 0")
	require.Contains(t, text, "epkr_db_connections_max ")
	require.NotContains(t, text, "made-up")
}

func TestDescriptionOfTheAPIIsServed(t *testing.T) {
	b := apitest.Start(t).Browser()
	var description struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage
	}
	b.Do(http.MethodGet, "/api/openapi.json", nil).OK().Into(&description)
	require.Regexp(t, `^3\.1\.`, description.OpenAPI)
	for _, op := range b.Platform.Server.Operations() {
		require.Contains(t, description.Paths[op.Path], strings.ToLower(op.Method), op.ID)
	}
}

func TestLogContainsIDsOnly(t *testing.T) {
	var log apitest.SafeBuffer
	p := apitest.Start(t, func(s *apitest.Setup) { s.Log = log.Logger() })
	b := p.Customer(synthetic.LoginCustomer)
	b.Do(http.MethodGet, "/api/me?", nil).OK()
	text := log.String()
	require.Contains(t, text, `"route":"/api/me"`)
	require.Contains(t, text, apitest.Value[string](p, `select id from people`))
	person := p.Person(synthetic.LoginCustomer)
	session := slices.IndexFunc(b.Cookies(), func(c *http.Cookie) bool { return strings.HasSuffix(c.Name, httpapi.SessionCookie) })
	for _, personal := range []string{person.LastName, person.SNILS, person.OID, person.Email, "code=", b.Cookies()[session].Value} {
		require.NotContains(t, text, personal)
	}
}

func TestPublicAddressHasNoOperatorEndpoints(t *testing.T) {
	p := apitest.Start(t)
	for _, path := range []string{"/metrics", "/readyz", "/metrics/", "//metrics", "/METRICS", "/%6detrics"} {
		a := p.Browser().Do(http.MethodGet, path, nil)
		require.NotContains(t, string(a.Body), "epkr_http_requests_total", path)
		require.NotContains(t, string(a.Body), `"database"`, path)
	}
	require.Equal(t, http.StatusOK, p.GetInternal("/healthz").Status)
}

func TestForeignRequestIDsAreOnlyLogged(t *testing.T) {
	var log apitest.SafeBuffer
	p := apitest.Start(t, func(s *apitest.Setup) { s.Log = log.Logger() })
	own := p.Browser().Do(http.MethodGet, "/api/me", nil, httpapi.RequestIDHeader, "proxy-12345678").Header.Get(httpapi.RequestIDHeader)
	p.Browser().Do(http.MethodGet, "/api/me", nil, httpapi.RequestIDHeader, "evil\"} "+strings.Repeat("x", 100))
	testenv.Eventually(t, "both are logged", func() bool { return strings.Count(log.String(), `"route":"/api/me"`) == 2 })
	require.Contains(t, log.String(), `"request":"`+own+`"`)
	require.Contains(t, log.String(), `"foreignRequest":"proxy-12345678"`)
	require.NotContains(t, log.String(), "evil")
}
