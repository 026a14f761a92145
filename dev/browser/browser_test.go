package browser_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/dev/browser"
)

// answering returns a browser of a platform that gives the answers in turn.
func answering(t *testing.T, answers ...http.HandlerFunc) browser.Browser {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers[0](w, r)
		answers = answers[1:]
	}))
	t.Cleanup(server.Close)
	return browser.Browser{URL: server.URL, HTTP: server.Client(), Session: "token"}
}

func TestSendPollsWithItsKeyUntilTheVerdict(t *testing.T) {
	t.Parallel()
	b := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
	}, func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, `{"said":"`+r.Method+" "+r.URL.Path+" "+r.Header.Get("Idempotency-Key")+" "+r.Header.Get("Cookie")+`","sent":`+string(sent)+`}`)
	})
	var answer struct {
		Said string
		Sent map[string]int
	}
	require.NoError(t, b.Send(t.Context(), "/api/orders/1/amend", "key", browser.Message(1, nil), &answer))
	require.Equal(t, "POST /api/orders/1/amend key epkr_session=token", answer.Said)
	require.Equal(t, map[string]int{"details": 1}, answer.Sent)
}

func TestProblemsAreDecoded(t *testing.T) {
	t.Parallel()
	b := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"status":429,"code":"too_many_messages","detail":"Подождите","errors":[{"field":"a","message":"б"}]}`)
	}, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no such page", http.StatusBadGateway)
	})
	p := browser.AsProblem(b.Get(t.Context(), "/", nil))
	require.Equal(t, "too_many_messages", p.Code)
	require.Equal(t, 3*time.Second, p.RetryAfter)
	require.Equal(t, "Подождите (too_many_messages, 429); a: б", p.Error())
	p = browser.AsProblem(b.Get(t.Context(), "/", nil))
	require.Equal(t, &browser.Problem{Status: http.StatusBadGateway, Detail: "no such page\n"}, p)
	require.Zero(t, *browser.AsProblem(nil))
}
