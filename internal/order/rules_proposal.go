package order

// A proposal is one side's word that waits for the other's. It belongs to who made it and to the step in which he made it, and ends with
// either.

func propose(kind Kind, title, done string, in []Stage) Rule {
	return bare(Rule{
		Kind: kind, Title: title, Done: done, Reasoned: true, Held: kind == ProposeTermination,
		By: []party{customer, performer}, In: in, when: mayPropose(kind),
	}, func(c *decision) *Refusal {
		c.s.Proposal = &Proposal{Kind: kind, By: c.m.Actor.Role, Party: c.m.Actor.Party}
		c.tellOther(NoticeProposal)
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

func answer(kind, to Kind, title, done string, in, leads []Stage, do func(*decision) *Refusal) Rule {
	return bare(Rule{
		Kind: kind, Title: title, Done: done, Held: to == ProposeTermination,
		By: []party{customer, performer}, In: in, Leads: leads, when: proposedByOther(to),
	}, do)
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
	c.tellOther(NoticeTerminated)
	c.end(ByAgreement)
	return nil
}

func agreeRework(c *decision) *Refusal {
	c.tellOther(NoticeReworkAgreed)
	c.s.Proposal = nil
	c.backToWork()
	return nil
}

func refuseProposal(c *decision) *Refusal {
	c.s.Proposal = nil
	c.tellOther(NoticeProposalRefused)
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
	c.tellOther(NoticeProposalWithdrawn)
	return nil
}

// dropProposal ends a proposal whose ground is gone.
func (c *decision) dropProposal() {
	if c.s.Proposal != nil {
		c.s.Proposal = nil
		c.tellBoth(NoticeProposalEnded)
	}
}

// endProposal ends a proposal that was made before this message once the order waits for another step, or for the same one anew:
// results accepted, an act signed, a payment reported. Its sides agreed or disagreed about an order that is not there any more.
func (c *decision) endProposal(before *State) {
	if before.Proposal == nil || c.s.Stage.Final() {
		return
	}
	if c.s.Stage != before.Stage || c.s.Wait.For != before.Wait.For || c.s.awaited() != before.Wait.For {
		c.dropProposal()
	}
}
