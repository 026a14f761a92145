package orders

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"epkr/activities/failure"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// PurgeFiles removes the files of a deleted draft, each with its content in one transaction. A
// second run removes what is left. Content that another order also uses stays.
func (a *Activities) PurgeFiles(ctx context.Context, orderID string) error {
	id, err := uuid.Parse(orderID)
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("%w: order id %q", order.ErrInvariant, orderID))
	}
	switch _, err := a.store.OrderState(ctx, id); {
	case err == nil: // only a workflow started with a forged state asks for this
		return failure.ToTemporal(fmt.Errorf("%w: the files of an order that is there are not purged", order.ErrInvariant))
	case !errors.Is(err, db.ErrNotFound):
		return fmt.Errorf("finding the order of the files: %w", err)
	}
	files, err := a.store.FilesOf(ctx, id)
	if err != nil {
		return fmt.Errorf("listing the files of a draft: %w", err)
	}
	for _, f := range files {
		if err := a.purge(ctx, f); err != nil {
			return fmt.Errorf("removing a file of a draft: %w", err)
		}
	}
	return nil
}

// purge removes one file. It locks the hash, so that nobody stores the same content during the
// removal.
func (a *Activities) purge(ctx context.Context, f sqlcgen.FilesOfRow) error {
	if err := a.files.RemoveIncoming(ctx, f.ID); err != nil {
		return err
	}
	return a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.LockHash(ctx, f.Sha256); err != nil {
			return err
		}
		if _, err := q.DeleteUnreferencedFile(ctx, f.ID); err != nil {
			return err
		}
		shared, err := q.OtherFileHasHash(ctx, sqlcgen.OtherFileHasHashParams{Hash: f.Sha256, ID: f.ID})
		if err != nil || shared {
			return err
		}
		return a.files.Remove(ctx, f.Sha256)
	})
}
