package httpapi

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi/problems"
	"epkr/internal/order"
)

// accessLevel is the required progress of the sign-in. Each level includes the levels before it.
type accessLevel int

const (
	levelPublic    accessLevel = iota // no session needed
	levelSignedIn                     // a valid session
	levelConsented                    // with a chosen role that the person still has, and consent to the processing of his data
)

// Access defines who may call an operation.
type Access struct {
	level accessLevel
	// roles are the permitted roles; empty means every role.
	roles []order.Role
	// head admits only the head of the organisation.
	head bool
}

// Roles returns the roles that may call the operation; empty means every role.
func (a Access) Roles() []order.Role { return a.roles }

// IsPublic reports whether everybody may call the operation.
func (a Access) IsPublic() bool { return a.level == levelPublic }

// NeedsConsent reports whether the operation requires a role and consent to the processing of
// personal data.
func (a Access) NeedsConsent() bool { return a.level == levelConsented }

// IsForHeads reports whether only heads of organisations may call the operation.
func (a Access) IsForHeads() bool { return a.head }

// Public and SignedIn are for operations that need no role.
var (
	Public   = Access{level: levelPublic}
	SignedIn = Access{level: levelSignedIn}
)

// Consented admits people with one of the roles, or with any role if none is given. Almost all
// operations use it.
func Consented(roles ...order.Role) Access { return Access{level: levelConsented, roles: roles} }

// ForHeads restricts the access to heads of the organisations for which they act.
func (a Access) ForHeads() Access {
	a.head = true
	return a
}

// admit returns the middleware that runs an operation only for permitted callers and puts their
// session into the context.
func (s *Server) admit(op *Operation) func(huma.Context, func(huma.Context)) {
	who, cost := op.Access, op.Class
	return func(ctx huma.Context, next func(huma.Context)) {
		var current Session
		var err error
		token := s.CookieValue(ctx.Context(), SessionCookie)
		if who.level > levelPublic {
			if early := s.refusals.Current(token, cost); early != nil {
				s.metrics.throttled.WithLabelValues(string(cost)).Inc()
				s.refusals.Delay(ctx.Context())
				s.refuseLimited(ctx, op, early)
				return
			}
			current, err = s.OpenSession(ctx.Context(), token)
		}
		RequestFrom(ctx.Context()).Person, RequestFrom(ctx.Context()).by = current.Person, current
		if limited := s.takePlace(ctx, cost, current.Person); limited != nil {
			s.refusals.Remember(token, cost, limited)
			s.refuseLimited(ctx, op, limited)
			return
		}
		switch {
		case who.level == levelPublic:
			err = s.checkPublicActing(ctx, who)
		case err == nil:
			if err = who.checkActing(ctx, current); err == nil {
				err = s.checkSession(who, current)
			}
		}
		if err != nil {
			s.writeProblem(ctx, ProblemOf(ctx.Context(), err))
			return
		}
		if who.level == levelPublic {
			next(ctx)
			return
		}
		ctx = huma.WithValue(ctx, sessionKey{}, current)
		if isModeratorsOperation(who, current) {
			s.watchModerator(ctx, next)
			return
		}
		next(ctx)
	}
}

// checkSession also refuses a person who acts for an organisation if ЕСИА's confirmation of the
// membership is too old, because the membership may have ended since.
func (s *Server) checkSession(who Access, current Session) error {
	err := who.check(current)
	if err == nil && who.level >= levelConsented && s.MembershipIsStale(current) {
		err = problems.New(problems.MembershipStale)
	}
	return err
}

// MembershipIsStale reports whether ЕСИА's confirmation of the membership is too old for a person
// who acts for an organisation.
func (s *Server) MembershipIsStale(current Session) bool {
	return current.PartyKind == string(order.OrganisationKind) && s.options.Now().Sub(current.AuthorityReadAt) > s.options.MembershipMaxAge
}

// check returns the refusal of the session, in the order in which a person goes through sign-in.
func (a Access) check(current Session) error {
	switch {
	case a.level < levelConsented:
		return nil
	case current.RoleProblem != "":
		return problems.New(current.RoleProblem)
	case current.Role == "":
		return problems.New(problems.RoleRequired)
	case !current.Consented:
		return problems.New(problems.ConsentRequired)
	case len(a.roles) > 0 && !slices.Contains(a.roles, current.Role):
		return problems.New(problems.WrongRole)
	case a.head && !current.Head:
		return problems.New(problems.HeadOnly)
	}
	return nil
}

// Access by role. The order itself checks which of its parties may send a message, and when.
var (
	Customers  = Consented(order.RoleCustomer)
	Engineers  = Consented(order.RoleEngineer)
	Employers  = Consented(order.RoleEmployer)
	Moderators = Consented(order.RoleModerator)
	BothSides  = Consented(order.RoleCustomer, order.RoleEngineer)
)
