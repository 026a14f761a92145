package httpapi

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"epkr/apiserver/httpapi/problems"
)

// actingHeader contains the identity for which a request is meant: person.role.party, as GET
// /api/me returns them. It prevents a page of one account from acting for another account that was
// chosen in another window. The event stream takes it as the parameter "for".
const (
	actingHeader    = "Epkr-Acting-For"
	actingParameter = "for"
)

// identity returns the identity of a session as clients send it.
func (c Session) identity() string {
	party := ""
	if c.RoleProblem == "" && c.Party.String() != zeroID {
		party = c.Party.String()
	}
	role := string(c.Role)
	if c.RoleProblem != "" {
		role = ""
	}
	return c.Person.String() + "." + role + "." + party
}

const zeroID = "00000000-0000-0000-0000-000000000000"

// checkActing refuses a request meant for another person or account than the session's. Operations
// that concern the person alone, such as choosing a role and the consent, compare the person only.
// A request without an identity is meant for the session's.
func (a Access) checkActing(ctx huma.Context, current Session) error {
	own := current.identity()
	if a.level < levelConsented {
		own, _, _ = strings.Cut(own, ".")
	}
	for _, said := range requestedIdentities(ctx) {
		if a.level < levelConsented {
			said, _, _ = strings.Cut(said, ".")
		}
		if !strings.EqualFold(said, own) {
			return problems.New(problems.ActingChanged)
		}
	}
	return nil
}

// requestedIdentities returns the identities for which a request is meant. There may be several if
// the request repeats them.
func requestedIdentities(ctx huma.Context) []string {
	var said []string
	for _, value := range humafiber.UnwrapV2(ctx).Request().Header.PeekAll(actingHeader) {
		said = append(said, string(value))
	}
	if ctx.Operation().Method == http.MethodGet {
		said = append(said, ctx.Query(actingParameter))
	}
	return slices.DeleteFunc(said, func(one string) bool { return one == "" })
}

// checkPublicActing is checkActing for operations that need no session. GET requests are not
// checked, because they report who is signed in.
func (s *Server) checkPublicActing(ctx huma.Context, a Access) error {
	if ctx.Operation().Method == http.MethodGet || len(requestedIdentities(ctx)) == 0 {
		return nil
	}
	current, _, err := s.ReadSession(ctx.Context(), HashToken(s.CookieValue(ctx.Context(), SessionCookie)))
	if gone := (*problems.Problem)(nil); errors.As(err, &gone) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.checkActing(ctx, current)
}

// CheckAuthority refuses a head who has not signed in at ЕСИА recently.
func (s *Server) CheckAuthority(by Session) error {
	if s.options.Now().Sub(by.AuthorityReadAt) > s.options.AuthorityMaxAge {
		return problems.New(problems.AuthorityStale)
	}
	return nil
}
