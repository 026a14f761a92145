package apitest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/documents"
	"epkr/apiserver/files"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/apiserver/orders/messages"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	documentactivities "epkr/activities/documents"
	engineeractivities "epkr/activities/engineers"
	fileactivities "epkr/activities/files"
	orderactivities "epkr/activities/orders"
	registryactivities "epkr/activities/registry"
	"epkr/dev/synthetic"
	"epkr/internal/document/generated"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

// StartWorker runs a worker for the platform until stop is called or the test ends. Each function in
// change may alter its activities.
func (p *Platform) StartWorker(change ...func(*activities.Set)) (stop func()) {
	p.T.Helper()
	temporal := testenv.Temporal(p.T)
	require.NoError(p.T, workflowapi.EnsureAttributes(p.T.Context(), temporal, client.DefaultNamespace))
	now := p.Deps.Now
	w := worker.New(temporal, p.TaskQueue, workflows.Options())
	workflows.Register(w)
	maker, err := generated.NewMaker()
	require.NoError(p.T, err)
	set := activities.Set{
		Orders: orderactivities.New(p.Deps.Store, p.Deps.Files, now), Files: fileactivities.New(p.Deps.Store, p.Deps.Files, now),
		Documents: documentactivities.New(p.Deps.Store, p.Deps.Files, maker, now), Engineers: engineeractivities.New(p.Deps.Store, temporal, now),
	}
	if p.Goskey != nil {
		set.Goskey = p.Goskey.Activities()
	}
	for _, alter := range change {
		alter(&set)
	}
	activities.Register(w, set)
	require.NoError(p.T, w.Start())
	var once sync.Once
	stop = func() { once.Do(w.Stop) }
	p.T.Cleanup(stop)
	return stop
}

// MessageResult is the answer to a message.
type MessageResult struct {
	Message messages.MessageStatus `json:"message"`
	Order   *orders.OrderCard      `json:"order"`
}

// Send sends a message to an order under an idempotency key and waits for the verdict.
func (b *Browser) Send(key string, id uuid.UUID, kind order.Kind, body any) Answer {
	b.Platform.T.Helper()
	return b.PostUntilDecided(key, "/api/orders/"+id.String()+"/"+string(kind), body)
}

// PostUntilDecided sends a message under a key and repeats it under the same key while the answer
// is 202: on a slow machine the verdict may take longer than one request.
func (b *Browser) PostUntilDecided(key, path string, body any) (a Answer) {
	b.Platform.T.Helper()
	testenv.Eventually(b.Platform.T, path+" is judged", func() bool {
		a = b.Do(http.MethodPost, path, body, "Idempotency-Key", key)
		return a.Status != http.StatusAccepted
	})
	return a
}

// RequireApplied sends a message to an order and requires that the order applies it.
func (b *Browser) RequireApplied(id uuid.UUID, kind order.Kind, body any) MessageResult {
	b.Platform.T.Helper()
	a := b.Send(uuid.NewString(), id, kind, body)
	require.Equal(b.Platform.T, http.StatusOK, a.Status, string(kind)+": "+a.Text())
	var t MessageResult
	a.Into(&t)
	require.Equal(b.Platform.T, messages.MessageApplied, t.Message.State)
	return t
}

// RequireRefused sends a message to an order and requires that the order refuses it with the code.
func (b *Browser) RequireRefused(code order.Code, id uuid.UUID, kind order.Kind, body any) problems.Problem {
	b.Platform.T.Helper()
	a := b.Send(uuid.NewString(), id, kind, body)
	require.Equal(b.Platform.T, http.StatusConflict, a.Status, string(kind)+": "+a.Text())
	found := a.Problem()
	require.Equal(b.Platform.T, string(code), found.Code, found.Detail)
	require.NotEmpty(b.Platform.T, found.Detail)
	return found
}

