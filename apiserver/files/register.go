package files

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/apiserver/profiles"
)

const (
	orderFiles   = "/api/orders/{order}/files"
	profileFiles = "/api/profile/files"
)

// FilePath are the path parameters that identify a file of an order.
type FilePath struct {
	orders.OrderPath
	File uuid.UUID `path:"file" format:"uuid" doc:"Файл"`
}

// ProfileFilePath is the path parameter that identifies a file of the caller's own profile.
type ProfileFilePath struct {
	File uuid.UUID `path:"file" format:"uuid" doc:"Файл"`
}

func (a *Service) inOrder(in orders.OrderPath) place { return ofOrder{a, in.Order} }

func (a *Service) inOwnProfile(ctx context.Context) place {
	return ofProfile{a, httpapi.SessionFrom(ctx).Party}
}

// operation returns the description of an operation on files. suffix distinguishes the ids of the
// operations on the files of profiles.
func operation(path, suffix, id, method, summary string, errs ...int) huma.Operation {
	op := huma.Operation{
		OperationID: id + suffix, Method: method, Path: path, Tags: []string{fileTag}, Summary: summary,
		Errors: append(errs, http.StatusNotFound, http.StatusServiceUnavailable),
	}
	switch id {
	case "begin-upload":
		op.DefaultStatus = http.StatusCreated
	case "complete-upload":
		op.Responses = map[string]*huma.Response{"202": httpapi.AcceptedResponse("Файл ещё проверяется", "FileOutputBody")}
	case "get-content":
		op.DefaultStatus = http.StatusFound
	case "delete-file":
		op.DefaultStatus = http.StatusNoContent
	}
	return op
}

// Register adds the operations on files.
func (a *Service) Register() {
	a.registerOrderFiles()
	a.registerChatFiles()
	a.registerProfileFiles()
	a.registerShown()
}

func (a *Service) registerOrderFiles() {
	op := func(id, method, path, summary string, errs ...int) huma.Operation {
		return operation(orderFiles+path, "", id, method, summary, errs...)
	}
	upload := httpapi.Costs(limits.Upload)
	httpapi.Register(a.HTTP, op("begin-upload", http.MethodPost, "", "Объявить файл и начать загрузку", http.StatusConflict), httpapi.BothSides,
		func(ctx context.Context, in *struct {
			orders.OrderPath
			Body FileDeclaration
		},
		) (*fileOutput, error) {
			return a.beginUpload(ctx, a.inOrder(in.OrderPath), in.Body)
		}, upload)
	httpapi.Register(a.HTTP, op("get-file", http.MethodGet, "/{file}", "Состояние файла и загрузки"), httpapi.Consented(),
		func(ctx context.Context, in *FilePath) (*fileOutput, error) {
			return a.fileAnswer(ctx, a.inOrder(in.OrderPath), in.File, http.StatusOK)
		})
	httpapi.Register(a.HTTP, op("sign-part", http.MethodPost, "/{file}/parts", "Адрес для загрузки части", http.StatusConflict), httpapi.BothSides,
		func(ctx context.Context, in *struct {
			FilePath
			Body partDeclaration
		},
		) (*partOutput, error) {
			return a.signPart(ctx, a.inOrder(in.OrderPath), in.File, in.Body)
		}, upload)
	httpapi.Register(a.HTTP, op("complete-upload", http.MethodPost, "/{file}/complete", "Завершить загрузку", http.StatusConflict), httpapi.BothSides,
		func(ctx context.Context, in *struct {
			FilePath
			Body *completion
		},
		) (*fileOutput, error) {
			return a.completeUpload(ctx, a.inOrder(in.OrderPath), in.File, in.Body)
		}, upload)
	httpapi.Register(a.HTTP, op("get-content", http.MethodGet, "/{file}/content", "Скачать файл", http.StatusConflict), httpapi.Consented(),
		func(ctx context.Context, in *FilePath) (*contentOutput, error) {
			return a.getContent(ctx, a.inOrder(in.OrderPath), in.File, original)
		})
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "list-files", Method: http.MethodGet, Path: orderFiles, Tags: []string{fileTag},
		Summary: "Файлы, которые не приложены ни к одному документу: свои, а заказчику все", Errors: []int{http.StatusNotFound},
	}, httpapi.BothSides, a.unattachedFiles)
	httpapi.Register(a.HTTP, op("delete-file", http.MethodDelete, "/{file}", "Удалить неиспользованный файл своей стороны", http.StatusConflict), httpapi.BothSides,
		func(ctx context.Context, in *FilePath) (*struct{}, error) {
			return a.deleteFile(ctx, a.inOrder(in.OrderPath), in.File)
		})
}

