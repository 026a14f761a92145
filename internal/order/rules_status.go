package order

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Three sources send an engineer's status: the registry, the moderator and the employer. Each sets
// and lifts its own hold.

func statusRules() []Rule {
	anywhere := []Stage{Draft, Selection, Contracting, Prepayment, Work, Acceptance, Registration, Payment, Completed}
	rule := func(kind Kind, source Source, by party, title, done string) Rule {
		return ruleWithDetails(
			Rule{Kind: kind, Title: title, Done: done, AllowedWhileSuspended: true, By: []party{by}, From: anywhere},
			func(c *decision, st EngineerStatus) *Refusal { return c.applyStatus(source, st) },
		)
	}
	moderators := rule(ModeratorStatus, BySourceModerator, moderator,
		"Приостановить или возобновить этот заказ (модератор)", "Модератор приостановил или возобновил заказ")
	employers := rule(EmployerStatus, BySourceEmployer, employer,
		"Приостановить или возобновить этот заказ (работодатель)", "Работодатель исполнителя приостановил или возобновил заказ")
	moderators.RequiresReason, moderators.titleFor = true, holdTitle(BySourceModerator)
	moderators.guard = func(c *decision) *Refusal {
		if refused := c.checkModeratorTies(); refused != nil {
			return refused
		}
		return guardManualHold(BySourceModerator)(c)
	}
	employers.RequiresReason, employers.guard, employers.titleFor = true, guardManualHold(BySourceEmployer), holdTitle(BySourceEmployer)
	employers.To = []Stage{Selection}
	for _, stage := range anywhere {
		if stage != Contracting {
			employers.except = append(employers.except, Move{stage, Selection})
		}
	}
	return []Rule{
		rule(RegistryStatus, BySourceRegistry, registry, "Статус в реестре", "Сведения реестра о кадастровом инженере"),
		moderators, employers,
	}
}

// A moderator or the performer's employer holds one order manually, from its card, with a reason.
// Their decision on the engineer himself (the moderators block him, his employer suspends or removes
// him) comes to his orders as the same message without a text, because its reason is stored with the
// decision.

// holdTitle returns the title of the card's action: hold or resume.
func holdTitle(source Source) func(*State) string {
	return func(s *State) string {
		if s.hasManualHold(source) {
			return "Возобновить этот заказ"
		}
		return "Приостановить этот заказ"
	}
}

// guardManualHold allows a manual hold once the order has a performer, at the stages that a hold
// suspends. A source that holds the order may lift its hold until the order has ended.
func guardManualHold(source Source) func(*decision) *Refusal {
	return func(c *decision) *Refusal {
		switch {
		case c.isEngineerDecision():
			return nil
		case c.s.Performer == nil:
			return &Refusal{CodeStage, "Исполнитель ещё не выбран: приостанавливать нечего."}
		case c.s.Stage.Final():
			return &Refusal{CodeStage, "Заказ завершен: приостанавливать и возобновлять нечего."}
		case !c.s.hasManualHold(source) && !slices.Contains(suspendable, c.s.Stage):
			return &Refusal{CodeStage, "На этапе «" + c.s.Stage.Label() + "» заказ не приостанавливается: работы приняты, расчёты можно закончить."}
		}
		return nil
	}
}

// isEngineerDecision reports whether the message carries a decision on the engineer himself, not on
// this order.
func (c *decision) isEngineerDecision() bool {
	return (c.m.Kind == ModeratorStatus || c.m.Kind == EmployerStatus) && c.m.Body == nil && len(c.m.Details) > 0
}

// isEmployersDecision reports whether the message carries an employer's decision on his engineer,
// who may have responded to this order or be offered it without being its performer.
func (c *decision) isEmployersDecision() bool {
	return c.m.Kind == EmployerStatus && c.m.Actor.Role == RoleEmployer && c.m.Actor.Party != "" && c.isEngineerDecision()
}

// isUnconfirmedDecision reports whether a message that claims to be a decision on an engineer
// matches no current decision. A decision that a newer one supersedes returns false here and is
// refused as outdated later.
func (c *decision) isUnconfirmedDecision() bool {
	st, refused := decodeDetails[EngineerStatus](c.m)
	e := c.facts.Engineer
	switch {
	case refused != nil || e == nil:
		return refused == nil
	case c.m.Kind == EmployerStatus:
		d := c.facts.EmployerDecision
		return e.ID != st.Engineer || d == nil || (!d.At.After(st.AsOf) && (d.Active != st.Active || !d.At.Equal(st.AsOf)))
	case e.decidedSince(st.AsOf):
		return false
	}
	if e.DecidedAt.IsZero() && !st.Active { // blocked since before decisions were dated
		return e.ID != st.Engineer || !e.Blocked
	}
	return e.ID != st.Engineer || e.Blocked == st.Active || !e.DecidedAt.Equal(st.AsOf)
}

