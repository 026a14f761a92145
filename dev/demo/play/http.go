package play

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

// maxAnswer bounds an answer of the API.
const maxAnswer = 8 << 20

// problem is a refusal of the API.
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Errors []struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"errors"`
	// retryAfter is when the same request may be sent again, zero if the answer does not say so.
	retryAfter time.Duration
}

// Error is what a person would read.
func (p *problem) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (%s, %d)", p.Detail, p.Code, p.Status)
	for _, e := range p.Errors {
		fmt.Fprintf(&text, "; %s: %s", e.Field, e.Message)
	}
	return text.String()
}

// problemOf reads a refusal; an answer that is no problem of the API becomes one with the start of its text.
func problemOf(response *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("чтение ответа: %w", err)
	}
	p := &problem{}
	if json.Unmarshal(body, p) != nil || p.Code == "" {
		p.Detail = strings.ToValidUTF8(string(body[:min(len(body), 300)]), "")
	}
	p.Status = response.StatusCode
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		p.retryAfter = time.Duration(seconds) * time.Second
	}
	return p
}

func asProblem(err error) (*problem, bool) {
	var p *problem
	return p, errors.As(err, &p)
}

// hasCode says whether err is the API's refusal with that code.
func hasCode(err error, code string) bool {
	p, ok := asProblem(err)
	return ok && p.Code == code
}

func hasStatus(err error, status int) bool {
	p, ok := asProblem(err)
	return ok && p.Status == status
}

func (p *person) get(ctx context.Context, path string, into any) error {
	_, err := p.call(ctx, http.MethodGet, path, nil, nil, into)
	return err
}

func (p *person) post(ctx context.Context, path string, body, into any) error {
	_, err := p.call(ctx, http.MethodPost, path, nil, body, into)
	return err
}

// call sends JSON and reads JSON. It gives the status of a success; everything else is an error, *problem where the API answered.
func (p *person) call(ctx context.Context, method, path string, header http.Header, body, into any) (int, error) {
	var content io.Reader = http.NoBody
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return 0, fmt.Errorf("%s %s: %w", method, path, err)
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, p.at.BaseURL+path, content)
	if err != nil {
		return 0, fmt.Errorf("%s %s: %w", method, path, err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := p.browser.Do(request)
	if err != nil {
		return 0, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusMultipleChoices {
		return response.StatusCode, fmt.Errorf("%s %s: %w", method, path, problemOf(response))
	}
	if into == nil || response.StatusCode == http.StatusNoContent {
		return response.StatusCode, nil
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(into); err != nil {
		return response.StatusCode, fmt.Errorf("%s %s: чтение ответа: %w", method, path, err)
	}
	return response.StatusCode, nil
}
