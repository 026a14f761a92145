package apitest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/files"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/apiserver/orders/messages"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	engineeractivities "epkr/activities/engineers"
	fileactivities "epkr/activities/files"
	orderactivities "epkr/activities/orders"
	registryactivities "epkr/activities/registry"
	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

// StartWorker works for the platform until stop, or the test, ends it.
func (p *Platform) StartWorker() (stop func()) {
	p.T.Helper()
	temporal := testenv.Temporal(p.T)
	require.NoError(p.T, workflowapi.EnsureAttributes(p.T.Context(), temporal, client.DefaultNamespace))
	now := p.Deps.Now
	w := worker.New(temporal, p.TaskQueue, workflows.Options())
	workflows.Register(w)
	activities.Register(w, activities.Set{Orders: orderactivities.New(p.Deps.Store, p.Deps.Files, now), Files: fileactivities.New(p.Deps.Store, p.Deps.Files, now)})
	require.NoError(p.T, w.Start())
	var once sync.Once
	stop = func() { once.Do(w.Stop) }
	p.T.Cleanup(stop)
	return stop
}

// Told is the answer to a message.
type Told struct {
	Message messages.MessageStatus `json:"message"`
	Order   *orders.OrderCard      `json:"order"`
}

// Send tells an order something under a key and waits for the verdict.
func (b *Browser) Send(key string, id uuid.UUID, kind order.Kind, body any) Answer {
	b.Platform.T.Helper()
	return b.Judged(key, "/api/orders/"+id.String()+"/"+string(kind), body)
}

// Judged sends a message under a key, and again under it for as long as the answer is that the verdict will come: it does on a slow machine.
func (b *Browser) Judged(key, path string, body any) (a Answer) {
	b.Platform.T.Helper()
	testenv.Eventually(b.Platform.T, path+" is judged", func() bool {
		a = b.Do(http.MethodPost, path, body, "Idempotency-Key", key)
		return a.Status != http.StatusAccepted
	})
	return a
}

// Tell tells an order something and wants it applied.
func (b *Browser) Tell(id uuid.UUID, kind order.Kind, body any) Told {
	b.Platform.T.Helper()
	a := b.Send(uuid.NewString(), id, kind, body)
	require.Equal(b.Platform.T, http.StatusOK, a.Status, string(kind)+": "+a.Text())
	var t Told
	a.Into(&t)
	require.Equal(b.Platform.T, messages.MessageApplied, t.Message.State)
	return t
}

// Refuse tells an order something and wants it refused with the code.
func (b *Browser) Refuse(code order.Code, id uuid.UUID, kind order.Kind, body any) problems.Problem {
	b.Platform.T.Helper()
	a := b.Send(uuid.NewString(), id, kind, body)
	require.Equal(b.Platform.T, http.StatusConflict, a.Status, string(kind)+": "+a.Text())
	found := a.Problem()
	require.Equal(b.Platform.T, string(code), found.Code, found.Detail)
	require.NotEmpty(b.Platform.T, found.Detail)
	return found
}

// Draft makes a draft.
func (b *Browser) Draft() uuid.UUID {
	b.Platform.T.Helper()
	a := b.Judged(uuid.NewString(), "/api/orders", nil)
	require.Equal(b.Platform.T, http.StatusCreated, a.Status, a.Text())
	var t Told
	a.Into(&t)
	require.Equal(b.Platform.T, "/api/orders/"+t.Order.ID.String(), a.Header.Get("Location"))
	return t.Order.ID
}

type Object = map[string]any

// Conditions are those of an order in a region, with a term.
func Conditions(region string, days int) Object {
	return Object{
		"details": Object{"region": region, "workKind": "parcel-formation", "termDays": days, "price": 5_000_000},
		"text":    Object{"address": "Московская область, Химки, улица Заречная, 1", "city": "Химки", "street": "улица Заречная"},
	}
}

// Published makes an order in a region open to engineers.
func (b *Browser) Published(region string) uuid.UUID {
	b.Platform.T.Helper()
	id := b.Draft()
	b.Tell(id, order.Publish, Conditions(region, 30))
	return id
}

// Card reads an order.
func (b *Browser) Card(id uuid.UUID) orders.OrderCard {
	b.Platform.T.Helper()
	var card orders.OrderCard
	b.Do(http.MethodGet, "/api/orders/"+id.String(), nil).OK().Into(&card)
	return card
}

// EngineerID is the id of the engineer with that login.
func (p *Platform) EngineerID(login string) string {
	p.T.Helper()
	return Value[string](p, "select id from engineers where snils = $1", p.Person(login).SNILS)
}

