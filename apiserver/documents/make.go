package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/events"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/document/generated"
	"epkr/internal/workflowapi"
)

// startTimeout limits the call that starts the making of a document. After it, it is unknown whether
// it was started.
const startTimeout = 5 * time.Second

type documentOutput struct {
	Status int
	Body   struct {
		Document GeneratedDocument `json:"document"`
	}
}

// generateInput asks to make a document from a form.
type generateInput[Form any] struct {
	orders.OrderPath
	httpapi.Idempotent
	Body struct {
		Form Form `json:"form"`
	}
}

// registerGenerate adds the operation that makes a document from a form.
func registerGenerate[Form any](
	s *Service, id, under, summary string, generate func(context.Context, *generateInput[Form]) (*documentOutput, error),
) {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: path + under, Tags: []string{tag}, Summary: summary,
		Description: "Прежний сформированный документ этого вида остаётся файлом, но больше не показывается.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{
			"202": httpapi.AcceptedResponse("Ещё формируется: повторите с тем же ключом или смотрите список", "DocumentOutputBody"),
		},
	}, httpapi.Engineers, generate)
}

// request is what the caller asks for: a document of a kind, from a form, under a key.
type request struct {
	order uuid.UUID
	kind  generated.Kind
	key   string
	form  any
	// attachment is a file that goes with the document; nil for none.
	attachment *uuid.UUID
}

// identify returns what identifies the request, so that a repeated one gets the same document, and its
// form as it is stored.
func (r request) identify(by httpapi.Session) (id uuid.UUID, hash string, form json.RawMessage, err error) {
	form, err = json.Marshal(r.form)
	if err != nil {
		return uuid.Nil, "", nil, fmt.Errorf("encoding a form: %w", err)
	}
	sum := sha256.Sum256(form)
	return workflowapi.GeneratedDocumentID(by.Actor(), r.order, string(r.kind), r.key), hex.EncodeToString(sum[:]), form, nil
}

// make returns the document of a request. A new one is checked and prepared by prepare, which returns
// its values, and is made once here before anything is stored, so that every refusal of a value comes
// at once.
func (s *Service) make(ctx context.Context, r request, prepare func() (generated.Input, error)) (*documentOutput, error) {
	by := httpapi.SessionFrom(ctx)
	id, hash, form, err := r.identify(by)
	if err != nil {
		return nil, err
	}
	known, err := s.isKnown(ctx, id, hash)
	if err != nil {
		return nil, err
	}
	if !known {
		in, err := prepare()
		if err != nil {
			return nil, err
		}
		input, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("encoding the values of a document: %w", err)
		}
		if _, err := s.Store.InsertGenerated(ctx, sqlcgen.InsertGeneratedParams{
			ID: id, OrderID: r.order, Kind: string(r.kind), PersonID: by.Person, EngineerID: by.Party, RequestSha256: hash, Form: form,
			Input: input, AttachmentID: r.attachment, CreatedAt: s.Now().UTC(),
		}); err != nil {
			return nil, fmt.Errorf("writing a document down: %w", err)
		}
		if _, err := s.isKnown(ctx, id, hash); err != nil { // another request with this key may have been first
			return nil, err
		}
	}
	return s.await(ctx, r.order, id)
}

// check makes a document once, so that whatever cannot stand in it is refused at its field; fields gives
// the names of the form's fields by the paths of the document.
func (s *Service) check(in generated.Input, fields map[string]string) error {
	if _, err := s.Maker.Make(in); err != nil {
		if refused := fieldProblem(err, fields); refused != nil {
			return refused
		}
		return fmt.Errorf("making a document: %w", err)
	}
	return nil
}

// isKnown reports whether the request was stored before; another form under the same key is refused.
func (s *Service) isKnown(ctx context.Context, id uuid.UUID, hash string) (bool, error) {
	stored, err := s.Store.GeneratedRequest(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("reading a request for a document: %w", err)
	case stored != hash:
		return false, problems.New(problems.KeyReused)
	}
	return true, nil
}

// await starts the making, or joins the running one, and waits a few seconds for its result.
func (s *Service) await(ctx context.Context, orderID, id uuid.UUID) (*documentOutput, error) {
	notified, cancel := s.Events.Subscribe(id)
	defer cancel()
	if err := s.start(ctx, id); err != nil {
		s.Log.WarnContext(ctx, "whether the making of a document was started is unknown", "document", id, "error", err)
		return nil, problems.New(problems.UnknownOutcome).After(2 * time.Second)
	}
	out := &documentOutput{Status: http.StatusOK}
	err := events.WaitOrPoll(ctx, notified, func() (bool, error) {
		found, err := s.read(ctx, orderID, &id)
		if err != nil {
			return false, err
		}
		if len(found) == 0 {
			return false, problems.New(problems.OrderNotFound)
		}
		out.Body.Document = found[0]
		return found[0].Status != making, nil
	})
	if err != nil {
		return nil, err
	}
	if out.Body.Document.Status == making {
		out.Status = http.StatusAccepted
	}
	return out, nil
}

func (s *Service) start(ctx context.Context, id uuid.UUID) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	_, err := s.Temporal.ExecuteWorkflow(ctx, workflowapi.MakeDocumentOptions(id, s.TaskQueue), workflowapi.MakeDocumentWorkflow,
		workflowapi.MakeDocumentInput{DocumentID: id.String()})
	if err != nil {
		return fmt.Errorf("starting the making of a document: %w", err)
	}
	return nil
}
