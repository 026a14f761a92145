package api

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
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/workflows"
	"epkr/workflows/contract"
)

// startWorker works for the platform until stop, or the test, ends it.
func (p *platform) startWorker() (stop func()) {
	p.t.Helper()
	temporal := testenv.Temporal(p.t)
	require.NoError(p.t, contract.EnsureAttributes(p.t.Context(), temporal, client.DefaultNamespace))
	now := p.deps.Now
	w := worker.New(temporal, p.taskQueue, workflows.Options())
	workflows.Register(w, activities.NewOrders(p.deps.Store, p.deps.Files, now))
	workflows.RegisterFiles(w, activities.NewFiles(p.deps.Store, p.deps.Files, now))
	require.NoError(p.t, w.Start())
	var once sync.Once
	stop = func() { once.Do(w.Stop) }
	p.t.Cleanup(stop)
	return stop
}

// told is the answer to a message.
type told struct {
	Message MessageStatus `json:"message"`
	Order   *OrderCard    `json:"order"`
}

// send tells an order something under a key and waits for the verdict.
func (b *browser) send(key string, id uuid.UUID, kind order.Kind, body any) answer {
	b.p.t.Helper()
	return b.judged(key, "/api/orders/"+id.String()+"/"+string(kind), body)
}

// judged sends a message under a key, and again under it for as long as the answer is that the verdict will come: it does on a slow machine.
func (b *browser) judged(key, path string, body any) (a answer) {
	b.p.t.Helper()
	testenv.Eventually(b.p.t, path+" is judged", func() bool {
		a = b.do(http.MethodPost, path, body, "Idempotency-Key", key)
		return a.status != http.StatusAccepted
	})
	return a
}

// tell tells an order something and wants it applied.
func (b *browser) tell(id uuid.UUID, kind order.Kind, body any) told {
	b.p.t.Helper()
	a := b.send(uuid.NewString(), id, kind, body)
	require.Equal(b.p.t, http.StatusOK, a.status, string(kind)+": "+a.text())
	var t told
	a.into(&t)
	require.Equal(b.p.t, MessageApplied, t.Message.State)
	return t
}

// refuse tells an order something and wants it refused with the code.
func (b *browser) refuse(code order.Code, id uuid.UUID, kind order.Kind, body any) Problem {
	b.p.t.Helper()
	a := b.send(uuid.NewString(), id, kind, body)
	require.Equal(b.p.t, http.StatusConflict, a.status, string(kind)+": "+a.text())
	found := a.problem()
	require.Equal(b.p.t, string(code), found.Code, found.Detail)
	require.NotEmpty(b.p.t, found.Detail)
	return found
}

// draft makes a draft.
func (b *browser) draft() uuid.UUID {
	b.p.t.Helper()
	a := b.judged(uuid.NewString(), "/api/orders", nil)
	require.Equal(b.p.t, http.StatusCreated, a.status, a.text())
	var t told
	a.into(&t)
	require.Equal(b.p.t, "/api/orders/"+t.Order.ID.String(), a.header.Get("Location"))
	return t.Order.ID
}

type object = map[string]any

// conditions are those of an order in a region, with a term.
func conditions(region string, days int) object {
	return object{
		"details": object{"region": region, "workKind": "parcel-formation", "termDays": days, "price": 5_000_000},
		"text":    object{"address": "Московская область, Химки, улица Заречная, 1", "city": "Химки", "street": "улица Заречная"},
	}
}

// published makes an order in a region open to engineers.
func (b *browser) published(region string) uuid.UUID {
	b.p.t.Helper()
	id := b.draft()
	b.tell(id, order.Publish, conditions(region, 30))
	return id
}

// card reads an order.
func (b *browser) card(id uuid.UUID) OrderCard {
	b.p.t.Helper()
	var card OrderCard
	b.do(http.MethodGet, "/api/orders/"+id.String(), nil).ok().into(&card)
	return card
}

// engineerID is the id of the engineer with that login.
func (p *platform) engineerID(login string) string {
	p.t.Helper()
	return value[string](p, "select id from engineers where snils = $1", p.person(login).SNILS)
}

