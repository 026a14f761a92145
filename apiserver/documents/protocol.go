package documents

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db/sqlcgen"
	"epkr/internal/document/forms"
	"epkr/internal/document/generated"
	"epkr/internal/signature"
	"epkr/internal/storage"
)

// Protocol is the protocol of the check of a signature.
type Protocol struct {
	Name string // of its file
	PDF  []byte
}

// signaturePath identifies a signature by its file.
type signaturePath struct {
	orders.OrderPath
	File uuid.UUID `path:"file" format:"uuid" doc:"Файл подписи"`
}

type protocolOutput struct {
	ContentType  string `header:"Content-Type"`
	Disposition  string `header:"Content-Disposition"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

func (s *Service) registerProtocol() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-signature-protocol", Method: http.MethodGet, Path: "/api/orders/{order}/signatures/{file}/protocol", Tags: []string{tag},
		Summary:     "Протокол проверки подписи, PDF",
		Description: "Протокол составляется из записи о проверке, сделанной при приёме подписи; подпись заново не проверяется. Один и тот же файл при каждом запросе.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
		Responses: map[string]*huma.Response{"200": {
			Description: "Протокол", Content: map[string]*huma.MediaType{generated.PDF: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
		}},
	}, httpapi.Consented(), s.getProtocol)
}

func (s *Service) getProtocol(ctx context.Context, in *signaturePath) (*protocolOutput, error) {
	o, err := s.Orders.LoadVisible(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	p, err := s.Protocol(ctx, &o, in.File)
	if err != nil {
		return nil, err
	}
	return &protocolOutput{generated.PDF, storage.Attachment(p.Name), "no-store", p.PDF}, nil
}

// Protocol makes the protocol of a signature among the documents of an order that the viewer sees. It
// depends on nothing but the record, so that a signature always has the same one. The problems are
// FileNotFound, and SignatureUnchecked for a signature that came in before there were checks.
func (s *Service) Protocol(ctx context.Context, o *orders.Visible, file uuid.UUID) (Protocol, error) {
	rows, err := s.Store.SignatureForProtocol(ctx, sqlcgen.SignatureForProtocolParams{OrderID: o.Row.ID, FileID: file})
	if err != nil {
		return Protocol{}, fmt.Errorf("reading the check of a signature: %w", err)
	}
	joined, err := orders.JoinedAt(ctx, s.Store.Queries, o)
	if err != nil {
		return Protocol{}, err
	}
	for _, row := range rows {
		if o.SeesDocument(joined, row.Seq, row.Kind) {
			return s.protocolOf(o.Row.Number, row)
		}
	}
	return Protocol{}, problems.New(problems.FileNotFound)
}

func (s *Service) protocolOf(order string, row sqlcgen.SignatureForProtocolRow) (Protocol, error) {
	if row.Result == nil {
		return Protocol{}, problems.New(problems.SignatureUnchecked)
	}
	var result signature.Result
	if err := json.Unmarshal(row.Result, &result); err != nil {
		return Protocol{}, fmt.Errorf("reading the check of a signature: %w", err)
	}
	p := forms.Protocol{
		Document:   forms.SignedDocument{Name: row.DocumentName, Size: row.DocumentSize, SHA256: row.DocumentSha256},
		Signatures: []forms.CheckedSignature{{Name: row.Name, Result: result}}, CheckedAt: row.CheckedAt,
	}
	if row.History != nil {
		p.History = &forms.HistoryHead{Order: order, Seq: int(row.Seq), Hash: hex.EncodeToString(row.History)}
	}
	pdf, err := s.Maker.Protocol(p)
	if err != nil {
		return Protocol{}, fmt.Errorf("making the protocol of a signature: %w", err)
	}
	of := strings.TrimSuffix(strings.TrimSuffix(row.Name, ".sig"), ".pdf")
	return Protocol{"Протокол проверки подписи " + of + ".pdf", pdf}, nil
}
