package order

// The ways out after both have signed: by agreement, or by the moderator.

func disputeRules() []Rule {
	return []Rule{
		propose(ProposeTermination, "Предложить прекратить договор", "Предложено прекратить договор", signed),
		answer(AgreeTermination, ProposeTermination, "Согласиться прекратить договор", "Стороны согласились прекратить договор",
			signed, []Stage{Cancelled}, agreeTermination),
		answer(RefuseTermination, ProposeTermination, "Не соглашаться прекратить договор", "В прекращении договора отказано",
			signed, nil, refuseProposal),
		propose(ProposeRework, "Предложить вернуть в работу", "Предложено вернуть заказ в работу", []Stage{Registration}),
		answer(AgreeRework, ProposeRework, "Согласиться вернуть в работу", "Заказ возвращён в работу по соглашению",
			[]Stage{Registration}, []Stage{Work}, agreeRework),
		answer(RefuseRework, ProposeRework, "Не соглашаться вернуть в работу", "В возвращении в работу отказано",
			[]Stage{Registration}, nil, refuseProposal),
		bare(Rule{
			Kind: WithdrawProposal, Title: "Отозвать своё предложение", Done: "Предложение отозвано", Held: true,
			By: []party{customer, performer}, In: signed, when: proposedByOwn,
		}, withdrawProposal),
		doing(Rule{
			Kind: OpenDispute, Title: "Пригласить модератора", Done: "Приглашён модератор", Reasoned: true, Held: true,
			By: []party{customer, performer}, In: signed, when: noDispute,
		}, openDispute),
		doing(Rule{
			Kind: SettleDispute, Title: "Решить спор", Done: "Модератор принял решение", Reasoned: true, Held: true,
			By: []party{moderator}, In: signed, Leads: []Stage{Work, Cancelled}, never: []Move{{Prepayment, Work}},
			when: hasDispute,
		}, settleDispute),
		doing(Rule{
			Kind: ReplaceEngineer, Title: "Заменить исполнителя", Done: "Исполнитель заменён модератором", Reasoned: true, Held: true,
			By: []party{moderator}, In: signed,
		}, replaceEngineer),
	}
}

func noDispute(c *decision) *Refusal {
	if c.s.Dispute != nil {
		return refuse(CodeDisputeOpen)
	}
	return nil
}

// roundsForModerator is after how many returns of the results either side may call the moderator over them.
const roundsForModerator = 3

func openDispute(c *decision, d DisputeCall) *Refusal {
	if refused := c.grounded(d.Ground); refused != nil {
		return refused
	}
	c.s.Dispute = &Dispute{Ground: d.Ground, By: c.m.Actor.Role, Since: c.at}
	c.tellModerators(NoticeDispute)
	c.tellOther(NoticeDispute)
	return nil
}

// grounded says whether the order shows the disagreement that the dispute is to be about.
func (c *decision) grounded(g Ground) *Refusal {
	switch g {
	case GroundTermination:
		return nil
	case GroundResults:
		if c.s.Rounds < roundsForModerator {
			return refuse(CodeFewRounds)
		}
		return nil
	case GroundRegistration:
		if c.s.Application != RegistrationRefused {
			return refuse(CodeNotRefused)
		}
		return nil
	case GroundPayment:
		if disputed(c.s.Prepayment) || disputed(c.s.Payment) || (c.termOver() && awaitsMoney(c.s.Wait.For)) {
			return nil
		}
		return refuse(CodeNoDisagreement)
	}
	return refuse(CodeBadDetails)
}

func disputed(b *Bill) bool { return b != nil && b.Refuted > 0 && !b.Confirmed }

func awaitsMoney(w WaitCode) bool {
	return w == WaitPrepayment || w == WaitPrepaymentConfirmation || w == WaitPayment || w == WaitPaymentConfirmation
}

func hasDispute(c *decision) *Refusal {
	if c.s.Dispute == nil {
		return refuse(CodeNoDispute)
	}
	return nil
}

func settleDispute(c *decision, d DisputeSettlement) *Refusal {
	switch d.Settlement {
	case SettleContinue:
		c.tellBoth(NoticeSettled)
		c.dropProposal()
	case SettleRework:
		if c.s.Stage == Prepayment {
			return refuse(CodeBadDetails)
		}
		c.tellBoth(NoticeSettled)
		c.backToWork()
	case SettleTerminate:
		c.tellBoth(NoticeTerminated)
		c.end(ByModerator)
	default:
		return refuse(CodeBadDetails)
	}
	c.s.Dispute = nil
	return nil
}

// replaceEngineer hands the order to another engineer of the same organisation, with which the contract is.
func replaceEngineer(c *decision, p Pick) *Refusal {
	e := c.facts.Engineer
	switch {
	case e == nil:
		return refuse(CodeUnknownEngineer)
	case e.ID == c.s.Performer.ID:
		return refuse(CodeSameEngineer)
	case e.Employer == "" || e.Employer != c.s.Performer.Employer:
		return refuse(CodeOtherEmployer)
	}
	if refused := c.eligible(); refused != nil {
		return refused
	}
	c.tellBoth(NoticeReplaced)
	c.forgetPerformer()
	c.s.Performer = &Performer{ID: e.ID, Person: e.Person, Employer: e.Employer, Chosen: c.s.Performer.Chosen}
	c.tellPerformer(NoticeAssigned)
	return nil
}

// forgetPerformer drops what belongs to the engineer who goes, while the contract and what his organisation has done under it stay: the
// holds on him, the dispute and the proposals with him, what he was late with, what he refused, and the mark for his work. What the
// customer has reported and signed stays.
func (c *decision) forgetPerformer() {
	if c.s.Proposal != nil {
		c.s.Proposal = nil
		c.tellCustomer(NoticeProposalEnded)
	}
	c.s.Standings, c.s.Dispute, c.s.Rating = nil, nil, nil
	c.s.Rounds = 0
	for _, b := range []*Bill{c.s.Prepayment, c.s.Payment} {
		if b != nil && !b.Confirmed {
			b.Refuted = 0
		}
	}
	if c.s.Wait.From == RoleEngineer {
		c.restartStep()
	}
}

// endDispute ends a dispute whose subject the sides have settled themselves: the results are accepted, the money has come, the refusal of
// Rosreestr stands no more.
func (c *decision) endDispute(before *State) {
	if before.Dispute == nil || c.s.Dispute == nil || c.s.Stage.Final() {
		return
	}
	if g := before.Dispute.Ground; before.unsettled(g) && !c.s.unsettled(g) {
		c.s.Dispute = nil
		c.tellBoth(NoticeDisputeEnded)
		c.tellModerators(NoticeDisputeEnded)
	}
}

// unsettled says whether the sides have not settled yet what a dispute on this ground is about.
func (s *State) unsettled(g Ground) bool {
	switch g {
	case GroundResults:
		return s.Stage == Work || s.Stage == Acceptance
	case GroundRegistration:
		return s.Application == RegistrationRefused
	case GroundPayment:
		return disputed(s.Prepayment) || disputed(s.Payment) || awaitsMoney(s.awaited())
	}
	return true
}
