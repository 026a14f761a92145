package httpapi_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/testenv"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// Every address refuses it for every caller: an operation, an unknown address, the web app, a
// health check.
func TestEncodedBodyIsRefusedEverywhere(t *testing.T) {
	p := apitest.Start(t)
	b := p.Browser()
	b.SignIn(synthetic.LoginCustomer)
	body := gzipped(t, `{"role":"customer"}`)
	for _, coding := range []string{"gzip", "br", "deflate", "zstd", "GZIP", "x-gzip", "identity, gzip", "gzip,identity", "gzip, gzip", "compress", "unknown"} {
		a := b.Do(http.MethodPost, "/api/auth/role", body, "Content-Encoding", coding)
		require.Equal(t, problems.ContentEncoding, a.Problem().Code, coding)
		require.Equal(t, http.StatusUnsupportedMediaType, a.Status, coding)
		require.Equal(t, "identity", a.Header.Get("Accept-Encoding"))
	}
	for _, at := range []struct{ method, path string }{
		{http.MethodGet, "/api/me"},
		{http.MethodPost, "/api/auth/logout"},
		{http.MethodPut, "/api/nothing"},
		{http.MethodDelete, "/api/me"},
		{http.MethodPost, "/"},
		{http.MethodGet, "/assets/app.js"},
		{http.MethodPost, "/metrics"},
		{http.MethodGet, "/healthz"},
	} {
		require.Equal(t, problems.ContentEncoding, b.Do(at.method, at.path, body, "Content-Encoding", "gzip").Problem().Code, at.path)
	}
	for _, plain := range []string{"identity", "IDENTITY", "", "identity, identity"} {
		a := b.Do(http.MethodPost, "/api/auth/role", `{"role":"owner"}`, "Content-Encoding", plain)
		require.Equal(t, problems.Validation, a.Problem().Code, "%q is no coding", plain)
	}
}

// raw sends bytes unchanged and returns the answer, until the connection ends or a second passes.
func raw(p *apitest.Platform, request string) string {
	p.T.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	require.NoError(p.T, err)
	defer c.Close()
	_, err = io.WriteString(c, request)
	require.NoError(p.T, err)
	require.NoError(p.T, c.SetReadDeadline(time.Now().Add(10*time.Second)))
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(p.T, err, request)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(p.T, err)
	return fmt.Sprintf("%d %s", response.StatusCode, body)
}

// An encoded body is refused before it arrives: the promised length is never sent.
func TestEncodedBodyIsRefusedBeforeItIsRead(t *testing.T) {
	p := apitest.Start(t)
	head := "POST /api/auth/logout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	require.Contains(t, raw(p, head+"Content-Encoding: br\r\nContent-Length: 900000\r\n\r\nx"), problems.ContentEncoding)
	require.Contains(t, raw(p, head+"content-encoding: identity\r\nCONTENT-ENCODING: br\r\nContent-Length: 900000\r\n\r\nx"), problems.ContentEncoding)
	for _, framing := range []string{
		"Transfer-Encoding: gzip, chunked\r\n\r\n",
		"Transfer-Encoding: gzip\r\n\r\n",
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n",
		"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
	} {
		require.Regexp(t, `^4\d\d .*"code"`, raw(p, head+framing), framing)
	}
	old := strings.Replace(head, "HTTP/1.1", "HTTP/1.0", 1)
	require.Contains(t, raw(p, old+"Transfer-Encoding: chunked\r\n\r\n"), problems.BadRequest)
}

// A multipart form cannot bypass the check, although the server itself would decompress such a
// body.
func TestEncodedMultipartFormIsRefused(t *testing.T) {
	b := apitest.Start(t).Browser()
	b.SignIn(synthetic.LoginCustomer)
	const kind = "multipart/form-data; boundary=x"
	form := "--x\r\nContent-Disposition: form-data; name=\"role\"\r\n\r\ncustomer\r\n--x--\r\n"
	require.Equal(t, problems.ContentEncoding, b.Do(http.MethodPost, "/api/auth/role", gzipped(t, form), "Content-Type", kind, "Content-Encoding", "gzip").Problem().Code)
	require.Equal(t, problems.UnsupportedType, b.Do(http.MethodPost, "/api/auth/role", form, "Content-Type", kind).Problem().Code)
}

// connections returns the number of client connections in the platform's metrics.
func connections(p *apitest.Platform) string {
	p.T.Helper()
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(p.Internal + "/metrics")
	require.NoError(p.T, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(p.T, err)
	_, after, _ := strings.Cut(string(text), "\nepkr_open_connections ")
	count, _, _ := strings.Cut(after, "\n")
	return count
}

// A client that reads nothing is disconnected and its resources are freed. A slow client receives
// the whole answer.
func TestStalledReaderIsDisconnected(t *testing.T) {
	const size = 24 << 20 // more than the buffers of both ends
	p := apitest.Start(t, apitest.WithOperation(func(s *httpapi.Server) {
		s.SetStall(2 * time.Second)
		s.App().Get("/api/large", func(c *fiber.Ctx) error { return c.Send(bytes.Repeat([]byte("x"), size)) })
	}))
	p.Browser().Do(http.MethodGet, "/healthz", nil).OK()
	http.DefaultClient.CloseIdleConnections()
	ask := func() net.Conn {
		c, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close() })
		_, err = io.WriteString(c, "GET /api/large HTTP/1.1\r\nHost: x\r\n\r\n")
		require.NoError(t, err)
		return c
	}
	deaf := make([]net.Conn, 5)
	for i := range deaf {
		deaf[i] = ask()
	}
	slow := bufio.NewReader(ask())
	response, err := http.ReadResponse(slow, nil)
	require.NoError(t, err)
	defer response.Body.Close()
	pause := time.NewTicker(100 * time.Millisecond)
	defer pause.Stop()
	read := int64(0)
	for read < size {
		<-pause.C
		n, err := io.CopyN(io.Discard, response.Body, min(size-read, 1<<20))
		read += n
		require.NoError(t, err, "a slow reader who continues reading gets everything")
	}
	// Three connections remain: the slow reader's, that of the platform's start, and that of this
	// request.
	testenv.Eventually(t, "those who stall are cut off", func() bool { return len(connections(p)) == 1 && connections(p) <= "4" })
}
