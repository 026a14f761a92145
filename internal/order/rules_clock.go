package order

import (
	"slices"
	"time"
)

func clockRules() []Rule {
	running := slices.DeleteFunc(Stages(), func(s Stage) bool { return s == Cancelled || s == Suspended })
	return []Rule{
		doing(Rule{
			Kind: DeadlineDue, Title: "Срок наступил", Done: "Наступил срок",
			By: []party{platform}, In: running,
		}, deadlineDue),
		bare(Rule{
			Kind: RestartOrder, Title: "Возобновить работу заказа", Done: "Работа заказа возобновлена оператором после сбоя", Held: true,
			By: []party{operator}, In: append(slices.Clone(running), Deleted),
		}, func(*decision) *Refusal { return nil }),
		doing(Rule{
			Kind: EffectFinished, Title: "Работа завершена", Done: "Фоновая работа завершена", Held: true,
			By: []party{platform}, In: append(slices.Clone(running), Cancelled, Deleted),
		}, effectFinished),
	}
}

// deadlineDue does what a deadline is for. Silence never moves an order, but for an offer that nobody answered.
func deadlineDue(c *decision, d DueNow) *Refusal {
	i := slices.IndexFunc(c.s.Dues, func(due Due) bool { return due.ID == d.Due })
	if i < 0 || c.at.Before(c.s.Dues[i].At.Truncate(time.Millisecond)) {
		return refuse(CodeNotDue)
	}
	due := c.s.Dues[i]
	c.s.Dues = slices.Delete(c.s.Dues, i, i+1)
	switch due.Kind {
	case DueReminder:
		c.tellAwaited(NoticeReminder)
	case DueOverdue:
		c.s.Overdue, c.s.Wait.Until = true, due.At
		c.tellAwaited(NoticeOverdue)
		c.tellOpposite(NoticeOverdue)
		if schedules[c.s.Wait.For].escalate {
			c.tellModerators(NoticeEscalated)
		}
	case DueOfferExpiry:
		c.lapse()
	case DueRatingEnd:
		c.s.RatingClosed, c.s.RatingEnd = true, &due.At
	}
	return nil
}

func (c *decision) tellAwaited(kind NoticeKind) {
	if c.s.Wait.From == RoleCustomer {
		c.tellCustomer(kind)
		return
	}
	c.tellPerformer(kind)
}

func (c *decision) tellOpposite(kind NoticeKind) {
	if c.s.Wait.From == RoleCustomer {
		c.tellPerformer(kind)
		return
	}
	c.tellCustomer(kind)
}

func effectFinished(c *decision, r EffectResult) *Refusal {
	i := slices.IndexFunc(c.s.Effects, func(e Effect) bool { return e.Key == r.Effect })
	if i < 0 {
		return refuse(CodeNoEffect)
	}
	c.s.Effects = slices.Delete(c.s.Effects, i, i+1)
	return nil
}
