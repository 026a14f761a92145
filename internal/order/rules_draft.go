package order

import "slices"

func draftRules() []Rule {
	return []Rule{
		ruleWithoutDetails(Rule{
			Kind: Create, Title: "Создать новый", Done: "Проект заказа создан",
			By: []party{anyCustomer}, From: []Stage{""}, To: []Stage{Draft},
		}, create),
		ruleWithDetails(Rule{
			Kind: Publish, Title: "Опубликовать заказ", Done: "Заказ опубликован",
			By: []party{customer}, From: []Stage{Draft}, To: []Stage{Selection},
		}, publish),
		ruleWithoutDetails(Rule{
			Kind: Delete, Title: "Удалить", Done: "Проект удален",
			By: []party{customer}, From: []Stage{Draft}, To: []Stage{Deleted},
		}, deleteDraft),
		ruleWithDetails(Rule{
			Kind: Amend, Title: "Изменить заказ", Done: "Условия заказа изменены и опубликованы",
			By: []party{customer}, From: []Stage{Selection, Contracting}, To: []Stage{Selection},
			guard: amendable,
		}, amend),
		ruleWithoutDetails(Rule{
			Kind: Cancel, Title: "Отменить заказ", Done: "Заказ отменен заказчиком", AllowedWhileSuspended: true,
			By: []party{customer}, From: []Stage{Selection, Contracting}, To: []Stage{Cancelled},
			wrongStage: refuseAfterSignatures,
		}, cancel),
	}
}

func create(c *decision) *Refusal {
	if c.facts.UnknownCustomer {
		return refuse(CodeUnknownCustomer)
	}
	c.s.Number = c.facts.Number
	c.s.Customer.Party, c.s.Customer.Person = c.m.Actor.Party, c.m.Actor.Person
	c.s.Stage = Draft
	return nil
}

func publish(c *decision, t Terms) *Refusal {
	if refused := c.setTerms(t); refused != nil {
		return refused
	}
	c.s.Stage = Selection
	return nil
}

// setTerms checks the conditions of an order and makes them the current ones.
func (c *decision) setTerms(t Terms) *Refusal {
	switch {
	case c.m.Body == nil:
		return refuse(CodeNoForm)
	case t.Region == "" || t.WorkKind.Label() == "":
		return refuse(CodeBadTerms)
	case t.Price != nil && !validPrice(*t.Price):
		return refuse(CodeBadPrice)
	}
	if refused := c.checkTerm(t.TermDate, t.TermDays); refused != nil {
		return refused
	}
	c.s.Terms, c.s.Form = &t, c.m.Body
	c.s.Revision++
	return nil
}

func validPrice(p Kopecks) bool { return p > 0 && p <= MaxPrice }

// deleteDraft deletes a draft and starts the effect that purges its files.
func deleteDraft(c *decision) *Refusal {
	c.s.Stage = Deleted
	c.s.Effects = append(c.s.Effects, Effect{Key: c.s.ID + "-purge", Kind: PurgeFiles})
	return nil
}

func amendable(c *decision) *Refusal {
	if c.s.Contract != nil {
		return refuse(CodeContractSent)
	}
	return nil
}

// amend publishes changed conditions. Engineers who agreed to the old conditions must agree again;
// a change of the region or of the kind of work releases a chosen performer.
func amend(c *decision, t Terms) *Refusal {
	before := *c.s.Terms
	if refused := c.setTerms(t); refused != nil {
		return refused
	}
	substantial := before.Region != t.Region || before.WorkKind != t.WorkKind
	switch {
	case c.s.Stage == Contracting && substantial:
		c.releasePerformer()
		return nil
	case c.s.Stage == Contracting:
		c.notifyPerformer(NoticeTermsChanged)
		c.notifyResponders(NoticeTermsChangedMeanwhile, c.s.Performer.ID)
		c.s.Reaccept = true
		c.restartStep()
		return nil
	}
	c.notifyResponders(NoticeTermsChanged, "")
	if c.s.Offer != nil {
		c.notifyEngineer(c.s.Offer.Engineer, NoticeTermsChanged)
	}
	return nil
}

// releasePerformer returns the order to selection under changed conditions. It keeps the
// performer's own response; a performer who accepted an offer has none.
func (c *decision) releasePerformer() {
	if c.s.response(c.s.Performer.ID) == nil {
		c.notifyPerformer(NoticeReleased)
	}
	c.reopenSelection()
}

// backToSelection releases the performer and drops his response.
func (c *decision) backToSelection() {
	c.s.dropResponse(c.s.Performer.ID)
	c.reopenSelection()
}

// reopenSelection returns the order to selection. The responses count again; each engineer learns
// whether his response is for the current conditions.
func (c *decision) reopenSelection() {
	for _, r := range c.s.Responses {
		if r.Revision == c.s.Revision {
			c.notifyEngineer(r.Engineer, NoticeReopened)
		} else {
			c.notifyEngineer(r.Engineer, NoticeReopenedChanged)
		}
	}
	c.s.Stage = Selection
	c.s.Performer, c.s.Reaccept, c.s.Contract = nil, false, nil
	c.s.Statuses, c.s.Dispute, c.s.Proposal = nil, nil, nil
}

func cancel(c *decision) *Refusal {
	c.notifyResponders(NoticeCancelled, "")
	if c.s.Offer != nil {
		c.notifyEngineer(c.s.Offer.Engineer, NoticeCancelled)
	}
	if c.s.Performer != nil && c.s.response(c.s.Performer.ID) == nil {
		c.notifyPerformer(NoticeCancelled)
	}
	c.cancelOrder(ByCustomer)
	return nil
}

// cancelOrder cancels the order before its completion and drops everything that it waits for.
func (c *decision) cancelOrder(cause Cause) {
	c.s.Stage, c.s.Cause = Cancelled, cause
	c.s.Offer, c.s.Lapsed, c.s.Proposal, c.s.Dispute = nil, nil, nil, nil
	c.s.Dues = nil
}

func refuseAfterSignatures(c *decision) *Refusal {
	if slices.Contains(signed, c.s.Stage) {
		return refuse(CodeContractSigned)
	}
	return nil
}