// CreateDraft creates a draft order.
func (b *Browser) CreateDraft() uuid.UUID {
	b.Platform.T.Helper()
	a := b.PostUntilDecided(uuid.NewString(), "/api/orders", nil)
	require.Equal(b.Platform.T, http.StatusCreated, a.Status, a.Text())
	var t MessageResult
	a.Into(&t)
	require.Equal(b.Platform.T, "/api/orders/"+t.Order.ID.String(), a.Header.Get("Location"))
	return t.Order.ID
}

type Object = map[string]any

// Conditions returns the conditions of an order in a region with a term in days.
func Conditions(region string, days int) Object {
	return Object{
		"details": Object{"region": region, "workKind": "parcel-formation", "termDays": days, "price": 5_000_000},
		"text":    Object{"address": "Московская область, Химки, улица Заречная, 1", "city": "Химки", "street": "улица Заречная"},
	}
}

// MessageBodies returns valid bodies of the operations that need one.
func MessageBodies() map[string]Object {
	file := Object{"id": uuid.NewString(), "sha256": HexSum(nil)}
	act := Object{"file": file, "signature": file}
	pick := Object{"engineer": uuid.NewString()}
	signature := Object{"act": HexSum(nil), "signature": file}
	details := map[order.Kind]Object{
		order.Respond: {"price": 1, "termDays": 1}, order.AcceptChanges: {"revision": 1}, order.AcceptOffer: {"revision": 1},
		order.OfferOrder: pick, order.Choose: pick, order.ReplaceEngineer: pick,
		order.ProposeReplacement: pick, order.ApproveReplacement: pick, order.RejectReplacement: pick,
		order.SendContract: {"file": file, "signature": file, "price": 1, "advanceBasisPoints": 0, "advance": 0, "termDate": time.Now().AddDate(1, 0, 0).Format(time.DateOnly)},
		order.SignContract: {"contract": HexSum(nil), "signature": file}, order.SendPrepaymentInvoice: {"file": file}, order.SendInvoice: {"file": file},
		order.ReportPrepayment: {"file": file}, order.ReportPayment: {"file": file}, order.SubmitResults: {"way": "files", "files": []Object{file}},
		order.AcceptResults: signature, order.SignActAlone: signature, order.SignAct: signature, order.ReturnResults: {},
		order.ReportRegistration: {"status": "review"}, order.SubmitFinal: {"files": []Object{file}, "act": act}, order.SendAct: {"act": act},
		order.Rate: {"mark": 5}, order.ModeratorStatus: {"engineer": uuid.NewString(), "active": true},
		order.EmployerStatus: {"engineer": uuid.NewString(), "active": true}, order.OpenDispute: {"ground": "termination"},
		order.SettleDispute: {"settlement": "continue"},
	}
	of := documents.ContractReference{ContractDate: time.Now().Format(time.DateOnly)}
	upload, part := Object{"name": "a", "size": 1, "sha256": HexSum(nil)}, Object{"part": 1, "length": 1, "sha256": Base64Sum(nil)}
	all := map[string]Object{
		"save-form": {"version": 0}, "begin-upload": upload, "sign-part": part, "complete-upload": {},
		"send-chat-message": {"text": "Здравствуйте"}, "correct-chat-message": {"text": "Здравствуйте"}, "mark-chat-read": {"seq": 1},
		"begin-upload-of-chat": upload, "sign-part-of-chat": part, "complete-upload-of-chat": {},
		string(order.Publish): Conditions("77", 30), string(order.Amend): Conditions("77", 30),
		"sign-in-goskey":    {"action": order.SignContract, "document": HexSum(nil)},
		"generate-contract": {"form": documents.ContractForm{TermDate: time.Now().AddDate(1, 0, 0).Format(time.DateOnly)}},
		"generate-act":      {"form": documents.ActForm{ContractReference: of, Results: []documents.ActResult{}}},
		"generate-invoice":  {"form": documents.InvoiceForm{ContractReference: of}}, "generate-prepayment-invoice": {"form": documents.InvoiceForm{ContractReference: of}},
	}
	for _, rule := range order.Rules() {
		if d, detailed := details[rule.Kind]; detailed {
			all[string(rule.Kind)] = Object{"details": d}
		} else if all[string(rule.Kind)] == nil {
			all[string(rule.Kind)] = Object{}
		}
		if rule.RequiresReason {
			all[string(rule.Kind)]["text"] = Object{"note": "Причина"}
		}
	}
	return all
}

