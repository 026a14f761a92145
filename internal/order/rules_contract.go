package order

func contractRules() []Rule {
	return []Rule{
		ruleWithoutDetails(Rule{
			Kind: LeaveOrder, Title: "Отказаться от заказа", Done: "Исполнитель отказался от заказа", RequiresReason: true, AllowedWhileSuspended: true,
			By: []party{performer}, From: []Stage{Contracting}, To: []Stage{Selection}, wrongStage: refuseAfterSignatures,
		}, leaveOrder),
		ruleWithoutDetails(Rule{
			Kind: DismissEngineer, Title: "Отказаться от исполнителя", Done: "Заказчик отказался от исполнителя", AllowedWhileSuspended: true,
			By: []party{customer}, From: []Stage{Contracting}, To: []Stage{Selection}, wrongStage: refuseAfterSignatures,
		}, dismissEngineer),
		ruleWithDetails(Rule{
			Kind: SendContract, Title: "Подписать и отправить на согласование", Done: "Договор подписан исполнителем и отправлен",
			By: []party{performer}, From: []Stage{Contracting}, guard: mayContract,
		}, sendContract),
		ruleWithoutDetails(Rule{
			Kind: WithdrawContract, Title: "Отозвать договор", Done: "Договор отозван исполнителем",
			By: []party{performer}, From: []Stage{Contracting}, guard: contractWasSent,
		}, withdrawContract),
		ruleWithoutDetails(Rule{
			Kind: ReturnContract, Title: "Вернуть договор на доработку", Done: "Договор возвращён на доработку", RequiresReason: true,
			By: []party{customer}, From: []Stage{Contracting}, guard: contractWasSent,
		}, returnContract),
		ruleWithDetails(Rule{
			Kind: SignContract, Title: "Подписать и отправить", Done: "Договор подписан обеими сторонами",
			By: []party{customer}, From: []Stage{Contracting}, To: []Stage{Prepayment, Work}, guard: mayConclude, carriesSignature: always,
			wrongStage: refuseSecondSignature,
		}, signContract),
	}
}

// leaveOrder is the performer's refusal before the signatures; it drops his response.
func leaveOrder(c *decision) *Refusal {
	c.backToSelection()
	c.notifyCustomer(NoticeEngineerLeft)
	return nil
}

func dismissEngineer(c *decision) *Refusal {
	c.notifyPerformer(NoticeDismissed)
	c.backToSelection()
	return nil
}

func mayContract(c *decision) *Refusal {
	switch {
	case c.s.Reaccept:
		return refuse(CodeReaccept)
	case c.s.Contract != nil:
		return refuse(CodeContractSent)
	}
	return c.eligible()
}

func sendContract(c *decision, t ContractTerms) *Refusal {
	switch {
	case !validPrice(t.Price):
		return refuse(CodeBadPrice)
	case !AdvanceFits(t.Price, t.Advance, t.AdvanceBasisPoints):
		return refuse(CodeBadAdvance)
	case !validSilence(t.SilenceAcceptsAfter):
		return refuse(CodeBadSilence)
	case !t.validAcceptance():
		return refuse(CodeBadAcceptance)
	case c.facts.Files[t.File.ID].ContentType != "application/pdf":
		return refuse(CodeNotPDF)
	}
	if refused := c.requirePDFA(t.File); refused != nil {
		return refused
	}
	if refused := c.requireContract(&t); refused != nil {
		return refused
	}
	if refused := c.checkTerm(t.TermDate, 0); refused != nil {
		return refused
	}
	if refused := c.requireSigned(t.File, t.Signature); refused != nil {
		return refused
	}
	c.s.Contract = &Contract{ContractTerms: t}
	c.s.Performer.Employer = c.facts.Engineer.Employer
	c.notifyCustomer(NoticeContractSent)
	return nil
}

func contractWasSent(c *decision) *Refusal {
	if c.s.Contract == nil {
		return refuse(CodeContractNotSent)
	}
	return nil
}

// mayConclude checks again that the performer has not joined the customer's side since he signed,
// nor the signer the performer's side.
func mayConclude(c *decision) *Refusal {
	if refused := contractWasSent(c); refused != nil {
		return refused
	}
	return c.checkEngineerTies()
}

func withdrawContract(c *decision) *Refusal {
	c.s.Contract = nil
	c.notifyCustomer(NoticeContractWithdrawn)
	return nil
}

func returnContract(c *decision) *Refusal {
	c.s.Contract = nil
	c.notifyPerformer(NoticeContractReturned)
	return nil
}

// refuseSecondSignature returns the refusal for a second click on the signature.
func refuseSecondSignature(c *decision) *Refusal {
	if c.s.contractSigned() {
		return refuse(CodeAlreadyDone)
	}
	return nil
}

func signContract(c *decision, sig ContractSignature) *Refusal {
	if sig.Contract != c.s.Contract.File.SHA256 {
		return refuse(CodeOtherContract)
	}
	if refused := c.requireSigned(c.s.Contract.File, sig.Signature); refused != nil {
		return refused
	}
	c.s.Contract.CustomerSignature = &sig.Signature
	c.s.Responses = nil
	c.s.Stage = Work
	if c.s.Contract.Advance > 0 {
		c.s.Stage = Prepayment
	}
	c.notifyPerformer(NoticeContractSigned)
	return nil
}