// heldBy reports whether the source holds the order.
func (s *State) heldBy(source Source) bool { return slices.Contains(s.Holds(), source) }

// hasManualHold reports whether the source holds this one order manually. A decision on the engineer
// himself holds the order too but does not count here.
func (s *State) hasManualHold(source Source) bool {
	return slices.ContainsFunc(s.HoldRecords(), func(r StatusRecord) bool { return r.Source == source && r.manual() })
}

// manual reports whether the record is a manual hold. The first manual holds of employers were
// recorded without Seq.
func (r StatusRecord) manual() bool {
	return !r.Active && (r.Seq != 0 || (r.Source == BySourceEmployer && !r.Decision))
}

// setManualHold sets or lifts the hold of this one order. It refuses a repeated change: its sender
// sees an outdated card.
func (c *decision) setManualHold(source Source, st EngineerStatus) *Refusal {
	blocked := source == BySourceModerator && c.facts.Engineer != nil && c.facts.Engineer.Blocked
	dismissed := source == BySourceEmployer && c.facts.EmployerDecision != nil && !c.facts.EmployerDecision.Active
	switch held := c.s.heldBy(source); {
	case c.s.Performer == nil || c.s.Performer.ID != st.Engineer:
		return refuse(CodeNotConcerned)
	case c.s.hasManualHold(source) && !st.Active:
		return &Refusal{CodeAlreadyDone, "Этот заказ уже приостановлен. Обновите страницу: его можно возобновить."}
	case held && st.Active && blocked:
		return &Refusal{CodeBlocked, "Исполнитель заблокирован: заказ нельзя возобновить, пока блокировка не снята. Снять её можно в разделе «Кадастровые инженеры»."}
	case held && st.Active && dismissed:
		return &Refusal{CodeByEmployer, "Деятельность этого сотрудника приостановлена, или он удалён: возобновить один его заказ нельзя. Возобновите деятельность сотрудника во вкладке «Сотрудники»."}
	case !held && st.Active:
		return &Refusal{CodeAlreadyDone, "Этот заказ не приостановлен, возобновлять нечего."}
	}
	return c.applyPerformerStatus(source, st)
}

// IsStatusMessage reports whether the message is a source's status of an engineer.
func IsStatusMessage(k Kind) bool {
	return k == RegistryStatus || k == ModeratorStatus || k == EmployerStatus
}

// applyStatus applies one source's status. The performer's status is stored, and suspends or
// resumes the order; for any other engineer an inactive status removes his response and his offer, or
// ends the proposal that he replaces the performer.
// A manual hold by a moderator or an employer concerns the performer's order only.
func (c *decision) applyStatus(source Source, st EngineerStatus) *Refusal {
	if st.Engineer == "" || !plausibleStatusTime(st.AsOf, c.facts.Now) || st.AsOf.After(c.facts.Now.Add(maxAhead(source))) {
		return refuse(CodeBadDetails)
	}
	if c.facts.Superseded {
		return refuse(CodeOutdatedStatus)
	}
	if source == BySourceModerator && c.facts.Engineer.decidedSince(st.AsOf) {
		return refuse(CodeOutdatedStatus)
	}
	if source != BySourceRegistry && !c.isEngineerDecision() {
		return c.setManualHold(source, st)
	}
	if source == BySourceEmployer {
		return c.applyEmployersDecision(st)
	}
	if c.s.Performer != nil && c.s.Performer.ID == st.Engineer {
		return c.applyPerformerStatus(source, st)
	}
	return c.applyCandidateStatus(st)
}

// maxAhead returns how far in the future a status may be dated: the registry has its own clock, the
// other sources use the platform's. A date far ahead would make every later status outdated.
func maxAhead(source Source) time.Duration {
	if source == BySourceRegistry {
		return clockTolerance
	}
	return time.Minute
}

// decidedSince reports whether the moderators decided again after at; then this message is
// outdated. It may have been on its way while the new decision found nothing to change in this
// order, and applying it now would contradict that decision. The registry's status needs no such
// check: the nightly sync sends it again.
func (e *EngineerFacts) decidedSince(at time.Time) bool { return e != nil && e.DecidedAt.After(at) }

