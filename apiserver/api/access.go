package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"epkr/internal/order"
)

// accessLevel is how far a sign-in must have come: each level asks for all before it.
type accessLevel int

const (
	levelPublic    accessLevel = iota // anybody
	levelSignedIn                     // a living session
	levelConsented                    // in which a role is chosen and still open to the person, who consented to the processing of his data
)

// access says who may call an operation.
type access struct {
	level accessLevel
	// roles are those that may; empty means every role.
	roles []order.Role
	// head admits only who heads the organisation that he acts for.
	head bool
}

// Roles are those that may call the operation; empty means every role.
func (a access) Roles() []order.Role { return a.roles }

// IsPublic says that the operation is for everybody.
func (a access) IsPublic() bool { return a.level == levelPublic }

// NeedsConsent says that the operation is for people in a role who have consented to the processing of their data.
func (a access) NeedsConsent() bool { return a.level == levelConsented }

// IsForHeads says that the operation is for heads of organisations only.
func (a access) IsForHeads() bool { return a.head }

var (
	public   = access{level: levelPublic}
	signedIn = access{level: levelSignedIn}
)

// consented admits people in one of the roles, or in any role when none is named. Almost everything is so.
func consented(roles ...order.Role) access { return access{level: levelConsented, roles: roles} }

// ofHeads admits of those only who heads the organisation that he acts for.
func (a access) ofHeads() access {
	a.head = true
	return a
}

// admit lets an operation run only for those whom it is for, with their session in its context.
func (s *Server) admit(op *Operation) func(huma.Context, func(huma.Context)) {
	who, cost := op.Access, op.Class
	return func(ctx huma.Context, next func(huma.Context)) {
		var current session
		var err error
		token := s.cookieValue(ctx.Context(), sessionCookie)
		if who.level > levelPublic {
			if early := s.refused.stands(token, cost); early != nil {
				s.metrics.throttled.WithLabelValues(string(cost)).Inc()
				s.refused.holdBack(ctx.Context())
				s.refuseAdmission(ctx, op, early)
				return
			}
			current, err = s.openSession(ctx.Context(), token)
		}
		requestFrom(ctx.Context()).person, requestFrom(ctx.Context()).by = current.Person, current
		if limited := s.admitted(ctx, cost, current.Person); limited != nil {
			s.refused.remember(token, cost, limited)
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
			s.writeProblem(ctx, problemOf(ctx.Context(), err))
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
func (s *Server) judge(who access, current session) error {
	err := who.judge(current)
	if err == nil && who.level >= levelConsented && s.membershipIsStale(current) {
		err = problem(codeMembershipStale)
	}
	return err
}

func (s *Server) membershipIsStale(current session) bool {
	return current.PartyKind == string(order.OrganisationKind) && s.options.Now().Sub(current.AuthorityReadAt) > s.options.MembershipMaxAge
}

// judge gives the refusal that the session meets, in the order in which a person goes through sign-in.
func (a access) judge(current session) error {
	switch {
	case a.level < levelConsented:
		return nil
	case current.Lost != "":
		return problem(current.Lost)
	case current.Role == "":
		return problem(codeRoleRequired)
	case !current.Consented:
		return problem(codeConsentRequired)
	case len(a.roles) > 0 && !slices.Contains(a.roles, current.Role):
		return problem(codeWrongRole)
	case a.head && !current.Head:
		return problem(codeHeadOnly)
	}
	return nil
}

// Who may send what. Which party of the order it must be, and when, the order itself decides.
var (
	customers  = consented(order.RoleCustomer)
	engineers  = consented(order.RoleEngineer)
	employers  = consented(order.RoleEmployer)
	moderators = consented(order.RoleModerator)
	bothSides  = consented(order.RoleCustomer, order.RoleEngineer)
)
