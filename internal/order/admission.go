package order

import "slices"

// Need is what an engineer must have in an order to send a message to it.
type Need string

// What an engineer who is not the performer must have in the order.
const (
	NeedsNothing  Need = ""
	NeedsResponse Need = "response"
	NeedsOffer    Need = "offer"
)

// Parties describe the parties of an order and the sender's part in it, without the order's state.
type Parties struct {
	Customer, Performer, Employer string
	// Responded means that the sender has a response; Offered means that he has an open or a lapsed
	// offer.
	Responded, Offered bool
	// Substitute is the engineer whom the employer proposes in place of the performer.
	Substitute string
}

// Admit returns the refusal that the order would give because of the sender, whatever the message
// contains; nil if the order must decide. It never refuses a message that the order would apply.
func (p Parties) Admit(k Kind, a Actor) *Refusal {
	r, known := RuleFor(k)
	if !known {
		return refuse(CodeUnknown)
	}
	s := State{Customer: Customer{Party: p.Customer}}
	if p.Performer != "" {
		s.Performer = &Performer{ID: p.Performer, Employer: p.Employer}
	}
	if p.Substitute != "" {
		s.Replacement = &Replacement{Engineer: p.Substitute}
	}
	switch {
	case !r.sentBy(&s, a):
		return refuse(CodeNotParty)
	case a.Role != RoleEngineer || s.hasRole(a, performer):
		return nil
	case r.Needs == NeedsResponse && !p.Responded:
		return refuse(CodeNoResponse)
	case r.Needs == NeedsOffer && !p.Offered:
		return refuse(CodeNoOffer)
	}
	return nil
}

// OpenToAnyEngineer reports whether an engineer who is no party of the order may send the message.
func (r *Rule) OpenToAnyEngineer() bool {
	return slices.Contains(r.By, engineer) && r.Needs != NeedsOffer
}
