package order

func workRules() []Rule {
	return []Rule{
		ruleWithDetails(Rule{
			Kind: SubmitResults, Title: "Передать результаты работ", Done: "Исполнитель передал результаты работ",
			By: []party{performer}, From: []Stage{Work}, To: []Stage{Acceptance},
		}, submitResults),
		ruleWithoutDetails(Rule{
			Kind: ConfirmReceipt, Title: "Получено", Done: "Заказчик подтвердил получение результатов",
			By: []party{customer}, From: []Stage{Acceptance}, guard: resultsNotReceived,
		}, confirmReceipt),
		ruleWithDetails(Rule{
			Kind: AcceptResults, Title: "Принять и перейти к подписанию", Done: "Заказчик принял результаты работ",
			By: []party{customer}, From: []Stage{Acceptance}, To: []Stage{Registration, Payment, Completed}, guard: resultsReceived,
			carriesSignature: actComesWithResults,
		}, acceptResults),
		ruleWithDetails(Rule{
			Kind: ReturnResults, Title: "Вернуть на доработку", Done: "Результаты возвращены на доработку", RequiresReason: true,
			By: []party{customer}, From: []Stage{Acceptance}, To: []Stage{Work},
		}, returnResults),
		ruleWithDetails(Rule{
			Kind: SignActAlone, Title: "Оформить приемку в одностороннем порядке", Done: "Приемка оформлена исполнителем в одностороннем порядке",
			By: []party{performer}, From: []Stage{Acceptance, Payment}, To: []Stage{Registration, Payment, Completed},
			except: []Move{{Payment, Registration}}, RequiresReason: true, guard: customerIsSilent,
		}, signActAlone),
	}
}

// submitResults delivers the results. They include the engineer's act if the contract has no
// ГКУ/ГРП.
func submitResults(c *decision, d ResultsDelivery) *Refusal {
	switch {
	case !validWay(d.Way), d.Way == ByFiles && len(d.Files) == 0, d.Way != ByFiles && c.m.Body == nil:
		return refuse(CodeBadDetails)
	case c.s.Contract.Registration && d.Act != nil:
		return refuse(CodeActNotNow)
	case !c.s.Contract.Registration && d.Act == nil:
		return refuse(CodeActNeeded)
	}
	if d.Act != nil {
		if refused := c.takeAct(*d.Act); refused != nil {
			return refused
		}
	}
	if refused := c.takeInvoice(d.Invoice); refused != nil {
		return refused
	}
	c.s.Results = &Results{Way: d.Way, Files: d.Files, Received: d.Way == ByFiles}
	c.s.Stage = Acceptance
	c.notifyCustomer(NoticeResults)
	return nil
}

func validWay(w Way) bool { return w == InPerson || w == ByFiles || w == ByLink || w == ByStorage }

func (c *decision) takeAct(a SignedAct) *Refusal {
	if refused := c.requirePDFA(a.File); refused != nil {
		return refused
	}
	if refused := c.requireSum(a.File, DocumentAct, c.s.Contract.Price); refused != nil {
		return refused
	}
	if refused := c.requireSigned(a.File, a.Signature); refused != nil {
		return refused
	}
	c.s.Act = &Act{SignedAct: a}
	return nil
}

// takeInvoice stores an invoice that comes with another message; it refuses one if nothing is left
// to pay.
func (c *decision) takeInvoice(i *Invoice) *Refusal {
	if i == nil {
		return nil
	}
	if c.s.Contract.Remainder() == 0 {
		return refuse(CodeNothingToPay)
	}
	if refused := c.checkInvoice(*i, DocumentInvoice); refused != nil {
		return refused
	}
	c.setInvoice(&c.s.Payment, *i)
	return nil
}

func resultsNotReceived(c *decision) *Refusal {
	if c.s.Results.Received {
		return refuse(CodeReceived)
	}
	return nil
}

func confirmReceipt(c *decision) *Refusal {
	c.s.Results.Received = true
	c.notifyPerformer(NoticeResultsReceived)
	return nil
}

