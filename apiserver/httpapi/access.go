package httpapi

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi/problems"
	"epkr/internal/order"
)

// accessLevel is how far a sign-in must have come: each level asks for all before it.
type accessLevel int

const (
	levelPublic    accessLevel = iota // anybody
	levelSignedIn                     // a living session
	levelConsented                    // in which a role is chosen and still open to the person, who consented to the processing of his data
)

// Access says who may call an operation.
type Access struct {
	level accessLevel
	// roles are those that may; empty means every role.
	roles []order.Role
	// head admits only who heads the organisation that he acts for.
	head bool
}

// Roles are those that may call the operation; empty means every role.
func (a Access) Roles() []order.Role { return a.roles }

// IsPublic says that the operation is for everybody.
func (a Access) IsPublic() bool { return a.level == levelPublic }

// NeedsConsent says that the operation is for people in a role who have consented to the processing of their data.
func (a Access) NeedsConsent() bool { return a.level == levelConsented }

// IsForHeads says that the operation is for heads of organisations only.
func (a Access) IsForHeads() bool { return a.head }

// Who may call an operation that needs no role.
var (
	Public   = Access{level: levelPublic}
	SignedIn = Access{level: levelSignedIn}
)

// Consented admits people in one of the roles, or in any role when none is named. Almost everything is so.
func Consented(roles ...order.Role) Access { return Access{level: levelConsented, roles: roles} }

// OfHeads admits of those only who heads the organisation that he acts for.
func (a Access) OfHeads() Access {
	a.head = true
	return a
}

// admit lets an operation run only for those whom it is for, with their session in its context.
func (s *Server) admit(op *Operation) func(huma.Context, func(huma.Context)) {
	who, cost := op.Access, op.Class
	return func(ctx huma.Context, next func(huma.Context)) {
		var current Session
		var err error
		token := s.CookieValue(ctx.Context(), SessionCookie)
		if who.level > levelPublic {
			if early := s.refused.Stands(token, cost); early != nil {
				s.metrics.throttled.WithLabelValues(string(cost)).Inc()
				s.refused.HoldBack(ctx.Context())
				s.refuseAdmission(ctx, op, early)
				return
			}
			current, err = s.OpenSession(ctx.Context(), token)
		}
		RequestFrom(ctx.Context()).Person, RequestFrom(ctx.Context()).by = current.Person, current
		if limited := s.admitted(ctx, cost, current.Person); limited != nil {
			s.refused.Remember(token, cost, limited)
			s.refuseAdmission(ctx, op, limited)
			return
		}
		switch {
		case who.level == levelPublic:
			err = s.publicMeantFor(ctx, who)
		case err == nil:
			if err = who.meantFor(ctx, current); err == nil {
				err = s.judge(who, current)
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

// judge also refuses who acts for an organisation on a word of ЕСИА that is too old: the membership may have ended since.
func (s *Server) judge(who Access, current Session) error {
	err := who.judge(current)
	if err == nil && who.level >= levelConsented && s.MembershipIsStale(current) {
		err = problems.New(problems.MembershipStale)
	}
	return err
}

// MembershipIsStale reports whether the word of ЕСИА on the membership of a person who acts for an organisation is too old.
func (s *Server) MembershipIsStale(current Session) bool {
	return current.PartyKind == string(order.OrganisationKind) && s.options.Now().Sub(current.AuthorityReadAt) > s.options.MembershipMaxAge
}

// judge gives the refusal that the session meets, in the order in which a person goes through sign-in.
func (a Access) judge(current Session) error {
	switch {
	case a.level < levelConsented:
		return nil
	case current.Lost != "":
		return problems.New(current.Lost)
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

// Who may send what. Which party of the order it must be, and when, the order itself decides.
var (
	Customers  = Consented(order.RoleCustomer)
	Engineers  = Consented(order.RoleEngineer)
	Employers  = Consented(order.RoleEmployer)
	Moderators = Consented(order.RoleModerator)
	BothSides  = Consented(order.RoleCustomer, order.RoleEngineer)
)
