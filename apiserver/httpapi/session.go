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
	// tokenBytes is the number of random bytes in a token.
	tokenBytes = 32
	// touchEvery is the minimum interval at which the use of a session is stored.
	touchEvery = time.Minute
)

// Session is the caller as read from the database for this request.
type Session struct {
	ID     uuid.UUID
	Person uuid.UUID
	// Role is empty until one is chosen.
	Role order.Role
	// Party is on whose behalf the person acts: an account of a customer or employer, or the
	// engineer. It is nil without a role and for moderators.
	Party uuid.UUID
	// Name is the person's full name, PartyName the account's.
	Name, PartyName string
	// PartyKind is person, entrepreneur or organisation; empty for engineers and moderators.
	PartyKind string
	// Head reports that the person heads the organisation for which he acts, as ЕСИА stated at
	// AuthorityReadAt.
	Head            bool
	AuthorityReadAt time.Time
	// Consented reports that the person has consented to the current version.
	Consented bool
	// RoleProblem is the problem code why the chosen role may no longer be used; empty while it
	// may.
	RoleProblem string
	// Restricted are the reasons why an engineer may not take new orders; he may finish his current
	// ones.
	Restricted Restricted
	// CreatedAt is when the person signed in.
	CreatedAt time.Time
	// TokenHash is the key by which the session is stored.
	TokenHash []byte
}

// Restricted are the reasons why an engineer may not take new orders.
type Restricted struct {
	blocked, excluded, incomplete bool
	// employment says in the words of the query SessionByToken what is missing at his employer.
	employment string
}

type sessionKey struct{}

// SessionFrom returns the caller's session. Operations that are not public always have one.
func SessionFrom(ctx context.Context) Session {
	current, _ := ctx.Value(sessionKey{}).(Session)
	return current
}

// Actor returns the caller as an actor of package order.
func (c Session) Actor() order.Actor {
	a := order.Actor{Role: c.Role, Person: c.Person.String()}
	if c.Party != uuid.Nil {
		a.Party = c.Party.String()
	}
	return a
}

// NewToken returns a new secret for a cookie and the hash under which it is stored.
func NewToken() (token string, hash []byte) {
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	token = base64.RawURLEncoding.EncodeToString(secret)
	return token, HashToken(token)
}

// HashToken returns the hash under which a token is stored.
func HashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// cookieName adds the prefix __Host- under TLS, which prevents other sites of the same domain from
// setting the cookie.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

// SessionCookie is the cookie with the token of a session.
const SessionCookie = "epkr_session"

// Cookie returns a cookie with value, or one that removes the cookie if value is empty. It expires
// with the browser session; the server's limits may end the session earlier.
func (s *Server) Cookie(name, value string) http.Cookie {
	c := http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure(),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// CookieValue returns the value of one of the platform's cookies, or "". Malformed cookies of other
// programs are ignored.
func (s *Server) CookieValue(ctx context.Context, name string) string {
	sent := &http.Request{Header: http.Header{"Cookie": {RequestFrom(ctx).cookies}}}
	for _, c := range sent.CookiesNamed(s.cookieName(name)) {
		return c.Value
	}
	return ""
}

// OpenSession returns the valid session of a token and records its use.
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

// RecheckSession reads a session again without recording its use, so that an unattended stream
// keeps no session alive.
func (s *Server) RecheckSession(ctx context.Context, before Session, who Access) (Session, error) {
	current, _, err := s.ReadSession(ctx, before.TokenHash)
	if err != nil {
		return Session{}, err
	}
	return current, s.checkSession(who, current)
}

// ReadSession returns the session and the time of its last use. It refuses an expired session and
// an inactive person.
func (s *Server) ReadSession(ctx context.Context, hash []byte) (Session, time.Time, error) {
	row, err := s.options.Store.SessionByToken(ctx, sqlcgen.SessionByTokenParams{TokenHash: hash, ConsentVersion: s.options.ConsentVersion, MinEngineers: order.MinEngineers})
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
	current.Restricted = Restricted{
		blocked: row.EngineerBlocked, excluded: row.EngineerExcluded, incomplete: row.EngineerIncomplete, employment: row.EngineerEmployment,
	}
	current.RoleProblem = s.roleProblem(row)
	return current, row.UsedAt, nil
}

// roleProblem returns the problem code why the role of a session may no longer be used, because
// blocks and memberships change during a session.
func (s *Server) roleProblem(row sqlcgen.SessionByTokenRow) string {
	switch {
	case !row.RoleStands:
		return problems.RoleUnavailable
	case row.Role == string(order.RoleModerator) && !s.IsModerator(row.EsiaNumbers):
		return problems.RoleUnavailable
	}
	return ""
}

// IsModerator reports whether one of a person's ЕСИА numbers is that of a moderator.
func (s *Server) IsModerator(numbers []string) bool {
	return slices.ContainsFunc(numbers, func(oid string) bool { return slices.Contains(s.options.Moderators, oid) })
}

// IsToken reports whether text has the length of a token.
func IsToken(text string) bool { return len(text) == (tokenBytes*8+5)/6 }