func resultsReceived(c *decision) *Refusal {
	if !c.s.Results.Received {
		return refuse(CodeNotReceived)
	}
	return nil
}

// acceptResults ends the works. Without ГКУ/ГРП the customer signs the act with this message; with
// it the act comes later.
func acceptResults(c *decision, a ActSignature) *Refusal {
	if c.s.Contract.Registration {
		if a.Signature != nil {
			return refuse(CodeActNotNow)
		}
		c.leaveAcceptance()
		c.notifyPerformer(NoticeResultsAccepted)
		return nil
	}
	if refused := c.countersign(a); refused != nil {
		return refused
	}
	c.leaveAcceptance()
	c.notifyPerformer(NoticeResultsAccepted)
	return nil
}

// acceptBySilence ends the works when the customer has not answered within the term of the contract.
// An act that came with the results stands with the engineer's signature alone.
func (c *decision) acceptBySilence() {
	if c.s.Act != nil {
		c.s.Act.Alone = true
	}
	c.notifyBoth(NoticeAcceptedBySilence)
	c.leaveAcceptance()
}

// countersign stores the customer's signature of the act that he saw.
func (c *decision) countersign(a ActSignature) *Refusal {
	switch {
	case c.s.Act == nil || a.Signature == nil:
		return refuse(CodeActNeeded)
	case a.Act != c.s.Act.File.SHA256:
		return refuse(CodeOtherAct)
	}
	if refused := c.requireSigned(c.s.Act.File, *a.Signature); refused != nil {
		return refused
	}
	c.s.Act.CustomerSignature = a.Signature
	return nil
}

// leaveAcceptance moves the order on once the results are accepted: to ГКУ/ГРП if the contract has
// it, otherwise to the payment.
func (c *decision) leaveAcceptance() {
	if c.s.Contract.Registration {
		c.s.Stage = Registration
		return
	}
	c.enterPayment()
}

// enterPayment moves the order to the final payment, or completes it if the advance paid for
// everything and the act is signed.
func (c *decision) enterPayment() {
	c.s.Stage = Payment
	if c.s.Contract.Remainder() == 0 && c.s.Act.done() {
		c.complete()
	}
}

func (c *decision) complete() {
	c.s.Stage = Completed
	c.s.Proposal, c.s.Dispute = nil, nil
	c.notifyBoth(NoticeCompleted)
}

// returnResults returns the works with remarks and drops the act that came with them.
func returnResults(c *decision, _ Remarks) *Refusal {
	c.backToWork()
	c.s.Rounds++
	c.notifyPerformer(NoticeResultsReturned)
	return nil
}

func (c *decision) backToWork() {
	c.s.Stage = Work
	c.s.Results, c.s.Act, c.s.Payment, c.s.Application, c.s.Rating = nil, nil, nil, "", nil
}

func customerIsSilent(c *decision) *Refusal {
	if c.s.Stage == Payment {
		if c.s.Act.done() {
			return refuse(CodeActDone)
		}
		if c.s.Act == nil || c.s.Act.Returned {
			return refuse(CodeActNeeded)
		}
	}
	switch {
	case c.s.Dispute != nil:
		return refuse(CodeDisputeOpen)
	case !c.termExpired():
		return refuse(CodeNotOverdue)
	}
	return nil
}

// signActAlone treats the customer's silence as acceptance (article 753 of the Civil Code).
func signActAlone(c *decision, a ActSignature) *Refusal {
	if c.s.Act != nil {
		if a.Signature == nil || a.Act != c.s.Act.File.SHA256 {
			return refuse(CodeActNeeded)
		}
		if refused := c.requireSigned(c.s.Act.File, *a.Signature); refused != nil {
			return refused
		}
		c.s.Act.Alone = true
	}
	c.notifyCustomer(NoticeActAlone)
	if c.s.Stage == Acceptance {
		c.leaveAcceptance()
		return nil
	}
	c.enterPayment()
	return nil
}
