package order

import "slices"

func paymentRules() []Rule {
	return []Rule{
		ruleWithDetails(Rule{
			Kind: SendInvoice, Title: "Отправить счет на оплату", Done: "Отправлен счет на оплату",
			By: []party{performer}, From: []Stage{Payment}, guard: paymentGuard((*Bill).mayInvoice),
		}, func(c *decision, i Invoice) *Refusal { return c.invoice(&c.s.Payment, i, DocumentInvoice) }),
		ruleWithDetails(Rule{
			Kind: ReportPayment, Title: "Оплата произведена", Done: "Заказчик сообщил об оплате",
			By: []party{customer}, From: []Stage{Payment}, guard: mayReportPayment,
		}, func(c *decision, p PaymentReport) *Refusal { return c.reportPaid(c.s.Payment, p) }),
		ruleWithoutDetails(Rule{
			Kind: ConfirmPayment, Title: "Подтвердить получение оплаты", Done: "Получение оплаты подтверждено",
			By: []party{performer, moderator, operator}, From: []Stage{Payment}, To: []Stage{Completed}, guard: mayConfirmPayment,
		}, confirmPayment),
		ruleWithoutDetails(Rule{
			Kind: RefutePayment, Title: "Оплата не поступила", Done: "Исполнитель сообщил, что оплата не поступила", RequiresReason: true,
			By: []party{performer}, From: []Stage{Payment}, guard: paymentGuard((*Bill).mayRefute),
		}, func(c *decision) *Refusal { return c.refutePaid(c.s.Payment) }),
		ruleWithDetails(Rule{
			Kind: Rate, Title: "Оценить работу", Done: "Заказчик оценил работу",
			By: []party{customer}, From: []Stage{Payment, Completed}, guard: mayRate,
		}, rate),
	}
}

func paymentGuard(check func(*Bill) *Refusal) func(*decision) *Refusal {
	return func(c *decision) *Refusal {
		if c.s.Contract.Remainder() == 0 {
			return refuse(CodeNothingToPay)
		}
		return check(c.s.Payment)
	}
}

func mayReportPayment(c *decision) *Refusal {
	if c.s.Contract.Remainder() > 0 && !c.s.Act.done() {
		return refuse(CodeActNotSigned)
	}
	return paymentGuard((*Bill).mayReport)(c)
}

func mayConfirmPayment(c *decision) *Refusal {
	switch {
	case c.s.Contract.Remainder() == 0:
		return refuse(CodeNothingToPay)
	case !c.s.Act.done():
		return refuse(CodeActNotSigned)
	}
	return guardThirdPartyConfirmation(func(s *State) *Bill { return s.Payment })(c)
}

func confirmPayment(c *decision) *Refusal {
	if c.s.Payment == nil {
		c.s.Payment = &Bill{}
	}
	c.s.Payment.Claimed, c.s.Payment.Confirmed = false, true
	c.notifyOther(NoticePaymentConfirmed)
	c.complete()
	return nil
}

// mayRate allows a rating once the customer has reported the payment, until the time for rating is
// over.
func mayRate(c *decision) *Refusal {
	closes := slices.IndexFunc(c.s.Dues, func(d Due) bool { return d.Kind == DueRatingEnd })
	switch {
	case c.s.RatingClosed && (c.s.RatingEnd == nil || !c.sentAt.Before(*c.s.RatingEnd)),
		closes >= 0 && !c.sentAt.Before(c.s.Dues[closes].At):
		return refuse(CodeRatingClosed)
	case c.s.Stage == Payment && (c.s.Payment == nil || !c.s.Payment.Claimed):
		return refuse(CodeNotPaid)
	}
	return nil
}

func rate(c *decision, m Mark) *Refusal {
	if m.Mark < 1 || m.Mark > 5 {
		return refuse(CodeBadMark)
	}
	c.reopenRating()
	if c.s.Rating == nil {
		c.s.Rating = &Rating{First: c.sentAt}
		c.notifyPerformer(NoticeRated)
	}
	c.s.Rating.Mark = m.Mark
	return nil
}

// reopenRating reopens the time for rating for a mark that was sent before that time ended and
// arrived after it. The mark may then be changed for the usual term.
func (c *decision) reopenRating() {
	if !c.s.RatingClosed {
		return
	}
	c.s.Wait = Wait{For: WaitRating, From: schedules[WaitRating].from, Since: c.s.RatingEnd.Add(-ratingTerm)}
	c.s.RatingClosed, c.s.RatingEnd = false, nil
}
