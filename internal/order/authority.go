package order

// BindsOrganisation reports whether a message of this kind may carry the customer's signature, so that its decision needs
// [Facts.Authority].
func BindsOrganisation(k Kind) bool {
	r, ok := RuleFor(k)
	return ok && r.carriesSignature != nil
}

// Binding is implemented by details that may contain the customer's signature.
type Binding interface{ HasCustomerSignature() bool }

// HasCustomerSignature implements [Binding]: the message signs the contract.
func (ContractSignature) HasCustomerSignature() bool { return true }

// HasCustomerSignature implements [Binding]: results with registration are accepted without a signature.
func (t ActSignature) HasCustomerSignature() bool { return t.Signature != nil }

// maySign refuses the customer's signature from a person who acts for an organisation but neither is
// its head nor signs by a power of attorney (МЧД).
func (c *decision) maySign(r *Rule) *Refusal {
	if r.carriesSignature == nil || !r.carriesSignature(c.s) || c.facts.Authority == nil || c.facts.Authority.Head || c.signedByPower() {
		return nil
	}
	return refuse(CodeHeadSigns)
}

func always(*State) bool { return true }

// actComesWithResults reports whether the act comes with the results. In a contract with
// registration it is signed later.
func actComesWithResults(s *State) bool { return s.Contract != nil && !s.Contract.Registration }