// PublishOrder creates and publishes an order in a region.
func (b *Browser) PublishOrder(region string) uuid.UUID {
	b.Platform.T.Helper()
	id := b.CreateDraft()
	b.RequireApplied(id, order.Publish, Conditions(region, 30))
	return id
}

// Card reads the card of an order.
func (b *Browser) Card(id uuid.UUID) orders.OrderCard {
	b.Platform.T.Helper()
	var card orders.OrderCard
	b.Do(http.MethodGet, "/api/orders/"+id.String(), nil).OK().Into(&card)
	return card
}

// EngineerID returns the id of the engineer with the login.
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

// BeginFile declares a file of an order and begins its upload.
func (b *Browser) BeginFile(id uuid.UUID, name string, content []byte, hash string) files.File {
	b.Platform.T.Helper()
	return b.BeginUpload(orderFiles(id), Object{"name": name, "size": len(content), "sha256": hash, "type": "application/pdf"})
}

// BeginUpload declares a file at the address of an order's or a profile's files and begins its
// upload.
func (b *Browser) BeginUpload(address string, declaration Object) files.File {
	b.Platform.T.Helper()
	var out struct{ File files.File }
	b.Do(http.MethodPost, address, declaration).OK().Into(&out)
	return out.File
}

// ProfileFiles is the address of the files of one's own profile.
const ProfileFiles = "/api/profile/files"

func orderFiles(id uuid.UUID) string { return "/api/orders/" + id.String() + "/files" }

func FilePath(id uuid.UUID, f files.File) string { return orderFiles(id) + "/" + f.ID.String() }

// PutPart uploads one part as a browser does and returns the status of the storage.
func (b *Browser) PutPart(id uuid.UUID, f files.File, number int, declared, sent []byte) int {
	b.Platform.T.Helper()
	return b.putPart(FilePath(id, f), number, declared, sent)
}

