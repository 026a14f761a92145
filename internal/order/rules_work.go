package order

func workRules() []Rule {
	return []Rule{
		doing(Rule{
			Kind: SubmitResults, Title: "Передать результаты работ", Done: "Исполнитель передал результаты работ",
			By: []party{performer}, In: []Stage{Work}, Leads: []Stage{Acceptance},
		}, submitResults),
		bare(Rule{
			Kind: ConfirmReceipt, Title: "Получено", Done: "Заказчик подтвердил получение результатов",
			By: []party{customer}, In: []Stage{Acceptance}, when: notReceivedYet,
		}, confirmReceipt),
		doing(Rule{
			Kind: AcceptResults, Title: "Принять и перейти к подписанию", Done: "Заказчик принял результаты работ",
			By: []party{customer}, In: []Stage{Acceptance}, Leads: []Stage{Registration, Payment, Completed}, when: received,
			signs: actIsSignedNow,
		}, acceptResults),
		doing(Rule{
			Kind: ReturnResults, Title: "Вернуть на доработку", Done: "Результаты возвращены на доработку", Reasoned: true,
			By: []party{customer}, In: []Stage{Acceptance}, Leads: []Stage{Work},
		}, returnResults),
		doing(Rule{
			Kind: SignActAlone, Title: "Оформить приемку в одностороннем порядке", Done: "Приемка оформлена исполнителем в одностороннем порядке",
			By: []party{performer}, In: []Stage{Acceptance, Payment}, Leads: []Stage{Registration, Payment, Completed},
			never: []Move{{Payment, Registration}}, Reasoned: true, when: silentCustomer,
		}, signActAlone),
	}
}

// submitResults hands over the results. Without ГКУ/ГРП in the contract the engineer's act goes with them.
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
	c.tellCustomer(NoticeResults)
	return nil
}

func validWay(w Way) bool { return w == InPerson || w == ByFiles || w == ByLink || w == ByStorage }

func (c *decision) takeAct(a SignedAct) *Refusal {
	if refused := c.signature(a.File, a.Signature); refused != nil {
		return refused
	}
	c.s.Act = &Act{SignedAct: a}
	return nil
}

// takeInvoice keeps an invoice that comes with something else; nothing may be billed where nothing is left to pay.
func (c *decision) takeInvoice(i *Invoice) *Refusal {
	if i == nil {
		return nil
	}
	if c.s.Contract.Remainder() == 0 {
		return refuse(CodeNothingToPay)
	}
	if refused := c.checkInvoice(*i); refused != nil {
		return refused
	}
	c.setInvoice(&c.s.Payment, *i)
	return nil
}

func notReceivedYet(c *decision) *Refusal {
	if c.s.Results.Received {
		return refuse(CodeReceived)
	}
	return nil
}

func confirmReceipt(c *decision) *Refusal {
	c.s.Results.Received = true
	c.tellPerformer(NoticeResultsReceived)
	return nil
}

func received(c *decision) *Refusal {
	if !c.s.Results.Received {
		return refuse(CodeNotReceived)
	}
	return nil
}

// acceptResults ends the works. Without ГКУ/ГРП the customer signs the act at once; with it the act comes later.
func acceptResults(c *decision, a ActSignature) *Refusal {
	if c.s.Contract.Registration {
		if a.Signature != nil {
			return refuse(CodeActNotNow)
		}
		c.accepted()
		c.tellPerformer(NoticeResultsAccepted)
		return nil
	}
	if refused := c.countersign(a); refused != nil {
		return refused
	}
	c.accepted()
	c.tellPerformer(NoticeResultsAccepted)
	return nil
}

// countersign puts the customer's signature under the act that he saw.
func (c *decision) countersign(a ActSignature) *Refusal {
	switch {
	case c.s.Act == nil || a.Signature == nil:
		return refuse(CodeActNeeded)
	case a.Act != c.s.Act.File.SHA256:
		return refuse(CodeOtherAct)
	}
	if refused := c.signature(c.s.Act.File, *a.Signature); refused != nil {
		return refused
	}
	c.s.Act.CustomerSignature = a.Signature
	return nil
}

// accepted leads on from accepted results, by the contract.
func (c *decision) accepted() {
	if c.s.Contract.Registration {
		c.s.Stage = Registration
		return
	}
	c.enterPayment()
}

// enterPayment leads to the final payment, or past it where the advance paid for all and the act is signed.
func (c *decision) enterPayment() {
	c.s.Stage = Payment
	if c.s.Contract.Remainder() == 0 && c.s.Act.done() {
		c.complete()
	}
}

func (c *decision) complete() {
	c.s.Stage = Completed
	c.s.Proposal, c.s.Dispute = nil, nil
	c.tellBoth(NoticeCompleted)
}

// returnResults sends the works back with remarks; the act that came with them is void.
func returnResults(c *decision, _ Remarks) *Refusal {
	c.backToWork()
	c.s.Rounds++
	c.tellPerformer(NoticeResultsReturned)
	return nil
}

func (c *decision) backToWork() {
	c.s.Stage = Work
	c.s.Results, c.s.Act, c.s.Payment, c.s.Application, c.s.Rating = nil, nil, nil, "", nil
}

func silentCustomer(c *decision) *Refusal {
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
	case !c.termOver():
		return refuse(CodeNotOverdue)
	}
	return nil
}

// signActAlone takes the customer's silence for acceptance (article 753 of the Civil Code).
func signActAlone(c *decision, a ActSignature) *Refusal {
	if c.s.Act != nil {
		if a.Signature == nil || a.Act != c.s.Act.File.SHA256 {
			return refuse(CodeActNeeded)
		}
		if refused := c.signature(c.s.Act.File, *a.Signature); refused != nil {
			return refused
		}
		c.s.Act.Alone = true
	}
	c.tellCustomer(NoticeActAlone)
	if c.s.Stage == Acceptance {
		c.accepted()
		return nil
	}
	c.enterPayment()
	return nil
}
