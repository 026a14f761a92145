package order

import "fmt"

func selectionRules() []Rule {
	return []Rule{
		ruleWithDetails(Rule{
			Kind: Respond, Title: "Откликнуться", Done: "Кадастровый инженер откликнулся",
			By: []party{engineer}, From: []Stage{Selection}, guard: mayRespond,
		}, respond),
		ruleWithoutDetails(Rule{
			Kind: WithdrawResponse, Title: "Отозвать отклик", Done: "Отклик отозван",
			By: []party{engineer}, Needs: NeedsResponse, From: []Stage{Selection}, guard: hasResponse,
		}, withdrawResponse),
		ruleWithDetails(Rule{
			Kind: AcceptChanges, Title: "Подтвердить изменённые условия", Done: "Изменённые условия подтверждены",
			By: []party{engineer}, Needs: NeedsResponse, From: []Stage{Selection, Contracting}, guard: hasChanges,
		}, acceptChanges),
		ruleWithDetails(Rule{
			Kind: OfferOrder, Title: "Предложить заказ", Done: "Заказ предложен кадастровому инженеру",
			By: []party{customer}, From: []Stage{Selection}, guard: noOffer,
		}, offer),
		ruleWithoutDetails(Rule{
			Kind: WithdrawOffer, Title: "Отозвать предложение", Done: "Предложение отозвано",
			By: []party{customer}, From: []Stage{Selection}, guard: hasOffer,
		}, withdrawOffer),
		ruleWithDetails(Rule{
			Kind: AcceptOffer, Title: "Принять заказ в работу", Done: "Кадастровый инженер принял заказ в работу",
			By: []party{engineer}, Needs: NeedsOffer, From: []Stage{Selection}, To: []Stage{Contracting}, guard: mayAccept,
			wrongStage: refuseLapsedOffer,
		}, acceptOffer),
		ruleWithoutDetails(Rule{
			Kind: DeclineOffer, Title: "Отказаться от выполнения", Done: "Кадастровый инженер отказался от выполнения",
			By: []party{engineer}, Needs: NeedsOffer, From: []Stage{Selection}, guard: isOffered, wrongStage: refuseLapsedOffer,
		}, declineOffer),
		ruleWithDetails(Rule{
			Kind: Choose, Title: "Выбрать исполнителя", Done: "Исполнитель выбран",
			By: []party{customer}, From: []Stage{Selection}, To: []Stage{Contracting}, guard: hasResponses,
		}, choose),
	}
}

// maxResponses limits the size of an order's state, which every message of it carries. No order of
// the platform has come near the limit.
const maxResponses = 500

func mayRespond(c *decision) *Refusal {
	if c.s.response(c.m.Actor.Party) != nil {
		return refuse(CodeHasResponse)
	}
	if c.m.Actor.Person != "" && c.m.Actor.Person == c.s.Customer.Person {
		return ownOrder(TiePerson)
	}
	if len(c.s.Responses) >= maxResponses {
		return refuse(CodeManyResponses)
	}
	return c.eligible()
}

func respond(c *decision, b Bid) *Refusal {
	if !validPrice(b.Price) {
		return refuse(CodeBadPrice)
	}
	if refused := c.checkTerm(b.TermDate, b.TermDays); refused != nil {
		return refused
	}
	c.s.Responses = append(c.s.Responses, Response{Engineer: c.m.Actor.Party, Bid: b, Revision: c.s.Revision})
	c.notifyCustomer(NoticeResponse)
	return nil
}

func hasResponse(c *decision) *Refusal {
	if c.s.response(c.m.Actor.Party) == nil {
		return refuse(CodeNoResponse)
	}
	return nil
}

func withdrawResponse(c *decision) *Refusal {
	c.s.dropResponse(c.m.Actor.Party)
	c.notifyCustomer(NoticeResponseWithdrawn)
	return nil
}

