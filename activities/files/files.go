// Package files contains the activities of uploaded files: they verify and store them, and remove
// abandoned ones.
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

// Activities implements the activities of uploaded files.
type Activities struct {
	store *db.Store
	files *storage.Store
	now   func() time.Time
	// decoding holds one place: a decoded picture takes much memory.
	decoding chan struct{}
	// inspecting holds a place for each check of a PDF.
	inspecting chan struct{}
}

// New returns the activities. now is the clock.
func New(store *db.Store, files *storage.Store, now func() time.Time) *Activities {
	return &Activities{store: store, files: files, now: now, decoding: make(chan struct{}, 1), inspecting: make(chan struct{}, inspectedAtOnce)}
}

// SealFile verifies an uploaded file, stores it under its hash and writes the result to the file's
// row, for a PDF of an order with what its check found. A second run finds the row decided or the
// file stored. The check of a file of a profile goes on with [Activities.ShowPicture]; SealFile
// returns the hash for it, and "" if the file is decided.
func (a *Activities) SealFile(ctx context.Context, fileID string) (hash string, err error) {
	id, err := uuid.Parse(fileID)
	if err != nil {
		return "", failure.ToTemporal(fmt.Errorf("%w: file id %q", order.ErrInvariant, fileID))
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	row, err := a.store.DeclaredFile(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound): // its owner has removed it
		return "", a.files.RemoveIncoming(ctx, id)
	case err != nil:
		return "", fmt.Errorf("reading the declaration of a file: %w", err)
	case row.Status == storage.Stored || row.Status == storage.Rejected:
		return "", nil
	}
	sealed, err := a.files.Seal(ctx, id, storage.Declared{Size: row.Size, SHA256: row.Sha256})
	if problem := userProblem(err); problem != "" {
		return "", a.reject(ctx, id, row.Place, problem)
	}
	if err != nil {
		return "", fmt.Errorf("sealing a file: %w", err)
	}
	if row.OfProfile {
		return row.Sha256, a.recordType(ctx, id, row.Sha256, sealed.ContentType)
	}
	var found *Inspection
	if sealed.ContentType == pdf {
		if found, err = a.inspect(ctx, row.Sha256); err != nil {
			return "", err
		}
	}
	return "", a.markStored(ctx, id, row, sealed, found)
}

// userProblem returns the Russian text for the sender if a retry cannot help, else "".
func userProblem(err error) string {
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

// markStored marks a file of an order as stored. found is nil for a file that is no PDF.
func (a *Activities) markStored(ctx context.Context, id uuid.UUID, row sqlcgen.DeclaredFileRow, sealed storage.Sealed, found *Inspection) error {
	at := a.now().UTC()
	return a.recordResult(ctx, id, row.Place, func(q *sqlcgen.Queries) error {
		marked, err := q.MarkFileStored(ctx, sqlcgen.MarkFileStoredParams{ID: id, ContentType: sealed.ContentType, StoredAt: &at})
		if err != nil {
			return err
		}
		if marked == 0 {
			return a.removeIfUnshared(ctx, q, id, row.Sha256) // the row was deleted while the file was read
		}
		if found == nil {
			return nil
		}
		return found.Insert(ctx, q, id, at)
	})
}

func (a *Activities) reject(ctx context.Context, id, place uuid.UUID, problem string) error {
	if err := a.files.RemoveIncoming(ctx, id); err != nil {
		return fmt.Errorf("removing a rejected file: %w", err)
	}
	return a.recordResult(ctx, id, place, func(q *sqlcgen.Queries) error {
		_, err := q.RejectFile(ctx, sqlcgen.RejectFileParams{ID: id, Problem: problem})
		return err
	})
}

// recordResult writes the result and notifies those who wait for it.
func (a *Activities) recordResult(ctx context.Context, id, orderID uuid.UUID, write func(*sqlcgen.Queries) error) error {
	payload, err := json.Marshal(db.OrderChange{Order: orderID.String(), Message: id.String()})
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

// removeIfUnshared removes a content unless another file has the same one. The lock delays a new
// file of the same content until the removal is committed.
func (a *Activities) removeIfUnshared(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID, hash string) error {
	if err := q.LockHash(ctx, hash); err != nil {
		return fmt.Errorf("locking a content: %w", err)
	}
	shared, err := q.OtherFileHasHash(ctx, sqlcgen.OtherFileHasHashParams{Hash: hash, ID: id})
	if err != nil || shared {
		return err
	}
	return a.files.Remove(ctx, hash)
}

// abandonedTimeout is how long an upload may take and how long a text may wait for its message.
const abandonedTimeout = 7 * 24 * time.Hour

// unnamedTimeout is how long a stored file may wait until a message names it. Filling in a form
// takes days, not weeks.
const unnamedTimeout = 14 * 24 * time.Hour

// sweepPage is the number of files in one pass.
const sweepPage = 500

// SweepAbandoned removes uploads that were never completed, rejected files, stored files that
// nothing names, texts that no applied message names, and the quotas of past days. A second run
// removes what is left.
func (a *Activities) SweepAbandoned(ctx context.Context) error {
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	before := a.now().Add(-abandonedTimeout)
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
		stale, err := a.store.StaleFiles(ctx, sqlcgen.StaleFilesParams{Before: before, UnnamedBefore: a.now().Add(-unnamedTimeout), Page: sweepPage})
		if err != nil {
			return fmt.Errorf("listing abandoned files: %w", err)
		}
		removed := 0
		for _, f := range stale {
			deleted, err := a.removeStale(ctx, f)
			if err != nil {
				return fmt.Errorf("removing an abandoned file: %w", err)
			}
			removed += deleted
		}
		if len(stale) < sweepPage || removed == 0 {
			return nil
		}
	}
}

// removeStale removes the row first. It removes the content only if the row could be deleted, that
// is if no message has named the file since.
func (a *Activities) removeStale(ctx context.Context, f sqlcgen.StaleFilesRow) (removed int, err error) {
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		contents := contentsOf(f)
		for _, hash := range contents { // the contents before the row, as the removal by the owner does
			if err := q.LockHash(ctx, hash); err != nil {
				return err
			}
		}
		if err := q.LockFile(ctx, f.ID); err != nil {
			return err
		}
		deleted, err := q.DeleteUnreferencedFile(ctx, f.ID)
		removed = int(deleted)
		if err != nil || deleted == 0 || f.Status != storage.Stored {
			return err
		}
		for _, hash := range contents {
			if err := a.removeIfUnshared(ctx, q, f.ID, hash); err != nil {
				return err
			}
		}
		return nil
	})
	return removed, err
}

// contentsOf returns the hashes of a file and of the pictures made from it, in the order in which
// they are locked.
func contentsOf(f sqlcgen.StaleFilesRow) []string {
	return db.Contents(f.Sha256, f.PictureSha256, f.ThumbnailSha256)
}
