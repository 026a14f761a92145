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

// Preview is what the snapshot that the registry offers now would change.
type Preview struct {
	Fetched
	Comparison
	// Engineers are those that are lost, restored or added, in this order, at most previewed of each.
	Engineers []sqlcgen.ChangedEngineersRow
}

// previewed is how many engineers of each kind a preview names.
const previewed = 100

// errPreviewed ends the transaction of a preview, of which nothing is kept.
var errPreviewed = errors.New("the preview is made")

// PreviewSnapshot compares without keeping, applying or telling anything. Of a snapshot that waits for an operator it shows
// what was compared on its night; of another known one it says only that it is known. A snapshot that cannot be used is an
// [ErrTypeSnapshot].
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
			return errPreviewed
		})
		if errors.Is(err, errPreviewed) {
			return nil
		}
		return err
	})
	if err == nil && fetched.Known == registry.KnownHeld {
		p, err = a.previewHeld(ctx, fetched.Manifest)
	}
	p.Fetched = fetched
	return p, condemned(err)
}

func (a *Activities) previewHeld(ctx context.Context, m registry.Manifest) (Preview, error) {
	held, err := a.store.RunAwaitingApproval(ctx, &m.AsOf)
	if err != nil {
		return Preview{}, fmt.Errorf("finding the held run: %w", err)
	}
	return a.preview(ctx, a.store.Queries, held)
}

func (a *Activities) preview(ctx context.Context, q *sqlcgen.Queries, run uuid.UUID) (p Preview, err error) {
	if p.Comparison, err = a.compared(ctx, q, run); err != nil {
		return p, err
	}
	for _, kind := range []string{registry.ChangeLost, registry.ChangeRestored, registry.ChangeAdded} {
		named, err := q.ChangedEngineers(ctx, sqlcgen.ChangedEngineersParams{RunID: run, Kinds: []string{kind}, Page: previewed})
		if err != nil {
			return p, fmt.Errorf("listing whom the snapshot concerns: %w", err)
		}
		p.Engineers = append(p.Engineers, named...)
	}
	return p, nil
}
