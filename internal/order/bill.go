package order

// A payment has the same steps before the works and after them: an invoice, the customer's report
// that he has paid, and the engineer's confirmation or his report that nothing came.

func (b *Bill) mayInvoice() *Refusal {
	if b != nil && b.Claimed {
		return refuse(CodeClaimed)
	}
	return nil
}

func (b *Bill) mayReport() *Refusal {
	switch {
	case b == nil || b.Invoice == nil:
		return &Refusal{CodeNoInvoice, "Исполнитель ещё не отправил счет."}
	case b.Claimed:
		return refuse(CodeClaimed)
	}
	return nil
}

func (b *Bill) mayRefute() *Refusal {
	if b == nil || !b.Claimed {
		return refuse(CodeNotClaimed)
	}
	return nil
}

// guardThirdPartyConfirmation lets the engineer confirm a payment at any time. A moderator or an
// operator may confirm only a payment that the customer reported with a document, and only after
// the engineer's term has expired or in a dispute.
func guardThirdPartyConfirmation(bill func(*State) *Bill) func(*decision) *Refusal {
	return func(c *decision) *Refusal {
		if c.m.Actor.Role == RoleEngineer {
			return nil
		}
		b := bill(c.s)
		switch {
		case b == nil || !b.Claimed:
			return refuse(CodeNotClaimed)
		case b.Document == nil:
			return &Refusal{CodeNoDocument, "Документа об оплате нет: подтвердить её может только исполнитель."}
		case !c.termExpired() && c.s.Dispute == nil:
			return &Refusal{CodeNotOverdue, "Срок, отведённый исполнителю на подтверждение, ещё не истёк."}
		}
		return nil
	}
}

// checkInvoice requires exactly one of a file and a link in the message's text, and the sum of the
// payment in an invoice that the platform made.
func (c *decision) checkInvoice(i Invoice, kind DocumentKind) *Refusal {
	switch {
	case (i.File == nil) == !i.Link, i.Link && c.m.Body == nil:
		return refuse(CodeNoInvoice)
	case i.File == nil:
		return nil
	}
	sum := c.s.Contract.Remainder()
	if kind == DocumentPrepaymentInvoice {
		sum = c.s.Contract.Advance
	}
	return c.requireSum(*i.File, kind, sum)
}

func (c *decision) invoice(bill **Bill, i Invoice, kind DocumentKind) *Refusal {
	if refused := c.checkInvoice(i, kind); refused != nil {
		return refused
	}
	c.setInvoice(bill, i)
	if w := c.s.Wait.For; w == WaitPrepayment || w == WaitPayment {
		c.restartStep()
	}
	c.notifyCustomer(NoticeInvoice)
	return nil
}

func (c *decision) setInvoice(bill **Bill, i Invoice) {
	if *bill == nil {
		*bill = &Bill{}
	}
	(*bill).Invoice = &i
}

func (c *decision) reportPaid(b *Bill, p PaymentReport) *Refusal {
	if (p.File == nil) != p.WithoutDocument {
		return refuse(CodeNoDocument)
	}
	b.Claimed, b.Document = true, p.File
	c.notifyPerformer(NoticePaid)
	return nil
}

func (c *decision) refutePaid(b *Bill) *Refusal {
	b.Claimed = false
	b.Refuted++
	c.notifyCustomer(NoticePaymentRefuted)
	return nil
}
