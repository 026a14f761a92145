// Package files manages the files of orders. Their content does not pass through the API.
package files

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/events"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
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

// FilePath are the path parameters that identify a file of an order.
type FilePath struct {
	orders.OrderPath
	File uuid.UUID `path:"file" format:"uuid" doc:"Файл"`
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
	Events   *events.Service
	// TaskQueue is the task queue of the workflow that checks files.
	TaskQueue string
	// MaxFileBytes is the maximum size of a file. MaxFiles and MaxBytes limit what a person may
	// upload to one order in a day; MaxFiles of 0 means no limit.
	MaxFileBytes, MaxBytes int64
	MaxFiles               int
}

// Service manages the files of orders.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations on files.
func (a *Service) Register() {
	op := func(id, method, path, summary string, errs ...int) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: "/api/orders/{order}/files" + path, Tags: []string{fileTag}, Summary: summary,
			Errors: append(errs, http.StatusNotFound, http.StatusServiceUnavailable),
		}
	}
	begin := op("begin-upload", http.MethodPost, "", "Объявить файл и начать загрузку", http.StatusConflict)
	begin.DefaultStatus = http.StatusCreated
	httpapi.Register(a.HTTP, begin, httpapi.BothSides, a.beginUpload, httpapi.Costs(limits.Upload))
	httpapi.Register(a.HTTP, op("get-file", http.MethodGet, "/{file}", "Состояние файла и загрузки"), httpapi.Consented(), a.getFile)
	httpapi.Register(a.HTTP, op("sign-part", http.MethodPost, "/{file}/parts", "Адрес для загрузки части", http.StatusConflict), httpapi.BothSides, a.signPart, httpapi.Costs(limits.Upload))
	complete := op("complete-upload", http.MethodPost, "/{file}/complete", "Завершить загрузку", http.StatusConflict)
	complete.Responses = map[string]*huma.Response{"202": httpapi.AcceptedResponse("Файл ещё проверяется", "FileOutputBody")}
	httpapi.Register(a.HTTP, complete, httpapi.BothSides, a.completeUpload, httpapi.Costs(limits.Upload))
	content := op("get-content", http.MethodGet, "/{file}/content", "Скачать файл", http.StatusConflict)
	content.DefaultStatus = http.StatusFound
	httpapi.Register(a.HTTP, content, httpapi.Consented(), a.getContent)
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "list-files", Method: http.MethodGet, Path: "/api/orders/{order}/files", Tags: []string{fileTag},
		Summary: "Файлы, которые не приложены ни к одному документу: свои, а заказчику все", Errors: []int{http.StatusNotFound},
	}, httpapi.BothSides, a.unattachedFiles)
	remove := op("delete-file", http.MethodDelete, "/{file}", "Удалить неиспользованный файл своей стороны", http.StatusConflict)
	remove.DefaultStatus = http.StatusNoContent
	httpapi.Register(a.HTTP, remove, httpapi.BothSides, a.deleteFile)
}

// fileDeclaration describes a file before it is uploaded.
type fileDeclaration struct {
	Name   string `json:"name" format:"file-name" minLength:"1" maxLength:"255" doc:"Имя файла"`
	Size   int64  `json:"size" minimum:"1" maximum:"1099511627776" doc:"Размер в байтах"`
	SHA256 string `json:"sha256" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 содержимого"`
	Type   string `json:"type,omitempty" format:"line" maxLength:"255" doc:"Тип содержимого"`
}

