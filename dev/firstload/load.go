// Package firstload fills an empty local platform with the engineers of the registry and the
// organisations that employ them, so that customers have engineers to choose from.
//
// The rows of the registry come from its snapshot. What people enter has two sources. The test users
// and their employers enter it themselves: [EnterFacts] signs them in and calls the operations that
// the web pages call. The other tens of thousands of engineers get their profiles, employers and
// blocks by SQL, because their sign-ins and uploads would take hours.
//
// It never changes existing data: if a snapshot was loaded before, it does nothing; later snapshots
// are loaded by the nightly sync. Its inputs are a snapshot of the registry, and the world of
// package dev/synthetic for the data that people enter.
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

// Load writes everything by SQL in one transaction, for tests and benchmarks, which do not wait for
// people. It does nothing if the platform has any snapshot.
func Load(ctx context.Context, store *db.Store, s Snapshot, world *synthetic.World) (Result, error) {
	return once(ctx, store, s, func(q *sqlcgen.Queries) error {
		if err := write(ctx, q, s, world, nil); err != nil {
			return err
		}
		return addSnapshot(ctx, q, s)
	})
}

// LoadWithPeople writes the registry's rows of everybody and the facts of those who do not enter them
// themselves. It then calls enter, which lets the others enter theirs (see [EnterFacts]), and writes
// the snapshot last. It does nothing if the platform has any snapshot. A load that was interrupted has
// none: the next one keeps what is written and calls enter again.
func LoadWithPeople(ctx context.Context, store *db.Store, s Snapshot, world *synthetic.World, enter func(context.Context) error) (Result, error) {
	result, err := once(ctx, store, s, func(q *sqlcgen.Queries) error {
		if there, err := q.EngineersThere(ctx); err != nil || there {
			return err
		}
		return write(ctx, q, s, world, selfEntered(world))
	})
	if err != nil || !result.Done {
		return result, err
	}
	if err := enter(ctx); err != nil {
		return result, err
	}
	return once(ctx, store, s, func(q *sqlcgen.Queries) error { return addSnapshot(ctx, q, s) })
}

// once writes in one transaction, unless the platform has any snapshot.
func once(ctx context.Context, store *db.Store, s Snapshot, write func(*sqlcgen.Queries) error) (Result, error) {
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
		return write(q)
	})
	return result, err
}

// write writes everything but the snapshot. Of those in registryOnly, by СНИЛС and ОГРН, it writes
// nothing but the registry's rows.
func write(ctx context.Context, q *sqlcgen.Queries, s Snapshot, world *synthetic.World, registryOnly map[string]bool) error {
	if err := addBanks(ctx, q); err != nil {
		return err
	}
	employers, err := addEmployers(ctx, q, world, registryOnly)
	if err != nil {
		return err
	}
	engineers := make([]sqlcgen.AddEngineersParams, len(s.Rows))
	withFacts := make(map[string]uuid.UUID, len(s.Rows))
	for i, r := range s.Rows {
		if engineers[i], err = registered(s, r); err != nil {
			return err
		}
		if e, ok := world.EngineerBySNILS(r.SNILS); ok && !e.Newcomer && !registryOnly[r.SNILS] {
			if err := addFacts(&engineers[i], e, employers); err != nil {
				return err
			}
			withFacts[r.SNILS] = engineers[i].ID
		}
	}
	if _, err := q.AddEngineers(ctx, engineers); err != nil {
		return fmt.Errorf("writing the engineers: %w", err)
	}
	if err := q.CarryEmployments(ctx); err != nil {
		return fmt.Errorf("writing the employments: %w", err)
	}
	if err := WriteProfiles(ctx, q, world, withFacts, employers); err != nil {
		return err
	}
	if err := q.CountActiveEngineers(ctx); err != nil {
		return fmt.Errorf("counting the active engineers of employers: %w", err)
	}
	return nil
}

func addSnapshot(ctx context.Context, q *sqlcgen.Queries, s Snapshot) error {
	err := q.AddSnapshot(ctx, sqlcgen.AddSnapshotParams{
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

// addEmployers inserts the employers, except those in without by ОГРН, and returns their ids by ОГРН.
func addEmployers(ctx context.Context, q *sqlcgen.Queries, world *synthetic.World, without map[string]bool) (map[string]uuid.UUID, error) {
	var p sqlcgen.AddEmployersParams
	for _, o := range world.Organisations {
		if !o.IsEmployer || without[o.OGRN] {
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

// registered returns an engineer as the registry knows him.
func registered(s Snapshot, r registry.Row) (sqlcgen.AddEngineersParams, error) {
	entry, err := json.Marshal(r)
	return sqlcgen.AddEngineersParams{
		ID: EngineerID(r.SNILS), Snils: r.SNILS, RegistryNumber: r.RegistryNumber,
		LastName: r.LastName, FirstName: r.FirstName, MiddleName: r.MiddleName, Sro: r.SROName,
		InRegistry: r.Active(), RegistryAsOf: s.AsOf, RegistryEntry: entry,
		StatusAt: s.AsOf, Regions: []string{},
	}, err
}

// blockedReason is the moderator's reason for a block.
const blockedReason = "Заблокирован для демонстрации"

// addFacts adds what the engineer, his employer and the moderator would have entered.
func addFacts(row *sqlcgen.AddEngineersParams, e synthetic.Engineer, employers map[string]uuid.UUID) error {
	row.Form, row.Regions, row.Email, row.Phone, row.Ogrnip = string(e.Form), e.Regions, e.Person.Email, phoneOf(e), e.OGRNIP
	row.ReceivesOrders, row.ProfileComplete = e.ReceivesOrders, e.ProfileComplete
	if e.Blocked {
		row.Blocked, row.BlockedReason = true, blockedReason
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
