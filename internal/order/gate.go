package order

import "slices"

// Need is what an engineer must have in an order to say something to it.
type Need string

// An engineer's part in an order in which he is not the performer.
const (
	NeedsNothing  Need = ""
	NeedsResponse Need = "response"
	NeedsOffer    Need = "offer"
)

// Parties are what is known of an order without its state: who its parties are, and what the sender of a message has in it.
type Parties struct {
	Customer, Performer, Employer string
	// Responded and Offered say that the sender has a response that stands, or is offered the order, or was until the offer lapsed.
	Responded, Offered bool
}

// Admit says why the order would refuse the message whatever it contains, because of who sends it; nil if the order has to judge.
// It never refuses what the order would apply.
func (p Parties) Admit(k Kind, a Actor) *Refusal {
	r, known := RuleFor(k)
	if !known {
		return refuse(CodeUnknown)
	}
	s := State{Customer: Customer{Party: p.Customer}}
	if p.Performer != "" {
		s.Performer = &Performer{ID: p.Performer, Employer: p.Employer}
	}
	switch {
	case !r.sentBy(&s, a):
		return refuse(CodeNotParty)
	case a.Role != RoleEngineer || s.plays(a, performer):
		return nil
	case r.Needs == NeedsResponse && !p.Responded:
		return refuse(CodeNoResponse)
	case r.Needs == NeedsOffer && !p.Offered:
		return refuse(CodeNoOffer)
	}
	return nil
}

// OpenToStrangers reports whether an engineer who is no party of the order may send such a message.
func (r *Rule) OpenToStrangers() bool {
	return slices.Contains(r.By, engineer) && r.Needs != NeedsOffer
}
