package order

import "time"

// The performer's employer may propose that another of his engineers takes a suspended order over
// after both parties have signed. The engineer must agree, and then the moderator approves it.

// mayBeReplaced are the stages in which a signed order can be suspended.
var mayBeReplaced = []Stage{Prepayment, Work, Acceptance, Registration}

func replacementRules() []Rule {
	rule := func(kind Kind, by party, title, done string, guard func(*decision) *Refusal) Rule {
		return Rule{Kind: kind, Title: title, Done: done, AllowedWhileSuspended: true, By: []party{by}, From: mayBeReplaced, guard: guard}
	}
	decline := rule(DeclineReplacement, substitute,
		"Отказаться заменить исполнителя", "Предложенный кадастровый инженер отказался заменить исполнителя", hasReplacement)
	decline.RequiresReason = true
	approve := rule(ApproveReplacement, moderator, "Утвердить замену исполнителя", "Исполнитель заменён по предложению его работодателя", agreedReplacement)
	reject := rule(RejectReplacement, moderator, "Отклонить замену исполнителя", "Модератор отклонил замену исполнителя", agreedReplacement)
	approve.RequiresReason, reject.RequiresReason = true, true
	return []Rule{
		ruleWithDetails(rule(ProposeReplacement, employer,
			"Предложить замену исполнителя", "Работодатель предложил заменить исполнителя", mayProposeReplacement), proposeReplacement),
		ruleWithoutDetails(rule(WithdrawReplacement, employer,
			"Отозвать предложение о замене", "Работодатель отозвал предложение о замене исполнителя", hasReplacement), withdrawReplacement),
		ruleWithoutDetails(rule(AgreeReplacement, substitute,
			"Согласиться заменить исполнителя", "Предложенный кадастровый инженер согласен заменить исполнителя", mayAgreeReplacement), agreeReplacement),
		ruleWithoutDetails(decline, declineReplacement),
		ruleWithDetails(approve, approveReplacement),
		ruleWithDetails(reject, rejectReplacement),
	}
}

func mayProposeReplacement(c *decision) *Refusal {
	switch {
	case !c.s.Suspended():
		return refuse(CodeNotSuspended)
	case c.s.Replacement.open():
		return refuse(CodeReplacementOpen)
	}
	return nil
}

func hasReplacement(c *decision) *Refusal {
	if !c.s.Replacement.open() {
		return refuse(CodeNoReplacement)
	}
	return nil
}

// mayAgreeReplacement also checks the engineer, so that his card shows why he cannot agree.
func mayAgreeReplacement(c *decision) *Refusal {
	if c.s.Replacement.agreed() {
		return refuse(CodeAgreedReplacement)
	}
	return c.checkSubstitute()
}

func agreedReplacement(c *decision) *Refusal {
	switch {
	case !c.s.Replacement.open():
		return refuse(CodeNoReplacement)
	case !c.s.Replacement.agreed():
		return refuse(CodeNotAgreed)
	}
	return nil
}

// checkSubstitute refuses unless the engineer of the facts may take the order over from the
// performer.
func (c *decision) checkSubstitute() *Refusal {
	e := c.facts.Engineer
	switch {
	case e == nil:
		return refuse(CodeUnknownEngineer)
	case e.ID == c.s.Performer.ID:
		return refuse(CodeSameEngineer)
	case e.Employer == "" || e.Employer != c.s.Performer.Employer:
		return refuse(CodeOtherEmployer)
	}
	return c.eligible()
}

// WhyNotReplacedBy returns why the engineer of the facts cannot take the order over from its
// performer now; empty if he can.
func (s *State) WhyNotReplacedBy(f Facts) string {
	if s.Performer == nil {
		return ReasonOf(CodeNoReplacement)
	}
	c := &decision{s: s, facts: f}
	if refused := c.checkSubstitute(); refused != nil {
		return refused.Reason
	}
	return ""
}

