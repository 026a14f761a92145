package order

// A proposal is one party's message that needs the other party's answer. It belongs to the person
// who made it and to the step in which it was made, and ends with either.

func propose(kind Kind, title, done string, in []Stage) Rule {
	return ruleWithoutDetails(Rule{
		Kind: kind, Title: title, Done: done, RequiresReason: true, AllowedWhileSuspended: kind == ProposeTermination,
		By: []party{customer, performer}, From: in, guard: mayPropose(kind),
	}, func(c *decision) *Refusal {
		c.s.Proposal = &Proposal{Kind: kind, By: c.m.Actor.Role, Party: c.m.Actor.Party}
		c.notifyOther(NoticeProposal)
		return nil
	})
}

func mayPropose(kind Kind) func(*decision) *Refusal {
	return func(c *decision) *Refusal {
		switch {
		case c.s.Proposal != nil:
			return refuse(CodeProposalOpen)
		case kind == ProposeRework && c.s.Application != RegistrationRefused:
			return refuse(CodeNotRefused)
		}
		return nil
	}
}

func answer(kind, to Kind, title, done string, in, next []Stage, apply func(*decision) *Refusal) Rule {
	return ruleWithoutDetails(Rule{
		Kind: kind, Title: title, Done: done, AllowedWhileSuspended: to == ProposeTermination,
		By: []party{customer, performer}, From: in, To: next, guard: proposedByOther(to),
	}, apply)
}

func proposedByOther(kind Kind) func(*decision) *Refusal {
	return func(c *decision) *Refusal {
		switch p := c.s.Proposal; {
		case p == nil || p.Kind != kind:
			return refuse(CodeNoProposal)
		case p.MadeBy(c.m.Actor):
			return refuse(CodeOwnProposal)
		}
		return nil
	}
}

func agreeTermination(c *decision) *Refusal {
	c.notifyOther(NoticeTerminated)
	c.cancelOrder(ByAgreement)
	return nil
}

func agreeRework(c *decision) *Refusal {
	c.notifyOther(NoticeReworkAgreed)
	c.s.Proposal = nil
	c.backToWork()
	return nil
}

func refuseProposal(c *decision) *Refusal {
	c.s.Proposal = nil
	c.notifyOther(NoticeProposalRefused)
	return nil
}

func proposedByOwn(c *decision) *Refusal {
	switch p := c.s.Proposal; {
	case p == nil:
		return refuse(CodeNoProposal)
	case !p.MadeBy(c.m.Actor):
		return refuse(CodeOthersProposal)
	}
	return nil
}

func withdrawProposal(c *decision) *Refusal {
	c.s.Proposal = nil
	c.notifyOther(NoticeProposalWithdrawn)
	return nil
}

// dropProposal ends a proposal whose reason no longer exists.
func (c *decision) dropProposal() {
	if c.s.Proposal != nil {
		c.s.Proposal = nil
		c.notifyBoth(NoticeProposalEnded)
	}
}

// endProposal ends a proposal made before this message once the order waits for another step, or
// for the same step again: results accepted, an act signed, a payment reported. The proposal was
// about an order that has changed since.
func (c *decision) endProposal(before *State) {
	if before.Proposal == nil || c.s.Stage.Final() {
		return
	}
	if c.s.Stage != before.Stage || c.s.Wait.For != before.Wait.For || c.s.awaited() != before.Wait.For {
		c.dropProposal()
	}
}
