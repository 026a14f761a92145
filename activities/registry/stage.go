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

// stageBatchSize is the number of rows that are held in memory and written to the database
// together.
const stageBatchSize = 1000

// StageSnapshot copies the whole stored snapshot into the staging table, in one transaction. A
// second run starts over.
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
	if watched.failed != nil { // the read from the storage failed, the content may be good
		return fmt.Errorf("reading the stored snapshot: %w", watched.failed)
	}
	return toSnapshotError(err)
}

func (a *Activities) stageIn(ctx context.Context, q *sqlcgen.Queries, run uuid.UUID, m registry.Manifest, body io.Reader) error {
	reader, err := m.Open(body, m.Files[0].Encoding, a.limits)
	if err != nil {
		return err
	}
	return copyRows(ctx, q, run, reader)
}

func copyRows(ctx context.Context, q *sqlcgen.Queries, run uuid.UUID, reader *registry.Reader) error {
	batch := make([]sqlcgen.StageEngineersParams, 0, stageBatchSize)
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
		if batch = append(batch, staged); len(batch) == stageBatchSize {
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

// watchedReader stores the error of a failed read, so that it can be told apart from an error in
// the content.
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

// Comparison describes what a staged snapshot would change.
type Comparison struct {
	workflowapi.RegistryDifference
	// Exceeded describes in Russian which loss limits are exceeded. If it is not empty, an operator
	// has to approve the snapshot.
	Exceeded []string `json:"blown,omitempty"`
}

// CompareSnapshot computes what the staged snapshot changes and which loss limits it exceeds. A
// second run starts over.
func (a *Activities) CompareSnapshot(ctx context.Context, runID string) (Comparison, error) {
	run, err := uuid.Parse(runID)
	if err != nil {
		return Comparison{}, fmt.Errorf("reading the run's id: %w", err)
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	var found Comparison
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := errors.Join(q.ClearChanges(ctx, run), q.FindChanges(ctx, run), q.AnalyzeRegistryTables(ctx)); err != nil {
			return fmt.Errorf("comparing the snapshot: %w", err)
		}
		found, err = a.comparison(ctx, q, run)
		return err
	})
	return found, failure.ToTemporal(err)
}

func (a *Activities) comparison(ctx context.Context, q *sqlcgen.Queries, run uuid.UUID) (Comparison, error) {
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
		Exceeded: a.lossLimit.Exceeded(loss),
	}, nil
}
