package esia

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// Visitor signs in on the login page as a browser does: it stores cookies, follows ЕСИА's redirects
// and sends the same form. It stops before the return address, which is the platform's.
type Visitor struct {
	// HTTP has a cookie jar and does not follow redirects.
	HTTP *http.Client
}

// NewVisitor returns a visitor without a login session.
func NewVisitor() (*Visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("making the visitor's cookies: %w", err)
	}
	return &Visitor{HTTP: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
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
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", address, err)
	}
	return v.location(request)
}

func (v *Visitor) visit(ctx context.Context, authorizeURL string, form url.Values) (*url.URL, error) {
	target, err := v.Open(ctx, authorizeURL)
	if err != nil {
		return nil, err
	}
	start, err := url.Parse(authorizeURL)
	if err != nil {
		return nil, fmt.Errorf("reading the address of ЕСИА: %w", err)
	}
	if target.Host != start.Host || target.Path != "/login" {
		return target, nil
	}
	form.Set("request", target.Query().Get("request"))
	target.RawQuery = ""
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("sending the login form: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.location(request)
}

// location returns the redirect target; a page instead of a redirect is an error that quotes the
// page.
func (v *Visitor) location(request *http.Request) (*url.URL, error) {
	response, err := v.HTTP.Do(request)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", request.URL, err)
	}
	defer response.Body.Close()
	target, err := response.Location()
	if errors.Is(err, http.ErrNoLocation) {
		page, _ := io.ReadAll(io.LimitReader(response.Body, maxBody))
		return nil, fmt.Errorf("%s answered %d: %s", request.URL.Host, response.StatusCode, visible(string(page)))
	}
	return target, err
}

// visible returns the part of the page after its heading.
func visible(page string) string {
	if _, main, found := strings.Cut(page, "<main>"); found {
		page = main
	}
	const longest = 600
	runes := []rune(strings.Join(strings.Fields(page), " "))
	return string(runes[:min(len(runes), longest)])
}
