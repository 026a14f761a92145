package order

// How an order ends or goes back to work after both parties have signed: by agreement, or by the
// moderator.

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
		ruleWithoutDetails(Rule{
			Kind: WithdrawProposal, Title: "Отозвать своё предложение", Done: "Предложение отозвано", AllowedWhileSuspended: true,
			By: []party{customer, performer}, From: signed, guard: proposedByOwn,
		}, withdrawProposal),
		ruleWithDetails(Rule{
			Kind: OpenDispute, Title: "Пригласить модератора", Done: "Приглашён модератор", RequiresReason: true, AllowedWhileSuspended: true,
			By: []party{customer, performer}, From: signed, guard: noDispute,
		}, openDispute),
		ruleWithDetails(Rule{
			Kind: SettleDispute, Title: "Решить спор", Done: "Модератор принял решение", RequiresReason: true, AllowedWhileSuspended: true,
			By: []party{moderator}, From: signed, To: []Stage{Work, Cancelled}, except: []Move{{Prepayment, Work}},
			guard: hasDispute,
		}, settleDispute),
		ruleWithDetails(Rule{
			Kind: ReplaceEngineer, Title: "Заменить исполнителя", Done: "Исполнитель заменён модератором", RequiresReason: true, AllowedWhileSuspended: true,
			By: []party{moderator}, From: signed,
		}, replaceEngineer),
	}
}

func noDispute(c *decision) *Refusal {
	if c.s.Dispute != nil {
		return refuse(CodeDisputeOpen)
	}
	return nil
}

// minRoundsForDispute is the number of returns of the results after which either party may call the
// moderator about them.
const minRoundsForDispute = 3

func openDispute(c *decision, d DisputeCall) *Refusal {
	if refused := c.checkGround(d.Ground); refused != nil {
		return refused
	}
	c.s.Dispute = &Dispute{Ground: d.Ground, By: c.m.Actor.Role, Since: c.at}
	c.notifyModerators(NoticeDispute)
	c.notifyOther(NoticeDispute)
	return nil
}

// checkGround returns a refusal unless the order shows the disagreement that the dispute is about.
func (c *decision) checkGround(g Ground) *Refusal {
	switch g {
	case GroundTermination:
		return nil
	case GroundResults:
		if c.s.Rounds < minRoundsForDispute {
			return refuse(CodeFewRounds)
		}
		return nil
	case GroundRegistration:
		if c.s.Application != RegistrationRefused {
			return refuse(CodeNotRefused)
		}
		return nil
	case GroundPayment:
		if disputed(c.s.Prepayment) || disputed(c.s.Payment) || (c.termExpired() && awaitsMoney(c.s.Wait.For)) {
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
		c.notifyBoth(NoticeSettled)
		c.dropProposal()
	case SettleRework:
		if c.s.Stage == Prepayment {
			return refuse(CodeBadDetails)
		}
		c.notifyBoth(NoticeSettled)
		c.backToWork()
	case SettleTerminate:
		c.notifyBoth(NoticeTerminated)
		c.cancelOrder(ByModerator)
	default:
		return refuse(CodeBadDetails)
	}
	c.s.Dispute = nil
	return nil
}

// replaceEngineer assigns the order to another engineer of the organisation that has the contract.
func replaceEngineer(c *decision, _ EngineerChoice) *Refusal {
	if refused := c.checkSubstitute(); refused != nil {
		return refused
	}
	e := c.facts.Engineer
	c.notifyBoth(NoticeReplaced)
	c.notifyEmployer(NoticeReplaced)
	if proposed := c.s.Substitute(); proposed != "" && proposed != e.ID {
		c.notifyEngineer(proposed, NoticeReplacementOver)
	}
	c.resetForReplacement()
	c.s.Performer = &Performer{ID: e.ID, Person: e.Person, Employer: e.Employer, Chosen: c.s.Performer.Chosen}
	c.notifyPerformer(NoticeAssigned)
	return nil
}

// resetForReplacement clears everything that belongs to the replaced engineer: the holds on him,
// the dispute, the proposals with him and to replace him, his delays and refusals, and the mark for his work. It
// keeps the contract, what his organisation has done under it, and what the customer has reported
// and signed.
func (c *decision) resetForReplacement() {
	if c.s.Proposal != nil {
		c.s.Proposal = nil
		c.notifyCustomer(NoticeProposalEnded)
	}
	c.s.Statuses, c.s.Dispute, c.s.Rating, c.s.Replacement = nil, nil, nil, nil
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

// endDispute ends a dispute whose subject the parties have resolved themselves: the results are
// accepted, the money has come, or Rosreestr's refusal no longer applies.
func (c *decision) endDispute(before *State) {
	if before.Dispute == nil || c.s.Dispute == nil || c.s.Stage.Final() {
		return
	}
	if g := before.Dispute.Ground; before.subjectUnresolved(g) && !c.s.subjectUnresolved(g) {
		c.s.Dispute = nil
		c.notifyBoth(NoticeDisputeEnded)
		c.notifyModerators(NoticeDisputeEnded)
	}
}

// subjectUnresolved reports whether the subject of a dispute on this ground is still unresolved.
func (s *State) subjectUnresolved(g Ground) bool {
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
