package firstload

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/dev/synthetic"
	"epkr/internal/registry"
)

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
		if err := q.LockSnapshots(ctx); err != nil {
			return fmt.Errorf("locking the snapshots: %w", err)
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
	employers, err := addEmployers(ctx, q, world)
	if err != nil {
		return err
	}
	engineers, err := engineerRows(s, world, employers)
	if err != nil {
		return err
	}
	if _, err := q.AddEngineers(ctx, engineers); err != nil {
		return fmt.Errorf("writing the engineers: %w", err)
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

// addEmployers inserts the employers and returns their ids by ОГРН.
func addEmployers(ctx context.Context, q *sqlcgen.Queries, world *synthetic.World) (map[string]uuid.UUID, error) {
	var p sqlcgen.AddEmployersParams
	for _, o := range world.Organisations() {
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