func (b *Browser) putPart(file string, number int, declared, sent []byte) int {
	b.Platform.T.Helper()
	var part struct {
		URL     string
		Headers map[string]string
	}
	b.Do(http.MethodPost, file+"/parts", Object{
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

// Upload uploads a whole file of an order and waits until it is stored.
func (b *Browser) Upload(id uuid.UUID, name string, content []byte) files.File {
	b.Platform.T.Helper()
	f := b.uploadRest(orderFiles(id), b.BeginFile(id, name, content, HexSum(content)), content, "stored")
	uploaded.Store(f.SHA256, content)
	return f
}

// Download returns the content of a file of an order.
func (b *Browser) Download(id, file uuid.UUID) []byte {
	b.Platform.T.Helper()
	leads := b.Do(http.MethodGet, FilePath(id, files.File{ID: file})+"/content", nil)
	require.Equal(b.Platform.T, http.StatusFound, leads.Status, leads.Text())
	response, err := http.Get(leads.Header.Get("Location"))
	require.NoError(b.Platform.T, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(b.Platform.T, err)
	return content
}

// UploadToProfile uploads a whole file of one's own profile and waits until it has the state.
func (b *Browser) UploadToProfile(purpose, name string, content []byte, state string) files.File {
	b.Platform.T.Helper()
	f := b.BeginUpload(ProfileFiles, Object{"name": name, "size": len(content), "sha256": HexSum(content), "purpose": purpose})
	return b.uploadRest(ProfileFiles, f, content, state)
}

// UploadTo uploads a whole file at the address of the files of a chat and waits until it is stored.
func (b *Browser) UploadTo(address, name string, content []byte) files.File {
	b.Platform.T.Helper()
	f := b.BeginUpload(address, Object{"name": name, "size": len(content), "sha256": HexSum(content)})
	return b.uploadRest(address, f, content, "stored")
}

func (b *Browser) uploadRest(address string, f files.File, content []byte, state string) files.File {
	b.Platform.T.Helper()
	file := address + "/" + f.ID.String()
	for number, rest := 1, content; len(rest) > 0; number++ {
		part := rest[:min(int(f.PartSize), len(rest))]
		rest = rest[len(part):]
		require.Equal(b.Platform.T, http.StatusOK, b.putPart(file, number, part, part))
	}
	return b.complete(file, state)
}

// Complete completes an upload and waits until the file has the given state.
func (b *Browser) Complete(id uuid.UUID, f files.File, state string) files.File {
	b.Platform.T.Helper()
	return b.complete(FilePath(id, f), state)
}

func (b *Browser) complete(file, state string) files.File {
	b.Platform.T.Helper()
	var out struct{ File files.File }
	b.Do(http.MethodPost, file+"/complete", nil).OK().Into(&out)
	testenv.Eventually(b.Platform.T, "the file is "+state, func() bool {
		if out.File.State == "checking" {
			b.Do(http.MethodGet, file, nil).OK().Into(&out)
		}
		return out.File.State != "checking"
	})
	require.Equal(b.Platform.T, state, out.File.State, out.File.Problem)
	return out.File
}

// Ref returns the reference to a file in a message.
func Ref(f files.File) Object { return Object{"id": f.ID.String(), "sha256": f.SHA256} }

// PDF returns a PDF/A that differs for each name.
func PDF(name string) []byte {
	content, err := synthetic.Paper(name)
	if err != nil {
		panic(err) // a test names a letter that the font does not have
	}
	return content
}

// SignedOrder brings an order to the moment when both sides have signed the contract. advance is
// the advance in hundredths of a per cent of the price; 0 means none.
func (p *Platform) SignedOrder(customer, engineer *Browser, advance int) uuid.UUID {
	p.T.Helper()
	id, contract := p.OrderWithContract(customer, engineer, advance)
	countersign := customer.Sign(id, contract)
	customer.RequireApplied(id, order.SignContract, Object{"details": Object{"contract": contract.SHA256, "signature": Ref(countersign)}})
	return id
}

// OrderWithContract brings an order to the moment when its contract waits for the customer's signature.
func (p *Platform) OrderWithContract(customer, engineer *Browser, advance int) (uuid.UUID, files.File) {
	p.T.Helper()
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, Object{"details": Object{"price": 100_000, "termDays": 20}, "text": Object{"note": "Готов взяться"}})
	customer.RequireApplied(id, order.Choose, Object{"details": Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	return id, engineer.SendContract(id, "договор", advance)
}

// SendContract uploads a contract with a text, signs and sends it.
func (b *Browser) SendContract(id uuid.UUID, text string, advance int) files.File {
	b.Platform.T.Helper()
	contract := b.Upload(id, text+".pdf", PDF(text))
	b.RequireApplied(id, order.SendContract, Object{"details": Object{
		"file": Ref(contract), "signature": Ref(b.Sign(id, contract)), "price": 100_000, "advanceBasisPoints": advance, "advance": 100_000 * advance / 10_000,
		"termDate": b.Platform.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	return contract
}

// StartPair starts a worker and returns a signed-in customer and engineer.
func StartPair(p *Platform) (customer, engineer *Browser) {
	p.StartWorker()
	return p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow)
}

// RestartOrderWith changes the state of an order as if time had passed: it updates the row and
// restarts the workflow with the changed state.
func (p *Platform) RestartOrderWith(id uuid.UUID, change func(*order.State)) {
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

// ExpireDeadlines sets all deadlines of an order to the current time and waits until the order is
// overdue.
func (p *Platform) ExpireDeadlines(id uuid.UUID) {
	p.T.Helper()
	p.RestartOrderWith(id, func(s *order.State) {
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

// StartModeration runs a worker for the decisions of moderators until the test ends.
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
