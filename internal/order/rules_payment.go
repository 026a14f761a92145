package order

import "slices"

func paymentRules() []Rule {
	return []Rule{
		doing(Rule{
			Kind: SendInvoice, Title: "Отправить счет на оплату", Done: "Отправлен счет на оплату",
			By: []party{performer}, In: []Stage{Payment}, when: payment((*Bill).mayInvoice),
		}, func(c *decision, i Invoice) *Refusal { return c.invoice(&c.s.Payment, i) }),
		doing(Rule{
			Kind: ReportPayment, Title: "Оплата произведена", Done: "Заказчик сообщил об оплате",
			By: []party{customer}, In: []Stage{Payment}, when: mayReportPayment,
		}, func(c *decision, p PaymentReport) *Refusal { return c.reportPaid(c.s.Payment, p) }),
		bare(Rule{
			Kind: ConfirmPayment, Title: "Подтвердить получение оплаты", Done: "Получение оплаты подтверждено",
			By: []party{performer, moderator, operator}, In: []Stage{Payment}, Leads: []Stage{Completed}, when: mayConfirmPayment,
		}, confirmPayment),
		bare(Rule{
			Kind: RefutePayment, Title: "Оплата не поступила", Done: "Исполнитель сообщил, что оплата не поступила", Reasoned: true,
			By: []party{performer}, In: []Stage{Payment}, when: payment((*Bill).mayRefute),
		}, func(c *decision) *Refusal { return c.refutePaid(c.s.Payment) }),
		doing(Rule{
			Kind: Rate, Title: "Оценить работу", Done: "Заказчик оценил работу",
			By: []party{customer}, In: []Stage{Payment, Completed}, when: mayRate,
		}, rate),
	}
}

func payment(ask func(*Bill) *Refusal) func(*decision) *Refusal {
	return func(c *decision) *Refusal {
		if c.s.Contract.Remainder() == 0 {
			return refuse(CodeNothingToPay)
		}
		return ask(c.s.Payment)
	}
}

func mayReportPayment(c *decision) *Refusal {
	if c.s.Contract.Remainder() > 0 && !c.s.Act.done() {
		return refuse(CodeActNotSigned)
	}
	return payment((*Bill).mayReport)(c)
}

func mayConfirmPayment(c *decision) *Refusal {
	switch {
	case c.s.Contract.Remainder() == 0:
		return refuse(CodeNothingToPay)
	case !c.s.Act.done():
		return refuse(CodeActNotSigned)
	}
	return thirdNeedsClaim(func(s *State) *Bill { return s.Payment })(c)
}

func confirmPayment(c *decision) *Refusal {
	if c.s.Payment == nil {
		c.s.Payment = &Bill{}
	}
	c.s.Payment.Claimed, c.s.Payment.Confirmed = false, true
	c.tellOther(NoticePaymentConfirmed)
	c.complete()
	return nil
}

// mayRate opens the rating once the customer has paid, and keeps it open for the time that the rules give.
func mayRate(c *decision) *Refusal {
	closes := slices.IndexFunc(c.s.Dues, func(d Due) bool { return d.Kind == DueRatingEnd })
	switch {
	case c.s.RatingClosed && (c.s.RatingEnd == nil || !c.given.Before(*c.s.RatingEnd)),
		closes >= 0 && !c.given.Before(c.s.Dues[closes].At):
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
		c.s.Rating = &Rating{First: c.given}
		c.tellPerformer(NoticeRated)
	}
	c.s.Rating.Mark = m.Mark
	return nil
}

// reopenRating gives a mark that was on its way when the time for rating ended the term in which it may be changed.
func (c *decision) reopenRating() {
	if !c.s.RatingClosed {
		return
	}
	c.s.Wait = Wait{For: WaitRating, From: schedules[WaitRating].from, Since: c.s.RatingEnd.Add(-ratingTerm)}
	c.s.RatingClosed, c.s.RatingEnd = false, nil
}
