package files

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/profiles"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/picture"
	"epkr/internal/storage"
)

// pictureSize is the form in which a picture of a profile is sent. Nobody gets the original of such
// a picture.
type pictureSize string

const (
	original  pictureSize = "" // a file of an order, as it was uploaded
	full      pictureSize = "full"
	thumbnail pictureSize = "thumbnail"
)

// SizeParameter chooses the size of a picture.
type SizeParameter struct {
	Size pictureSize `query:"size" enum:"full,thumbnail" default:"full" doc:"Снимок: крупно или для списка; документ PDF не меняется"`
}

// pictureCaching lets a browser keep the address of a photo while it is valid.
const pictureCaching = "private, max-age=240"

// EngineerPath is the path parameter that identifies an engineer.
type EngineerPath struct {
	Engineer uuid.UUID `path:"engineer" format:"uuid" doc:"Кадастровый инженер"`
}

// registerShown adds the files of an engineer's profile as others see them.
func (a *Service) registerShown() {
	op := func(id, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: http.MethodGet, Path: "/api/engineers/{engineer}" + path, Tags: []string{fileTag}, Summary: summary,
			DefaultStatus: http.StatusFound, Errors: []int{http.StatusNotFound},
		}
	}
	httpapi.Register(a.HTTP, op("get-engineer-photo", "/photo", "Фотография кадастрового инженера"), httpapi.Consented(), a.getPhoto)
	httpapi.Register(a.HTTP, op("get-engineer-file", "/files/{file}", "Диплом или пример работы кадастрового инженера; документ о форме работы — только работодателю и модератору"),
		httpapi.Consented(), a.getEngineerFile)
}

// visibleEngineer returns what the caller may see of an engineer. Without any, his files are reported
// as not found, like those that he does not have.
func (a *Service) visibleEngineer(ctx context.Context, engineer uuid.UUID) (profiles.View, error) {
	view, err := a.Profiles.LoadVisible(ctx, engineer)
	if problem := (*problems.Problem)(nil); errors.As(err, &problem) && problem.Code == problems.NotFound {
		return view, problems.New(problems.FileNotFound)
	}
	return view, err
}

func (a *Service) getPhoto(ctx context.Context, in *struct {
	EngineerPath
	SizeParameter
},
) (*contentOutput, error) {
	if _, err := a.visibleEngineer(ctx, in.Engineer); err != nil {
		return nil, err
	}
	photo, err := a.Store.PhotoOf(ctx, in.Engineer)
	if errors.Is(err, db.ErrNotFound) {
		return nil, problems.New(problems.FileNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("finding a photo: %w", err)
	}
	return a.content(ctx, sqlcgen.FileRow{
		Name: photo.Name, Status: storage.Stored, PictureSha256: photo.PictureSha256, ThumbnailSha256: photo.ThumbnailSha256,
	}, in.Size)
}

func (a *Service) getEngineerFile(ctx context.Context, in *struct {
	EngineerPath
	ProfileFilePath
	SizeParameter
},
) (*contentOutput, error) {
	view, err := a.visibleEngineer(ctx, in.Engineer)
	if err != nil {
		return nil, err
	}
	f, err := a.fileOf(ctx, in.File, in.Engineer)
	if err != nil {
		return nil, err
	}
	private := profiles.Purpose(f.Purpose).Private()
	if private && (f.Purpose == "" || !view.Documents) { // what the profile does not name is nobody's
		return nil, problems.New(problems.FileNotFound)
	}
	if private && !view.Own {
		if err := a.HTTP.RecordOpened(ctx, "get-engineer-file", httpapi.SecuritySubject{Kind: "engineer", ID: in.Engineer}, []byte(in.File.String())); err != nil {
			return nil, err
		}
	}
	return a.content(ctx, f, in.Size)
}

// content redirects to the storage. A picture of a profile is sent as it was encoded anew.
func (a *Service) content(ctx context.Context, f sqlcgen.FileRow, size pictureSize) (*contentOutput, error) {
	if f.Status != storage.Stored {
		return nil, problems.New(problems.FileNotStored)
	}
	hash, name, contentType, caching := f.Sha256, f.Name, f.ContentType, "no-store"
	if f.PictureSha256 != "" {
		hash, name, contentType, caching = f.PictureSha256, strings.TrimSuffix(f.Name, path.Ext(f.Name))+".jpg", picture.JPEG, pictureCaching
		if size == thumbnail {
			hash = f.ThumbnailSha256
		}
	}
	address, err := a.Files.PresignDownload(ctx, hash, name, contentType)
	if err != nil {
		return nil, fmt.Errorf("signing a download: %w", err)
	}
	return &contentOutput{http.StatusFound, address, caching}, nil
}
