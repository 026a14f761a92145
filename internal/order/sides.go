package order

import "slices"

// Nobody acts on both sides of an order: not by one account or by two, not as a party and as its representative, not as a party and as the
// moderator. Parties differ although one human is behind them; how he is tied to each side comes in as [Ties].

// Tie is how somebody is tied to one side of an order.
type Tie string

// The ties, the closest first.
const (
	NoTie Tie = ""
	// TiePerson is that side himself, or has acted for it in this order, by whatever account.
	TiePerson Tie = "person"
	// TieRepresents may act for the organisation that is that side.
	TieRepresents Tie = "represents"
	// TieEmployed works for the organisation that is that side.
	TieEmployed Tie = "employed"
	// TieEmployer is an engineer whose employer is represented by who acts for that side.
	TieEmployer Tie = "employer"
)

// Ties are how the people of a message are tied to the sides of the order.
type Ties struct {
	// Engineer is how the engineer whom the message concerns is tied to the customer; where it concerns none, the performer.
	Engineer Tie
	// ToCustomer and ToPerformer are how the sender is tied to the sides that [SidesAsked] names, ToEngineer how to the engineer whom he
	// speaks of.
	ToCustomer, ToPerformer, ToEngineer Tie
}

// SidesAsked says to which sides the ties of a sender in this role count, see [Ties].
func SidesAsked(role Role) (customer, performer bool) {
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

// acting are the ties by which a sender would act for that side himself.
var acting = []Tie{TiePerson, TieRepresents}

// waysOut are open to a customer who has come to represent the performer's employer: they end the order or call a third one.
var waysOut = []Kind{Cancel, DismissEngineer, OpenDispute}

// performersWaysOut are open to a performer who is the customer himself, as an order recorded before this rule may have it.
var performersWaysOut = []Kind{LeaveOrder, WithdrawContract, WithdrawProposal, ProposeTermination, RefuseTermination, RefuseRework, OpenDispute}

// apart refuses a sender who stands on the other side as well.
func (c *decision) apart(r *Rule) *Refusal {
	ties := c.facts.Ties
	switch c.m.Actor.Role {
	case RoleCustomer:
		if ties.ToPerformer == TiePerson || (ties.ToPerformer == TieRepresents && !slices.Contains(waysOut, r.Kind)) {
			return refuse(CodeBothSides)
		}
	case RoleEngineer:
		return c.performerApart(r)
	case RoleEmployer:
		if slices.Contains(acting, ties.ToCustomer) {
			return &Refusal{CodeBothSides, "Вы представляете и заказчика этого заказа, поэтому не можете действовать в нём за работодателя исполнителя."}
		}
	case RoleModerator, RoleOperator:
		if r.Kind != ModeratorStatus && (ties.ToCustomer != NoTie || ties.ToPerformer != NoTie || ties.ToEngineer != NoTie) {
			return refuse(CodeModeratorIsParty)
		}
	}
	return nil
}

// performerApart refuses the performer's word where it would stand for both sides. Once both have signed, a tie that he came to have later
// leaves him his part, but no acceptance in the customer's place.
func (c *decision) performerApart(r *Rule) *Refusal {
	tie := c.facts.Ties.Engineer
	if tie == NoTie || !c.s.plays(c.m.Actor, performer) || !slices.Contains(r.By, performer) {
		return nil
	}
	if r.Kind == SignActAlone || (tie == TiePerson && !slices.Contains(performersWaysOut, r.Kind)) {
		return ownOrder(tie)
	}
	return nil
}

// unlikeCustomer refuses an engineer who is on the customer's side, or on the side of whoever speaks for the customer now.
func (c *decision) unlikeCustomer() *Refusal {
	if refused := c.untied(); refused != nil {
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

// untied refuses where ties join the engineer and the customer.
func (c *decision) untied() *Refusal {
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

// WhyNotChosen says why whoever looks as the customer cannot choose the engineer; empty if their ties do not stand against it.
func (t Ties) WhyNotChosen() string {
	c := &decision{facts: Facts{Ties: t}, m: Message{Actor: Actor{Role: RoleCustomer}}, s: &State{}}
	if refused := c.unlikeCustomer(); refused != nil {
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

// judgesHimself refuses a moderator's word on an engineer from a moderator who has a part in it. A decision that stands already, and that
// the platform tells the order, is no new word.
func (c *decision) judgesHimself() *Refusal {
	ties, e := c.facts.Ties, c.facts.Engineer
	if ties.ToCustomer == NoTie && ties.ToPerformer == NoTie && ties.ToEngineer == NoTie {
		return nil
	}
	st, refused := decodeDetails[Standing](c.m)
	if refused == nil && e != nil && !st.AsOf.IsZero() && e.JudgedAt.Equal(st.AsOf) && e.Blocked == !st.Active {
		return nil
	}
	return refuse(CodeModeratorIsParty)
}
