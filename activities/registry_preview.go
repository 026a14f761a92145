package activities

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
	// Engineers are those that are added, lost or restored, by kind and name, at most previewed of them.
	Engineers []sqlcgen.ChangedEngineersRow
}

// previewed is how many engineers a preview names.
const previewed = 200

// PreviewSnapshot compares without keeping, applying or telling anything. Of a snapshot that waits for an operator it shows
// what was compared on its night; of another known one it says only that it is known.
func PreviewSnapshot(ctx context.Context, a *Registry) (Preview, error) {
	run := uuid.New()
	defer func() {
		ctx := context.WithoutCancel(ctx)
		_ = a.store.InTx(ctx, func(q *sqlcgen.Queries) error { return clearStaged(ctx, q, run) })
	}()
	fetched, err := a.fetch(ctx, func(ctx context.Context, m registry.Manifest, content io.ReadSeeker) error {
		return a.stage(ctx, run, m, content)
	})
	p := Preview{Fetched: fetched}
	switch {
	case err != nil:
		return p, err
	case fetched.Known == "held":
		held, err := a.store.HeldRunOf(ctx, &fetched.Manifest.AsOf)
		if err != nil {
			return p, fmt.Errorf("finding the held run: %w", err)
		}
		return a.preview(ctx, p, held)
	case fetched.Known != "":
		return p, nil
	}
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error { return q.FindChanges(ctx, run) })
	if err != nil {
		return p, fmt.Errorf("comparing the snapshot: %w", err)
	}
	return a.preview(ctx, p, run)
}

func (a *Registry) preview(ctx context.Context, p Preview, run uuid.UUID) (Preview, error) {
	var err, listErr error
	p.Comparison, err = a.compared(ctx, a.store.Queries, run)
	p.Engineers, listErr = a.store.ChangedEngineers(ctx, sqlcgen.ChangedEngineersParams{
		RunID: run, Kinds: []string{"added", "lost", "restored"}, Page: previewed,
	})
	return p, errors.Join(err, listErr)
}