// ProfileDeclaration describes a file of a profile before it is uploaded. The purpose is a promise:
// the profile checks the stored file again when it names it.
type ProfileDeclaration struct {
	FileDeclaration
	Purpose profiles.Purpose `json:"purpose" doc:"Чем файл будет в профиле"`
}

// check refuses a file that the profile would not take.
func (d *ProfileDeclaration) check() error {
	if fault := d.Purpose.Refuse(d.Size, d.Type); fault != "" {
		return problems.Invalid(problems.FieldProblem{Field: "file", Message: fault})
	}
	return nil
}

func (a *Service) registerProfileFiles() {
	op := func(id, method, path, summary string, errs ...int) huma.Operation {
		return operation(profileFiles+path, "-of-profile", id, method, summary, errs...)
	}
	upload := httpapi.Costs(limits.Upload)
	httpapi.Register(a.HTTP, op("begin-upload", http.MethodPost, "", "Объявить файл своего профиля и начать загрузку", http.StatusConflict), httpapi.Engineers,
		func(ctx context.Context, in *struct{ Body ProfileDeclaration }) (*fileOutput, error) {
			if err := in.Body.check(); err != nil {
				return nil, err
			}
			return a.beginUpload(ctx, a.inOwnProfile(ctx), in.Body.FileDeclaration)
		}, upload)
	httpapi.Register(a.HTTP, op("get-file", http.MethodGet, "/{file}", "Состояние файла своего профиля и его загрузки"), httpapi.Engineers,
		func(ctx context.Context, in *ProfileFilePath) (*fileOutput, error) {
			return a.fileAnswer(ctx, a.inOwnProfile(ctx), in.File, http.StatusOK)
		})
	httpapi.Register(a.HTTP, op("sign-part", http.MethodPost, "/{file}/parts", "Адрес для загрузки части файла своего профиля", http.StatusConflict), httpapi.Engineers,
		func(ctx context.Context, in *struct {
			ProfileFilePath
			Body partDeclaration
		},
		) (*partOutput, error) {
			return a.signPart(ctx, a.inOwnProfile(ctx), in.File, in.Body)
		}, upload)
	httpapi.Register(a.HTTP, op("complete-upload", http.MethodPost, "/{file}/complete", "Завершить загрузку файла своего профиля", http.StatusConflict), httpapi.Engineers,
		func(ctx context.Context, in *struct {
			ProfileFilePath
			Body *completion
		},
		) (*fileOutput, error) {
			return a.completeUpload(ctx, a.inOwnProfile(ctx), in.File, in.Body)
		}, upload)
	httpapi.Register(a.HTTP, op("get-content", http.MethodGet, "/{file}/content", "Скачать файл своего профиля; снимок — таким, каким его видят другие", http.StatusConflict), httpapi.Engineers,
		func(ctx context.Context, in *struct {
			ProfileFilePath
			SizeParameter
		},
		) (*contentOutput, error) {
			return a.getContent(ctx, a.inOwnProfile(ctx), in.File, in.Size)
		})
	httpapi.Register(a.HTTP, op("delete-file", http.MethodDelete, "/{file}", "Удалить файл, которого в профиле нет", http.StatusConflict), httpapi.Engineers,
		func(ctx context.Context, in *ProfileFilePath) (*struct{}, error) {
			return a.deleteFile(ctx, a.inOwnProfile(ctx), in.File)
		})
}
