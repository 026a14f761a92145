package order

import (
	"slices"
	"time"
)

// Three sources speak of an engineer: the registry, the moderator, the employer. Each holds the order and lets it go alone.

func standingRules() []Rule {
	anywhere := []Stage{Draft, Selection, Contracting, Prepayment, Work, Acceptance, Registration, Payment, Completed}
	rule := func(kind Kind, source Source, by party, title, done string) Rule {
		var when func(*decision) *Refusal
		if source == BySourceModerator {
			when = (*decision).judgesHimself
		}
		return doing(
			Rule{Kind: kind, Title: title, Done: done, Held: true, By: []party{by}, In: anywhere, when: when},
			func(c *decision, st Standing) *Refusal { return c.standing(source, st) },
		)
	}
	return []Rule{
		rule(RegistryStatus, BySourceRegistry, registry, "Статус в реестре", "Сведения реестра о кадастровом инженере"),
		rule(ModeratorStatus, BySourceModerator, moderator, "Блокировка модератором", "Решение модератора о кадастровом инженере"),
		rule(EmployerStatus, BySourceEmployer, employer, "Приостановка работодателем", "Решение работодателя о кадастровом инженере"),
	}
}

// IsStanding tells a source's word on an engineer from the other messages.
func IsStanding(k Kind) bool {
	return k == RegistryStatus || k == ModeratorStatus || k == EmployerStatus
}

// standing takes one source's word. The performer's is kept, and suspends the order or resumes it; anybody else's loses him
// the responses and the offer that he has in it. An employer speaks of the performer only: whose employee a responder is, the
// order does not know, and nobody may turn out another's.
func (c *decision) standing(source Source, st Standing) *Refusal {
	if st.Engineer == "" || !saneStatement(st.AsOf, c.facts.Now) {
		return refuse(CodeBadDetails)
	}
	if source == BySourceModerator && c.facts.Engineer.judgedSince(st.AsOf) {
		return refuse(CodeOldNews)
	}
	if c.s.Performer != nil && c.s.Performer.ID == st.Engineer {
		return c.performerStanding(source, st)
	}
	if source == BySourceEmployer {
		return refuse(CodeNotConcerned)
	}
	return c.candidateStanding(st)
}

// judgedSince says that the moderators have decided anew. Their word may then have been on its way while the new decision found nothing
// to tell this order: taken now, it would stand against theirs. The registry's word is told anew every night.
func (e *EngineerFacts) judgedSince(at time.Time) bool { return e != nil && e.JudgedAt.After(at) }

func (c *decision) performerStanding(source Source, st Standing) *Refusal {
	record := StandingRecord{Source: source, Active: st.Active, AsOf: st.AsOf, Since: c.at}
	i := slices.IndexFunc(c.s.Standings, func(r StandingRecord) bool { return r.Source == source })
	switch {
	case i < 0:
		c.s.Standings = append(c.s.Standings, record)
	case !st.AsOf.After(c.s.Standings[i].AsOf):
		return refuse(CodeOldNews)
	default:
		if c.s.Standings[i].Active == st.Active {
			record.Since = c.s.Standings[i].Since
		}
		c.s.Standings[i] = record
	}
	if !st.Active && c.s.Stage == Payment {
		c.tellBoth(NoticeEngineerFlagged)
	}
	return nil
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
