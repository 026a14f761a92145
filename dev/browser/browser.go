// Package browser is what somebody uses a running platform with: it asks the public API over HTTP, sends messages under keys, brings
// files, and reads refusals.
//
// It decides nothing about orders and repeats nothing by itself but the question what became of a message that was taken over. Its
// inputs are the platform's address and a session: by ЕСИА, whose cookie the client keeps, or made in the database (see [SignIn]).
package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Browser is one person's.
type Browser struct {
	// URL is the platform's address without a trailing slash.
	URL string
	// HTTP carries the requests.
	HTTP *http.Client
	// Session is the token of a session; empty where a cookie of HTTP holds it.
	Session string
}

// Get reads a page.
func (b Browser) Get(ctx context.Context, path string, into any) error {
	_, err := b.Ask(ctx, http.MethodGet, path, "", nil, into)
	return err
}

// Post sends what needs no key.
func (b Browser) Post(ctx context.Context, path string, body, into any) error {
	_, err := b.Ask(ctx, http.MethodPost, path, "", body, into)
	return err
}

// takenOver is how long a message that was taken over is left alone before it is asked for again.
const takenOver = time.Second

// Send sends a message under its key and returns when it is applied. A refusal is a [*Problem].
func (b Browser) Send(ctx context.Context, path, key string, body, into any) error {
	for {
		// The same key asks for the verdict of a message that was taken over.
		if status, err := b.Ask(ctx, http.MethodPost, path, key, body, into); err != nil || status != http.StatusAccepted {
			return err
		}
		if err := Pause(ctx, takenOver); err != nil {
			return fmt.Errorf("%s: waiting for the verdict: %w", path, err)
		}
	}
}

// Message is the body of a message with details and text, either nil where it has none; nil where it has neither.
func Message(details, text any) any {
	body := map[string]any{}
	if details != nil {
		body["details"] = details
	}
	if text != nil {
		body["text"] = text
	}
	if len(body) == 0 {
		return nil
	}
	return body
}

// Ask sends one request with an Idempotency-Key if there is one, and body as JSON unless it is nil. It reads the answer into into,
// unless that is nil, and gives its status. An answer of 300 and above is a [*Problem].
func (b Browser) Ask(ctx context.Context, method, path, key string, body, into any) (status int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s %s: %w", method, path, err)
		}
	}()
	request, err := b.request(ctx, method, path, body)
	if err != nil {
		return 0, err
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
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

func (b Browser) request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var content io.Reader = http.NoBody
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, b.URL+path, content)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if b.Session != "" {
		request.Header.Set("Cookie", "epkr_session="+b.Session)
	}
	return request, nil
}

// Pause waits, unless ctx ends, which is its error.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