func hexSum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func base64Sum(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// begin declares a file.
func (b *browser) beginFile(id uuid.UUID, name string, content []byte, hash string) File {
	b.p.t.Helper()
	var out struct{ File File }
	b.do(http.MethodPost, "/api/orders/"+id.String()+"/files", object{
		"name": name, "size": len(content), "sha256": hash, "type": "application/pdf",
	}).ok().into(&out)
	return out.File
}

func filesOf(id uuid.UUID, f File) string {
	return "/api/orders/" + id.String() + "/files/" + f.ID.String()
}

// putPart sends one part as a browser does, and gives the storage's status.
func (b *browser) putPart(id uuid.UUID, f File, number int, declared, sent []byte) int {
	b.p.t.Helper()
	var part struct {
		URL     string
		Headers map[string]string
	}
	b.do(http.MethodPost, filesOf(id, f)+"/parts", object{
		"part": number, "length": len(declared), "sha256": base64Sum(declared),
	}).ok().into(&part)
	request, err := http.NewRequestWithContext(b.p.t.Context(), http.MethodPut, part.URL, bytes.NewReader(sent))
	require.NoError(b.p.t, err)
	for name, value := range part.Headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(b.p.t, err)
	require.NoError(b.p.t, response.Body.Close())
	return response.StatusCode
}

// upload sends a whole file and waits until it is kept.
func (b *browser) upload(id uuid.UUID, name string, content []byte) File {
	b.p.t.Helper()
	f := b.beginFile(id, name, content, hexSum(content))
	for number, rest := 1, content; len(rest) > 0; number++ {
		part := rest[:min(int(f.PartSize), len(rest))]
		rest = rest[len(part):]
		require.Equal(b.p.t, http.StatusOK, b.putPart(id, f, number, part, part))
	}
	return b.complete(id, f, "stored")
}

// complete ends an upload and waits for the state.
func (b *browser) complete(id uuid.UUID, f File, state string) File {
	b.p.t.Helper()
	var out struct{ File File }
	b.do(http.MethodPost, filesOf(id, f)+"/complete", nil).ok().into(&out)
	testenv.Eventually(b.p.t, "the file is "+state, func() bool {
		if out.File.State == "checking" {
			b.do(http.MethodGet, filesOf(id, f), nil).ok().into(&out)
		}
		return out.File.State != "checking"
	})
	require.Equal(b.p.t, state, out.File.State, out.File.Problem)
	return out.File
}

// ref names a file in a message.
func ref(f File) object { return object{"id": f.ID.String(), "sha256": f.SHA256} }

// pdf is a content that looks like one; each name gives another.
func pdf(name string) []byte { return []byte("%PDF-1.7\n" + name) }

// contracted brings an order to the moment when both have signed, without an advance unless advance says so.
func (p *platform) contracted(customer, engineer *browser, advance int) uuid.UUID {
	p.t.Helper()
	id := customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}, "text": object{"note": "Готов взяться"}})
	customer.tell(id, order.Choose, object{"details": object{"engineer": customer.card(id).Responses[0].Engineer.ID}})
	contract := engineer.upload(id, "договор.pdf", pdf("договор"))
	signature := engineer.upload(id, "договор.sig", []byte("подпись исполнителя"))
	engineer.tell(id, order.SendContract, object{"details": object{
		"file": ref(contract), "signature": ref(signature), "price": 100_000, "advanceBasisPoints": advance, "advance": 100_000 * advance / 10_000,
		"termDate": p.deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	countersign := customer.upload(id, "договор-заказчик.sig", []byte("подпись заказчика"))
	customer.tell(id, order.SignContract, object{"details": object{"contract": contract.SHA256, "signature": ref(countersign)}})
	return id
}

// pair is a customer and an engineer on a working platform.
func pair(p *platform) (customer, engineer *browser) {
	p.startWorker()
	return p.customer(synthetic.LoginCustomer), p.engineer(synthetic.LoginEngineerMoscow)
}

// goesOnFrom changes the state of an order, as if time had passed: its row has the changed one, and its workflow goes on from there.
func (p *platform) goesOnFrom(id uuid.UUID, change func(*order.State)) {
	p.t.Helper()
	var state order.State
	require.NoError(p.t, json.Unmarshal(value[[]byte](p, `select state from orders where id = $1`, id), &state))
	change(&state)
	changed, err := json.Marshal(state)
	require.NoError(p.t, err)
	temporal := testenv.Temporal(p.t)
	require.NoError(p.t, temporal.TerminateWorkflow(p.t.Context(), contract.OrderWorkflowID(id), "", "проверка"))
	options := contract.StartOptions(id, p.taskQueue)
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	p.exec(`update orders set state = $2 where id = $1`, id, changed)
	_, err = temporal.ExecuteWorkflow(p.t.Context(), options, contract.OrderWorkflow, contract.OrderInput{State: state})
	require.NoError(p.t, err)
}

// comesDue lets every deadline of an order come.
func (p *platform) comesDue(id uuid.UUID) {
	p.t.Helper()
	p.goesOnFrom(id, func(s *order.State) {
		require.NotEmpty(p.t, s.Dues)
		for i := range s.Dues {
			s.Dues[i].At = time.Now().UTC()
		}
	})
	testenv.Eventually(p.t, "the order is overdue", func() bool { return value[bool](p, `select overdue from orders where id = $1`, id) })
}

func withFiles(body object, files ...File) object {
	refs := make([]object, len(files))
	for i, f := range files {
		refs[i] = ref(f)
	}
	body["details"].(object)["files"] = refs
	return body
}

// startModeration works on moderators' decisions.
func (p *platform) startModeration() {
	p.t.Helper()
	temporal := testenv.Temporal(p.t)
	w := worker.New(temporal, p.taskQueue, workflows.Options())
	store, now := p.deps.Store, p.deps.Now
	workflows.RegisterRegistry(w, activities.NewRegistry(store, p.deps.Files, temporal, activities.RegistrySettings{}, now),
		activities.NewStandings(store, temporal, now))
	require.NoError(p.t, w.Start())
	p.t.Cleanup(w.Stop)
}