func HexSum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func Base64Sum(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// begin declares a file.
func (b *Browser) BeginFile(id uuid.UUID, name string, content []byte, hash string) files.File {
	b.Platform.T.Helper()
	var out struct{ File files.File }
	b.Do(http.MethodPost, "/api/orders/"+id.String()+"/files", Object{
		"name": name, "size": len(content), "sha256": hash, "type": "application/pdf",
	}).OK().Into(&out)
	return out.File
}

func FilesOf(id uuid.UUID, f files.File) string {
	return "/api/orders/" + id.String() + "/files/" + f.ID.String()
}

// PutPart sends one part as a browser does, and gives the storage's status.
func (b *Browser) PutPart(id uuid.UUID, f files.File, number int, declared, sent []byte) int {
	b.Platform.T.Helper()
	var part struct {
		URL     string
		Headers map[string]string
	}
	b.Do(http.MethodPost, FilesOf(id, f)+"/parts", Object{
		"part": number, "length": len(declared), "sha256": Base64Sum(declared),
	}).OK().Into(&part)
	request, err := http.NewRequestWithContext(b.Platform.T.Context(), http.MethodPut, part.URL, bytes.NewReader(sent))
	require.NoError(b.Platform.T, err)
	for name, value := range part.Headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(b.Platform.T, err)
	require.NoError(b.Platform.T, response.Body.Close())
	return response.StatusCode
}

// Upload sends a whole file and waits until it is kept.
func (b *Browser) Upload(id uuid.UUID, name string, content []byte) files.File {
	b.Platform.T.Helper()
	f := b.BeginFile(id, name, content, HexSum(content))
	for number, rest := 1, content; len(rest) > 0; number++ {
		part := rest[:min(int(f.PartSize), len(rest))]
		rest = rest[len(part):]
		require.Equal(b.Platform.T, http.StatusOK, b.PutPart(id, f, number, part, part))
	}
	return b.Complete(id, f, "stored")
}

// Complete ends an upload and waits for the state.
func (b *Browser) Complete(id uuid.UUID, f files.File, state string) files.File {
	b.Platform.T.Helper()
	var out struct{ File files.File }
	b.Do(http.MethodPost, FilesOf(id, f)+"/complete", nil).OK().Into(&out)
	testenv.Eventually(b.Platform.T, "the file is "+state, func() bool {
		if out.File.State == "checking" {
			b.Do(http.MethodGet, FilesOf(id, f), nil).OK().Into(&out)
		}
		return out.File.State != "checking"
	})
	require.Equal(b.Platform.T, state, out.File.State, out.File.Problem)
	return out.File
}

// Ref names a file in a message.
func Ref(f files.File) Object { return Object{"id": f.ID.String(), "sha256": f.SHA256} }

// PDF is a content that looks like one; each name gives another.
func PDF(name string) []byte { return []byte("%PDF-1.7\n" + name) }

// Contracted brings an order to the moment when both have signed, without an advance unless advance says so.
func (p *Platform) Contracted(customer, engineer *Browser, advance int) uuid.UUID {
	p.T.Helper()
	id := customer.Published("77")
	engineer.Tell(id, order.Respond, Object{"details": Object{"price": 100_000, "termDays": 20}, "text": Object{"note": "Готов взяться"}})
	customer.Tell(id, order.Choose, Object{"details": Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	contract := engineer.Upload(id, "договор.pdf", PDF("договор"))
	signature := engineer.Upload(id, "договор.sig", []byte("подпись исполнителя"))
	engineer.Tell(id, order.SendContract, Object{"details": Object{
		"file": Ref(contract), "signature": Ref(signature), "price": 100_000, "advanceBasisPoints": advance, "advance": 100_000 * advance / 10_000,
		"termDate": p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	countersign := customer.Upload(id, "договор-заказчик.sig", []byte("подпись заказчика"))
	customer.Tell(id, order.SignContract, Object{"details": Object{"contract": contract.SHA256, "signature": Ref(countersign)}})
	return id
}

// Pair is a customer and an engineer on a working platform.
func Pair(p *Platform) (customer, engineer *Browser) {
	p.StartWorker()
	return p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow)
}

// GoesOnFrom changes the state of an order, as if time had passed: its row has the changed one, and its workflow goes on from there.
func (p *Platform) GoesOnFrom(id uuid.UUID, change func(*order.State)) {
	p.T.Helper()
	var state order.State
	require.NoError(p.T, json.Unmarshal(Value[[]byte](p, `select state from orders where id = $1`, id), &state))
	change(&state)
	changed, err := json.Marshal(state)
	require.NoError(p.T, err)
	temporal := testenv.Temporal(p.T)
	require.NoError(p.T, temporal.TerminateWorkflow(p.T.Context(), workflowapi.OrderWorkflowID(id), "", "проверка"))
	options := workflowapi.StartOptions(id, p.TaskQueue)
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	p.Exec(`update orders set state = $2 where id = $1`, id, changed)
	_, err = temporal.ExecuteWorkflow(p.T.Context(), options, workflowapi.OrderWorkflow, workflowapi.OrderInput{State: state})
	require.NoError(p.T, err)
}

// ComesDue lets every deadline of an order come.
func (p *Platform) ComesDue(id uuid.UUID) {
	p.T.Helper()
	p.GoesOnFrom(id, func(s *order.State) {
		require.NotEmpty(p.T, s.Dues)
		for i := range s.Dues {
			s.Dues[i].At = time.Now().UTC()
		}
	})
	testenv.Eventually(p.T, "the order is overdue", func() bool { return Value[bool](p, `select overdue from orders where id = $1`, id) })
}

func WithFiles(body Object, files ...files.File) Object {
	refs := make([]Object, len(files))
	for i, f := range files {
		refs[i] = Ref(f)
	}
	body["details"].(Object)["files"] = refs
	return body
}

// StartModeration works on moderators' decisions.
func (p *Platform) StartModeration() {
	p.T.Helper()
	temporal := testenv.Temporal(p.T)
	w := worker.New(temporal, p.TaskQueue, workflows.Options())
	store, now := p.Deps.Store, p.Deps.Now
	workflows.Register(w)
	activities.Register(w, activities.Set{
		Registry:  registryactivities.New(store, p.Deps.Files, temporal, registryactivities.Settings{}, now),
		Engineers: engineeractivities.New(store, temporal, now),
	})
	require.NoError(p.T, w.Start())
	p.T.Cleanup(w.Stop)
}
