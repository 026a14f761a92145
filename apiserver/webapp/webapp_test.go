package webapp

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"epkr/internal/storage"
)

const testPage = `<meta property="csp-nonce" nonce="__CSP_NONCE__"><script nonce="__CSP_NONCE__" src="/assets/app-1.js"></script>`

// serveBuilt serves a built app as the API does.
func serveBuilt(t *testing.T, built fstest.MapFS) *fiber.App {
	t.Helper()
	app, err := newWebApp(built, webPolicy{storage: "https://files.example"})
	require.NoError(t, err)
	server := fiber.New(fiber.Config{Immutable: true})
	server.Use(app.serve)
	return server
}

func builtApp() fstest.MapFS {
	return fstest.MapFS{
		"index.html":           {Data: []byte(testPage)},
		".gitignore":           {Data: []byte("*")},
		"favicon.svg":          {Data: []byte("<svg/>")},
		"assets/app-1.js":      {Data: []byte("plain")},
		"assets/app-1.js.br":   {Data: []byte("brotli")},
		"assets/app-1.js.gz":   {Data: []byte("gzipped")},
		"assets/small-2.css":   {Data: []byte("small")},
		"assets/picture-3.png": {Data: []byte("png")},
	}
}

func getPage(t *testing.T, app *fiber.App, method, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	request := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := app.Test(request, -1)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

func TestEveryPageOfTheWebAppCanBeReloaded(t *testing.T) {
	app := serveBuilt(t, builtApp())
	for _, path := range []string{"/", "/profile", "/orders/7f1c?tab=files", "/signin?error=login_expired", "/no/such/page"} {
		response, body := getPage(t, app, http.MethodGet, path)
		require.Equal(t, http.StatusOK, response.StatusCode, path)
		require.Contains(t, body, "/assets/app-1.js", path)
		require.Equal(t, "no-store", response.Header.Get("Cache-Control"), "a cached page would be visible after the logout")
		require.Equal(t, "text/html; charset=utf-8", response.Header.Get("Content-Type"))
	}
}

func TestMissingFilesOfTheWebAppAreNotFound(t *testing.T) {
	app := serveBuilt(t, builtApp())
	for _, path := range []string{"/assets/app-0.js", "/assets/nothing", "/robots.txt", "/.gitignore", "/assets/app-1.js.br", "/index.html", "/../embed.go"} {
		response, body := getPage(t, app, http.MethodGet, path)
		require.Equal(t, http.StatusNotFound, response.StatusCode, path)
		require.NotContains(t, body, "script", path)
	}
}

func TestWebAppDoesNotAnswerForTheAPI(t *testing.T) {
	app := serveBuilt(t, builtApp())
	for _, path := range []string{"/api", "/api/nothing", "/API/me"} {
		response, _ := getPage(t, app, http.MethodGet, path)
		require.Equal(t, http.StatusNotFound, response.StatusCode, path)
	}
	response, _ := getPage(t, app, http.MethodPost, "/profile")
	require.Equal(t, http.StatusNotFound, response.StatusCode)
}

func TestWebAppFilesAreCachedByTheirNames(t *testing.T) {
	app := serveBuilt(t, builtApp())
	response, _ := getPage(t, app, http.MethodGet, "/assets/small-2.css")
	require.Equal(t, "public, max-age=31536000, immutable", response.Header.Get("Cache-Control"))
	require.Contains(t, response.Header.Get("Content-Type"), "text/css")
	response, _ = getPage(t, app, http.MethodGet, "/favicon.svg")
	require.Equal(t, "no-cache", response.Header.Get("Cache-Control"))
	response, body := getPage(t, app, http.MethodGet, "/favicon.svg", "If-None-Match", response.Header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, response.StatusCode)
	require.Empty(t, body)
}

func TestWebAppFilesAreSentCompressed(t *testing.T) {
	app := serveBuilt(t, builtApp())
	for accepted, expected := range map[string]struct{ coding, body string }{
		"gzip, deflate, br, zstd": {"br", "brotli"},
		"gzip":                    {"gzip", "gzipped"},
		"gzip;q=1.0, br;q=0":      {"gzip", "gzipped"},
		"br; q=0.0, gzip; q=0.5":  {"gzip", "gzipped"},
		"identity":                {"", "plain"},
		"":                        {"", "plain"},
	} {
		response, body := getPage(t, app, http.MethodGet, "/assets/app-1.js", "Accept-Encoding", accepted)
		require.Equal(t, expected.coding, response.Header.Get("Content-Encoding"), accepted)
		require.Equal(t, expected.body, body, accepted)
		require.Equal(t, "Accept-Encoding", response.Header.Get("Vary"), accepted)
	}
	response, _ := getPage(t, app, http.MethodGet, "/assets/picture-3.png", "Accept-Encoding", "br")
	require.Empty(t, response.Header.Get("Content-Encoding"))
}

func TestPolicyOfTheWebAppAllowsItsOwnOriginOnly(t *testing.T) {
	app := serveBuilt(t, builtApp())
	nonce := regexp.MustCompile(`'nonce-([A-Za-z0-9+/_-]{22,})'`)
	var seen []string
	for range 2 {
		response, body := getPage(t, app, http.MethodGet, "/")
		policy := response.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self' https://files.example;", "frame-ancestors 'none'"} {
			require.Contains(t, policy, part)
		}
		require.NotContains(t, policy, "unsafe")
		match := nonce.FindStringSubmatch(policy)
		require.Len(t, match, 2, policy)
		require.Contains(t, body, `nonce="`+match[1]+`"`)
		require.NotContains(t, body, nonceMark)
		seen = append(seen, match[1])
	}
	require.NotEqual(t, seen[0], seen[1], "a repeated nonce would be predictable")
}