// beginUpload stores the declaration and opens an upload directly to the storage.
func (a *Service) beginUpload(ctx context.Context, in *struct {
	orders.OrderPath
	Body fileDeclaration
},
) (*fileOutput, error) {
	o, err := a.Orders.LoadForUpload(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	if err := a.validate(in.Body); err != nil {
		return nil, err
	}
	id := uuid.New()
	ctx, cancel := context.WithTimeout(ctx, storageTimeout)
	defer cancel()
	upload, err := a.Files.BeginUpload(ctx, id, storage.SafeContentType(in.Body.Type))
	if err != nil {
		return nil, fromStorage(ctx, err)
	}
	row := sqlcgen.InsertFileParams{
		ID: id, OrderID: in.Order, UploaderID: o.By.Person, UploaderRole: string(o.By.Role), UploaderParty: wire.Optional(o.By.Party),
		Name: in.Body.Name, DeclaredType: in.Body.Type, Size: in.Body.Size, Sha256: in.Body.SHA256,
		UploadID: upload, PartSize: partSizeFor(in.Body.Size), CreatedAt: a.Now().UTC(),
		Day: dayOf(a.Now()), MaxFiles: int32(a.MaxFiles), MaxBytes: a.MaxBytes,
	}
	if err := a.insertFile(ctx, row); err != nil {
		return nil, errors.Join(err, a.Files.AbortUpload(ctx, id, upload))
	}
	return a.fileAnswer(ctx, FilePath{in.OrderPath, id}, http.StatusCreated)
}

// partSizeFor returns the part size at which the number of parts is within the limit of S3.
func partSizeFor(size int64) int64 {
	least := (size + storage.MaxParts - 1) / storage.MaxParts
	return max(partSize, least)
}

func partsOf(f sqlcgen.FileRow) int {
	return int((f.Size + f.PartSize - 1) / f.PartSize)
}

// fromStorage converts an outage of the storage into a problem and returns other errors unchanged.
func fromStorage(ctx context.Context, err error) error {
	if errors.Is(err, storage.ErrUnavailable) {
		httpapi.RequestFrom(ctx).Failure = err
		return problems.New(problems.NoStorage)
	}
	return err
}

// visibleFile reads a file for the caller. A file that he may not see is reported as not found.
func (a *Service) visibleFile(ctx context.Context, in FilePath) (sqlcgen.FileRow, error) {
	o, err := a.Orders.LoadVisible(ctx, in.Order)
	if err != nil {
		return sqlcgen.FileRow{}, err
	}
	f, err := a.Store.File(ctx, sqlcgen.FileParams{ID: in.File, OrderID: in.Order})
	if errors.Is(err, db.ErrNotFound) {
		return f, problems.New(problems.FileNotFound)
	}
	if err != nil {
		return f, fmt.Errorf("reading a file: %w", err)
	}
	visible, err := a.canSeeFile(ctx, &o, f)
	if err == nil && !visible {
		err = problems.New(problems.FileNotFound)
	}
	return f, err
}

// canSeeFile reports whether the caller may see the file: files of his own party, files of
// documents that he may open, and for the customer all files that are in no document.
func (a *Service) canSeeFile(ctx context.Context, o *orders.Visible, f sqlcgen.FileRow) (bool, error) {
	if isOwnFile(o.By, f) {
		return true, nil
	}
	if !f.Referenced {
		return o.By.Role == order.RoleCustomer, nil
	}
	uses, err := a.Store.DocumentsOfFile(ctx, sqlcgen.DocumentsOfFileParams{FileID: f.ID, OrderID: o.Row.ID})
	if err != nil {
		return false, fmt.Errorf("reading what a file is: %w", err)
	}
	joined, err := orders.JoinedAt(ctx, a.Store.Queries, o)
	if err != nil {
		return false, err
	}
	for _, use := range uses {
		if o.SeesDocument(joined, use.Seq, use.Kind) {
			return true, nil
		}
	}
	return false, nil
}

// isOwnFile reports whether the file belongs to the caller's party: it was uploaded in his role and
// for the same account, by him or by another person who acts for it.
func isOwnFile(c httpapi.Session, f sqlcgen.FileRow) bool {
	own := f.UploaderAccount == c.Party || f.UploaderParty != nil && *f.UploaderParty == c.Party
	return f.UploaderRole == string(c.Role) && own && c.Party != uuid.Nil
}

// ownFile reads a file of the caller's party.
func (a *Service) ownFile(ctx context.Context, in FilePath) (sqlcgen.FileRow, error) {
	f, err := a.visibleFile(ctx, in)
	if err == nil && !isOwnFile(httpapi.SessionFrom(ctx), f) {
		err = problems.New(problems.FileNotFound)
	}
	return f, err
}

func (a *Service) getFile(ctx context.Context, in *FilePath) (*fileOutput, error) {
	return a.fileAnswer(ctx, *in, http.StatusOK)
}

// fileAnswer returns a file. Its uploader also gets the uploaded parts, so that he can resume an
// interrupted upload.
func (a *Service) fileAnswer(ctx context.Context, in FilePath, status int) (*fileOutput, error) {
	f, err := a.visibleFile(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &fileOutput{Status: status, Location: "/api/orders/" + in.Order.String() + "/files/" + in.File.String()}
	out.Body.File = File{
		ID: f.ID, Name: f.Name, Size: f.Size, SHA256: f.Sha256, ContentType: f.ContentType, State: f.Status, Problem: f.Problem,
		CreatedAt: f.CreatedAt,
	}
	if f.Status != storage.Uploading || !isOwnFile(httpapi.SessionFrom(ctx), f) {
		return out, nil
	}
	out.Body.File.PartSize = f.PartSize
	arrived, _, err := a.uploadedParts(ctx, f)
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
	return parts, true, fromStorage(ctx, err)
}

// getContent redirects to a short-lived address of the storage, which sends the file as an
// attachment.
func (a *Service) getContent(ctx context.Context, in *FilePath) (*struct {
	Status       int
	Location     string `header:"Location"`
	CacheControl string `header:"Cache-Control"`
}, error,
) {
	f, err := a.visibleFile(ctx, *in)
	if err != nil {
		return nil, err
	}
	if f.Status != storage.Stored {
		return nil, problems.New(problems.FileNotStored)
	}
	address, err := a.Files.PresignDownload(ctx, f.Sha256, f.Name, f.ContentType)
	if err != nil {
		return nil, fmt.Errorf("signing a download: %w", err)
	}
	return &struct {
		Status       int
		Location     string `header:"Location"`
		CacheControl string `header:"Cache-Control"`
	}{http.StatusFound, address, "no-store"}, nil
}

// deleteFile removes a file that no document references: each person may delete his own, the
// order's customer all of them. The content is deleted unless another file has the same content.
func (a *Service) deleteFile(ctx context.Context, in *FilePath) (*struct{}, error) {
	f, err := a.visibleFile(ctx, *in)
	switch by := httpapi.SessionFrom(ctx); {
	case err != nil:
		return nil, err
	case f.Referenced && (isOwnFile(by, f) || by.Role == order.RoleCustomer):
		return nil, problems.New(problems.FileInUse)
	case !isOwnFile(by, f) && by.Role != order.RoleCustomer:
		return nil, problems.New(problems.FileNotFound)
	}
	ctx, cancel := context.WithTimeout(ctx, storageTimeout)
	defer cancel()
	err = a.Store.InTx(ctx, func(q *sqlcgen.Queries) error { return a.removeFile(ctx, q, f) })
	if errors.Is(err, db.ErrNotFound) {
		return nil, problems.New(problems.FileInUse)
	}
	if err != nil {
		return nil, fromStorage(ctx, fmt.Errorf("removing a file: %w", err))
	}
	return &struct{}{}, nil
}

func (a *Service) removeFile(ctx context.Context, q *sqlcgen.Queries, f sqlcgen.FileRow) error {
	if err := q.LockHash(ctx, f.Sha256); err != nil { // so that no other file with the same content is stored meanwhile
		return err
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
		shared, err := q.OtherFileHasHash(ctx, sqlcgen.OtherFileHasHashParams{Sha256: deleted.Sha256, ID: f.ID})
		if err != nil || shared {
			return err
		}
		return a.Files.Remove(ctx, deleted.Sha256)
	}
	return nil // the check deletes a file that it is checking; a rejected file is already deleted
}
