package order

import (
	"slices"
	"time"
)

func clockRules() []Rule {
	running := slices.DeleteFunc(Stages(), func(s Stage) bool { return s == Cancelled || s == Suspended })
	accepted := []Stage{Registration, Payment, Completed}
	var never []Move // of the clock: it only accepts the works
	for _, from := range running {
		for _, to := range accepted {
			if from != Acceptance {
				never = append(never, Move{from, to})
			}
		}
	}
	return []Rule{
		ruleWithDetails(Rule{
			Kind: DeadlineDue, Title: "Срок наступил", Done: "Наступил срок",
			By: []party{platform}, From: running, To: accepted, except: never,
		}, deadlineDue),
		ruleWithoutDetails(Rule{
			Kind: RestartOrder, Title: "Возобновить работу заказа", Done: "Работа заказа возобновлена оператором после сбоя", AllowedWhileSuspended: true,
			By: []party{operator}, From: append(slices.Clone(running), Deleted),
		}, func(*decision) *Refusal { return nil }),
		ruleWithDetails(Rule{
			Kind: EffectFinished, Title: "Работа завершена", Done: "Фоновая работа завершена", AllowedWhileSuspended: true,
			By: []party{platform}, From: append(slices.Clone(running), Cancelled, Deleted),
		}, effectFinished),
	}
}

// deadlineDue executes a deadline. Silence ends an unanswered offer, and accepts the works if the
// contract says so; it changes nothing else.
func deadlineDue(c *decision, d DueNow) *Refusal {
	i := slices.IndexFunc(c.s.Dues, func(due Due) bool { return due.ID == d.Due })
	if i < 0 || c.at.Before(c.s.Dues[i].At.Truncate(time.Millisecond)) {
		return refuse(CodeNotDue)
	}
	due := c.s.Dues[i]
	c.s.Dues = slices.Delete(c.s.Dues, i, i+1)
	switch due.Kind {
	case DueReminder:
		if !c.s.SilenceAccepts().IsZero() {
			c.notifyAwaited(NoticeSilenceAccepts)
			break
		}
		c.notifyAwaited(NoticeReminder)
	case DueOverdue:
		c.s.Overdue, c.s.Wait.Until = true, due.At
		c.notifyAwaited(NoticeOverdue)
		c.notifyOpposite(NoticeOverdue)
		if schedules[c.s.Wait.For].escalate {
			c.notifyModerators(NoticeEscalated)
		}
	case DueAcceptance:
		c.acceptBySilence()
	case DueOfferExpiry:
		c.lapse()
	case DueRatingEnd:
		c.s.RatingClosed, c.s.RatingEnd = true, &due.At
	}
	return nil
}

func (c *decision) notifyAwaited(kind NoticeKind) {
	if c.s.Wait.From == RoleCustomer {
		c.notifyCustomer(kind)
		return
	}
	c.notifyPerformer(kind)
}

func (c *decision) notifyOpposite(kind NoticeKind) {
	if c.s.Wait.From == RoleCustomer {
		c.notifyPerformer(kind)
		return
	}
	c.notifyCustomer(kind)
}

func effectFinished(c *decision, r EffectResult) *Refusal {
	i := slices.IndexFunc(c.s.Effects, func(e Effect) bool { return e.Key == r.Effect })
	if i < 0 {
		return refuse(CodeNoEffect)
	}
	c.s.Effects = slices.Delete(c.s.Effects, i, i+1)
	return nil
}
