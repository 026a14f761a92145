package auth

import (
	"context"
	"fmt"
	"time"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/internal/registry"
)

// Restriction is one reason why an engineer may not take new orders.
type Restriction struct {
	Kind string `json:"kind" enum:"blocked,excluded,incomplete" doc:"blocked: заблокирован модератором; excluded: нет действующего статуса в АИС «Реестр СРО»; incomplete: в профиле не заполнены обязательные поля"`
	// Since is nil for an incomplete profile.
	Since  *time.Time `json:"since,omitempty" doc:"Когда принято решение; для реестра — на какой момент сведения"`
	Reason string     `json:"reason,omitempty" doc:"Причина, если она указана"`
	// Missing are the codes of the operation get-own-profile.
	Missing []wire.MissingCode `json:"missing,omitempty" doc:"Чего не хватает в профиле"`
}

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
		all = append(all, Restriction{Kind: "blocked", Since: &e.StandingAt, Reason: e.BlockedReason})
	}
	if !e.InRegistry {
		all = append(all, Restriction{Kind: "excluded", Since: &e.RegistryAsOf, Reason: restrictionReason(registry.Status(e.Status), e.Ground)})
	}
	if len(e.Missing) > 0 {
		incomplete := Restriction{Kind: "incomplete"}
		for _, code := range e.Missing {
			incomplete.Missing = append(incomplete.Missing, wire.MissingCode(code))
		}
		all = append(all, incomplete)
	}
	return all, nil
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
