// Package goskey lets a customer sign the documents of his order in the mobile application «Госключ».
// The signature comes later, by a message that the platform sends for him.
package goskey

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

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/goskey"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

const (
	tag  = "Подпись в Госключе"
	path = "/api/orders/{order}/goskey"
	// startTimeout limits the call that starts a workflow. After it, it is unknown whether it was
	// started.
	startTimeout = 5 * time.Second
	// term is how long a person has for his signature: the longest term, less what clocks may differ.
	term = goskey.MaxTerm - 10*time.Minute
)

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP     *httpapi.Server
	Store    *db.Store
	Temporal client.Client
	Log      *slog.Logger
	Now      func() time.Time
	Orders   *orders.Service
	// TaskQueue is the task queue of the workflows.
	TaskQueue string
	// Enabled tells whether «Госключ» is configured, with authorities to judge its signatures by.
	Enabled bool
}

// Service begins signatures in «Госключ» and tells how they go.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations.
func (s *Service) Register() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-goskey", Method: http.MethodGet, Path: path, Tags: []string{tag},
		Summary: "Можно ли подписать документ в Госключе и как идут подписания: последнее для каждого действия",
		Errors:  []int{http.StatusNotFound},
	}, httpapi.Customers, s.get)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "sign-in-goskey", Method: http.MethodPost, Path: path, Tags: []string{tag}, DefaultStatus: http.StatusAccepted,
		Summary: "Подписать в Госключе",
		Description: "Документ уходит в приложение «Госключ». Когда вы его подпишете, платформа сама проверит подпись и выполнит действие. Отозвать документ " +
			"нельзя, но его можно подписать другим способом: тогда подпись из Госключа сохранится и не применится. Пока подпись ожидается, " +
			"повторный запрос возвращает прежний.",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable},
	}, httpapi.Customers, s.sign)
}

// Action is the action that a signature carries out.
type Action order.Kind

var actions = []Action{Action(order.SignContract), Action(order.AcceptResults), Action(order.SignAct)}

// Schema lists the values in the description of the API, for huma.
func (Action) Schema(huma.Registry) *huma.Schema { return wire.OneOf(actions) }

// State is how far a signature is.
type State string

// The states that people see; see the column goskey_requests.state.
const (
	Sending State = "sending" // the document is prepared, sent and checked
	Waiting State = "waiting" // the person has it
	Signed  State = "signed"  // the signature has come and is not applied yet
	Applied State = "applied"
	Failed  State = "failed" // ended without effect, see the reason
)

// Schema lists the values in the description of the API, for huma.
func (State) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]State{Sending, Waiting, Signed, Applied, Failed})
}

var states = map[string]State{
	"new": Sending, "checking": Sending, "waiting": Waiting, "signed": Signed, "applied": Applied,
}

// SigningRequest is a request to sign a document.
type SigningRequest struct {
	ID        uuid.UUID  `json:"id" format:"uuid" doc:"Идентификатор"`
	Action    Action     `json:"action" doc:"Действие, которое выполнит подпись"`
	Document  string     `json:"document" doc:"SHA-256 документа"`
	State     State      `json:"state" doc:"Отправляется, ожидает подписи, подписан, применён, не подписан"`
	CreatedAt time.Time  `json:"createdAt" doc:"Когда отправлен"`
	Until     time.Time  `json:"until" doc:"До какого времени его можно подписать"`
	EndedAt   *time.Time `json:"endedAt,omitempty" doc:"Когда закончилось"`
	Reason    string     `json:"reason,omitempty" doc:"Почему подпись не применена"`
}

func requestOf(r sqlcgen.GoskeyRequest) SigningRequest {
	state, known := states[r.State]
	if !known {
		state = Failed
	}
	return SigningRequest{
		ID: r.ID, Action: Action(r.Action), Document: r.DocumentSha256, State: state, CreatedAt: r.CreatedAt, Until: r.ExpiresAt, EndedAt: r.EndedAt,
		Reason: r.Reason,
	}
}

type getOutput struct {
	Body struct {
		// Offered is false for a representative: «Госключ» signs for an organisation by its head.
		Offered  bool             `json:"offered" doc:"Можно ли вам подписать документ в Госключе"`
		Requests []SigningRequest `json:"requests" nullable:"false" doc:"Подписания, последнее для каждого действия"`
	}
}

