package order

import (
	"slices"
	"time"
)

// The end of an offer. The timer that ends it may be judged before an answer that was given in time: the order keeps the lapsed offer, so
// that such an answer still counts unless the order has decided otherwise since.

// lapsedKept is how many lapsed offers an order remembers.
const lapsedKept = 20

// lapse ends the open offer at its term.
func (c *decision) lapse() {
	c.tellCustomer(NoticeOfferExpired)
	c.tellEngineer(c.s.Offer.Engineer, NoticeOfferExpired)
	c.closeLapsed(c.s.Offer.Engineer)
	c.s.Lapsed = append(c.s.Lapsed, LapsedOffer{Offer: *c.s.Offer})
	if extra := len(c.s.Lapsed) - lapsedKept; extra > 0 {
		c.s.Lapsed = c.s.Lapsed[extra:]
	}
	c.s.Offer = nil
}

// closeLapsed leaves no lapsed offer to be answered: the order has decided otherwise. The engineer's own is forgotten.
func (c *decision) closeLapsed(engineer string) {
	c.s.Lapsed = slices.DeleteFunc(c.s.Lapsed, func(o LapsedOffer) bool { return o.Engineer == engineer })
	for i := range c.s.Lapsed {
		c.s.Lapsed[i].Closed = true
	}
}

func (s *State) lapsedOffer(engineer string) *LapsedOffer {
	i := slices.IndexFunc(s.Lapsed, func(o LapsedOffer) bool { return o.Engineer == engineer })
	if i < 0 {
		return nil
	}
	return &s.Lapsed[i]
}

// openAt reports whether the offer could be answered at the moment.
func (o *Offer) openAt(at time.Time) bool {
	return at.Before(o.Expires) && !at.Before(o.Expires.Add(-offerTerm))
}

func (o *Offer) expired() *Refusal {
	return &Refusal{CodeOfferExpired, "Срок предложения истёк " + o.until() + ", ответить на него уже нельзя."}
}

func (o *Offer) until() string { return o.Expires.In(Moscow).Format("02.01.2006 15:04") + " (МСК)" }

// answerable judges an answer to the lapsed offer.
func (o *LapsedOffer) answerable(at time.Time) *Refusal {
	switch {
	case !o.openAt(at):
		return o.expired()
	case o.Closed:
		return &Refusal{CodeNoOffer, "Вы ответили вовремя, но, пока ответ обрабатывался, заказчик принял другое решение: предложение больше не действует."}
	}
	return nil
}

func isOffered(c *decision) *Refusal {
	if o := c.s.Offer; o != nil && o.Engineer == c.m.Actor.Party {
		if !c.given.Before(o.Expires) {
			return o.expired()
		}
		return nil
	}
	if lapsed := c.s.lapsedOffer(c.m.Actor.Party); lapsed != nil {
		return lapsed.answerable(c.given)
	}
	return refuse(CodeNoOffer)
}

// offerLapsed tells an engineer who answers after the choice what became of his offer.
func offerLapsed(c *decision) *Refusal {
	lapsed := c.s.lapsedOffer(c.m.Actor.Party)
	if lapsed == nil {
		return nil
	}
	return lapsed.answerable(c.given)
}

func declineOffer(c *decision) *Refusal {
	if c.s.Offer != nil {
		c.closeOffer()
	}
	c.closeLapsed(c.m.Actor.Party)
	c.tellCustomer(NoticeOfferDeclined)
	return nil
}

// toWithdraw is the offer that the customer may take back: the open one, or one that lapsed after he did.
func (c *decision) toWithdraw() (*Offer, *Refusal) {
	if c.s.Offer != nil {
		return c.s.Offer, nil
	}
	if n := len(c.s.Lapsed); n > 0 && !c.s.Lapsed[n-1].Closed {
		last := &c.s.Lapsed[n-1].Offer
		if last.openAt(c.given) {
			return last, nil
		}
		return nil, &Refusal{CodeNoOffer, "Срок предложения истёк " + last.until() + ", отзывать нечего."}
	}
	return nil, &Refusal{CodeNoOffer, "Открытого предложения по этому заказу нет."}
}

func hasOffer(c *decision) *Refusal {
	_, refused := c.toWithdraw()
	return refused
}

func withdrawOffer(c *decision) *Refusal {
	o, refused := c.toWithdraw()
	if refused != nil {
		return refused
	}
	c.tellEngineer(o.Engineer, NoticeOfferWithdrawn)
	c.closeLapsed(o.Engineer)
	c.closeOffer()
	return nil
}
