package order

import "slices"

// Nobody may act on both sides of an order: not through one account or two, not as a party and its
// representative, and not as a party and the moderator. One person may be behind different parties;
// [Ties] describe the relations.

// Tie is a person's relation to one side of an order.
type Tie string

// The ties, the closest first.
const (
	NoTie Tie = ""
	// TiePerson means that he is that side himself, or has acted for it in this order, by any
	// account.
	TiePerson Tie = "person"
	// TieRepresents means that he may act for the organisation that is that side.
	TieRepresents Tie = "represents"
	// TieEmployed means that he works for the organisation that is that side.
	TieEmployed Tie = "employed"
	// TieEmployer means an engineer whose employer is represented by a person who acts for that
	// side.
	TieEmployer Tie = "employer"
)

// Ties are the relations of the people in a message to the sides of the order.
type Ties struct {
	// Engineer is the relation to the customer of the engineer whom the message concerns, or of the
	// performer if it concerns none.
	Engineer Tie
	// ToCustomer and ToPerformer are the sender's relations to the sides that [SidesToCheck]
	// returns; ToEngineer is his relation to the engineer whom the message concerns.
	ToCustomer, ToPerformer, ToEngineer Tie
}

// SidesToCheck reports to which sides the relations of a sender in this role matter, see [Ties].
func SidesToCheck(role Role) (customer, performer bool) {
	switch role {
	case RoleCustomer:
		return false, true
	case RoleEmployer:
		return true, false
	case RoleModerator, RoleOperator:
		return true, true
	default:
		return false, false
	}
}

// representingTies are the ties of a sender who acts for that side himself.
var representingTies = []Tie{TiePerson, TieRepresents}

// customerExits are open to a customer who has come to represent the performer's employer: they end
// the order or call the moderator.
var customerExits = []Kind{Cancel, DismissEngineer, OpenDispute}

// performerExits are open to a performer who is the customer himself, as an order recorded before
// this rule may have.
var performerExits = []Kind{LeaveOrder, WithdrawContract, WithdrawProposal, ProposeTermination, RefuseTermination, RefuseRework, OpenDispute}

// checkSides refuses a sender who is also on the other side.
func (c *decision) checkSides(r *Rule) *Refusal {
	ties := c.facts.Ties
	switch c.m.Actor.Role {
	case RoleCustomer:
		if ties.ToPerformer == TiePerson || (ties.ToPerformer == TieRepresents && !slices.Contains(customerExits, r.Kind)) {
			return refuse(CodeBothSides)
		}
	case RoleEngineer:
		return c.checkPerformerTies(r)
	case RoleEmployer:
		if !c.isEngineerDecision() && slices.Contains(representingTies, ties.ToCustomer) {
			return &Refusal{CodeBothSides, "Вы представляете и заказчика этого заказа, поэтому не можете действовать в нём за работодателя исполнителя."}
		}
	case RoleModerator, RoleOperator:
		if r.Kind != ModeratorStatus && (ties.ToCustomer != NoTie || ties.ToPerformer != NoTie || ties.ToEngineer != NoTie) {
			return refuse(CodeModeratorIsParty)
		}
	}
	return nil
}

// checkPerformerTies refuses the performer's message if it would speak for both sides. A tie that
// he acquires after both have signed leaves him his part but not acceptance in the customer's
// place.
func (c *decision) checkPerformerTies(r *Rule) *Refusal {
	tie := c.facts.Ties.Engineer
	if tie == NoTie || !c.s.hasRole(c.m.Actor, performer) || !slices.Contains(r.By, performer) {
		return nil
	}
	if r.Kind == SignActAlone || (tie == TiePerson && !slices.Contains(performerExits, r.Kind)) {
		return ownOrder(tie)
	}
	return nil
}

// checkNotCustomerSide refuses an engineer who is on the customer's side, or on the side of the
// person who acts for the customer now.
func (c *decision) checkNotCustomerSide() *Refusal {
	if refused := c.checkEngineerTies(); refused != nil {
		return refused
	}
	switch e := c.facts.Engineer; {
	case e == nil:
		return nil
	case e.Person != "" && e.Person == c.s.Customer.Person:
		return ownOrder(TiePerson)
	case e.Employer != "" && e.Employer == c.s.Customer.Party:
		return ownOrder(TieEmployed)
	}
	return nil
}

// checkEngineerTies refuses if ties connect the engineer and the customer.
func (c *decision) checkEngineerTies() *Refusal {
	ties := c.facts.Ties
	if ties.Engineer != NoTie {
		return ownOrder(ties.Engineer)
	}
	if c.m.Actor.Role == RoleCustomer {
		switch ties.ToEngineer {
		case TiePerson:
			return ownOrder(TiePerson)
		case TieRepresents:
			return ownOrder(TieEmployer)
		}
	}
	return nil
}

// WhyNotChosen returns why the viewing customer cannot choose the engineer of the facts who responded
// to the order; empty if he can.
func (s *State) WhyNotChosen(f Facts) string {
	c := &decision{s: s, facts: f, m: Message{Actor: Actor{Role: RoleCustomer}}}
	if refused := c.eligible(); refused != nil {
		return refused.Reason
	}
	return ""
}

var ownOrderReasons = map[Tie]string{
	TiePerson:     "Кадастровый инженер сам заказчик этого заказа или действовал в нём за заказчика, поэтому не может быть его исполнителем.",
	TieRepresents: "Кадастровый инженер представляет организацию заказчика, поэтому не может быть исполнителем её заказа.",
	TieEmployed:   "Кадастровый инженер работает у заказчика, поэтому не может быть исполнителем его заказа.",
	TieEmployer:   "Тот, кто действует за заказчика, представляет и работодателя кадастрового инженера: стороны договора должны быть разными людьми.",
}

func ownOrder(tie Tie) *Refusal { return &Refusal{CodeOwnOrder, ownOrderReasons[tie]} }

// checkModeratorTies refuses a moderator's status of an engineer if the moderator has a tie to the
// order or to the engineer. It accepts a decision that is already in force: the platform only
// forwards it to the order.
func (c *decision) checkModeratorTies() *Refusal {
	ties, e := c.facts.Ties, c.facts.Engineer
	if ties.ToCustomer == NoTie && ties.ToPerformer == NoTie && ties.ToEngineer == NoTie {
		return nil
	}
	st, refused := decodeDetails[EngineerStatus](c.m)
	if refused == nil && e != nil && !st.AsOf.IsZero() && e.DecidedAt.Equal(st.AsOf) && e.Blocked == !st.Active {
		return nil
	}
	return refuse(CodeModeratorIsParty)
}