func (s *Service) get(ctx context.Context, in *orders.OrderPath) (*getOutput, error) {
	o, err := s.Orders.LoadVisible(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	out := &getOutput{}
	out.Body.Offered, out.Body.Requests = s.offered(o.By), []SigningRequest{}
	rows, err := s.Store.GoskeyRequestsOf(ctx, sqlcgen.GoskeyRequestsOfParams{OrderID: in.Order, PartyID: o.By.Party})
	if err != nil {
		return nil, fmt.Errorf("reading the requests to «Госключ»: %w", err)
	}
	for _, row := range rows {
		if row.State == "new" { // its start may have been lost
			if err := s.start(ctx, row.ID); err != nil {
				s.Log.WarnContext(ctx, "whether a signature in «Госключ» was started is unknown", "request", row.ID, "error", err)
			}
		}
		out.Body.Requests = append(out.Body.Requests, requestOf(row))
	}
	return out, nil
}

func (s *Service) offered(by httpapi.Session) bool {
	return s.Enabled && (by.PartyKind != string(order.OrganisationKind) || by.Head)
}

type signInput struct {
	orders.OrderPath
	httpapi.Idempotent
	Body struct {
		Action   Action `json:"action" doc:"Действие, которое выполнит подпись"`
		Document string `json:"document" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 подписываемого документа"`
	}
}

type signOutput struct {
	Body struct {
		Request SigningRequest `json:"request"`
	}
}

// sign begins a signature, or returns the one that was begun under the key or waits for the document.
func (s *Service) sign(ctx context.Context, in *signInput) (*signOutput, error) {
	by := httpapi.SessionFrom(ctx)
	id := workflowapi.GoskeyRequestID(by.Actor(), in.Order, in.Key)
	known, err := s.Store.GoskeyRequest(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		if id, err = s.begin(ctx, id, in); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, fmt.Errorf("reading a request to «Госключ»: %w", err)
	case known.Action != string(in.Body.Action) || known.DocumentSha256 != in.Body.Document:
		return nil, problems.New(problems.KeyReused)
	}
	row, err := s.Store.GoskeyRequest(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound): // the one that waited has ended meanwhile
		return nil, problems.New(problems.UnknownOutcome).After(2 * time.Second)
	case err != nil:
		return nil, fmt.Errorf("reading a request to «Госключ»: %w", err)
	}
	if err := s.start(ctx, id); err != nil {
		s.Log.WarnContext(ctx, "whether a signature in «Госключ» was started is unknown", "request", id, "error", err)
		return nil, problems.New(problems.UnknownOutcome).After(2 * time.Second)
	}
	out := &signOutput{}
	out.Body.Request = requestOf(plain(row))
	return out, nil
}

// begin stores a new request if the caller may sign the document now. It returns the id of the one
// that waits for the document already, if there is one.
func (s *Service) begin(ctx context.Context, id uuid.UUID, in *signInput) (uuid.UUID, error) {
	o, refusal, err := s.Orders.LoadForMessage(ctx, in.Order, order.Kind(in.Body.Action))
	switch {
	case err != nil:
		return id, err
	case refusal != nil:
		return id, problems.Refused(*refusal)
	case !s.offered(o.By):
		return id, problems.New(problems.GoskeyOff)
	}
	if o.By.Head {
		if err := s.HTTP.CheckAuthority(o.By); err != nil {
			return id, err
		}
	}
	document, refusal := documentToSign(o.State, order.Kind(in.Body.Action), in.Body.Document)
	if refusal != nil {
		return id, problems.Refused(*refusal)
	}
	file, err := uuid.Parse(document.ID)
	if err != nil {
		return id, fmt.Errorf("reading the id of a document: %w", err)
	}
	at := s.Now().UTC()
	added, err := s.Store.InsertGoskeyRequest(ctx, sqlcgen.InsertGoskeyRequestParams{
		ID: id, OrderID: in.Order, Action: string(in.Body.Action), PersonID: o.By.Person, Role: string(o.By.Role), PartyID: o.By.Party, DocumentID: file,
		DocumentSha256: document.SHA256, CreatedAt: at, ExpiresAt: at.Add(term),
	})
	if err != nil {
		return id, fmt.Errorf("writing a request to «Госключ» down: %w", err)
	}
	if added == 1 {
		return id, nil
	}
	open, err := s.Store.OpenGoskeyRequest(ctx, sqlcgen.OpenGoskeyRequestParams{OrderID: in.Order, PersonID: o.By.Person, DocumentSha256: document.SHA256})
	if errors.Is(err, db.ErrNotFound) { // it has ended meanwhile, or another request with this key was first
		return id, nil
	}
	if err != nil {
		return id, fmt.Errorf("reading the request that waits: %w", err)
	}
	return open.ID, nil
}

// documentToSign returns the document of an order that an action signs, if it is the one that the
// person has seen.
func documentToSign(o order.State, action order.Kind, seen string) (order.FileRef, *order.Refusal) {
	var document order.FileRef
	other := order.CodeOtherAct
	switch {
	case action == order.SignContract && o.Contract != nil:
		document, other = o.Contract.File, order.CodeOtherContract
	case action != order.SignContract && o.Act != nil:
		document = o.Act.File
	default:
		return document, &order.Refusal{Code: order.CodeActNotNow, Reason: order.ReasonOf(order.CodeActNotNow)}
	}
	if document.SHA256 != seen {
		return document, &order.Refusal{Code: other, Reason: order.ReasonOf(other)}
	}
	return document, nil
}

// plain drops what a row has beyond the request.
func plain(r sqlcgen.GoskeyRequestRow) sqlcgen.GoskeyRequest {
	return sqlcgen.GoskeyRequest{
		ID: r.ID, Action: r.Action, DocumentSha256: r.DocumentSha256, State: r.State, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, EndedAt: r.EndedAt,
		Reason: r.Reason,
	}
}

func (s *Service) start(ctx context.Context, id uuid.UUID) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	_, err := s.Temporal.ExecuteWorkflow(ctx, workflowapi.GoskeySignatureOptions(id, s.TaskQueue), workflowapi.GoskeySignatureWorkflow,
		workflowapi.GoskeySignatureInput{RequestID: id.String()})
	if err != nil {
		return fmt.Errorf("starting a signature in «Госключ»: %w", err)
	}
	return nil
}
