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
	// firstCallbackTime is how long a repeated callback waits for the first one, which may be asking ЕСИА.
	firstCallbackTime = 10 * time.Second
	callbackPoll      = 50 * time.Millisecond
)

// publicAddress leads a login that begins at another name of the platform to the public one: ЕСИА returns there, and a cookie of another
// name would not be found. It leads once; a proxy may hide from the API which name the browser used.
func (s *Service) publicAddress(ctx context.Context, returnTo string, renew, moved bool) (address string, leads bool) {
	public, err := url.Parse(s.PublicURL)
	if err != nil || moved || sameHost(httpapi.RequestFrom(ctx).Host, public) {
		return "", false
	}
	query := url.Values{"returnTo": {localPath(returnTo)}, "moved": {"true"}}
	if renew {
		query.Set("renew", "true")
	}
	return s.PublicURL + "/api/auth/login?" + query.Encode(), true
}

// sameHost compares a Host header with an address; either may name the scheme's own port or leave it out.
func sameHost(host string, public *url.URL) bool {
	port := map[string]string{"https": ":443", "http": ":80"}[public.Scheme]
	return strings.EqualFold(strings.TrimSuffix(host, port), strings.TrimSuffix(public.Host, port))
}

// repeatedCallback answers a callback whose state was used up, reloaded or reached by Back. Whoever is signed in by that very login goes on; the
// browser that began it and lost the answer gets its session. Everybody else reads why.
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
	return s.signInFailed(ctx, refused, login.ReturnTo)
}

// beganLogin says whether the caller's browser is the one that began the login.
func (s *Service) beganLogin(ctx context.Context, cookieHash []byte) bool {
	secret := s.HTTP.CookieValue(ctx, loginCookie)
	return httpapi.IsToken(secret) && bytes.Equal(httpapi.HashToken(secret), cookieHash)
}

// finishedLogin reads a login, and waits while its first callback is still at work.
func (s *Service) finishedLogin(ctx context.Context, state uuid.UUID) (sqlcgen.LoginRow, error) {
	ctx, cancel := context.WithTimeout(ctx, firstCallbackTime)
	defer cancel()
	tick := time.NewTicker(callbackPoll)
	defer tick.Stop()
	for {
		login, err := s.Store.Login(ctx, state)
		if err != nil {
			return login, err
		}
		underWay := login.FinishedAt != nil && login.SessionID == nil && s.Now().Before(login.FinishedAt.Add(firstCallbackTime))
		if !underWay || !s.beganLogin(ctx, login.CookieHash) {
			return login, nil
		}
		select {
		case <-ctx.Done():
			return login, nil
		case <-tick.C:
		}
	}
}

// reissue gives the browser another token of a session that it never used.
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

// signInRefused ends the login and writes into the trail who was refused and why.
func (s *Service) signInRefused(ctx context.Context, state uuid.UUID, refused error) error {
	e := httpapi.SecurityEvent{Kind: httpapi.EventSignInRefused, Code: signInCode(ctx, refused)}
	if conflict := (*identityConflict)(nil); errors.As(refused, &conflict) {
		e.Kind, e.Subject, e.Details = httpapi.EventIdentityConflict, httpapi.SecuritySubject{Kind: "person", ID: conflict.with}, map[string]any{"esiaOid": conflict.oid}
	}
	if inactive := (*inactivePerson)(nil); errors.As(refused, &inactive) {
		e.Person = inactive.id
	}
	return s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.DropLogin(ctx, state); err != nil {
			return fmt.Errorf("ending a login that was refused: %w", err)
		}
		return s.HTTP.RecordSecurityEvent(ctx, q, e)
	})
}
