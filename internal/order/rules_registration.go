package order

import "slices"

func registrationRules() []Rule {
	return []Rule{
		ruleWithDetails(Rule{
			Kind: ReportRegistration, Title: "Сообщить о ходе ГКУ/ГРП", Done: "Сообщено о ходе ГКУ/ГРП",
			By: []party{performer}, From: []Stage{Registration},
		}, reportRegistration),
		ruleWithDetails(Rule{
			Kind: SubmitFinal, Title: "Отправить заказчику итог", Done: "Исполнитель отправил итог ГКУ/ГРП",
			By: []party{performer}, From: []Stage{Registration}, To: []Stage{Payment},
		}, submitFinal),
		ruleWithDetails(Rule{
			Kind: SendAct, Title: "Отправить акт", Done: "Исполнитель отправил акт",
			By: []party{performer}, From: []Stage{Payment}, guard: actNotSigned,
		}, sendAct),
		ruleWithoutDetails(Rule{
			Kind: ReturnAct, Title: "Вернуть акт на доработку", Done: "Акт возвращён на доработку", RequiresReason: true,
			By: []party{customer}, From: []Stage{Payment}, guard: actToSign,
		}, returnAct),
		ruleWithDetails(Rule{
			Kind: SignAct, Title: "Подписать акт", Done: "Заказчик подписал акт",
			By: []party{customer}, From: []Stage{Payment}, To: []Stage{Completed}, guard: actToSign, carriesSignature: always,
		}, signAct),
	}
}

func reportRegistration(c *decision, r RegistrationStatus) *Refusal {
	if !slices.Contains([]string{RegistrationReview, RegistrationSuspended, RegistrationRefused}, r.Status) {
		return refuse(CodeBadDetails)
	}
	c.s.Application = r.Status
	if r.Status != RegistrationRefused && c.s.Proposal != nil && c.s.Proposal.Kind == ProposeRework {
		c.dropProposal()
	}
	c.notifyCustomer(NoticeRegistration)
	return nil
}

func submitFinal(c *decision, d FinalDelivery) *Refusal {
	switch {
	case len(d.Files) == 0:
		return refuse(CodeBadDetails)
	case d.Act == nil:
		return refuse(CodeActNeeded)
	}
	if refused := c.takeAct(*d.Act); refused != nil {
		return refused
	}
	if refused := c.takeInvoice(d.Invoice); refused != nil {
		return refused
	}
	c.s.Application = ""
	c.enterPayment()
	c.notifyCustomer(NoticeFinal)
	return nil
}

func actNotSigned(c *decision) *Refusal {
	if c.s.Act.done() {
		return refuse(CodeActDone)
	}
	return nil
}

func sendAct(c *decision, d ActDelivery) *Refusal {
	if refused := c.takeAct(d.Act); refused != nil {
		return refused
	}
	c.restartStep()
	c.notifyCustomer(NoticeAct)
	return nil
}

func actToSign(c *decision) *Refusal {
	switch {
	case c.s.Act.done():
		return refuse(CodeActDone)
	case c.s.Act == nil || c.s.Act.Returned:
		return &Refusal{CodeActNeeded, "Исполнитель ещё не отправил подписанный им акт."}
	}
	return nil
}

func returnAct(c *decision) *Refusal {
	c.s.Act.Returned = true
	c.notifyPerformer(NoticeActReturned)
	return nil
}

func signAct(c *decision, a ActSignature) *Refusal {
	if refused := c.countersign(a); refused != nil {
		return refused
	}
	c.notifyPerformer(NoticeActSigned)
	c.enterPayment()
	return nil
}
