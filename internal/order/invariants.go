package order

import (
	"fmt"
	"slices"
)

// Check returns an error that names the first invariant that the state violates. A decision that
// violates one is not recorded.
func (s *State) Check() error {
	for _, rule := range invariants {
		if !rule.holds(s) {
			return fmt.Errorf("%w: %s", ErrInvariant, rule.text)
		}
	}
	return nil
}

var invariants = []struct {
	text  string
	holds func(*State) bool
}{
	{"an order has a stage of its own", func(s *State) bool {
		return s.Stage == Deleted || (s.Stage != Suspended && slices.Contains(Stages(), s.Stage))
	}},
	{"an order has a customer and a number", func(s *State) bool { return s.Customer.Party != "" && s.Number != "" }},
	{"a published order has conditions", func(s *State) bool {
		return s.Stage == Draft || s.Stage == Deleted || (s.Terms != nil && s.Form != nil && s.Revision > 0)
	}},
	{"a performer stands from the contract on, and not before", func(s *State) bool {
		switch s.Stage {
		case Draft, Deleted, Selection:
			return s.Performer == nil
		case Cancelled:
			return true
		}
		return s.Performer != nil
	}},
	{"nobody performs his own order", func(s *State) bool {
		return s.Performer == nil || s.Performer.Person == "" || s.Performer.Person != s.Customer.Person
	}},
	{"an offer is open only while a performer is chosen", func(s *State) bool { return s.Offer == nil || s.Stage == Selection }},
	{"both signatures stand under the contract of every later stage", func(s *State) bool {
		return !slices.Contains(append([]Stage{Completed}, signed...), s.Stage) || s.contractSigned()
	}},
	{"advance and remainder make the price", func(s *State) bool {
		c := s.Contract
		return c == nil || (c.Advance >= 0 && c.Remainder() >= 0 && c.Advance+c.Remainder() == c.Price &&
			AdvanceFits(c.Price, c.Advance, c.AdvanceBasisPoints))
	}},
	{"works start after the advance is confirmed", func(s *State) bool {
		late := slices.Contains([]Stage{Work, Acceptance, Registration, Payment, Completed}, s.Stage)
		return !late || s.Contract.Advance == 0 || (s.Prepayment != nil && s.Prepayment.Confirmed)
	}},
	{"results are there while they are accepted and after", func(s *State) bool {
		return !slices.Contains([]Stage{Acceptance, Registration, Payment, Completed}, s.Stage) || s.Results != nil
	}},
	{"a completed order has a signed act and is paid in full", func(s *State) bool {
		if s.Stage != Completed {
			return true
		}
		return s.Act.done() && (s.Contract.Remainder() == 0 || (s.Payment != nil && s.Payment.Confirmed))
	}},
	{"a cancelled order has a cause, and the customer's own came before his signature", func(s *State) bool {
		if s.Stage != Cancelled {
			return s.Cause == ""
		}
		return s.Cause != "" && (s.Cause != ByCustomer || !s.contractSigned())
	}},
	{"deadlines stand still exactly while the order is suspended", func(s *State) bool {
		return (s.Frozen != nil) == s.Suspended()
	}},
	{"a replacement is proposed for a suspended order, and is not the performer", func(s *State) bool {
		return s.Replacement == nil || (s.Suspended() && s.Replacement.Engineer != s.Performer.ID)
	}},
	{"a mark is from one to five", func(s *State) bool { return s.Rating == nil || (s.Rating.Mark >= 1 && s.Rating.Mark <= 5) }},
}
