// Package files are the activities of uploaded files: they measure and keep them, and remove those that
// nobody came back for.
package files

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/activities/failure"
	"epkr/activities/internal/heartbeat"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/storage"
)

// Activities are the activities of uploaded files.
type Activities struct {
	store *db.Store
	files *storage.Store
	now   func() time.Time
}

// New needs the database, the file store and a clock.
func New(store *db.Store, files *storage.Store, now func() time.Time) *Activities {
	return &Activities{store: store, files: files, now: now}
}

// SealFile measures what arrived, keeps it under its hash and says in the file's row what came of it. A second run finds
// the row decided, or the seal made.
func (a *Activities) SealFile(ctx context.Context, fileID string) error {
	id, err := uuid.Parse(fileID)
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("%w: file id %q", order.ErrInvariant, fileID))
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	row, err := a.store.DeclaredFile(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound): // its owner removed it meanwhile
		return a.files.RemoveIncoming(ctx, id)
	case err != nil:
		return fmt.Errorf("reading the declaration of a file: %w", err)
	case row.Status == storage.Stored || row.Status == storage.Rejected:
		return nil
	}
	sealed, err := a.files.Seal(ctx, id, storage.Declared{Size: row.Size, SHA256: row.Sha256})
	if problem := problemOf(err); problem != "" {
		return a.reject(ctx, id, row, problem)
	}
	if err != nil {
		return fmt.Errorf("sealing a file: %w", err)
	}
	return a.keep(ctx, id, row, sealed)
}

// problemOf is what the sender reads when no retry mends his file; empty if one may.
func problemOf(err error) string {
	var mismatch *storage.MismatchError
	switch {
	case errors.As(err, &mismatch) && mismatch.SHA256 == "":
		return "Размер загруженного файла отличается от объявленного. Загрузите файл ещё раз."
	case errors.As(err, &mismatch):
		return "Содержимое загруженного файла отличается от объявленного. Загрузите файл ещё раз."
	case errors.Is(err, storage.ErrNotFound):
		return "Файл не загружен до конца. Загрузите его ещё раз."
	}
	return ""
}

func (a *Activities) keep(ctx context.Context, id uuid.UUID, row sqlcgen.DeclaredFileRow, sealed storage.Sealed) error {
	at := a.now().UTC()
	return a.decide(ctx, id, row.OrderID, func(q *sqlcgen.Queries) error {
		kept, err := q.MarkFileStored(ctx, sqlcgen.MarkFileStoredParams{ID: id, ContentType: sealed.ContentType, StoredAt: &at})
		if err != nil || kept == 1 {
			return err
		}
		return a.removeUnnamed(ctx, q, id, row.Sha256) // the row went while the file was read
	})
}

func (a *Activities) reject(ctx context.Context, id uuid.UUID, row sqlcgen.DeclaredFileRow, problem string) error {
	if err := a.files.RemoveIncoming(ctx, id); err != nil {
		return fmt.Errorf("removing a rejected file: %w", err)
	}
	return a.decide(ctx, id, row.OrderID, func(q *sqlcgen.Queries) error {
		_, err := q.RejectFile(ctx, sqlcgen.RejectFileParams{ID: id, Problem: problem})
		return err
	})
}

// decide writes the answer and wakes whoever waits for it.
func (a *Activities) decide(ctx context.Context, id, orderID uuid.UUID, write func(*sqlcgen.Queries) error) error {
	payload, err := json.Marshal(db.Changed{Order: orderID.String(), Message: id.String()})
	if err != nil {
		return fmt.Errorf("writing the notification: %w", err)
	}
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := write(q); err != nil {
			return err
		}
		return q.Notify(ctx, string(payload))
	})
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("recording what came of a file: %w", err))
	}
	return nil
}

// removeUnnamed removes a content unless another file has it too. The lock keeps a new file of the same content away
// until the removal is over.
func (a *Activities) removeUnnamed(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID, hash string) error {
	if err := q.LockHash(ctx, hash); err != nil {
		return fmt.Errorf("locking a content: %w", err)
	}
	shared, err := q.OtherFileHasHash(ctx, sqlcgen.OtherFileHasHashParams{Sha256: hash, ID: id})
	if err != nil || shared {
		return err
	}
	return a.files.Remove(ctx, hash)
}

// abandonedAfter is how long an upload may take and a text may wait for its message.
const abandonedAfter = 7 * 24 * time.Hour

// unnamedAfter is how long a stored file may wait to be named: whoever was about to name it fills in a form for days, not for weeks.
const unnamedAfter = 14 * 24 * time.Hour

// sweepPage bounds how many files one pass looks at.
const sweepPage = 500

// SweepAbandoned removes what nobody came back for: uploads that were never completed, rejected files, stored files that
// nothing names, texts that no applied message names, and the quotas of past days. What is gone already makes a second run shorter.
func (a *Activities) SweepAbandoned(ctx context.Context) error {
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	before := a.now().Add(-abandonedAfter)
	if _, err := a.files.SweepIncoming(ctx, before); err != nil {
		return fmt.Errorf("sweeping uploads: %w", err)
	}
	if _, err := a.store.DeleteUnusedBodies(ctx, before); err != nil {
		return fmt.Errorf("sweeping texts: %w", err)
	}
	if err := a.store.SweepUploadQuotas(ctx, before); err != nil {
		return fmt.Errorf("sweeping quotas: %w", err)
	}
	for {
		stale, err := a.store.StaleFiles(ctx, sqlcgen.StaleFilesParams{Before: before, UnnamedBefore: a.now().Add(-unnamedAfter), Page: sweepPage})
		if err != nil {
			return fmt.Errorf("listing abandoned files: %w", err)
		}
		removed := 0
		for _, f := range stale {
			gone, err := a.forget(ctx, f)
			if err != nil {
				return fmt.Errorf("removing an abandoned file: %w", err)
			}
			removed += gone
		}
		if len(stale) < sweepPage || removed == 0 {
			return nil
		}
	}
}

// forget removes the row first: the content goes only if nobody has named the file meanwhile.
func (a *Activities) forget(ctx context.Context, f sqlcgen.StaleFilesRow) (removed int, err error) {
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.LockHash(ctx, f.Sha256); err != nil { // the hash before the row, as whoever removes his own file does
			return err
		}
		if err := q.LockFile(ctx, f.ID); err != nil {
			return err
		}
		gone, err := q.ForgetFile(ctx, f.ID)
		removed = int(gone)
		if err != nil || gone == 0 || f.Status != storage.Stored {
			return err
		}
		return a.removeUnnamed(ctx, q, f.ID, f.Sha256)
	})
	return removed, err
}
