package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/temporal"

	"epkr/activities/engineers"
	"epkr/activities/internal/heartbeat"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/registry"
)

// appliedAtOnce is how many engineers are changed in one transaction: orders that concern them wait so long.
const appliedAtOnce = 500

// errTypeRunOver is a run whose report is closed: it has nothing to do any more. No retry mends it.
const errTypeRunOver = "RunOver"

var errRunOver = errors.New("the run is not under way any more")

// ApplySnapshot makes the changes that the comparison found, and then the snapshot the newest one. What a run before it has
// changed is done and not found again. A run whose report was closed meanwhile, as a terminated one's is, changes nothing more.
func (a *Activities) ApplySnapshot(ctx context.Context, runID string, m registry.Manifest) error {
	run, err := uuid.Parse(runID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	if err = a.applyAll(ctx, run, m); errors.Is(err, errRunOver) {
		return temporal.NewNonRetryableApplicationError(err.Error(), errTypeRunOver, err)
	}
	return condemned(err)
}

func (a *Activities) applyAll(ctx context.Context, run uuid.UUID, m registry.Manifest) error {
	snapshot, err := a.snapshotOf(ctx, run, m)
	if err != nil {
		return err
	}
	for left := true; left; {
		left, err = a.applySome(ctx, run, snapshot.AsOf)
		if err != nil && !errors.Is(err, engineers.ErrEmployerChanged) {
			return fmt.Errorf("applying the snapshot: %w", err)
		}
	}
	return a.underWay(ctx, run, func(q *sqlcgen.Queries) error {
		if err := q.InsertSnapshot(ctx, snapshot); err != nil {
			return fmt.Errorf("making the snapshot the newest: %w", err)
		}
		return clearStaged(ctx, q, run)
	})
}

// snapshotOf is the snapshot that a run applies. A run that was held has kept its own: whoever reaches Temporal starts the wait for an
// operator with another one.
func (a *Activities) snapshotOf(ctx context.Context, id uuid.UUID, m registry.Manifest) (sqlcgen.InsertSnapshotParams, error) {
	run, err := a.store.Run(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return sqlcgen.InsertSnapshotParams{}, errRunOver
	}
	if err != nil {
		return sqlcgen.InsertSnapshotParams{}, fmt.Errorf("reading the report of a run: %w", err)
	}
	if run.AsOf != nil {
		return sqlcgen.InsertSnapshotParams{ID: id, AsOf: *run.AsOf, Rows: run.Rows, Sha256: run.Sha256}, a.notFuture(*run.AsOf)
	}
	return sqlcgen.InsertSnapshotParams{ID: id, AsOf: m.AsOf, Rows: int32(m.Rows), Sha256: m.Files[0].SHA256}, a.notFuture(m.AsOf)
}

// underWay runs do in one transaction, unless the run's report is closed. Whoever closes it waits for the transaction: the run that
// begins next sees all that this one has done.
func (a *Activities) underWay(ctx context.Context, run uuid.UUID, do func(*sqlcgen.Queries) error) error {
	return a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		_, err := q.LockRunningRun(ctx, run)
		if errors.Is(err, db.ErrNotFound) {
			return errRunOver
		}
		if err != nil {
			return fmt.Errorf("looking whether the run is under way: %w", err)
		}
		return do(q)
	})
}

func (a *Activities) applySome(ctx context.Context, run uuid.UUID, asOf time.Time) (left bool, err error) {
	err = a.underWay(ctx, run, func(q *sqlcgen.Queries) error {
		ids, err := q.NextChanges(ctx, sqlcgen.NextChangesParams{RunID: run, Page: appliedAtOnce})
		if err != nil || len(ids) == 0 {
			return err
		}
		left = true
		employers, err := engineers.Lock(ctx, q, ids)
		if err != nil {
			return err
		}
		first, last := ids[0], ids[len(ids)-1]
		return errors.Join(
			q.ApplyStaged(ctx, sqlcgen.ApplyStagedParams{RunID: run, First: first, Last: last, AsOf: asOf}),
			q.ApplyMissing(ctx, sqlcgen.ApplyMissingParams{RunID: run, First: first, Last: last, AsOf: asOf}),
			q.ApplyAdded(ctx, sqlcgen.ApplyAddedParams{RunID: run, First: first, Last: last, AsOf: asOf}),
			q.ForgetChanges(ctx, sqlcgen.ForgetChangesParams{RunID: run, First: first, Last: last}),
			q.RecountEmployers(ctx, employers),
		)
	})
	return left, err
}