// applyEmployersDecision applies an employer's decision on his engineer. It holds the orders that the
// engineer performs for this employer, or gives them back to the choice of a performer where the
// employer decided so and the contract is not concluded. It ends the response and the offer of an
// engineer who acts for nobody now.
func (c *decision) applyEmployersDecision(st EngineerStatus) *Refusal {
	d, e := c.facts.EmployerDecision, c.facts.Engineer
	switch {
	case d.At.After(st.AsOf):
		return refuse(CodeOutdatedStatus)
	case c.s.Performer == nil || c.s.Performer.ID != st.Engineer:
		proposed := c.s.Replacement.isOf(st.Engineer) && c.s.Performer.Employer == c.m.Actor.Party
		if (e.SoleProprietor || e.Confirmed) && !proposed {
			return refuse(CodeNotConcerned)
		}
		return c.applyCandidateStatus(st)
	case c.s.Performer.Employer != c.m.Actor.Party:
		return refuse(CodeNotConcerned)
	case !st.Active && d.Reselect && c.s.Stage == Contracting:
		c.notifyCustomer(NoticeRecalled)
		c.notifyPerformer(NoticeRecalledByEmployer)
		c.backToSelection()
		return nil
	}
	return c.applyPerformerStatus(BySourceEmployer, st)
}

func (c *decision) applyPerformerStatus(source Source, st EngineerStatus) *Refusal {
	i := slices.IndexFunc(c.s.Statuses, func(r StatusRecord) bool { return r.Source == source })
	if i < 0 {
		i = len(c.s.Statuses)
		c.s.Statuses = append(c.s.Statuses, StatusRecord{Source: source, Active: true, Since: c.at})
	}
	before, byHand := c.s.Statuses[i], c.m.Body != nil
	if !st.AsOf.After(before.AsOf) {
		return refuse(CodeOutdatedStatus)
	}
	now := StatusRecord{Source: source, Active: st.Active, AsOf: st.AsOf, Since: before.Since}
	switch {
	case byHand && !now.Active:
		now.Seq = c.s.Seq
	case !byHand && before.manual(): // a manual hold of this order stays until it is lifted manually
		now.Active, now.Seq = false, before.Seq
	case !byHand && !now.Active && source == BySourceEmployer:
		now.Decision = true
	}
	if now.Active != before.Active {
		now.Since = c.at
	}
	c.s.Statuses[i] = now
	if now.Active != before.Active && c.s.Stage == Payment {
		c.notifyStatusWithoutHold(now.Active)
	}
	return nil
}

// notifyStatusWithoutHold notifies both parties of a status that suspends nothing any more, because the works
// are accepted.
func (c *decision) notifyStatusWithoutHold(active bool) {
	switch {
	case !active:
		c.notifyBoth(NoticeEngineerFlagged)
	case len(c.s.Holds()) == 0:
		c.notifyBoth(NoticeEngineerUnflagged)
	}
}

func (c *decision) applyCandidateStatus(st EngineerStatus) *Refusal {
	if !st.Active && c.s.Replacement.isOf(st.Engineer) {
		c.voidReplacement(c.lostBy())
		return nil
	}
	offered := c.s.Offer != nil && c.s.Offer.Engineer == st.Engineer
	if st.Active || (!offered && c.s.response(st.Engineer) == nil) {
		return refuse(CodeNotConcerned)
	}
	c.s.dropResponse(st.Engineer)
	if offered {
		c.closeOffer()
	}
	c.notifyCustomer(NoticeEngineerLost)
	c.notifyEngineer(st.Engineer, NoticeCandidacyLost)
	return nil
}

// DoneText returns the text of an applied message for the order's history. A status message does
// one of two things, and the clock several, so their rules have no single text.
func DoneText(kind Kind, details json.RawMessage, withReason bool) string {
	r, known := RuleFor(kind)
	if !known {
		return string(kind)
	}
	if d, refused := decodeDetails[DueNow](Message{Details: details}); kind == DeadlineDue && refused == nil && strings.HasSuffix(d.Due, silence) {
		return "Работы приняты без замечаний: заказчик не ответил в срок, указанный в договоре"
	}
	st, refused := decodeDetails[EngineerStatus](Message{Details: details})
	if refused != nil || !IsStatusMessage(kind) {
		return r.Done
	}
	switch {
	case kind == RegistryStatus && st.Active:
		return "В реестре у кадастрового инженера снова действующий статус"
	case kind == RegistryStatus:
		return "В реестре у кадастрового инженера нет действующего статуса"
	case kind == EmployerStatus && !withReason && st.Active:
		return "Работодатель возобновил деятельность кадастрового инженера"
	case kind == EmployerStatus && !withReason:
		return "Работодатель приостановил деятельность кадастрового инженера или удалил его из сотрудников"
	case kind == EmployerStatus && st.Active:
		return "Работодатель исполнителя возобновил заказ"
	case kind == EmployerStatus:
		return "Работодатель исполнителя приостановил заказ"
	case !withReason && st.Active:
		return "Модератор снял блокировку кадастрового инженера"
	case !withReason:
		return "Модератор заблокировал кадастрового инженера"
	case st.Active:
		return "Модератор возобновил заказ"
	}
	return "Модератор приостановил заказ"
}
