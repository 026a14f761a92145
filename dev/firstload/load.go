// Package firstload fills an empty local platform with the engineers of the registry and the
// organisations that employ them, so that customers have engineers to choose from.
//
// It never changes existing data: if a snapshot was loaded before, it does nothing; later snapshots
// are loaded by the nightly sync. Its inputs are a snapshot of the registry, and the world of
// package dev/synthetic for the data that engineers enter in their profiles.
package firstload

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/dev/synthetic"
	"epkr/internal/registry"
)

// namespace is the UUID namespace of the loaded ids, so that they are the same on every machine.
var namespace = uuid.MustParse("5f6f1d5a-6f0e-4e0c-8d3b-6b1a5a9f0c01")

func derive(kind, key string) uuid.UUID { return uuid.NewSHA1(namespace, []byte(kind+" "+key)) }

// EngineerID returns the id under which the engineer with this СНИЛС ("123-456-789 00") is loaded.
func EngineerID(snils string) uuid.UUID { return derive("engineer", snils) }

// Snapshot is a whole snapshot of the registry.
type Snapshot struct {
	AsOf   time.Time // UTC
	SHA256 string    // of the compressed data file, lower-case hex
	Rows   []registry.Row
}

// Result is the result of a load. AsOf and Engineers are of the snapshot that the platform has now.
type Result struct {
	AsOf      time.Time
	Engineers int
	// Done is false if a snapshot had been loaded before and nothing was written.
	Done bool
}

// Load writes the snapshot, the profiles of its engineers and the employers of the world in one
// transaction. It does nothing if the platform has any snapshot.
func Load(ctx context.Context, store *db.Store, s Snapshot, world *synthetic.World) (Result, error) {
	result := Result{AsOf: s.AsOf, Engineers: len(s.Rows), Done: true}
	err := store.InTx(ctx, func(q *sqlcgen.Queries) error {
		// A concurrent second load waits here and then finds the snapshot of the first.
		if err := q.LockFirstLoad(ctx); err != nil {
			return fmt.Errorf("locking the first load: %w", err)
		}
		there, err := q.NewestSnapshot(ctx)
		switch {
		case err == nil:
			result = Result{AsOf: there.AsOf, Engineers: int(there.Rows)}
			return nil
		case !errors.Is(err, db.ErrNotFound):
			return fmt.Errorf("finding a snapshot: %w", err)
		}
		return write(ctx, q, s, world)
	})
	return result, err
}

func write(ctx context.Context, q *sqlcgen.Queries, s Snapshot, world *synthetic.World) error {
	if err := addBanks(ctx, q); err != nil {
		return err
	}
	employers, err := addEmployers(ctx, q, world)
	if err != nil {
		return err
	}
	engineers := make([]sqlcgen.AddEngineersParams, len(s.Rows))
	for i, r := range s.Rows {
		if engineers[i], err = engineer(s, r, world, employers); err != nil {
			return err
		}
	}
	if _, err := q.AddEngineers(ctx, engineers); err != nil {
		return fmt.Errorf("writing the engineers: %w", err)
	}
	if err := q.CarryEmployments(ctx); err != nil {
		return fmt.Errorf("writing the employments: %w", err)
	}
	ids := make(map[string]uuid.UUID, len(engineers))
	for _, e := range engineers {
		ids[e.Snils] = e.ID
	}
	if err := WriteProfiles(ctx, q, world, ids, employers); err != nil {
		return err
	}
	if err := q.CountActiveEngineers(ctx); err != nil {
		return fmt.Errorf("counting the active engineers of employers: %w", err)
	}
	err = q.AddSnapshot(ctx, sqlcgen.AddSnapshotParams{
		ID: derive("snapshot", s.SHA256), AsOf: s.AsOf, Rows: int32(len(s.Rows)), Sha256: s.SHA256,
	})
	if err != nil {
		return fmt.Errorf("writing the snapshot: %w", err)
	}
	return nil
}

// addBanks loads the fictitious directory of banks, unless an operator has loaded one.
func addBanks(ctx context.Context, q *sqlcgen.Queries) error {
	there, err := q.BanksThere(ctx)
	if err != nil {
		return fmt.Errorf("counting the banks: %w", err)
	}
	if there.Banks > 0 {
		return nil
	}
	if _, err := db.ReplaceBanks(ctx, q, synthetic.Banks(), 0); err != nil {
		return fmt.Errorf("writing the directory of banks: %w", err)
	}
	return nil
}

// addEmployers inserts the employers and returns their ids by ОГРН.
func addEmployers(ctx context.Context, q *sqlcgen.Queries, world *synthetic.World) (map[string]uuid.UUID, error) {
	var p sqlcgen.AddEmployersParams
	for _, o := range world.Organisations {
		if !o.IsEmployer {
			continue
		}
		p.Ids = append(p.Ids, derive("organisation", o.OGRN))
		p.EsiaOids = append(p.EsiaOids, o.OID)
		p.Names = append(p.Names, o.FullName)
		p.ShortNames = append(p.ShortNames, o.ShortName)
		p.Ogrns = append(p.Ogrns, o.OGRN)
		p.Inns = append(p.Inns, o.INN)
		p.Kpps = append(p.Kpps, o.KPP)
	}
	rows, err := q.AddEmployers(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("writing the employers: %w", err)
	}
	ids := make(map[string]uuid.UUID, len(rows))
	for _, row := range rows {
		ids[row.Ogrn] = row.ID
	}
	return ids, nil
}

// engineer returns an engineer of the registry with what he, his employer and the moderator would
// have entered. The registry may contain engineers who have never used the platform.
func engineer(
	s Snapshot, r registry.Row, world *synthetic.World, employers map[string]uuid.UUID,
) (sqlcgen.AddEngineersParams, error) {
	entry, err := json.Marshal(r)
	row := sqlcgen.AddEngineersParams{
		ID: EngineerID(r.SNILS), Snils: r.SNILS, RegistryNumber: r.RegistryNumber,
		LastName: r.LastName, FirstName: r.FirstName, MiddleName: r.MiddleName, Sro: r.SROName,
		InRegistry: r.Active(), RegistryAsOf: s.AsOf, RegistryEntry: entry,
		StatusAt: s.AsOf, Regions: []string{},
	}
	e, ok := world.EngineerBySNILS(r.SNILS)
	if err != nil || !ok {
		return row, err
	}
	row.Form, row.Regions, row.Email, row.Ogrnip = string(e.Form), e.Regions, e.Person.Email, e.OGRNIP
	row.ReceivesOrders, row.ProfileComplete = e.ReceivesOrders, e.ProfileComplete
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
			return row, fmt.Errorf("the employer with the ОГРН %s is not in the world", e.EmployerOGRN)
		}
		row.EmployerID, row.Employment = &employer, "confirmed"
	}
	return row, nil
}
