// Package archive sends the documents of an order as one ZIP archive, with everything that a court
// needs to verify their signatures and the history without the platform.
package archive

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"epkr/apiserver/documents"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/internal/document/generated"
	"epkr/internal/storage"
)

// maxOpen is how many archives one process sends at once; each holds a connection to the storage.
var maxOpen = 8 // changed by tests

// maxTime limits the sending of one archive. An order has at most a few gigabytes.
const maxTime = time.Hour

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP   *httpapi.Server
	Store  *db.Store
	Files  *storage.Store
	Orders *orders.Service
	// Documents make the protocols of the signatures.
	Documents *documents.Service
	Maker     *generated.Maker
	Log       *slog.Logger
	Now       func() time.Time
}

// Service sends archives.
type Service struct {
	Dependencies
	open chan struct{}
}

// New returns the service.
func New(d Dependencies) *Service {
	return &Service{Dependencies: d, open: make(chan struct{}, maxOpen)}
}

// Register adds the operation.
func (s *Service) Register() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-archive", Method: http.MethodGet, Path: "/api/orders/{order}/archive", Tags: []string{orders.Tag},
		Summary: "Все документы заказа одним архивом ZIP",
		Description: "В архиве — документы, которые видит вызывающий, подписи с протоколами проверки, доверенности, сертификаты и списки отзыва, история (JSON и PDF), " +
			"список SHA-256 всех файлов и указания, как всё проверить с помощью openssl. Архив передаётся по частям; оборванный не докачивается.",
		Errors: []int{http.StatusNotFound, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{"200": {
			Description: "Архив", Content: map[string]*huma.MediaType{"application/zip": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
		}},
	}, httpapi.Consented(), s.get, httpapi.Costs(limits.Search))
}

func (s *Service) get(ctx context.Context, in *orders.OrderPath) (*huma.StreamResponse, error) {
	o, err := s.Orders.LoadVisible(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	contents, err := s.contents(ctx, &o)
	if err != nil {
		return nil, err
	}
	if s.HTTP.IsClosing() {
		return nil, problems.New(problems.Closing)
	}
	select {
	case s.open <- struct{}{}:
	default:
		return nil, problems.New(problems.TooManyArchives).After(30 * time.Second)
	}
	httpapi.RequestFrom(ctx).Streamed = true
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/zip")
		ctx.SetHeader("Content-Disposition", storage.Attachment(contents.folder+".zip"))
		ctx.SetHeader("Cache-Control", "no-store")
		// An error of the body closes the connection, so that the browser knows that the archive is cut.
		humafiber.UnwrapV2(ctx).Context().SetBodyStream(s.stream(contents), -1)
	}}, nil
}

// stream starts to write the archive and returns what reads it. The writing ends when the reader is
// closed, when the server closes, or after maxTime.
func (s *Service) stream(contents *contents) io.Reader {
	read, write := io.Pipe()
	closing, ended := s.HTTP.OpenStream()
	ctx, cancel := context.WithTimeout(context.Background(), maxTime)
	go func() {
		select {
		case <-closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	go func() {
		defer func() { <-s.open }()
		defer ended()
		defer cancel()
		err := s.safely(func() error { return contents.write(ctx, s.Files, write) })
		if err != nil {
			s.Log.Warn("an archive was not sent to its end", "order", contents.order, "error", err)
		}
		write.CloseWithError(err)
	}()
	return read
}

// safely turns a panic into an error: outside of a request nothing else catches it.
func (s *Service) safely(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			s.Log.Error("an archive panicked", "error", fmt.Sprint(cause), "stack", string(debug.Stack()))
			err = fmt.Errorf("writing an archive: %v", cause)
		}
	}()
	return do()
}
