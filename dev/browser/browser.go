// Package browser is an HTTP client for a running platform that does what a person's browser does:
// it calls the public API, sends messages with idempotency keys, uploads files, and returns
// refusals as errors.
//
// It makes no decisions about orders and repeats no request, except that it polls for the verdict
// of an accepted message. Its inputs are the platform's address and a session: one made by ЕСИА,
// whose cookie the HTTP client keeps, or one made in the database (see [SignIn]).
package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Browser is the browser of one person.
type Browser struct {
	// URL is the platform's address without a trailing slash.
	URL string
	// HTTP sends the requests.
	HTTP *http.Client
	// Session is the session token; empty if a cookie of HTTP carries it.
	Session string
}

// Get requests path and decodes the response into into.
func (b Browser) Get(ctx context.Context, path string, into any) error {
	_, err := b.Do(ctx, http.MethodGet, path, "", nil, into)
	return err
}

// Post sends a request that needs no idempotency key.
func (b Browser) Post(ctx context.Context, path string, body, into any) error {
	_, err := b.Do(ctx, http.MethodPost, path, "", body, into)
	return err
}

// pollInterval is the pause before an accepted message is asked for again.
const pollInterval = time.Second

// Send sends a message with its key and returns when it is applied. A refusal is a [*Problem].
func (b Browser) Send(ctx context.Context, path, key string, body, into any) error {
	for {
		// Repeating the request with the same key returns the verdict of an accepted message.
		if status, err := b.Do(ctx, http.MethodPost, path, key, body, into); err != nil || status != http.StatusAccepted {
			return err
		}
		if err := Pause(ctx, pollInterval); err != nil {
			return fmt.Errorf("%s: waiting for the verdict: %w", path, err)
		}
	}
}

// Message returns the body of a message with details and text, each nil if there is none.
func Message(details, text any) any {
	return struct {
		Details any `json:"details,omitempty"`
		Text    any `json:"text,omitempty"`
	}{details, text}
}

// Do sends one request, with an Idempotency-Key unless key is empty and with body as JSON unless
// it is nil. It decodes the response into into unless that is nil, and returns the status. A status
// of 300 or above is a [*Problem].
func (b Browser) Do(ctx context.Context, method, path, key string, body, into any) (status int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s %s: %w", method, path, err)
		}
	}()
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return 0, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, b.URL+path, &content)
	if err != nil {
		return 0, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	if b.Session != "" {
		request.Header.Set("Cookie", "epkr_session="+b.Session)
	}
	response, err := b.HTTP.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return response.StatusCode, problemOf(response, answer)
	}
	if into == nil || len(answer) == 0 {
		return response.StatusCode, nil
	}
	return response.StatusCode, json.Unmarshal(answer, into)
}

// Pause waits for d. It returns the error of ctx if that ends first.
func Pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Problem is an error response of the API.
type Problem struct {
	Status int
	// Code is one of apiserver's problem codes or, for a message, an order.Code; empty if the
	// response is not a problem of the API.
	Code string
	// Detail is in Russian, or the start of a response that is not a problem of the API.
	Detail string
	Errors []struct{ Field, Message string }
	// RetryAfter is how long to wait before the same request may be sent again; zero if the
	// response does not say.
	RetryAfter time.Duration `json:"-"`
}

// Error returns the text that a person would read.
func (p *Problem) Error() string {
	text := fmt.Sprintf("%s (%s, %d)", p.Detail, p.Code, p.Status)
	for _, e := range p.Errors {
		text += "; " + e.Field + ": " + e.Message
	}
	return text
}

// AsProblem returns the [Problem] in err, or an empty one.
func AsProblem(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	return &Problem{}
}

func problemOf(response *http.Response, answer []byte) *Problem {
	p := &Problem{}
	if json.Unmarshal(answer, p) != nil || p.Code == "" {
		p.Detail = strings.ToValidUTF8(string(answer[:min(len(answer), 300)]), "")
	}
	p.Status = response.StatusCode
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After")) // 0 without the header
	p.RetryAfter = time.Duration(seconds) * time.Second
	return p
}
