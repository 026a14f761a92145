package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/temporal"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/registry"
)

// appliedAtOnce is how many engineers are changed in one transaction: orders that concern them wait so long.
const appliedAtOnce = 500

// ErrTypeRunOver is a run whose report is closed: it has nothing to do any more. No retry mends it.
const ErrTypeRunOver = "RunOver"

var errRunOver = errors.New("the run is not under way any more")

// ApplySnapshot makes the changes that the comparison found, and then the snapshot the newest one. What a run before it has
// changed is done and not found again. A run whose report was closed meanwhile, as a terminated one's is, changes nothing more.
func (a *Registry) ApplySnapshot(ctx context.Context, runID string, m registry.Manifest) error {
	run, err := uuid.Parse(runID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	ctx, stop := alive(ctx)
	defer stop()
	if err = a.applyAll(ctx, run, m); errors.Is(err, errRunOver) {
		return temporal.NewNonRetryableApplicationError(err.Error(), ErrTypeRunOver, err)
	}
	return condemned(err)
}

func (a *Registry) applyAll(ctx context.Context, run uuid.UUID, m registry.Manifest) error {
	snapshot, err := a.snapshotOf(ctx, run, m)
	if err != nil {
		return err
	}
	for left := true; left; {
		left, err = a.applySome(ctx, run, snapshot.AsOf)
		if err != nil && !errors.Is(err, errEmployerChanged) {
			return fmt.Errorf("applying the snapshot: %w", err)
		}
	}
	return a.underWay(ctx, run, func(q *sqlcgen.Queries) error {
		if err := q.KeepSnapshot(ctx, snapshot); err != nil {
			return fmt.Errorf("making the snapshot the newest: %w", err)
		}
		return clearStaged(ctx, q, run)
	})
}

// snapshotOf is the snapshot that a run applies. A run that was held has kept its own: whoever reaches Temporal starts the wait for an
// operator with another one.
func (a *Registry) snapshotOf(ctx context.Context, id uuid.UUID, m registry.Manifest) (sqlcgen.KeepSnapshotParams, error) {
	run, err := a.store.Run(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return sqlcgen.KeepSnapshotParams{}, errRunOver
	}
	if err != nil {
		return sqlcgen.KeepSnapshotParams{}, fmt.Errorf("reading the report of a run: %w", err)
	}
	if run.AsOf != nil {
		return sqlcgen.KeepSnapshotParams{ID: id, AsOf: *run.AsOf, Rows: run.Rows, Sha256: run.Sha256}, a.notFuture(*run.AsOf)
	}
	return sqlcgen.KeepSnapshotParams{ID: id, AsOf: m.AsOf, Rows: int32(m.Rows), Sha256: m.Files[0].SHA256}, a.notFuture(m.AsOf)
}

// underWay runs do in one transaction, unless the run's report is closed. Whoever closes it waits for the transaction: the run that
// begins next sees all that this one has done.
func (a *Registry) underWay(ctx context.Context, run uuid.UUID, do func(*sqlcgen.Queries) error) error {
	return a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		_, err := q.KeepUnderWay(ctx, run)
		if errors.Is(err, db.ErrNotFound) {
			return errRunOver
		}
		if err != nil {
			return fmt.Errorf("looking whether the run is under way: %w", err)
		}
		return do(q)
	})
}

func (a *Registry) applySome(ctx context.Context, run uuid.UUID, asOf time.Time) (left bool, err error) {
	err = a.underWay(ctx, run, func(q *sqlcgen.Queries) error {
		engineers, err := q.NextChanges(ctx, sqlcgen.NextChangesParams{RunID: run, Page: appliedAtOnce})
		if err != nil || len(engineers) == 0 {
			return err
		}
		left = true
		employers, err := lockEngineers(ctx, q, engineers)
		if err != nil {
			return err
		}
		first, last := engineers[0], engineers[len(engineers)-1]
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

// errEmployerChanged says that an engineer moved to another employer while the locks were taken: begin again.
var errEmployerChanged = errors.New("an engineer changed his employer meanwhile")

// lockEngineers locks the engineers and, before them, their employers, whose ids it gives: the order in which every
// decision that needs both takes them.
func lockEngineers(ctx context.Context, q *sqlcgen.Queries, engineers []uuid.UUID) ([]uuid.UUID, error) {
	employers, err := q.LockEmployersOf(ctx, engineers)
	if err != nil {
		return nil, fmt.Errorf("locking employers: %w", err)
	}
	locked, err := q.LockEngineers(ctx, engineers)
	if err != nil {
		return nil, fmt.Errorf("locking engineers: %w", err)
	}
	for _, e := range locked {
		if e.EmployerID != nil && !slices.Contains(employers, *e.EmployerID) {
			return nil, errEmployerChanged
		}
	}
	return employers, nil
}
