// Package documents makes the documents of an order for its performer from what the platform knows:
// the order, the parties' requisites and profiles, and what he types. Only he sees a document until he
// sends it; he sends it by a message of the order, as any file.
package documents

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/events"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/apiserver/orders/messages"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/document/generated"
	"epkr/internal/order"
)

const (
	tag  = "Формирование документов"
	path = "/api/orders/{order}/generated"
)

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP     *httpapi.Server
	Store    *db.Store
	Temporal client.Client
	Log      *slog.Logger
	Now      func() time.Time
	Orders   *orders.Service
	Messages *messages.Service
	Events   *events.Service
	Maker    *generated.Maker
	// TaskQueue is the task queue of the workflow that makes documents.
	TaskQueue string
}

// Service makes the documents of orders.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations on generated documents.
func (s *Service) Register() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-generated-documents", Method: http.MethodGet, Path: path, Tags: []string{tag},
		Summary:     "Документы, сформированные платформой для вас: последний каждого вида",
		Description: "Сформированный документ видит только исполнитель, пока не отправит его действием заказа.",
		Errors:      []int{http.StatusNotFound},
	}, httpapi.Engineers, s.list)
	s.registerContract()
	s.registerAct()
	s.registerInvoices()
	s.registerPayment()
	s.registerProtocol()
}

// GeneratedFile is a file of a generated document; it is downloaded as any file of the order.
type GeneratedFile struct {
	ID     uuid.UUID `json:"id" format:"uuid" doc:"Файл"`
	Name   string    `json:"name" doc:"Имя файла"`
	Size   int64     `json:"size" doc:"Размер в байтах"`
	SHA256 string    `json:"sha256" doc:"SHA-256"`
}

// Status is how far a document is made.
type Status string

// The statuses; see the column generated_documents.status.
const (
	making Status = "making"
	ready  Status = "ready"
	failed Status = "failed"
)

// Schema lists the values in the description of the API, for huma.
func (Status) Schema(huma.Registry) *huma.Schema { return wire.OneOf([]Status{making, ready, failed}) }

// Kind is the kind of a generated document.
type Kind generated.Kind

// Schema lists the values in the description of the API, for huma.
func (Kind) Schema(huma.Registry) *huma.Schema { return wire.OneOf(generated.Kinds()) }

// GeneratedDocument is a generated document.
type GeneratedDocument struct {
	ID        uuid.UUID      `json:"id" format:"uuid" doc:"Идентификатор"`
	Kind      Kind           `json:"kind" doc:"Какой это документ"`
	Status    Status         `json:"status" doc:"Формируется, готов или не сформирован"`
	Problem   string         `json:"problem,omitempty" doc:"Почему не сформирован"`
	CreatedAt time.Time      `json:"createdAt" doc:"Когда запрошен"`
	PDF       *GeneratedFile `json:"pdf,omitempty" doc:"PDF/A"`
	DOCX      *GeneratedFile `json:"docx,omitempty" doc:"Тот же текст в DOCX"`
	// Attachment is the name of the file that its author attached.
	Attachment string                    `json:"attachment,omitempty" doc:"Имя приложенного файла"`
	Contract   *order.ContractConditions `json:"contract,omitempty" doc:"Условия сформированного договора: с ними его отправляют"`
}

func documentOf(r sqlcgen.GeneratedOfPerformerRow) (GeneratedDocument, error) {
	d := GeneratedDocument{
		ID: r.ID, Kind: Kind(r.Kind), Status: Status(r.Status), Problem: r.Problem, CreatedAt: r.CreatedAt, Attachment: r.AttachmentName,
	}
	if d.Status == ready {
		d.PDF = &GeneratedFile{r.PdfID, r.PdfName, r.PdfSize, r.PdfSha256}
		d.DOCX = &GeneratedFile{r.DocxID, r.DocxName, r.DocxSize, r.DocxSha256}
	}
	in, err := generated.Read(r.Input)
	if err == nil && in.Contract != nil {
		d.Contract = generated.Conditions(*in.Contract)
	}
	return d, err
}

type listOutput struct {
	Body struct {
		Items []GeneratedDocument `json:"items" nullable:"false"`
	}
}

func (s *Service) list(ctx context.Context, in *orders.OrderPath) (*listOutput, error) {
	if _, err := s.Orders.LoadVisible(ctx, in.Order); err != nil {
		return nil, err
	}
	found, err := s.read(ctx, in.Order, nil)
	if err != nil {
		return nil, err
	}
	for _, d := range found {
		if d.Status == making { // its start may have been lost
			if err := s.start(ctx, d.ID); err != nil {
				s.Log.WarnContext(ctx, "whether the making of a document was started is unknown", "document", d.ID, "error", err)
			}
		}
	}
	out := &listOutput{}
	out.Body.Items = found
	return out, nil
}

// read returns the caller's current documents in an order, or only the one with the id.
func (s *Service) read(ctx context.Context, orderID uuid.UUID, id *uuid.UUID) ([]GeneratedDocument, error) {
	rows, err := s.Store.GeneratedOfPerformer(ctx, sqlcgen.GeneratedOfPerformerParams{
		OrderID: orderID, EngineerID: httpapi.SessionFrom(ctx).Party, ID: id,
	})
	if err != nil {
		return nil, fmt.Errorf("reading generated documents: %w", err)
	}
	found := make([]GeneratedDocument, len(rows))
	for i, r := range rows {
		if found[i], err = documentOf(r); err != nil {
			return nil, err
		}
	}
	return found, nil
}
