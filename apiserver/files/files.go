// Package files manages the files of orders, of their chats, and of profiles. Their content does not pass through the
// API.
package files

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/chats"
	"epkr/apiserver/events"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/apiserver/profiles"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/storage"
)

const (
	fileTag = "Файлы"
	// partSize is the size of the parts of an upload in bytes, unless a file would have too many
	// parts. It is the minimum of S3, so that a slow connection loses little when a part fails.
	partSize = 5 << 20
	// storageTimeout limits one call to the storage.
	storageTimeout = 10 * time.Second
)

// File is an uploaded file.
type File struct {
	ID          uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Name        string    `json:"name" doc:"Имя файла"`
	Size        int64     `json:"size" doc:"Размер в байтах"`
	SHA256      string    `json:"sha256" doc:"SHA-256"`
	ContentType string    `json:"contentType,omitempty" doc:"Тип содержимого, как его определила платформа"`
	State       string    `json:"state" enum:"uploading,checking,stored,rejected" doc:"Загружается, проверяется, сохранён или отклонён"`
	Problem     string    `json:"problem,omitempty" doc:"Почему отклонён"`
	PDFA        *PDFA     `json:"pdfa,omitempty" doc:"Проверка на PDF/A; нет, если это не PDF заказа или файл сохранён до того, как файлы стали проверять"`
	PartSize    int64     `json:"partSize,omitempty" doc:"Размер части в байтах, кроме последней"`
	Parts       []int     `json:"parts,omitempty" doc:"Какие части уже загружены"`
	CreatedAt   time.Time `json:"createdAt" doc:"Когда объявлен"`
}

type fileOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     struct {
		File File `json:"file"`
	}
}

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP     *httpapi.Server
	Store    *db.Store
	Files    *storage.Store
	Temporal client.Client
	Log      *slog.Logger
	Now      func() time.Time
	Orders   *orders.Service
	Profiles *profiles.Service
	Chats    *chats.Service
	Events   *events.Service
	// TaskQueue is the task queue of the workflow that checks files.
	TaskQueue string
	// MaxFileBytes is the maximum size of a file. MaxFiles and MaxBytes limit what a person may
	// upload to one order, or his profile, in a day; MaxFiles of 0 means no limit.
	MaxFileBytes, MaxBytes int64
	MaxFiles               int
}

// Service manages the files of orders and profiles.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// FileDeclaration describes a file before it is uploaded.
type FileDeclaration struct {
	Name   string `json:"name" format:"file-name" minLength:"1" maxLength:"255" doc:"Имя файла"`
	Size   int64  `json:"size" minimum:"1" maximum:"1099511627776" doc:"Размер в байтах"`
	SHA256 string `json:"sha256" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 содержимого"`
	Type   string `json:"type,omitempty" format:"line" maxLength:"255" doc:"Тип содержимого"`
}

