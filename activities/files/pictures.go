package files

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"epkr/activities/failure"
	"epkr/activities/internal/heartbeat"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/picture"
	"epkr/internal/storage"
)

// PictureInput identifies a sealed file of a profile.
type PictureInput struct {
	FileID string `json:"fileId"`
	// SHA256 is the hash under which it is sealed.
	SHA256 string `json:"sha256"`
}

// pdf is the one content type besides pictures that a profile takes.
const pdf = "application/pdf"

// The texts for the owner of a file that a profile does not take.
const (
	otherType  = "По содержимому это не снимок JPEG или PNG и не документ PDF, как бы файл ни назывался. Сохраните его в одном из этих видов и загрузите ещё раз."
	tooLarge   = "В снимке слишком много точек. Уменьшите его до 12 мегапикселей и загрузите ещё раз."
	tooSlow    = "Снимок не удалось обработать за отведённое время. Сохраните его заново как JPEG или PNG и загрузите ещё раз."
	unreadable = "Снимок не удалось прочитать: файл повреждён. Сохраните его заново как JPEG или PNG и загрузите ещё раз."
)

// ShowPicture ends the check of a file of a profile: it makes the forms of a picture in which others
// see it, and rejects a content that a profile does not take. A second run finds the row decided.
func (a *Activities) ShowPicture(ctx context.Context, in PictureInput) error {
	id, err := uuid.Parse(in.FileID)
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("%w: file id %q", order.ErrInvariant, in.FileID))
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	row, err := a.store.CheckedProfileFile(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound): // its owner has removed it
		return a.store.InTx(ctx, func(q *sqlcgen.Queries) error { return a.removeIfUnshared(ctx, q, id, in.SHA256) })
	case err != nil:
		return fmt.Errorf("reading a checked file: %w", err)
	case row.Status == storage.Stored || row.Status == storage.Rejected:
		return nil
	case row.ContentType == pdf:
		return a.markShown(ctx, id, row, picture.Shown{})
	case !picture.IsPicture(row.ContentType):
		return a.rejectSealed(ctx, id, row, otherType)
	}
	shown, err := a.makePicture(ctx, row)
	switch {
	case errors.Is(err, picture.ErrTooLarge):
		return a.rejectSealed(ctx, id, row, tooLarge)
	case errors.Is(err, picture.ErrTooSlow):
		return a.rejectSealed(ctx, id, row, tooSlow)
	case errors.Is(err, picture.ErrUnreadable):
		return a.rejectSealed(ctx, id, row, unreadable)
	case err != nil:
		return err
	}
	return a.markShown(ctx, id, row, shown)
}

// makePicture makes one picture at a time.
func (a *Activities) makePicture(ctx context.Context, row sqlcgen.CheckedProfileFileRow) (picture.Shown, error) {
	select {
	case a.decoding <- struct{}{}:
	case <-ctx.Done():
		return picture.Shown{}, ctx.Err() //nolint:wrapcheck // the worker stops
	}
	defer func() { <-a.decoding }()
	return picture.Make(ctx, row.ContentType, func() (io.ReadCloser, error) {
		content, _, err := a.files.Open(ctx, row.Sha256)
		return content, err
	})
}

// recordType records the detected type of a sealed file.
func (a *Activities) recordType(ctx context.Context, id uuid.UUID, hash, contentType string) error {
	err := a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		marked, err := q.SetContentType(ctx, sqlcgen.SetContentTypeParams{ID: id, ContentType: contentType})
		if err != nil || marked == 1 {
			return err
		}
		return a.removeIfUnshared(ctx, q, id, hash) // the row was deleted while the file was read
	})
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("recording the type of a file: %w", err))
	}
	return nil
}

// markShown stores the pictures and marks the file as stored. The locks keep a removal of the same
// content from coming between the two.
func (a *Activities) markShown(ctx context.Context, id uuid.UUID, row sqlcgen.CheckedProfileFileRow, shown picture.Shown) error {
	at := a.now().UTC()
	return a.recordResult(ctx, id, row.Place, func(q *sqlcgen.Queries) error {
		marking := sqlcgen.MarkProfileFileStoredParams{ID: id, StoredAt: &at}
		if len(shown.Full) > 0 {
			marking.PictureSha256, marking.ThumbnailSha256 = storage.Hash(shown.Full), storage.Hash(shown.Thumbnail)
		}
		for _, hash := range db.Contents(row.Sha256, marking.PictureSha256, marking.ThumbnailSha256) {
			if err := q.LockHash(ctx, hash); err != nil {
				return fmt.Errorf("locking a content: %w", err)
			}
		}
		marked, err := q.MarkProfileFileStored(ctx, marking)
		if err != nil {
			return err
		}
		if marked == 0 {
			return a.removeIfUnshared(ctx, q, id, row.Sha256)
		}
		for _, content := range [][]byte{shown.Full, shown.Thumbnail} {
			if len(content) == 0 {
				continue
			}
			if _, err := a.files.Put(ctx, content, picture.JPEG); err != nil {
				return fmt.Errorf("storing a picture: %w", err)
			}
		}
		return nil
	})
}

// rejectSealed rejects a file whose content is sealed already, and removes the content.
func (a *Activities) rejectSealed(ctx context.Context, id uuid.UUID, row sqlcgen.CheckedProfileFileRow, problem string) error {
	return a.recordResult(ctx, id, row.Place, func(q *sqlcgen.Queries) error {
		if _, err := q.RejectFile(ctx, sqlcgen.RejectFileParams{ID: id, Problem: problem}); err != nil {
			return err
		}
		return a.removeIfUnshared(ctx, q, id, row.Sha256)
	})
}
