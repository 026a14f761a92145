package order

// BindsOrganisation reports whether a message of this kind may carry the customer's signature, so that its decision needs
// [Facts.Authority].
func BindsOrganisation(k Kind) bool {
	r, ok := RuleFor(k)
	return ok && r.signs != nil
}

// Binding are details that may hold the signature of the customer.
type Binding interface{ HasCustomerSignature() bool }

// HasCustomerSignature implements [Binding]: the message signs the contract.
func (ContractSignature) HasCustomerSignature() bool { return true }

// HasCustomerSignature implements [Binding]: results with registration are accepted without a signature.
func (t ActSignature) HasCustomerSignature() bool { return t.Signature != nil }

// maySign refuses the customer's signature to whoever acts for an organisation without being its head. A power of attorney
// (МЧД) will count here once the platform checks them.
func (c *decision) maySign(r *Rule) *Refusal {
	if r.signs == nil || !r.signs(c.s) || c.facts.Authority == nil || c.facts.Authority.Head {
		return nil
	}
	return refuse(CodeHeadSigns)
}

func always(*State) bool { return true }

// actIsSignedNow holds where the act comes with the results: with registration it is signed later.
func actIsSignedNow(s *State) bool { return s.Contract != nil && !s.Contract.Registration }
