package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"epkr/activities/failure"
	"epkr/activities/internal/heartbeat"
	"epkr/db/sqlcgen"
	"epkr/internal/registry"
	"epkr/internal/workflowapi"
)

// stagedAtOnce is how many rows are held in memory on their way into the database.
const stagedAtOnce = 1000

// StageSnapshot reads the kept snapshot to its end into the staging table, all of it or nothing. A second run begins anew.
func (a *Activities) StageSnapshot(ctx context.Context, runID string, m registry.Manifest) error {
	run, err := uuid.Parse(runID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	body, err := a.files.OpenSnapshot(ctx, m.Files[0].SHA256)
	if err != nil {
		return fmt.Errorf("opening the snapshot: %w", err)
	}
	defer body.Close()
	return a.stage(ctx, run, m, body)
}

func (a *Activities) stage(ctx context.Context, run uuid.UUID, m registry.Manifest, body io.Reader) error {
	watched := &watchedReader{r: body}
	err := a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := clearStaged(ctx, q, run); err != nil {
			return err
		}
		return a.stageIn(ctx, q, run, m, watched)
	})
	if watched.failed != nil { // the way to the storage broke, not the snapshot
		return fmt.Errorf("reading the kept snapshot: %w", watched.failed)
	}
	return condemned(err)
}

func (a *Activities) stageIn(ctx context.Context, q *sqlcgen.Queries, run uuid.UUID, m registry.Manifest, body io.Reader) error {
	reader, err := m.Open(body, m.Files[0].Encoding, a.limits)
	if err != nil {
		return err
	}
	return copyRows(ctx, q, run, reader)
}

func copyRows(ctx context.Context, q *sqlcgen.Queries, run uuid.UUID, reader *registry.Reader) error {
	batch := make([]sqlcgen.StageEngineersParams, 0, stagedAtOnce)
	flush := func() error {
		if _, err := q.StageEngineers(ctx, batch); err != nil {
			return fmt.Errorf("staging engineers: %w", err)
		}
		batch = batch[:0]
		return nil
	}
	for row, err := range reader.Rows() {
		if err != nil {
			return err
		}
		staged, err := stagedRow(run, row)
		if err != nil {
			return err
		}
		if batch = append(batch, staged); len(batch) == stagedAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

func stagedRow(run uuid.UUID, r registry.Row) (sqlcgen.StageEngineersParams, error) {
	entry, err := json.Marshal(r)
	if err != nil {
		return sqlcgen.StageEngineersParams{}, fmt.Errorf("encoding an entry of the registry: %w", err)
	}
	return sqlcgen.StageEngineersParams{
		RunID: run, Snils: r.SNILS, RegistryNumber: r.RegistryNumber, LastName: r.LastName, FirstName: r.FirstName,
		MiddleName: r.MiddleName, Sro: r.SROName, Active: r.Active(), Entry: entry,
	}, nil
}

func clearStaged(ctx context.Context, q *sqlcgen.Queries, run uuid.UUID) error {
	if err := errors.Join(q.ClearChanges(ctx, run), q.ClearStaging(ctx, run)); err != nil {
		return fmt.Errorf("clearing a staged snapshot: %w", err)
	}
	return nil
}

// watchedReader remembers that reading failed for a reason that is not the content's.
type watchedReader struct {
	r      io.Reader
	failed error
}

func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.failed = err
	}
	return n, err
}

// Comparison is what a staged snapshot would change.
type Comparison struct {
	workflowapi.RegistryDifference
	// Blown says in Russian why a person must look first; empty if none must.
	Blown []string `json:"blown,omitempty"`
}

// CompareSnapshot finds what the staged snapshot changes and whether it takes too much away. A second run compares anew.
func (a *Activities) CompareSnapshot(ctx context.Context, runID string) (Comparison, error) {
	run, err := uuid.Parse(runID)
	if err != nil {
		return Comparison{}, fmt.Errorf("reading the run's id: %w", err)
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	var found Comparison
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := errors.Join(q.ClearChanges(ctx, run), q.FindChanges(ctx, run), q.CountRegistryRows(ctx)); err != nil {
			return fmt.Errorf("comparing the snapshot: %w", err)
		}
		found, err = a.compared(ctx, q, run)
		return err
	})
	return found, failure.ToTemporal(err)
}

func (a *Activities) compared(ctx context.Context, q *sqlcgen.Queries, run uuid.UUID) (Comparison, error) {
	n, err := q.CountChanges(ctx, run)
	if err != nil {
		return Comparison{}, fmt.Errorf("counting what changes: %w", err)
	}
	groups, err := q.LossesOfGroups(ctx, run)
	if err != nil {
		return Comparison{}, fmt.Errorf("counting what regions and СРО lose: %w", err)
	}
	loss := registry.Loss{Active: int(n.Active), Lost: int(n.Lost)}
	for _, g := range groups {
		loss.Groups = append(loss.Groups, registry.GroupLoss{
			Region: g.Kind == "region", Name: g.Name, Active: int(g.Active), Lost: int(g.Lost),
		})
	}
	return Comparison{
		RegistryDifference: workflowapi.RegistryDifference{
			Active: int(n.Active), Added: int(n.Added), Lost: int(n.Lost), Restored: int(n.Restored), Changed: int(n.Changed),
		},
		Blown: a.fuse.Blown(loss),
	}, nil
}