func TestAPIWorksBeforeTheWebAppIsBuilt(t *testing.T) {
	app := serveBuilt(t, fstest.MapFS{".gitignore": {Data: []byte("*")}})
	response, body := getPage(t, app, http.MethodGet, "/")
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Contains(t, body, "make web")
	response, _ = getPage(t, app, http.MethodGet, "/api/me")
	require.Equal(t, http.StatusNotFound, response.StatusCode)
}

func TestStorageOriginIsThatOfPresignedAddresses(t *testing.T) {
	for expected, c := range map[string]storage.Config{
		"":                           {},
		"http://127.0.0.1:9000":      {Endpoint: "http://127.0.0.1:9000", Bucket: "epkr", PathStyle: true},
		"https://files.example":      {Endpoint: "http://s3:9000", PublicEndpoint: "https://files.example/s3", Bucket: "epkr", PathStyle: true},
		"https://epkr.files.example": {Endpoint: "https://files.example", Bucket: "epkr"},
	} {
		origin, err := storageOrigin(c)
		require.NoError(t, err)
		require.Equal(t, expected, origin)
	}
}

// The policy names the origin of a stand-in of КриптоПро, and nothing for the scripts of extensions.
func TestPolicyOfALocalPlatformAllowsItsStandIn(t *testing.T) {
	published := "chrome-extension://pfhgbfnnjiafkhfdkmpiflachepdcjod/nmcades_plugin_api.js"
	for _, c := range []struct {
		scripts        []string
		script, others string
	}{
		{[]string{published}, "script-src 'self';", "connect-src 'self' https://files.example;"},
		{
			[]string{published, "http://127.0.0.1:8093/nmcades_plugin_api.js"},
			"script-src 'self' http://127.0.0.1:8093;", "connect-src 'self' https://files.example http://127.0.0.1:8093;",
		},
	} {
		standIn, err := standInOrigins(c.scripts)
		require.NoError(t, err)
		policy := webPolicy{"https://files.example", standIn}.header("x")
		require.Contains(t, policy, c.script)
		require.Contains(t, policy, c.others)
	}
}
