package order

import "fmt"

func selectionRules() []Rule {
	return []Rule{
		doing(Rule{
			Kind: Respond, Title: "Откликнуться", Done: "Кадастровый инженер откликнулся",
			By: []party{engineer}, In: []Stage{Selection}, when: mayRespond,
		}, respond),
		bare(Rule{
			Kind: WithdrawResponse, Title: "Отозвать отклик", Done: "Отклик отозван",
			By: []party{engineer}, Needs: NeedsResponse, In: []Stage{Selection}, when: hasResponse,
		}, withdrawResponse),
		doing(Rule{
			Kind: AcceptChanges, Title: "Подтвердить изменённые условия", Done: "Изменённые условия подтверждены",
			By: []party{engineer}, Needs: NeedsResponse, In: []Stage{Selection, Contracting}, when: hasChanges,
		}, acceptChanges),
		doing(Rule{
			Kind: OfferOrder, Title: "Предложить заказ", Done: "Заказ предложен кадастровому инженеру",
			By: []party{customer}, In: []Stage{Selection}, when: noOffer,
		}, offer),
		bare(Rule{
			Kind: WithdrawOffer, Title: "Отозвать предложение", Done: "Предложение отозвано",
			By: []party{customer}, In: []Stage{Selection}, when: hasOffer,
		}, withdrawOffer),
		doing(Rule{
			Kind: AcceptOffer, Title: "Принять заказ в работу", Done: "Кадастровый инженер принял заказ в работу",
			By: []party{engineer}, Needs: NeedsOffer, In: []Stage{Selection}, Leads: []Stage{Contracting}, when: mayAccept,
			elsewhere: offerLapsed,
		}, acceptOffer),
		bare(Rule{
			Kind: DeclineOffer, Title: "Отказаться от выполнения", Done: "Кадастровый инженер отказался от выполнения",
			By: []party{engineer}, Needs: NeedsOffer, In: []Stage{Selection}, when: isOffered, elsewhere: offerLapsed,
		}, declineOffer),
		doing(Rule{
			Kind: Choose, Title: "Выбрать исполнителя", Done: "Исполнитель выбран",
			By: []party{customer}, In: []Stage{Selection}, Leads: []Stage{Contracting}, when: hasResponses,
		}, choose),
	}
}

// maxResponses bounds the state of an order, which every message of it carries. No order of the platform has come near it.
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
	if refused := c.term(b.TermDate, b.TermDays); refused != nil {
		return refused
	}
	c.s.Responses = append(c.s.Responses, Response{Engineer: c.m.Actor.Party, Bid: b, Revision: c.s.Revision})
	c.tellCustomer(NoticeResponse)
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
	c.tellCustomer(NoticeResponseWithdrawn)
	return nil
}

func hasChanges(c *decision) *Refusal {
	if c.s.Stage == Contracting {
		if !c.s.plays(c.m.Actor, performer) {
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
		c.tellCustomer(NoticeChangesAccepted)
		return nil
	}
	c.tellCustomer(NoticeResponseConfirmed)
	return nil
}

func noOffer(c *decision) *Refusal {
	if c.s.Offer != nil {
		return refuse(CodeOfferOpen)
	}
	return nil
}

func offer(c *decision, p Pick) *Refusal {
	if refused := c.eligible(); refused != nil {
		return refused
	}
	if !c.facts.Engineer.Receives {
		return refuse(CodeNotReceiving)
	}
	c.closeLapsed(p.Engineer)
	c.s.Offer = &Offer{Engineer: p.Engineer, Expires: c.at.Add(offerTerm)}
	c.s.Dues = append(c.s.Dues, Due{ID: fmt.Sprintf("offer-%d", c.s.Seq), Kind: DueOfferExpiry, At: c.s.Offer.Expires})
	c.tellEngineer(p.Engineer, NoticeOffer)
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
	c.tellResponders(NoticeResponseClosed, c.m.Actor.Party)
	if c.s.Offer == nil { // both were told that it had lapsed
		c.tellCustomer(NoticeAcceptedInTime)
		c.tellEngineer(c.m.Actor.Party, NoticeAnswerInTime)
	} else {
		c.tellCustomer(NoticeAccepted)
	}
	c.s.dropResponse(c.m.Actor.Party)
	c.perform()
	return nil
}

func hasResponses(c *decision) *Refusal {
	if len(c.s.Responses) == 0 {
		return refuse(CodeNoResponse)
	}
	return nil
}

func choose(c *decision, p Pick) *Refusal {
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
		c.tellEngineer(c.s.Offer.Engineer, NoticeOfferWithdrawn)
	}
	c.tellResponders(NoticeResponseClosed, p.Engineer)
	c.perform()
	c.tellPerformer(NoticeChosen)
	return nil
}

// perform makes the engineer whom the message concerns the performer. The other responses stay, to live again if he leaves.
func (c *decision) perform() {
	e := c.facts.Engineer
	c.s.Performer = &Performer{ID: e.ID, Person: e.Person, Employer: e.Employer, Chosen: c.at}
	c.s.Stage = Contracting
	c.closeOffer()
	c.closeLapsed(e.ID)
}