// beginUpload stores the declaration and opens an upload directly to the storage.
func (a *Service) beginUpload(ctx context.Context, at place, d FileDeclaration) (*fileOutput, error) {
	row, err := at.admit(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.validate(d); err != nil {
		return nil, err
	}
	id, by := uuid.New(), httpapi.SessionFrom(ctx)
	ctx, cancel := context.WithTimeout(ctx, storageTimeout)
	defer cancel()
	upload, err := a.Files.BeginUpload(ctx, id, storage.SafeContentType(d.Type))
	if err != nil {
		return nil, httpapi.FromStorage(ctx, err)
	}
	row.ID, row.UploaderID, row.UploaderRole = id, by.Person, string(by.Role)
	row.Name, row.DeclaredType, row.Size, row.Sha256 = d.Name, d.Type, d.Size, d.SHA256
	row.UploadID, row.PartSize, row.CreatedAt = upload, partSizeFor(d.Size), a.Now().UTC()
	row.Day, row.MaxFiles, row.MaxBytes = dayOf(a.Now()), int32(a.MaxFiles), a.MaxBytes
	if err := a.insertFile(ctx, row); err != nil {
		return nil, errors.Join(err, a.Files.AbortUpload(ctx, id, upload))
	}
	return a.fileAnswer(ctx, at, id, http.StatusCreated)
}

// partSizeFor returns the part size at which the number of parts is within the limit of S3.
func partSizeFor(size int64) int64 {
	least := (size + storage.MaxParts - 1) / storage.MaxParts
	return max(partSize, least)
}

func partsOf(f sqlcgen.FileRow) int {
	return int((f.Size + f.PartSize - 1) / f.PartSize)
}

// fileOf reads a file of a place; one of another place is reported as not found.
func (a *Service) fileOf(ctx context.Context, id, place uuid.UUID) (sqlcgen.FileRow, error) {
	f, err := a.Store.File(ctx, sqlcgen.FileParams{ID: id, Place: place})
	if errors.Is(err, db.ErrNotFound) {
		return f, problems.New(problems.FileNotFound)
	}
	if err != nil {
		return f, fmt.Errorf("reading a file: %w", err)
	}
	return f, nil
}

// ownFile reads a file of the caller's side.
func ownFile(ctx context.Context, at place, id uuid.UUID) (seenFile, error) {
	f, err := at.find(ctx, id)
	if err == nil && !f.own {
		err = problems.New(problems.FileNotFound)
	}
	return f, err
}

// fileAnswer returns a file. Its uploader also gets the uploaded parts, so that he can resume an
// interrupted upload.
func (a *Service) fileAnswer(ctx context.Context, at place, id uuid.UUID, status int) (*fileOutput, error) {
	f, err := at.find(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &fileOutput{Status: status, Location: at.address() + "/" + id.String()}
	out.Body.File = File{
		ID: f.ID, Name: f.Name, Size: f.Size, SHA256: f.Sha256, ContentType: f.ContentType, State: f.Status, Problem: f.Problem,
		CreatedAt: f.CreatedAt,
	}
	if out.Body.File.PDFA, err = reportOf(f.Report); err != nil {
		return nil, err
	}
	if f.Status != storage.Uploading || !f.own {
		return out, nil
	}
	out.Body.File.PartSize = f.PartSize
	arrived, _, err := a.uploadedParts(ctx, f.FileRow)
	for _, p := range arrived {
		out.Body.File.Parts = append(out.Body.File.Parts, p.Number)
	}
	return out, err
}

// uploadedParts returns the parts in the storage and whether the upload is still open there.
func (a *Service) uploadedParts(ctx context.Context, f sqlcgen.FileRow) (parts []storage.Part, open bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, storageTimeout)
	defer cancel()
	parts, err = a.Files.UploadedParts(ctx, f.ID, f.UploadID)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, false, nil
	}
	return parts, true, httpapi.FromStorage(ctx, err)
}

// contentOutput redirects to a short-lived address of the storage.
type contentOutput struct {
	Status       int
	Location     string `header:"Location"`
	CacheControl string `header:"Cache-Control"`
}

// getContent redirects to the storage, which sends the file as an attachment.
func (a *Service) getContent(ctx context.Context, at place, id uuid.UUID, size pictureSize) (*contentOutput, error) {
	f, err := at.find(ctx, id)
	if err != nil {
		return nil, err
	}
	return a.content(ctx, f.FileRow, size)
}

// deleteFile removes a file that nothing references: each person may delete those of his side, the
// order's customer all of them. The content is deleted unless another file has the same content.
func (a *Service) deleteFile(ctx context.Context, at place, id uuid.UUID) (*struct{}, error) {
	f, err := at.find(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case !f.removable:
		return nil, problems.New(problems.FileNotFound)
	case f.Referenced:
		return nil, at.inUse()
	}
	ctx, cancel := context.WithTimeout(ctx, storageTimeout)
	defer cancel()
	err = a.Store.InTx(ctx, func(q *sqlcgen.Queries) error { return a.removeFile(ctx, q, f.FileRow) })
	if errors.Is(err, db.ErrNotFound) {
		return nil, at.inUse()
	}
	if err != nil {
		return nil, httpapi.FromStorage(ctx, fmt.Errorf("removing a file: %w", err))
	}
	return &struct{}{}, nil
}

func (a *Service) removeFile(ctx context.Context, q *sqlcgen.Queries, f sqlcgen.FileRow) error {
	// So that no other file with the same content is stored meanwhile.
	for _, hash := range db.Contents(f.Sha256, f.PictureSha256, f.ThumbnailSha256) {
		if err := q.LockHash(ctx, hash); err != nil {
			return err
		}
	}
	if err := q.LockFile(ctx, f.ID); err != nil {
		return err
	}
	deleted, err := q.DeleteFile(ctx, f.ID)
	if err != nil {
		return err
	}
	switch deleted.Status {
	case storage.Uploading:
		return a.Files.AbortUpload(ctx, f.ID, deleted.UploadID)
	case storage.Stored:
		for _, hash := range db.Contents(deleted.Sha256, deleted.PictureSha256, deleted.ThumbnailSha256) {
			shared, err := q.OtherFileHasHash(ctx, sqlcgen.OtherFileHasHashParams{Hash: hash, ID: f.ID})
			if err != nil {
				return err
			}
			if shared {
				continue
			}
			if err := a.Files.Remove(ctx, hash); err != nil {
				return err
			}
		}
	}
	return nil // the check deletes a file that it is checking; a rejected file is already deleted
}
