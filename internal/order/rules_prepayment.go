package order

func prepaymentRules() []Rule {
	return []Rule{
		ruleWithDetails(Rule{
			Kind: SendPrepaymentInvoice, Title: "Отправить счет на предоплату", Done: "Отправлен счет на предоплату",
			By: []party{performer}, From: []Stage{Prepayment}, guard: prepaymentGuard((*Bill).mayInvoice),
		}, func(c *decision, i Invoice) *Refusal { return c.invoice(&c.s.Prepayment, i, DocumentPrepaymentInvoice) }),
		ruleWithDetails(Rule{
			Kind: ReportPrepayment, Title: "Оплачено", Done: "Заказчик сообщил о предоплате",
			By: []party{customer}, From: []Stage{Prepayment}, guard: prepaymentGuard((*Bill).mayReport),
		}, func(c *decision, p PaymentReport) *Refusal { return c.reportPaid(c.s.Prepayment, p) }),
		ruleWithoutDetails(Rule{
			Kind: ConfirmPrepayment, Title: "Подтвердить получение предоплаты", Done: "Получение предоплаты подтверждено",
			By: []party{performer, moderator, operator}, From: []Stage{Prepayment}, To: []Stage{Work},
			guard: guardThirdPartyConfirmation(func(s *State) *Bill { return s.Prepayment }),
		}, confirmPrepayment),
		ruleWithoutDetails(Rule{
			Kind: RefutePrepayment, Title: "Предоплата не поступила", Done: "Исполнитель сообщил, что предоплата не поступила",
			By: []party{performer}, From: []Stage{Prepayment}, RequiresReason: true, guard: prepaymentGuard((*Bill).mayRefute),
		}, func(c *decision) *Refusal { return c.refutePaid(c.s.Prepayment) }),
	}
}

func prepaymentGuard(check func(*Bill) *Refusal) func(*decision) *Refusal {
	return func(c *decision) *Refusal { return check(c.s.Prepayment) }
}

func confirmPrepayment(c *decision) *Refusal {
	if c.s.Prepayment == nil {
		c.s.Prepayment = &Bill{}
	}
	c.s.Prepayment.Claimed, c.s.Prepayment.Confirmed = false, true
	c.s.Stage = Work
	c.notifyOther(NoticePaymentConfirmed)
	return nil
}