func hasChanges(c *decision) *Refusal {
	if c.s.Stage == Contracting {
		if !c.s.hasRole(c.m.Actor, performer) {
			return refuse(CodeNotParty)
		}
		if !c.s.Reaccept {
			return refuse(CodeNothingChanged)
		}
		return c.eligible()
	}
	r := c.s.response(c.m.Actor.Party)
	switch {
	case r == nil:
		return refuse(CodeNoResponse)
	case r.Revision == c.s.Revision:
		return refuse(CodeNothingChanged)
	}
	return c.eligible()
}

func acceptChanges(c *decision, seen Revised) *Refusal {
	if seen.Revision != c.s.Revision {
		return refuse(CodeOldRevision)
	}
	if r := c.s.response(c.m.Actor.Party); r != nil {
		r.Revision = c.s.Revision
	}
	c.s.Reaccept = false
	if c.s.Stage == Contracting {
		c.notifyCustomer(NoticeChangesAccepted)
		return nil
	}
	c.notifyCustomer(NoticeResponseConfirmed)
	return nil
}

func noOffer(c *decision) *Refusal {
	if c.s.Offer != nil {
		return refuse(CodeOfferOpen)
	}
	return nil
}

func offer(c *decision, p EngineerChoice) *Refusal {
	if refused := c.eligible(); refused != nil {
		return refused
	}
	if !c.facts.Engineer.Receives {
		return refuse(CodeNotReceiving)
	}
	c.closeLapsed(p.Engineer)
	c.s.Offer = &Offer{Engineer: p.Engineer, Expires: c.at.Add(offerTerm)}
	c.s.Dues = append(c.s.Dues, Due{ID: fmt.Sprintf("offer-%d", c.s.Seq), Kind: DueOfferExpiry, At: c.s.Offer.Expires})
	c.notifyEngineer(p.Engineer, NoticeOffer)
	return nil
}

func (c *decision) closeOffer() {
	c.s.Offer = nil
	c.s.dropDues(DueOfferExpiry)
}

func mayAccept(c *decision) *Refusal {
	if refused := isOffered(c); refused != nil {
		return refused
	}
	return c.eligible()
}

func acceptOffer(c *decision, seen Revised) *Refusal {
	if seen.Revision != c.s.Revision {
		return refuse(CodeOldRevision)
	}
	c.notifyResponders(NoticeResponseClosed, c.m.Actor.Party)
	if c.s.Offer == nil { // both were notified that it had lapsed
		c.notifyCustomer(NoticeAcceptedInTime)
		c.notifyEngineer(c.m.Actor.Party, NoticeAnswerInTime)
	} else {
		c.notifyCustomer(NoticeAccepted)
	}
	c.s.dropResponse(c.m.Actor.Party)
	c.makePerformer()
	return nil
}

func hasResponses(c *decision) *Refusal {
	if len(c.s.Responses) == 0 {
		return refuse(CodeNoResponse)
	}
	return nil
}

func choose(c *decision, p EngineerChoice) *Refusal {
	r := c.s.response(p.Engineer)
	switch {
	case r == nil:
		return refuse(CodeNoResponse)
	case r.Revision != c.s.Revision:
		return refuse(CodeStaleResponse)
	}
	if refused := c.eligible(); refused != nil {
		return refused
	}
	if c.s.Offer != nil && c.s.Offer.Engineer != p.Engineer {
		c.notifyEngineer(c.s.Offer.Engineer, NoticeOfferWithdrawn)
	}
	c.notifyResponders(NoticeResponseClosed, p.Engineer)
	c.makePerformer()
	c.notifyPerformer(NoticeChosen)
	return nil
}

// makePerformer makes the engineer whom the message concerns the performer. The other responses
// stay and count again if he leaves.
func (c *decision) makePerformer() {
	e := c.facts.Engineer
	c.s.Performer = &Performer{ID: e.ID, Person: e.Person, Employer: e.Employer, Chosen: c.at}
	c.s.Stage = Contracting
	c.closeOffer()
	c.closeLapsed(e.ID)
}
