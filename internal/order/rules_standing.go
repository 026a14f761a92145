package order

import (
	"encoding/json"
	"slices"
	"time"
)

// Three sources speak of an engineer: the registry, the moderator, the employer. Each holds the order and lets it go alone.

func standingRules() []Rule {
	anywhere := []Stage{Draft, Selection, Contracting, Prepayment, Work, Acceptance, Registration, Payment, Completed}
	rule := func(kind Kind, source Source, by party, title, done string) Rule {
		return doing(
			Rule{Kind: kind, Title: title, Done: done, Held: true, By: []party{by}, In: anywhere},
			func(c *decision, st Standing) *Refusal { return c.standing(source, st) },
		)
	}
	moderators := rule(ModeratorStatus, BySourceModerator, moderator,
		"Приостановить или возобновить этот заказ (модератор)", "Модератор приостановил или возобновил заказ")
	employers := rule(EmployerStatus, BySourceEmployer, employer,
		"Приостановить или возобновить этот заказ (работодатель)", "Работодатель исполнителя приостановил или возобновил заказ")
	moderators.Reasoned, moderators.titled = true, holdTitle(BySourceModerator)
	moderators.when = func(c *decision) *Refusal {
		if refused := c.judgesHimself(); refused != nil {
			return refused
		}
		return mayHold(BySourceModerator)(c)
	}
	employers.Reasoned, employers.when, employers.titled = true, mayHold(BySourceEmployer), holdTitle(BySourceEmployer)
	return []Rule{
		rule(RegistryStatus, BySourceRegistry, registry, "Статус в реестре", "Сведения реестра о кадастровом инженере"),
		moderators, employers,
	}
}

// A moderator or the performer's employer holds one order by hand, from its card, with a reason. The moderators' decision on an engineer
// himself comes to his orders as the same message without a text: its reason stands with the decision.

// holdTitle names what the card's action does now.
func holdTitle(source Source) func(*State) string {
	return func(s *State) string {
		if s.heldByHand(source) {
			return "Возобновить этот заказ"
		}
		return "Приостановить этот заказ"
	}
}

// mayHold opens the action where it means something: an order is held by hand once it has a performer and while a hold suspends it. Who
// holds it may let it go for as long as it is in work.
func mayHold(source Source) func(*decision) *Refusal {
	return func(c *decision) *Refusal {
		switch {
		case c.fromDecision():
			return nil
		case c.s.Performer == nil:
			return &Refusal{CodeStage, "Исполнитель ещё не выбран: приостанавливать нечего."}
		case c.s.Stage.Final():
			return &Refusal{CodeStage, "Заказ завершен: приостанавливать и возобновлять нечего."}
		case !c.s.heldByHand(source) && !slices.Contains(suspendable, c.s.Stage):
			return &Refusal{CodeStage, "На этапе «" + c.s.Stage.Label() + "» заказ не приостанавливается: работы приняты, расчёты можно закончить."}
		}
		return nil
	}
}

// fromDecision says whether the message carries a decision on the engineer himself, and not on this order.
func (c *decision) fromDecision() bool {
	return c.m.Kind == ModeratorStatus && c.m.Body == nil && len(c.m.Details) > 0
}

// unfounded says whether a message that poses as a decision on an engineer is none of those that stand. One that a newer decision has
// overtaken is refused as such.
func (c *decision) unfounded() bool {
	st, refused := decodeDetails[Standing](c.m)
	e := c.facts.Engineer
	switch {
	case refused != nil || e == nil:
		return refused == nil
	case e.judgedSince(st.AsOf):
		return false
	}
	if e.JudgedAt.IsZero() && !st.Active { // blocked since before decisions were dated
		return e.ID != st.Engineer || !e.Blocked
	}
	return e.ID != st.Engineer || e.Blocked == st.Active || !e.JudgedAt.Equal(st.AsOf)
}

// heldBy says whether this source holds the order.
func (s *State) heldBy(source Source) bool { return slices.Contains(s.Holds(), source) }

// heldByHand says whether this source holds this one order. A moderator's word on the engineer himself holds it too, and is none of that.
func (s *State) heldByHand(source Source) bool {
	return slices.ContainsFunc(s.Holding(), func(r StandingRecord) bool {
		return r.Source == source && (source != BySourceModerator || r.Seq != 0)
	})
}

// holdByHand suspends this one order or lets it go. The same again is refused: its sender looks at an older card.
func (c *decision) holdByHand(source Source, st Standing) *Refusal {
	blocked := source == BySourceModerator && c.facts.Engineer != nil && c.facts.Engineer.Blocked
	switch held := c.s.heldBy(source); {
	case c.s.Performer == nil || c.s.Performer.ID != st.Engineer:
		return refuse(CodeNotConcerned)
	case c.s.heldByHand(source) && !st.Active:
		return &Refusal{CodeAlreadyDone, "Этот заказ уже приостановлен. Обновите страницу: его можно возобновить."}
	case held && st.Active && blocked:
		return &Refusal{CodeBlocked, "Исполнитель заблокирован: заказ нельзя возобновить, пока блокировка не снята. Снять её можно в разделе «Кадастровые инженеры»."}
	case !held && st.Active:
		return &Refusal{CodeAlreadyDone, "Этот заказ не приостановлен, возобновлять нечего."}
	}
	return c.performerStanding(source, st)
}

