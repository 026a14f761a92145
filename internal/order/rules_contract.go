package order

func contractRules() []Rule {
	return []Rule{
		bare(Rule{
			Kind: LeaveOrder, Title: "Отказаться от заказа", Done: "Исполнитель отказался от заказа", Reasoned: true, Held: true,
			By: []party{performer}, In: []Stage{Contracting}, Leads: []Stage{Selection}, elsewhere: afterSignatures,
		}, leave),
		bare(Rule{
			Kind: DismissEngineer, Title: "Отказаться от исполнителя", Done: "Заказчик отказался от исполнителя", Held: true,
			By: []party{customer}, In: []Stage{Contracting}, Leads: []Stage{Selection}, elsewhere: afterSignatures,
		}, dismiss),
		doing(Rule{
			Kind: SendContract, Title: "Подписать и отправить на согласование", Done: "Договор подписан исполнителем и отправлен",
			By: []party{performer}, In: []Stage{Contracting}, when: mayContract,
		}, sendContract),
		bare(Rule{
			Kind: WithdrawContract, Title: "Отозвать договор", Done: "Договор отозван исполнителем",
			By: []party{performer}, In: []Stage{Contracting}, when: contractWasSent,
		}, withdrawContract),
		bare(Rule{
			Kind: ReturnContract, Title: "Вернуть договор на доработку", Done: "Договор возвращён на доработку", Reasoned: true,
			By: []party{customer}, In: []Stage{Contracting}, when: contractWasSent,
		}, returnContract),
		doing(Rule{
			Kind: SignContract, Title: "Подписать и отправить", Done: "Договор подписан обеими сторонами",
			By: []party{customer}, In: []Stage{Contracting}, Leads: []Stage{Prepayment, Work}, when: mayConclude, signs: always,
			elsewhere: signedBefore,
		}, signContract),
	}
}

// leave is the performer's refusal before the signatures. His response goes with him.
func leave(c *decision) *Refusal {
	c.backToSelection()
	c.tellCustomer(NoticeEngineerLeft)
	return nil
}

func dismiss(c *decision) *Refusal {
	c.tellPerformer(NoticeDismissed)
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
	case !advanceFits(t.Price, t.Advance, t.AdvanceBasisPoints):
		return refuse(CodeBadAdvance)
	case c.facts.Files[t.File.ID].ContentType != "application/pdf":
		return refuse(CodeNotPDF)
	}
	if refused := c.term(t.TermDate, 0); refused != nil {
		return refused
	}
	if refused := c.signature(t.File, t.Signature); refused != nil {
		return refused
	}
	c.s.Contract = &Contract{ContractTerms: t}
	c.s.Performer.Employer = c.facts.Engineer.Employer
	c.tellCustomer(NoticeContractSent)
	return nil
}

func contractWasSent(c *decision) *Refusal {
	if c.s.Contract == nil {
		return refuse(CodeContractNotSent)
	}
	return nil
}

// mayConclude asks once more whether the performer has come to be on the customer's side since he signed, or the signer on his.
func mayConclude(c *decision) *Refusal {
	if refused := contractWasSent(c); refused != nil {
		return refused
	}
	return c.untied()
}

func withdrawContract(c *decision) *Refusal {
	c.s.Contract = nil
	c.tellCustomer(NoticeContractWithdrawn)
	return nil
}

func returnContract(c *decision) *Refusal {
	c.s.Contract = nil
	c.tellPerformer(NoticeContractReturned)
	return nil
}

// signedBefore answers a second click on the signature.
func signedBefore(c *decision) *Refusal {
	if c.s.contractSigned() {
		return refuse(CodeAlreadyDone)
	}
	return nil
}

func signContract(c *decision, sig ContractSignature) *Refusal {
	if sig.Contract != c.s.Contract.File.SHA256 {
		return refuse(CodeOtherContract)
	}
	if refused := c.signature(c.s.Contract.File, sig.Signature); refused != nil {
		return refused
	}
	c.s.Contract.CustomerSignature = &sig.Signature
	c.s.Responses = nil
	c.s.Stage = Work
	if c.s.Contract.Advance > 0 {
		c.s.Stage = Prepayment
	}
	c.tellPerformer(NoticeContractSigned)
	return nil
}
