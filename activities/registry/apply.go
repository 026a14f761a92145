package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/temporal"

	"epkr/activities/internal/heartbeat"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/registry"
)

// applyBatchSize is the number of engineers changed in one transaction. Orders that concern them
// wait for its commit.
const applyBatchSize = 500

// errTypeRunClosed is the type of a non-retryable error: the report of the run is closed.
const errTypeRunClosed = "RunOver"

var errRunClosed = errors.New("the run is not under way any more")

// ApplySnapshot makes the changes that the comparison found, and then records the snapshot as the
// newest. A second run makes the changes that are left. If the report of the run was closed in the
// meantime, as happens after a terminated run, it changes nothing more.
func (a *Activities) ApplySnapshot(ctx context.Context, runID string, m registry.Manifest) error {
	run, err := uuid.Parse(runID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	if err = a.applyAll(ctx, run, m); errors.Is(err, errRunClosed) {
		return temporal.NewNonRetryableApplicationError(err.Error(), errTypeRunClosed, err)
	}
	return toSnapshotError(err)
}

func (a *Activities) applyAll(ctx context.Context, run uuid.UUID, m registry.Manifest) error {
	snapshot, err := a.snapshotParams(ctx, run, m)
	if err != nil {
		return err
	}
	for left := true; left; {
		left, err = a.applyBatch(ctx, run, snapshot.AsOf)
		if err != nil && !errors.Is(err, db.ErrEmployerChanged) {
			return fmt.Errorf("applying the snapshot: %w", err)
		}
	}
	return a.whileRunning(ctx, run, func(q *sqlcgen.Queries) error {
		if err := q.InsertSnapshot(ctx, snapshot); err != nil {
			return fmt.Errorf("making the snapshot the newest: %w", err)
		}
		return clearStaged(ctx, q, run)
	})
}

// snapshotParams returns the snapshot that a run applies. A run that waited for approval has it in
// its report, and that one counts: any client of Temporal can start the approval workflow with
// another one.
func (a *Activities) snapshotParams(ctx context.Context, id uuid.UUID, m registry.Manifest) (sqlcgen.InsertSnapshotParams, error) {
	run, err := a.store.Run(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return sqlcgen.InsertSnapshotParams{}, errRunClosed
	}
	if err != nil {
		return sqlcgen.InsertSnapshotParams{}, fmt.Errorf("reading the report of a run: %w", err)
	}
	if run.AsOf != nil {
		return sqlcgen.InsertSnapshotParams{ID: id, AsOf: *run.AsOf, Rows: run.Rows, Sha256: run.Sha256}, a.checkNotFuture(*run.AsOf)
	}
	return sqlcgen.InsertSnapshotParams{ID: id, AsOf: m.AsOf, Rows: int32(m.Rows), Sha256: m.Files[0].SHA256}, a.checkNotFuture(m.AsOf)
}

// whileRunning runs do in one transaction unless the run's report is closed. Closing the report
// waits for this transaction, so the next run sees all its changes.
func (a *Activities) whileRunning(ctx context.Context, run uuid.UUID, do func(*sqlcgen.Queries) error) error {
	return a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		_, err := q.LockRunningRun(ctx, run)
		if errors.Is(err, db.ErrNotFound) {
			return errRunClosed
		}
		if err != nil {
			return fmt.Errorf("looking whether the run is under way: %w", err)
		}
		return do(q)
	})
}

func (a *Activities) applyBatch(ctx context.Context, run uuid.UUID, asOf time.Time) (left bool, err error) {
	err = a.whileRunning(ctx, run, func(q *sqlcgen.Queries) error {
		ids, err := q.NextChanges(ctx, sqlcgen.NextChangesParams{RunID: run, Page: applyBatchSize})
		if err != nil || len(ids) == 0 {
			return err
		}
		left = true
		employers, err := db.LockEngineers(ctx, q, ids)
		if err != nil {
			return err
		}
		first, last := ids[0], ids[len(ids)-1]
		return errors.Join(
			q.ApplyStaged(ctx, sqlcgen.ApplyStagedParams{RunID: run, First: first, Last: last, AsOf: asOf}),
			q.ApplyMissing(ctx, sqlcgen.ApplyMissingParams{RunID: run, First: first, Last: last, AsOf: asOf}),
			q.ApplyAdded(ctx, sqlcgen.ApplyAddedParams{RunID: run, First: first, Last: last, AsOf: asOf}),
			q.DeleteAppliedChanges(ctx, sqlcgen.DeleteAppliedChangesParams{RunID: run, First: first, Last: last}),
			q.RecountEmployers(ctx, sqlcgen.RecountEmployersParams{Employers: employers, At: a.now().UTC()}),
		)
	})
	return left, err
}
