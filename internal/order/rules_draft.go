package order

import "slices"

func draftRules() []Rule {
	return []Rule{
		bare(Rule{
			Kind: Create, Title: "Создать новый", Done: "Проект заказа создан",
			By: []party{anyCustomer}, In: []Stage{""}, Leads: []Stage{Draft},
		}, create),
		doing(Rule{
			Kind: Publish, Title: "Опубликовать заказ", Done: "Заказ опубликован",
			By: []party{customer}, In: []Stage{Draft}, Leads: []Stage{Selection},
		}, publish),
		bare(Rule{
			Kind: Delete, Title: "Удалить", Done: "Проект удален",
			By: []party{customer}, In: []Stage{Draft}, Leads: []Stage{Deleted},
		}, remove),
		doing(Rule{
			Kind: Amend, Title: "Изменить заказ", Done: "Условия заказа изменены и опубликованы",
			By: []party{customer}, In: []Stage{Selection, Contracting}, Leads: []Stage{Selection},
			when: amendable,
		}, amend),
		bare(Rule{
			Kind: Cancel, Title: "Отменить заказ", Done: "Заказ отменен заказчиком", Held: true,
			By: []party{customer}, In: []Stage{Selection, Contracting}, Leads: []Stage{Cancelled},
			elsewhere: afterSignatures,
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
	if refused := c.conditions(t); refused != nil {
		return refused
	}
	c.s.Stage = Selection
	return nil
}

// conditions checks the conditions of an order and makes them the current ones.
func (c *decision) conditions(t Terms) *Refusal {
	switch {
	case c.m.Body == nil:
		return refuse(CodeNoForm)
	case t.Region == "" || t.WorkKind.Label() == "":
		return refuse(CodeBadTerms)
	case t.Price != nil && !validPrice(*t.Price):
		return refuse(CodeBadPrice)
	}
	if refused := c.term(t.TermDate, t.TermDays); refused != nil {
		return refused
	}
	c.s.Terms, c.s.Form = &t, c.m.Body
	c.s.Revision++
	return nil
}

func validPrice(p Kopecks) bool { return p > 0 && p <= MaxPrice }

// remove ends a draft; nothing of it is kept, its files are purged by an effect.
func remove(c *decision) *Refusal {
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

// amend publishes changed conditions. Those who agreed to the old ones have to agree again; if the place or the kind of
// work changed, a chosen performer is released.
func amend(c *decision, t Terms) *Refusal {
	before := *c.s.Terms
	if refused := c.conditions(t); refused != nil {
		return refused
	}
	substantial := before.Region != t.Region || before.WorkKind != t.WorkKind
	switch {
	case c.s.Stage == Contracting && substantial:
		c.release()
		return nil
	case c.s.Stage == Contracting:
		c.tellPerformer(NoticeTermsChanged)
		c.tellResponders(NoticeTermsChangedMeanwhile, c.s.Performer.ID)
		c.s.Reaccept = true
		c.restartStep()
		return nil
	}
	c.tellResponders(NoticeTermsChanged, "")
	if c.s.Offer != nil {
		c.tellEngineer(c.s.Offer.Engineer, NoticeTermsChanged)
	}
	return nil
}

// release returns the order to the choice of a performer under changed conditions. The performer's own response stays with the others;
// one who came by an offer has none.
func (c *decision) release() {
	if c.s.response(c.s.Performer.ID) == nil {
		c.tellPerformer(NoticeReleased)
	}
	c.reopen()
}

// backToSelection releases the performer, whose response goes with him.
func (c *decision) backToSelection() {
	c.s.dropResponse(c.s.Performer.ID)
	c.reopen()
}

// reopen returns the order to the choice of a performer. The responses live again; each engineer is told whether his still stands.
func (c *decision) reopen() {
	for _, r := range c.s.Responses {
		if r.Revision == c.s.Revision {
			c.tellEngineer(r.Engineer, NoticeReopened)
		} else {
			c.tellEngineer(r.Engineer, NoticeReopenedChanged)
		}
	}
	c.s.Stage = Selection
	c.s.Performer, c.s.Reaccept, c.s.Contract = nil, false, nil
	c.s.Standings, c.s.Dispute, c.s.Proposal = nil, nil, nil
}

func cancel(c *decision) *Refusal {
	c.tellResponders(NoticeCancelled, "")
	if c.s.Offer != nil {
		c.tellEngineer(c.s.Offer.Engineer, NoticeCancelled)
	}
	if c.s.Performer != nil && c.s.response(c.s.Performer.ID) == nil {
		c.tellPerformer(NoticeCancelled)
	}
	c.end(ByCustomer)
	return nil
}

// end closes the order before its completion; nothing of it waits any more.
func (c *decision) end(cause Cause) {
	c.s.Stage, c.s.Cause = Cancelled, cause
	c.s.Offer, c.s.Lapsed, c.s.Proposal, c.s.Dispute = nil, nil, nil, nil
	c.s.Dues = nil
}

func afterSignatures(c *decision) *Refusal {
	if slices.Contains(signed, c.s.Stage) {
		return refuse(CodeContractSigned)
	}
	return nil
}