func proposeReplacement(c *decision, p EngineerChoice) *Refusal {
	if refused := c.checkSubstitute(); refused != nil {
		return refused
	}
	c.s.Replacement = &Replacement{Engineer: p.Engineer, Since: c.at}
	c.notifyEngineer(p.Engineer, NoticeReplacementOffered)
	c.notifyBoth(NoticeReplacementProposed)
	return nil
}

func withdrawReplacement(c *decision) *Refusal {
	c.endReplacement(NoticeReplacementWithdrawn)
	return nil
}

func agreeReplacement(c *decision) *Refusal {
	c.s.Replacement.Agreed = c.at
	c.notifyBoth(NoticeReplacementAgreed)
	c.notifyEmployer(NoticeReplacementAgreed)
	c.notifyModerators(NoticeReplacementAwaits)
	return nil
}

// declineReplacement also takes back an agreement that the moderator has not decided on yet.
func declineReplacement(c *decision) *Refusal {
	c.notifyBoth(NoticeReplacementDeclined)
	c.notifyEmployer(NoticeReplacementDeclined)
	if c.s.Replacement.agreed() {
		c.notifyModerators(NoticeReplacementDeclined)
	}
	c.s.Replacement = nil
	return nil
}

// approveReplacement names the engineer, so that a moderator does not approve another one than he
// has seen. Everything about the engineer is checked again.
func approveReplacement(c *decision, p EngineerChoice) *Refusal {
	if p.Engineer != c.s.Replacement.Engineer {
		return refuse(CodeNoReplacement)
	}
	return replaceEngineer(c, p)
}

func rejectReplacement(c *decision, p EngineerChoice) *Refusal {
	if p.Engineer != c.s.Replacement.Engineer {
		return refuse(CodeNoReplacement)
	}
	c.notifyBoth(NoticeReplacementRejected)
	c.notifyEmployer(NoticeReplacementRejected)
	c.notifyEngineer(p.Engineer, NoticeReplacementRefused)
	c.s.Replacement = nil
	return nil
}

// endReplacement removes an open proposal and notifies everybody except the sender of the message.
func (c *decision) endReplacement(kind NoticeKind) {
	c.notifyReplacementOver(kind)
	c.s.Replacement = nil
}

// notifyReplacementOver notifies everybody who has heard of the proposal that it has no effect any
// more.
func (c *decision) notifyReplacementOver(kind NoticeKind) {
	c.notifyBoth(kind)
	if c.m.Actor.Role != RoleEmployer || c.isEngineerDecision() {
		c.notifyEmployer(kind)
	}
	c.notifyEngineer(c.s.Replacement.Engineer, NoticeReplacementOver)
	if c.s.Replacement.agreed() {
		c.notifyModerators(kind)
	}
}

// voidReplacement ends the proposal because the engineer cannot take the order over any more. The
// reason stays, so that the parties read it.
func (c *decision) voidReplacement(why Code) {
	c.notifyReplacementOver(NoticeReplacementVoid)
	c.s.Replacement.Void, c.s.Replacement.Agreed = why, time.Time{}
}

// lostBy returns why a status message ends the engineer's right to take orders.
func (c *decision) lostBy() Code {
	switch e := c.facts.Engineer; {
	case c.m.Kind == RegistryStatus:
		return CodeNotInRegistry
	case c.m.Kind == ModeratorStatus:
		return CodeBlocked
	case e != nil && e.Employer != c.s.Performer.Employer:
		return CodeOtherEmployer
	}
	return CodeByEmployer
}

// dropReplacement removes a proposal once the order is not suspended any more: the performer may act
// again, or the order has ended.
func (c *decision) dropReplacement() {
	if c.s.Replacement == nil || c.s.Suspended() {
		return
	}
	if c.s.Replacement.open() {
		c.notifyReplacementOver(NoticeReplacementEnded)
	}
	c.s.Replacement = nil
}
