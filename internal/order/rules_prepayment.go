package order

func prepaymentRules() []Rule {
	return []Rule{
		doing(Rule{
			Kind: SendPrepaymentInvoice, Title: "Отправить счет на предоплату", Done: "Отправлен счет на предоплату",
			By: []party{performer}, In: []Stage{Prepayment}, when: prepayment((*Bill).mayInvoice),
		}, func(c *decision, i Invoice) *Refusal { return c.invoice(&c.s.Prepayment, i) }),
		doing(Rule{
			Kind: ReportPrepayment, Title: "Оплачено", Done: "Заказчик сообщил о предоплате",
			By: []party{customer}, In: []Stage{Prepayment}, when: prepayment((*Bill).mayReport),
		}, func(c *decision, p PaymentReport) *Refusal { return c.reportPaid(c.s.Prepayment, p) }),
		bare(Rule{
			Kind: ConfirmPrepayment, Title: "Подтвердить получение предоплаты", Done: "Получение предоплаты подтверждено",
			By: []party{performer, moderator, operator}, In: []Stage{Prepayment}, Leads: []Stage{Work},
			when: thirdNeedsClaim(func(s *State) *Bill { return s.Prepayment }),
		}, confirmPrepayment),
		bare(Rule{
			Kind: RefutePrepayment, Title: "Предоплата не поступила", Done: "Исполнитель сообщил, что предоплата не поступила",
			By: []party{performer}, In: []Stage{Prepayment}, Reasoned: true, when: prepayment((*Bill).mayRefute),
		}, func(c *decision) *Refusal { return c.refutePaid(c.s.Prepayment) }),
	}
}

func prepayment(ask func(*Bill) *Refusal) func(*decision) *Refusal {
	return func(c *decision) *Refusal { return ask(c.s.Prepayment) }
}

func confirmPrepayment(c *decision) *Refusal {
	if c.s.Prepayment == nil {
		c.s.Prepayment = &Bill{}
	}
	c.s.Prepayment.Claimed, c.s.Prepayment.Confirmed = false, true
	c.s.Stage = Work
	c.tellOther(NoticePaymentConfirmed)
	return nil
}
