package auth

import (
	"context"
	"fmt"
	"time"

	"epkr/apiserver/httpapi"
	"epkr/internal/registry"
)

// Restriction is one reason why an engineer may take on nothing new.
type Restriction struct {
	Kind   string    `json:"kind" enum:"blocked,excluded" doc:"blocked: заблокирован модератором; excluded: нет действующего статуса в АИС «Реестр СРО»"`
	Since  time.Time `json:"since" doc:"Когда принято решение; для реестра — на какой момент сведения"`
	Reason string    `json:"reason,omitempty" doc:"Причина, если она указана"`
}

// restrictionsOf tells an engineer what holds him, when it came and why; nobody else is held.
func (s *Service) restrictionsOf(ctx context.Context, current httpapi.Session) ([]Restriction, error) {
	if current.Lost != "" || current.Restricted == (httpapi.Restricted{}) {
		return nil, nil
	}
	e, err := s.Store.EngineerRestrictions(ctx, current.Party)
	if err != nil {
		return nil, fmt.Errorf("reading why an engineer is restricted: %w", err)
	}
	var all []Restriction
	if e.Blocked {
		all = append(all, Restriction{Kind: "blocked", Since: e.StandingAt, Reason: e.BlockedReason})
	}
	if !e.InRegistry {
		all = append(all, Restriction{Kind: "excluded", Since: e.RegistryAsOf, Reason: ground(registry.Status(e.Status), e.Ground)})
	}
	return all, nil
}

// ground is what the registry says of an engineer without an active status. The entry of one who is not in it any more still says that he
// is active, and so says nothing.
func ground(status registry.Status, ground string) string {
	switch {
	case !status.Valid() || status == registry.StatusActive:
		return ""
	case ground == "":
		return status.Label()
	}
	return status.Label() + ": " + ground
}
