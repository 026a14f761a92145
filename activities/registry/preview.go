package registry

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/registry"
)

// Preview describes what the registry's current snapshot would change.
type Preview struct {
	Fetched
	Comparison
	// Engineers are the engineers who are lost, restored or added, in this order, at most
	// [previewPageSize] of each.
	Engineers []sqlcgen.ChangedEngineersRow
}

// previewPageSize is the maximum number of engineers of each kind in a preview.
const previewPageSize = 100

// errRollback rolls back the transaction of a preview.
var errRollback = errors.New("the preview is made")

// PreviewSnapshot fetches and compares the registry's current snapshot. It stores nothing, applies
// nothing and notifies nobody. For a snapshot awaiting approval it returns the comparison of that
// run; for any other known snapshot it returns only that it is known. A snapshot that cannot be
// used is an [ErrTypeSnapshot].
func PreviewSnapshot(ctx context.Context, a *Activities) (Preview, error) {
	var p Preview
	fetched, err := a.fetch(ctx, func(ctx context.Context, m registry.Manifest, content io.ReadSeeker) error {
		err := a.store.InTx(ctx, func(q *sqlcgen.Queries) (err error) {
			run := uuid.New()
			if err := a.stageIn(ctx, q, run, m, content); err != nil {
				return err
			}
			if err := q.FindChanges(ctx, run); err != nil {
				return fmt.Errorf("comparing the snapshot: %w", err)
			}
			if p, err = a.preview(ctx, q, run); err != nil {
				return err
			}
			return errRollback
		})
		if errors.Is(err, errRollback) {
			return nil
		}
		return err
	})
	if err == nil && fetched.Known == registry.EarlierAwaitingApproval {
		p, err = a.previewPending(ctx, fetched.Manifest)
	}
	p.Fetched = fetched
	return p, toSnapshotError(err)
}

func (a *Activities) previewPending(ctx context.Context, m registry.Manifest) (Preview, error) {
	run, err := a.store.RunAwaitingApproval(ctx, &m.AsOf)
	if err != nil {
		return Preview{}, fmt.Errorf("finding the run that awaits approval: %w", err)
	}
	return a.preview(ctx, a.store.Queries, run)
}

func (a *Activities) preview(ctx context.Context, q *sqlcgen.Queries, run uuid.UUID) (p Preview, err error) {
	if p.Comparison, err = a.comparison(ctx, q, run); err != nil {
		return p, err
	}
	for _, kind := range []string{registry.ChangeLost, registry.ChangeRestored, registry.ChangeAdded} {
		named, err := q.ChangedEngineers(ctx, sqlcgen.ChangedEngineersParams{RunID: run, Kinds: []string{kind}, Page: previewPageSize})
		if err != nil {
			return p, fmt.Errorf("listing whom the snapshot concerns: %w", err)
		}
		p.Engineers = append(p.Engineers, named...)
	}
	return p, nil
}
