package httpapi

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

const (
	// tokenBytes of randomness make a token that nobody guesses.
	tokenBytes = 32
	// touchEvery is how rarely the use of a session is written down.
	touchEvery = time.Minute
)

// Session is who calls, as the database knows him at this request.
type Session struct {
	ID     uuid.UUID
	Person uuid.UUID
	// Role is empty until one is chosen.
	Role order.Role
	// Party is on whose behalf: an account of a customer or employer, or the engineer; nil without a role and for moderators.
	Party uuid.UUID
	// Name is the person's full name, PartyName the account's.
	Name, PartyName string
	// PartyKind is person, entrepreneur or organisation; empty for engineers and moderators.
	PartyKind string
	// Head says that the person heads the organisation that he acts for, as ЕСИА said at AuthorityReadAt.
	Head            bool
	AuthorityReadAt time.Time
	// Consented says that the person has consented to the current text.
	Consented bool
	// Lost is the code of the problem why the chosen role may not be used any more, empty while it may.
	Lost string
	// Restricted says that an engineer may take on nothing new; what he has he finishes.
	Restricted Restricted
	// CreatedAt is when the person signed in.
	CreatedAt time.Time
	// TokenHash finds the session again.
	TokenHash []byte
}

// Restricted are the reasons why an engineer may take on nothing new.
type Restricted struct{ blocked, excluded bool }

type sessionKey struct{}

// SessionFrom is the caller's session. Operations that are not public always have one.
func SessionFrom(ctx context.Context) Session {
	current, _ := ctx.Value(sessionKey{}).(Session)
	return current
}

// Actor is the caller as the rules of an order know him.
func (c Session) Actor() order.Actor {
	a := order.Actor{Role: c.Role, Person: c.Person.String()}
	if c.Party != uuid.Nil {
		a.Party = c.Party.String()
	}
	return a
}

// NewToken is a new secret for a cookie, and the hash by which it is found again.
func NewToken() (token string, hash []byte) {
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	token = base64.RawURLEncoding.EncodeToString(secret)
	return token, HashToken(token)
}

// HashToken is the hash by which a token is found.
func HashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// cookieName keeps other sites of the same domain from setting the cookie wherever TLS allows to ask for that.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

// SessionCookie holds the token of a session.
const SessionCookie = "epkr_session"

// Cookie carries value, or removes the cookie when value is empty. It ends with the browser; the server's limits end it earlier.
func (s *Server) Cookie(name, value string) http.Cookie {
	c := http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure(),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// CookieValue is what the browser sent under one of our names, or "". Malformed cookies of other programs are passed over.
func (s *Server) CookieValue(ctx context.Context, name string) string {
	sent := &http.Request{Header: http.Header{"Cookie": {RequestFrom(ctx).cookies}}}
	for _, c := range sent.CookiesNamed(s.cookieName(name)) {
		return c.Value
	}
	return ""
}

// OpenSession finds the living session of a token and writes down that it is used.
func (s *Server) OpenSession(ctx context.Context, token string) (Session, error) {
	if token == "" {
		return Session{}, problems.New(problems.NotSignedIn)
	}
	current, usedAt, err := s.ReadSession(ctx, HashToken(token))
	if err != nil {
		return Session{}, err
	}
	if now := s.options.Now().UTC(); now.Sub(usedAt) >= min(touchEvery, s.options.SessionIdle/2) {
		if err := s.options.Store.TouchSession(ctx, sqlcgen.TouchSessionParams{ID: current.ID, UsedAt: now}); err != nil {
			return Session{}, fmt.Errorf("writing down the use of a session: %w", err)
		}
	}
	return current, nil
}

// RecheckSession reads a session again without using it, for streams: a stream that nobody looks at keeps no session alive.
func (s *Server) RecheckSession(ctx context.Context, before Session, who Access) (Session, error) {
	current, _, err := s.ReadSession(ctx, before.TokenHash)
	if err != nil {
		return Session{}, err
	}
	return current, s.judge(who, current)
}

// ReadSession gives the session and when it was used last. One that is over, or whose person is inactive, is refused.
func (s *Server) ReadSession(ctx context.Context, hash []byte) (Session, time.Time, error) {
	row, err := s.options.Store.SessionByToken(ctx, sqlcgen.SessionByTokenParams{TokenHash: hash, ConsentVersion: s.options.ConsentVersion})
	if errors.Is(err, db.ErrNotFound) {
		return Session{}, time.Time{}, problems.New(problems.SessionExpired)
	}
	if err != nil {
		return Session{}, time.Time{}, fmt.Errorf("reading a session: %w", err)
	}
	now := s.options.Now()
	switch {
	case !now.Before(row.ExpiresAt), now.Sub(row.UsedAt) >= s.options.SessionIdle:
		return Session{}, time.Time{}, problems.New(problems.SessionExpired)
	case !row.Active:
		return Session{}, time.Time{}, problems.New(problems.AccountInactive)
	}
	current := Session{
		ID: row.ID, Person: row.PersonID, Role: order.Role(row.Role), PartyName: row.PartyName, PartyKind: row.PartyKind,
		Name: wire.FullName(row.LastName, row.FirstName, row.MiddleName), Consented: row.Consented, CreatedAt: row.CreatedAt, TokenHash: hash,
	}
	if row.PartyID != nil {
		current.Party = *row.PartyID
	}
	if row.ReadAt != nil {
		current.Head, current.AuthorityReadAt = row.Head, *row.ReadAt
	}
	current.Restricted = Restricted{blocked: row.EngineerBlocked, excluded: row.EngineerExcluded}
	current.Lost = s.lostBecause(row)
	return current, row.UsedAt, nil
}

// lostBecause tells why the role of a session may not be used any more: blocks and memberships change while it lives.
func (s *Server) lostBecause(row sqlcgen.SessionByTokenRow) string {
	switch {
	case !row.RoleStands:
		return problems.RoleUnavailable
	case row.Role == string(order.RoleModerator) && !s.IsModerator(row.EsiaNumbers):
		return problems.RoleUnavailable
	}
	return ""
}

// IsModerator is for a person who signs in, or has signed in, under a moderator's ЕСИА number.
func (s *Server) IsModerator(numbers []string) bool {
	return slices.ContainsFunc(numbers, func(oid string) bool { return slices.Contains(s.options.Moderators, oid) })
}

// IsToken says whether text looks like one of our tokens.
func IsToken(text string) bool { return len(text) == (tokenBytes*8+5)/6 }