// IsStanding tells a source's word on an engineer from the other messages.
func IsStanding(k Kind) bool {
	return k == RegistryStatus || k == ModeratorStatus || k == EmployerStatus
}

// standing takes one source's word. The performer's is kept, and suspends the order or resumes it; anybody else's loses him
// the responses and the offer that he has in it. By hand a moderator and an employer hold the order of its performer only.
func (c *decision) standing(source Source, st Standing) *Refusal {
	if st.Engineer == "" || !saneStatement(st.AsOf, c.facts.Now) || st.AsOf.After(c.facts.Now.Add(datedAhead(source))) {
		return refuse(CodeBadDetails)
	}
	if c.facts.Overtaken {
		return refuse(CodeOldNews)
	}
	if source == BySourceModerator && c.facts.Engineer.judgedSince(st.AsOf) {
		return refuse(CodeOldNews)
	}
	if source == BySourceEmployer || (source == BySourceModerator && !c.fromDecision()) {
		return c.holdByHand(source, st)
	}
	if c.s.Performer != nil && c.s.Performer.ID == st.Engineer {
		return c.performerStanding(source, st)
	}
	return c.candidateStanding(st)
}

// datedAhead is how far a word may be dated after now: the registry's clock is its own, the others' is the platform's. A date
// far ahead would make every later word an older one.
func datedAhead(source Source) time.Duration {
	if source == BySourceRegistry {
		return clockTolerance
	}
	return time.Minute
}

// judgedSince says that the moderators have decided anew. Their word may then have been on its way while the new decision found nothing
// to tell this order: taken now, it would stand against theirs. The registry's word is told anew every night.
func (e *EngineerFacts) judgedSince(at time.Time) bool { return e != nil && e.JudgedAt.After(at) }

func (c *decision) performerStanding(source Source, st Standing) *Refusal {
	i := slices.IndexFunc(c.s.Standings, func(r StandingRecord) bool { return r.Source == source })
	if i < 0 {
		i = len(c.s.Standings)
		c.s.Standings = append(c.s.Standings, StandingRecord{Source: source, Active: true, Since: c.at})
	}
	before, byHand := c.s.Standings[i], c.m.Body != nil
	if !st.AsOf.After(before.AsOf) {
		return refuse(CodeOldNews)
	}
	now := StandingRecord{Source: source, Active: st.Active, AsOf: st.AsOf, Since: before.Since}
	switch {
	case byHand && !now.Active:
		now.Seq = c.s.Seq
	case !byHand && before.Seq != 0: // the hold of this one order is another word, and stands until it is lifted by hand
		now.Active, now.Seq = false, before.Seq
	}
	if now.Active != before.Active {
		now.Since = c.at
	}
	c.s.Standings[i] = now
	if now.Active != before.Active && c.s.Stage == Payment {
		c.tellFlag(now.Active)
	}
	return nil
}

// tellFlag tells both sides of a word that suspends nothing any more: the works are accepted.
func (c *decision) tellFlag(active bool) {
	switch {
	case !active:
		c.tellBoth(NoticeEngineerFlagged)
	case len(c.s.Holds()) == 0:
		c.tellBoth(NoticeEngineerUnflagged)
	}
}

func (c *decision) candidateStanding(st Standing) *Refusal {
	offered := c.s.Offer != nil && c.s.Offer.Engineer == st.Engineer
	if st.Active || (!offered && c.s.response(st.Engineer) == nil) {
		return refuse(CodeNotConcerned)
	}
	c.s.dropResponse(st.Engineer)
	if offered {
		c.closeOffer()
	}
	c.tellCustomer(NoticeEngineerLost)
	c.tellEngineer(st.Engineer, NoticeCandidacyLost)
	return nil
}

// DoneOf says what an applied message did, as the history of the order tells it. Rules whose messages do one of two things have no one
// sentence for both.
func DoneOf(kind Kind, details json.RawMessage, reasoned bool) string {
	r, known := RuleFor(kind)
	if !known {
		return string(kind)
	}
	st, refused := decodeDetails[Standing](Message{Details: details})
	if refused != nil || !IsStanding(kind) {
		return r.Done
	}
	switch {
	case kind == RegistryStatus && st.Active:
		return "В реестре у кадастрового инженера снова действующий статус"
	case kind == RegistryStatus:
		return "В реестре у кадастрового инженера нет действующего статуса"
	case kind == EmployerStatus && st.Active:
		return "Работодатель исполнителя возобновил заказ"
	case kind == EmployerStatus:
		return "Работодатель исполнителя приостановил заказ"
	case !reasoned && st.Active:
		return "Модератор снял блокировку кадастрового инженера"
	case !reasoned:
		return "Модератор заблокировал кадастрового инженера"
	case st.Active:
		return "Модератор возобновил заказ"
	}
	return "Модератор приостановил заказ"
}
