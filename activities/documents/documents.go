// Package documents contains the activity that makes the documents of orders: contracts, acts and
// invoices.
package documents

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/activities/failure"
	fileactivities "epkr/activities/files"
	"epkr/activities/internal/heartbeat"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/document/generated"
	"epkr/internal/order"
	"epkr/internal/storage"
	"epkr/internal/workflowapi"
)

// Activities implements the activity of generated documents.
type Activities struct {
	store *db.Store
	files *storage.Store
	maker *generated.Maker
	now   func() time.Time
}

// New returns the activities. now is the clock.
func New(store *db.Store, files *storage.Store, maker *generated.Maker, now func() time.Time) *Activities {
	return &Activities{store: store, files: files, maker: maker, now: now}
}

// The statuses of a generated document.
const (
	making = "making"
	ready  = "ready"
	failed = "failed"
)

// MakeDocument makes the files of a document from its stored values, stores them and marks the
// document as ready. A second run, also after a crash at any point, makes the same bytes, whose place
// in the storage is their hash, under the same ids; it finds the document ready or finishes it.
func (a *Activities) MakeDocument(ctx context.Context, documentID string) error {
	id, err := uuid.Parse(documentID)
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("%w: document id %q", order.ErrInvariant, documentID))
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	row, err := a.store.Generated(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound): // its order is gone
		return nil
	case err != nil:
		return fmt.Errorf("reading the values of a document: %w", err)
	case row.Status != making:
		return nil
	}
	made, name, err := a.maker.MakeStored(row.Input)
	if err != nil {
		return a.fail(ctx, row, err)
	}
	return a.finish(ctx, row, made, name)
}

// fail marks a document as failed. The API has made it once from the same values, so only another
// version of the text can refuse them.
func (a *Activities) fail(ctx context.Context, row sqlcgen.GeneratedRow, cause error) error {
	_, problem, known := generated.Problem(cause)
	if !known {
		return failure.ToTemporal(fmt.Errorf("making a document: %w", cause))
	}
	at := a.now().UTC()
	return a.record(ctx, row, func(q *sqlcgen.Queries) error {
		_, err := q.FinishGenerated(ctx, sqlcgen.FinishGeneratedParams{ID: row.ID, Status: failed, Problem: problem, FinishedAt: &at})
		return err
	})
}

// file is one of the files of a document.
type file struct {
	id            uuid.UUID
	name, content string
	bytes         []byte
}

// finish stores the files and marks the document as ready. The locks keep a removal of the same
// content from coming between the two.
func (a *Activities) finish(ctx context.Context, row sqlcgen.GeneratedRow, made generated.Files, name string) error {
	at := a.now().UTC()
	files := []file{
		{workflowapi.GeneratedFileID(row.ID, "pdf"), name + ".pdf", generated.PDF, made.PDF},
		{workflowapi.GeneratedFileID(row.ID, "docx"), name + ".docx", generated.DOCX, made.DOCX},
	}
	found, err := fileactivities.InspectContent(made.PDF)
	if err != nil {
		return fmt.Errorf("checking a document: %w", err)
	}
	return a.record(ctx, row, func(q *sqlcgen.Queries) error {
		for _, hash := range db.Contents(storage.Hash(made.PDF), storage.Hash(made.DOCX)) {
			if err := q.LockHash(ctx, hash); err != nil {
				return fmt.Errorf("locking a content: %w", err)
			}
		}
		for _, f := range files {
			sealed, err := a.files.Put(ctx, f.bytes, f.content)
			if err != nil {
				return fmt.Errorf("storing a document: %w", err)
			}
			if err := q.InsertMadeFile(ctx, sqlcgen.InsertMadeFileParams{
				ID: f.id, OrderID: row.OrderID, UploaderID: row.PersonID, UploaderRole: string(order.RoleEngineer), UploaderParty: row.EngineerID,
				Name: f.name, ContentType: f.content, Size: sealed.Size, Sha256: sealed.SHA256, StoredAt: at,
			}); err != nil {
				return err
			}
		}
		if err := found.Insert(ctx, q, files[0].id, at); err != nil {
			return err
		}
		_, err := q.FinishGenerated(ctx, sqlcgen.FinishGeneratedParams{
			ID: row.ID, Status: ready, TemplateVersion: made.Template.Version, TemplateSha256: made.Template.SHA256,
			PdfID: &files[0].id, DocxID: &files[1].id, FinishedAt: &at,
		})
		return err
	})
}

// record writes the result and notifies those who wait for it.
func (a *Activities) record(ctx context.Context, row sqlcgen.GeneratedRow, write func(*sqlcgen.Queries) error) error {
	err := a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := write(q); err != nil {
			return err
		}
		return db.OrderChange{Order: row.OrderID.String(), Message: row.ID.String()}.Notify(ctx, q)
	})
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("recording what came of a document: %w", err))
	}
	return nil
}
