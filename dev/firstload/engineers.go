package firstload

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/dev/synthetic"
	"epkr/internal/registry"
)

// namespace is the UUID namespace of the loaded ids, so that they are the same on every machine.
var namespace = uuid.MustParse("5f6f1d5a-6f0e-4e0c-8d3b-6b1a5a9f0c01")

func derive(kind, key string) uuid.UUID { return uuid.NewSHA1(namespace, []byte(kind+" "+key)) }

// EngineerID returns the id under which the engineer with this СНИЛС ("123-456-789 00") is loaded.
func EngineerID(snils string) uuid.UUID { return derive("engineer", snils) }

func engineerRows(s Snapshot, world *synthetic.World, employers map[string]uuid.UUID) ([]sqlcgen.AddEngineersParams, error) {
	rows := make([]sqlcgen.AddEngineersParams, 0, len(s.Rows))
	for _, r := range s.Rows {
		row, err := registryPart(s, r)
		if err != nil {
			return nil, err
		}
		// The registry may contain engineers who have never used the platform.
		if e, ok := world.EngineerBySNILS(r.SNILS); ok {
			if err := addProfile(&row, e, employers); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func registryPart(s Snapshot, r registry.Row) (sqlcgen.AddEngineersParams, error) {
	entry, err := json.Marshal(r)
	if err != nil {
		return sqlcgen.AddEngineersParams{}, fmt.Errorf("encoding an entry of the registry: %w", err)
	}
	return sqlcgen.AddEngineersParams{
		ID: EngineerID(r.SNILS), Snils: r.SNILS, RegistryNumber: r.RegistryNumber,
		LastName: r.LastName, FirstName: r.FirstName, MiddleName: r.MiddleName, Sro: r.SROName,
		InRegistry: r.Active(), RegistryAsOf: s.AsOf, RegistryEntry: entry, StandingAt: s.AsOf, Regions: []string{},
	}, nil
}

// addProfile sets what the engineer, his employer and the moderator would have entered.
func addProfile(row *sqlcgen.AddEngineersParams, e synthetic.Engineer, employers map[string]uuid.UUID) error {
	row.Form, row.Regions, row.ReceivesOrders, row.ProfileComplete = string(e.Form), e.Regions, e.ReceivesOrders, e.ProfileComplete
	row.Email, row.Ogrnip = e.Person.Email, e.OGRNIP
	// An incomplete profile lacks the telephone.
	if e.ProfileComplete {
		row.Phone = e.Person.Phone
	}
	if e.Blocked {
		row.Blocked, row.BlockedReason = true, "Заблокирован для демонстрации"
	}
	if e.Form == synthetic.Employee {
		employer, ok := employers[e.EmployerOGRN]
		if !ok {
			return fmt.Errorf("the employer with the ОГРН %s is not in the world", e.EmployerOGRN)
		}
		row.EmployerID, row.Employment = &employer, "confirmed"
	}
	return nil
}
