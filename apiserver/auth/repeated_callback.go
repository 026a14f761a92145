package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
)

const (
	// firstCallbackTimeout is how long a repeated callback waits for the first one, which may still
	// be calling ЕСИА.
	firstCallbackTimeout = 10 * time.Second
	callbackPoll         = 50 * time.Millisecond
)

// publicAddress returns the address of the login at the platform's public host name, and whether
// the browser must be redirected there. ЕСИА redirects to the public name, where a cookie set under
// another name would be missing. The redirect happens once, because a proxy may hide from the API
// which name the browser used. flags are other parameters of the login; those that are set are kept.
func (s *Service) publicAddress(ctx context.Context, returnTo string, flags map[string]bool, moved bool) (address string, needed bool) {
	public, err := url.Parse(s.PublicURL)
	if err != nil || moved || sameHost(httpapi.RequestFrom(ctx).Host, public) {
		return "", false
	}
	query := url.Values{"returnTo": {localPath(returnTo)}, "moved": {"true"}}
	for name, set := range flags {
		if set {
			query.Set(name, "true")
		}
	}
	return s.PublicURL + "/api/auth/login?" + query.Encode(), true
}

// sameHost reports whether a Host header and an address name the same host. Either may include or
// omit the default port of the scheme.
func sameHost(host string, public *url.URL) bool {
	port := map[string]string{"https": ":443", "http": ":80"}[public.Scheme]
	return strings.EqualFold(strings.TrimSuffix(host, port), strings.TrimSuffix(public.Host, port))
}

// repeatedCallback answers a callback whose state was already used, because the page was reloaded
// or the browser went back. If the session of that login is open in this browser, it redirects to
// the page. If this browser began the login and never received the session, it issues the session
// again. Otherwise it shows the reason of the refusal.
func (s *Service) repeatedCallback(ctx context.Context, text string, refused error) (*redirect, error) {
	state, err := uuid.Parse(text)
	if err != nil || httpapi.ProblemOf(ctx, refused).Code != problems.LoginExpired {
		return s.signInFailed(ctx, refused, "")
	}
	login, err := s.finishedLogin(ctx, state)
	if errors.Is(err, db.ErrNotFound) {
		return s.signInFailed(ctx, refused, "")
	}
	if err != nil {
		return s.signInFailed(ctx, err, "")
	}
	own := s.beganLogin(ctx, login.CookieHash)
	if login.SessionID != nil {
		current, _, err := s.HTTP.ReadSession(ctx, httpapi.HashToken(s.HTTP.CookieValue(ctx, httpapi.SessionCookie)))
		if err == nil && current.ID == *login.SessionID {
			return &redirect{Location: login.ReturnTo}, nil
		}
		if own && login.Unused {
			return s.reissue(ctx, *login.SessionID, login.ReturnTo)
		}
	}
	if !own {
		return s.signInFailed(ctx, refused, "")
	}
	if login.Refused {
		return s.signInFailed(ctx, problems.New(problems.AccountInactive), login.ReturnTo)
	}
	return s.signInFailed(ctx, refused, login.ReturnTo)
}

// beganLogin reports whether the caller's browser began the login.
func (s *Service) beganLogin(ctx context.Context, cookieHash []byte) bool {
	secret := s.HTTP.CookieValue(ctx, loginCookie)
	return httpapi.IsToken(secret) && bytes.Equal(httpapi.HashToken(secret), cookieHash)
}

// finishedLogin reads a login and waits while its first callback is in progress.
func (s *Service) finishedLogin(ctx context.Context, state uuid.UUID) (sqlcgen.LoginRow, error) {
	ctx, cancel := context.WithTimeout(ctx, firstCallbackTimeout)
	defer cancel()
	tick := time.NewTicker(callbackPoll)
	defer tick.Stop()
	for {
		login, err := s.Store.Login(ctx, state)
		if err != nil {
			return login, err
		}
		inProgress := login.FinishedAt != nil && login.SessionID == nil && !login.Refused && s.Now().Before(login.FinishedAt.Add(firstCallbackTimeout))
		if !inProgress || !s.beganLogin(ctx, login.CookieHash) {
			return login, nil
		}
		select {
		case <-ctx.Done():
			return login, nil
		case <-tick.C:
		}
	}
}

// reissue replaces the token of a session that the browser has never used and sends the new one.
func (s *Service) reissue(ctx context.Context, id uuid.UUID, returnTo string) (*redirect, error) {
	token, hash := httpapi.NewToken()
	changed, err := s.Store.ReissueSession(ctx, sqlcgen.ReissueSessionParams{NewHash: hash, ID: id})
	if err != nil {
		return s.signInFailed(ctx, fmt.Errorf("giving a session another token: %w", err), returnTo)
	}
	if changed == 0 {
		return s.signInFailed(ctx, problems.New(problems.LoginExpired), returnTo)
	}
	return &redirect{Location: returnTo, SetCookie: []http.Cookie{s.HTTP.Cookie(httpapi.SessionCookie, token)}}, nil
}

// signInRefused ends the login and records in the security trail who was refused and why. The login
// of a person whose account is off stays until it expires, see getRefusal.
func (s *Service) signInRefused(ctx context.Context, state uuid.UUID, refused error) error {
	e := httpapi.SecurityEvent{Kind: httpapi.EventSignInRefused, Code: signInCode(ctx, refused)}
	if conflict := (*identityConflict)(nil); errors.As(refused, &conflict) {
		e.Kind, e.Subject, e.Details = httpapi.EventIdentityConflict, httpapi.SecuritySubject{Kind: "person", ID: conflict.with}, map[string]any{"esiaOid": conflict.oid}
	}
	end := func(q *sqlcgen.Queries) error { return q.DropLogin(ctx, state) }
	if inactive := (*inactivePerson)(nil); errors.As(refused, &inactive) {
		e.Person = inactive.id
		end = func(q *sqlcgen.Queries) error {
			return q.RefuseLogin(ctx, sqlcgen.RefuseLoginParams{State: state, PersonID: &inactive.id})
		}
	}
	return s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := end(q); err != nil {
			return fmt.Errorf("ending a login that was refused: %w", err)
		}
		return s.HTTP.RecordSecurityEvent(ctx, q, e)
	})
}
