package auth

import (
	"context"
	"fmt"
	"time"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/registry"
)

// Restriction is one reason why an engineer may not take new orders.
type Restriction struct {
	Kind   RestrictionKind `json:"kind" enum:"blocked,excluded,incomplete,form,unemployed,unconfirmed,suspended,only" doc:"blocked: заблокирован модератором; excluded: нет действующего статуса в АИС «Реестр СРО»; incomplete: не заполнены обязательные поля профиля; form: не указана форма работы; unemployed: сотрудник без работодателя; unconfirmed: работодатель ещё не подтвердил; suspended: работодатель приостановил деятельность; only: единственный действующий инженер у работодателя"`
	Since  *time.Time      `json:"since,omitempty" doc:"Когда принято решение; для реестра — на какой момент сведения; нет, если неизвестно"`
	Reason string          `json:"reason,omitempty" doc:"Причина, если она указана"`
	// Missing are the codes of the operation get-own-profile.
	Missing []wire.MissingCode `json:"missing,omitempty" doc:"Чего не хватает в профиле"`
}

// RestrictionKind is what keeps an engineer from new orders.
type RestrictionKind string

// The kinds of restrictions, as the rules of orders check them in [order.EngineerFacts.Eligible].
const (
	restrictedBlocked     RestrictionKind = "blocked"
	restrictedExcluded    RestrictionKind = "excluded"
	restrictedIncomplete  RestrictionKind = "incomplete"
	restrictedForm        RestrictionKind = "form"
	restrictedUnemployed  RestrictionKind = "unemployed"
	restrictedUnconfirmed RestrictionKind = "unconfirmed"
	restrictedSuspended   RestrictionKind = "suspended"
	restrictedOnly        RestrictionKind = "only"
)

// restrictionsOf returns the restrictions of an engineer, with times and reasons; nil for other
// roles.
func (s *Service) restrictionsOf(ctx context.Context, current httpapi.Session) ([]Restriction, error) {
	if current.RoleProblem != "" || current.Restricted == (httpapi.Restricted{}) {
		return nil, nil
	}
	e, err := s.Store.EngineerRestrictions(ctx, current.Party)
	if err != nil {
		return nil, fmt.Errorf("reading why an engineer is restricted: %w", err)
	}
	var all []Restriction
	if e.Blocked {
		all = append(all, Restriction{Kind: restrictedBlocked, Since: &e.StatusAt, Reason: e.BlockedReason})
	}
	if !e.InRegistry {
		all = append(all, Restriction{Kind: restrictedExcluded, Since: &e.RegistryAsOf, Reason: restrictionReason(registry.Status(e.Status), e.Ground)})
	}
	incomplete := Restriction{Kind: restrictedIncomplete}
	for _, code := range e.Missing {
		if code != "form" && code != "employer" { // these are restrictions of their own
			incomplete.Missing = append(incomplete.Missing, wire.MissingCode(code))
		}
	}
	if len(incomplete.Missing) > 0 {
		all = append(all, incomplete)
	}
	return append(all, employmentRestriction(e)...), nil
}

// employmentRestriction returns what is missing at an engineer's employer; nothing for a sole
// proprietor.
func employmentRestriction(e sqlcgen.EngineerRestrictionsRow) []Restriction {
	one := Restriction{Since: e.ChangedAt, Reason: e.Comment}
	switch {
	case e.Form == "":
		return []Restriction{{Kind: restrictedForm}}
	case e.Form == string(order.SoleProprietor):
		return nil
	case e.Employment == "confirmed" && e.EmployerActive < order.MinEngineers:
		return []Restriction{{Kind: restrictedOnly}}
	case e.Employment == "confirmed":
		return nil
	case e.Employment == "pending":
		one.Kind, one.Reason = restrictedUnconfirmed, ""
	case e.Employment == "suspended":
		one.Kind = restrictedSuspended
	default:
		one.Kind = restrictedUnemployed
	}
	return []Restriction{one}
}

// restrictionReason returns the registry's reason for an engineer without an active status. The
// entry of an engineer who left the registry still has the active status and gives no reason.
func restrictionReason(status registry.Status, ground string) string {
	switch {
	case !status.Valid() || status == registry.StatusActive:
		return ""
	case ground == "":
		return status.Label()
	}
	return status.Label() + ": " + ground
}
