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

// actingHeader says for whom a request is meant: person.role.party, as GET /api/me gives them. A page that shows one account must not act
// for another one that was chosen in another window meanwhile. The stream of events takes it as the parameter "for".
const (
	actingHeader    = "Epkr-Acting-For"
	actingParameter = "for"
)

// acting is the identity of a session as clients send it.
func (c Session) acting() string {
	party := ""
	if c.Lost == "" && c.Party.String() != zeroID {
		party = c.Party.String()
	}
	role := string(c.Role)
	if c.Lost != "" {
		role = ""
	}
	return c.Person.String() + "." + role + "." + party
}

const zeroID = "00000000-0000-0000-0000-000000000000"

// meantFor refuses a request that is meant for another person or account than the session's. What concerns the person alone, as the choice of a role and the
// consent do, asks for the person only. A request that does not say is meant for whomever the session is.
func (a Access) meantFor(ctx huma.Context, current Session) error {
	own := current.acting()
	if a.level < levelConsented {
		own, _, _ = strings.Cut(own, ".")
	}
	for _, said := range saidActing(ctx) {
		if a.level < levelConsented {
			said, _, _ = strings.Cut(said, ".")
		}
		if !strings.EqualFold(said, own) {
			return problems.New(problems.ActingChanged)
		}
	}
	return nil
}

// saidActing are the identities that a request says it is meant for; more than one where it says so twice.
func saidActing(ctx huma.Context) []string {
	var said []string
	for _, value := range humafiber.UnwrapV2(ctx).Request().Header.PeekAll(actingHeader) {
		said = append(said, string(value))
	}
	if ctx.Operation().Method == http.MethodGet {
		said = append(said, ctx.Query(actingParameter))
	}
	return slices.DeleteFunc(said, func(one string) bool { return one == "" })
}

// publicMeantFor is meantFor for operations without a session of their own. A reading is for everybody: it tells who is there.
func (s *Server) publicMeantFor(ctx huma.Context, a Access) error {
	if ctx.Operation().Method == http.MethodGet || len(saidActing(ctx)) == 0 {
		return nil
	}
	current, _, err := s.ReadSession(ctx.Context(), HashToken(s.CookieValue(ctx.Context(), SessionCookie)))
	if gone := (*problems.Problem)(nil); errors.As(err, &gone) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.meantFor(ctx, current)
}

// AuthorityIsFresh refuses a head who has not signed in at ЕСИА lately.
func (s *Server) AuthorityIsFresh(by Session) error {
	if s.options.Now().Sub(by.AuthorityReadAt) > s.options.AuthorityMaxAge {
		return problems.New(problems.AuthorityStale)
	}
	return nil
}
