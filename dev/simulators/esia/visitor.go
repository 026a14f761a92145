package esia

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// Visitor signs in on the login page as a browser does: it stores cookies, follows ЕСИА's redirects
// and sends the same form. It stops before the return address, which is the platform's.
type Visitor struct {
	// HTTP has a cookie jar and does not follow redirects.
	HTTP *http.Client
}

// NewVisitor returns a visitor without a login session.
func NewVisitor() *Visitor {
	jar, _ := cookiejar.New(nil) // fails only with options
	return &Visitor{HTTP: &http.Client{
		Timeout: time.Minute, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// SignIn opens authorizeURL and signs in as login (a test user's login, a СНИЛС or an oid), or by
// the valid session. It returns the address to which ЕСИА redirects the browser, with code and
// state, or with error.
func (v *Visitor) SignIn(ctx context.Context, authorizeURL, login string) (*url.URL, error) {
	return v.visit(ctx, authorizeURL, url.Values{"action": {"login"}, "login": {login}})
}

// Refuse opens authorizeURL and clicks «Отказаться».
func (v *Visitor) Refuse(ctx context.Context, authorizeURL string) (*url.URL, error) {
	return v.visit(ctx, authorizeURL, url.Values{"action": {"refuse"}})
}

// Open opens an address and returns the redirect target: for authorizeURL the login page, or the
// return address if there is a valid session.
func (v *Visitor) Open(ctx context.Context, address string) (*url.URL, error) {
	return v.send(ctx, http.MethodGet, address, nil)
}

func (v *Visitor) visit(ctx context.Context, authorizeURL string, form url.Values) (*url.URL, error) {
	target, err := v.Open(ctx, authorizeURL)
	if err != nil || target.Path != "/login" {
		return target, err
	}
	form.Set("request", target.Query().Get("request"))
	target.RawQuery = ""
	return v.send(ctx, http.MethodPost, target.String(), form)
}

// send returns the redirect target; a page instead of a redirect is an error that quotes the page.
func (v *Visitor) send(ctx context.Context, method, address string, form url.Values) (*url.URL, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", address, err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := v.HTTP.Do(request)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", address, err)
	}
	defer response.Body.Close()
	target, err := response.Location()
	if errors.Is(err, http.ErrNoLocation) {
		page, _ := io.ReadAll(io.LimitReader(response.Body, maxBody))
		main := page[max(0, bytes.Index(page, []byte("<main>"))):] // without the styles
		return nil, fmt.Errorf("%s answered %d: %.600s", request.URL.Host, response.StatusCode, main)
	}
	return target, err
}
