package order

import (
	"slices"
	"time"
)

// The order may decide the deadline that ends an offer before an answer that was sent in time. It
// therefore stores lapsed offers: such an answer still counts unless the order has moved on since.

// maxLapsed is how many lapsed offers an order stores.
const maxLapsed = 20

// lapse ends the open offer at the end of its term.
func (c *decision) lapse() {
	c.notifyCustomer(NoticeOfferExpired)
	c.notifyEngineer(c.s.Offer.Engineer, NoticeOfferExpired)
	c.closeLapsed(c.s.Offer.Engineer)
	c.s.Lapsed = append(c.s.Lapsed, LapsedOffer{Offer: *c.s.Offer})
	if extra := len(c.s.Lapsed) - maxLapsed; extra > 0 {
		c.s.Lapsed = c.s.Lapsed[extra:]
	}
	c.s.Offer = nil
}

// closeLapsed closes all lapsed offers to answers, because the order has moved on, and deletes the
// engineer's own.
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

// openAt reports whether the offer could be answered at the time.
func (o *Offer) openAt(at time.Time) bool {
	return at.Before(o.Expires) && !at.Before(o.Expires.Add(-offerTerm))
}

func (o *Offer) expired() *Refusal {
	return &Refusal{CodeOfferExpired, "Срок предложения истёк " + o.until() + ", ответить на него уже нельзя."}
}

func (o *Offer) until() string { return o.Expires.In(Moscow).Format("02.01.2006 15:04") + " (МСК)" }

// checkAnswer returns why an answer sent at the time does not count for the lapsed offer, nil if it
// does.
func (o *LapsedOffer) checkAnswer(at time.Time) *Refusal {
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
		if !c.sentAt.Before(o.Expires) {
			return o.expired()
		}
		return nil
	}
	if lapsed := c.s.lapsedOffer(c.m.Actor.Party); lapsed != nil {
		return lapsed.checkAnswer(c.sentAt)
	}
	return refuse(CodeNoOffer)
}

// refuseLapsedOffer returns the specific refusal for an engineer who answers his lapsed offer after
// the choice.
func refuseLapsedOffer(c *decision) *Refusal {
	lapsed := c.s.lapsedOffer(c.m.Actor.Party)
	if lapsed == nil {
		return nil
	}
	return lapsed.checkAnswer(c.sentAt)
}

func declineOffer(c *decision) *Refusal {
	if c.s.Offer != nil {
		c.closeOffer()
	}
	c.closeLapsed(c.m.Actor.Party)
	c.notifyCustomer(NoticeOfferDeclined)
	return nil
}

// withdrawableOffer returns the offer that the customer may withdraw: the open one, or a lapsed one
// that was still open when he sent the message.
func (c *decision) withdrawableOffer() (*Offer, *Refusal) {
	if c.s.Offer != nil {
		return c.s.Offer, nil
	}
	if n := len(c.s.Lapsed); n > 0 && !c.s.Lapsed[n-1].Closed {
		last := &c.s.Lapsed[n-1].Offer
		if last.openAt(c.sentAt) {
			return last, nil
		}
		return nil, &Refusal{CodeNoOffer, "Срок предложения истёк " + last.until() + ", отзывать нечего."}
	}
	return nil, &Refusal{CodeNoOffer, "Открытого предложения по этому заказу нет."}
}

func hasOffer(c *decision) *Refusal {
	_, refused := c.withdrawableOffer()
	return refused
}

func withdrawOffer(c *decision) *Refusal {
	o, refused := c.withdrawableOffer()
	if refused != nil {
		return refused
	}
	c.notifyEngineer(o.Engineer, NoticeOfferWithdrawn)
	c.closeLapsed(o.Engineer)
	c.closeOffer()
	return nil
}
