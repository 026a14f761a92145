package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// actingHeader says for whom a request is meant: person.role.party, as GET /api/me gives them. A page that shows one account must not act
// for another one that was chosen in another window meanwhile. The stream of events takes it as the parameter "for".
const (
	actingHeader    = "Epkr-Acting-For"
	actingParameter = "for"
)

// acting is the identity of a session as clients send it.
func (c session) acting() string {
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
func (a access) meantFor(ctx huma.Context, current session) error {
	said := ctx.Header(actingHeader)
	if said == "" && ctx.Operation().Method == http.MethodGet {
		said = ctx.Query(actingParameter)
	}
	if said == "" {
		return nil
	}
	own := current.acting()
	if a.level < levelConsented {
		said, _, _ = strings.Cut(said, ".")
		own, _, _ = strings.Cut(own, ".")
	}
	if strings.EqualFold(said, own) {
		return nil
	}
	return problem(codeActingChanged)
}
