package auth

import (
	"context"
	"net/url"

	"epkr/apiserver/httpapi"
	"epkr/internal/esia"
)

// attemptedCookie marks a browser in which a sign-in began, or somebody signed out, since it was
// opened: the start page then waits for a click. It ends with the browser session.
const attemptedCookie = "epkr_sign_in_attempted"

func (s *Service) markAttempted(ctx context.Context) {
	r := httpapi.RequestFrom(ctx)
	r.MoreCookies = append(r.MoreCookies, s.HTTP.Cookie(attemptedCookie, "1"))
}

// mayAttempt reports whether the start page may begin a sign-in without a click.
func (s *Service) mayAttempt(ctx context.Context) bool {
	return s.ESIA.SignsInAutomatically() && s.HTTP.CookieValue(ctx, attemptedCookie) == ""
}

type automaticOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Attempt bool `json:"attempt" doc:"Начать вход: если на Госуслугах человек уже вошёл, они ничего не спросят"`
	}
}

func (s *Service) getAutomatic(ctx context.Context, _ *struct{}) (*automaticOutput, error) {
	out := &automaticOutput{CacheControl: "no-store"}
	out.Body.Attempt = s.mayAttempt(ctx)
	return out, nil
}

// notSignedIn leads the browser of an automatic sign-in that ЕСИА did not finish back to the start
// page, without an error: nobody has asked for a sign-in. A failure of the platform is logged.
func (s *Service) notSignedIn(ctx context.Context, err error, returnTo string) *redirect {
	if code := esia.CodeOf(err); code != esia.CodeLoginRequired && !isPersons(code) {
		httpapi.RequestFrom(ctx).Failure = err
	}
	s.markAttempted(ctx)
	return &redirect{Location: startPage(returnTo)}
}

// startPage returns the address of the start page, which leads to returnTo after a sign-in.
func startPage(returnTo string) string {
	if returnTo = localPath(returnTo); returnTo != "/" {
		return "/?" + url.Values{"returnTo": {returnTo}}.Encode()
	}
	return "/"
}
