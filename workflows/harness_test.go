package workflows_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	orderactivities "epkr/activities/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/storage"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

// env is a platform without an API: the real servers, a worker that can be stopped and started, and
// some people.
type env struct {
	t        testing.TB
	url      string
	store    *db.Store
	files    *storage.Store
	temporal client.Client
	queue    string
	worker   worker.Worker
}

func newEnv(t testing.TB) *env {
	t.Helper()
	s := &env{t: t, url: testenv.Database(t), temporal: testenv.Temporal(t), queue: testenv.TaskQueue(t)}
	var err error
	s.store, err = db.Open(t.Context(), testenv.AsProcess(t, s.url))
	require.NoError(t, err)
	t.Cleanup(s.store.Close)
	b := testenv.Bucket(t)
	s.files, err = storage.New(storage.Config{
		Endpoint: b.Endpoint, Region: b.Region, Bucket: b.Name, AccessKey: b.AccessKey, SecretKey: b.SecretKey, PathStyle: true,
	})
	require.NoError(t, err)
	require.NoError(t, workflowapi.EnsureAttributes(t.Context(), s.temporal, client.DefaultNamespace))
	s.startWorker()
	return s
}

func (s *env) startWorker() {
	s.t.Helper()
	w := worker.New(s.temporal, s.queue, workflows.Options())
	workflows.Register(w)
	activities.Register(w, activities.Set{Orders: orderactivities.New(s.store, s.files, time.Now)})
	require.NoError(s.t, w.Start())
	s.worker = w
	s.t.Cleanup(w.Stop)
}

func (s *env) stopWorker() { s.worker.Stop() }

// customer creates a person with an account.
func (s *env) customer() order.Actor {
	s.t.Helper()
	person, party := uuid.New(), uuid.New()
	s.person(person)
	testenv.Exec(s.t, s.url, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Заказчик')`, party, person)
	return order.Actor{Role: order.RoleCustomer, Person: person.String(), Party: party.String()}
}

// engineer creates a sole proprietor who may take orders in region 77.
func (s *env) engineer() order.Actor {
	s.t.Helper()
	person, id := uuid.New(), uuid.New()
	s.person(person)
	testenv.Exec(s.t, s.url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry,
		registry_as_of, person_id, form, receives_orders, profile_complete, regions)
		values ($1, $2, '1', 'Фамилия', 'Имя', true, now(), $3, 'entrepreneur', true, true, '{77}')`, id, id.String(), person)
	return order.Actor{Role: order.RoleEngineer, Person: person.String(), Party: id.String()}
}

func (s *env) person(id uuid.UUID) {
	s.t.Helper()
	testenv.Exec(s.t, s.url, `insert into people (id, esia_oid, snils, last_name, first_name)
		values ($1, $2, $2, 'Фамилия', 'Имя')`, id, id.String())
}

// testOrder is an order that a test drives by signals.
type testOrder struct {
	*env
	id   uuid.UUID
	keys int
}

// create creates an order of the customer.
func (s *env) create(by order.Actor) *testOrder {
	s.t.Helper()
	o := &testOrder{env: s, id: uuid.New()}
	id := o.sendCreate(by)
	require.Equal(s.t, "applied", o.verdict(id))
	return o
}

func (o *testOrder) sendCreate(by order.Actor) uuid.UUID {
	o.t.Helper()
	m := o.message(by, order.Create, nil, nil)
	return o.signal(m, order.Create)
}

func (o *testOrder) message(by order.Actor, kind order.Kind, details, text any) order.Message {
	o.t.Helper()
	o.keys++
	m := order.Message{
		ID:    workflowapi.HTTPMessageID(by, o.id, kind, uuid.NewString()).String(),
		Actor: by, ReceivedAt: time.Now().UTC(),
	}
	if details != nil {
		m.Details = encode(o.t, details)
	}
	if text != nil {
		m.Body = o.body(by, text)
	}
	return m
}

func encode(t testing.TB, v any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return data
}

func (o *testOrder) body(by order.Actor, text any) *order.BodyRef {
	o.t.Helper()
	data := encode(o.t, text)
	ref := &order.BodyRef{ID: uuid.NewString(), SHA256: hash(data)}
	testenv.Exec(o.t, o.url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, $4, $5)`,
		ref.ID, o.id, by.Person, data, ref.SHA256)
	return ref
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// send sends a message without waiting for its verdict, and returns its id.
func (o *testOrder) send(by order.Actor, kind order.Kind, details, text any) uuid.UUID {
	o.t.Helper()
	return o.signal(o.message(by, kind, details, text), kind)
}

// signal stores a message as the platform does and then sends it.
func (o *testOrder) signal(m order.Message, kind order.Kind) uuid.UUID {
	o.t.Helper()
	o.storeRequest(m, kind)
	return o.sendUnstored(m, kind)
}

// storeRequest does what the platform does before it sends a message: it stores the request of a
// person and that his signatures are valid, and updates the engineer's row to what the registry says.
func (o *testOrder) storeRequest(m order.Message, kind order.Kind) {
	o.t.Helper()
	m.Kind = kind
	for _, s := range order.SignaturesOf(m) {
		testenv.AcceptSignature(o.t, o.url, testenv.Signature{
			Order: o.id.String(), File: s.Signature.ID, Document: s.Document,
			Person: m.Actor.Person, Role: string(m.Actor.Role), Party: m.Actor.Party,
		})
	}
	if m.Actor.Role == order.RoleModerator || m.Actor.Role == order.RoleEmployer {
		testenv.Exec(o.t, o.url, `insert into people (id, esia_oid, snils, last_name, first_name)
			values ($1, $2, $2, 'Фамилия', 'Имя') on conflict do nothing`, m.Actor.Person, m.Actor.Person)
	}
	if engineer, source := order.RequiredStatusSource(m); source == order.BySourceRegistry && engineer != "" {
		var st order.EngineerStatus
		require.NoError(o.t, json.Unmarshal(m.Details, &st))
		testenv.Exec(o.t, o.url, `update engineers set in_registry = $2, registry_as_of = $3 where id = $1`, engineer, st.Active, st.AsOf)
	}
	if err := o.insertRequest(m); err != nil {
		o.t.Fatalf("storing a request: %v", err)
	}
}

// insertRequest stores the request of a person. It does nothing for an unknown person.
func (o *testOrder) insertRequest(m order.Message) error {
	person, err := uuid.Parse(m.Actor.Person)
	if err != nil || !order.MustBeStored(m) {
		return nil
	}
	digest, err := m.Digest(o.id.String())
	if err != nil {
		return err
	}
	_, err = o.store.InsertRequest(o.t.Context(), sqlcgen.InsertRequestParams{
		MessageID: uuid.MustParse(m.ID), OrderID: o.id, PersonID: person, Kind: string(m.Kind), RequestSha256: digest,
		CreatedAt: m.ReceivedAt, SignalSha256: &digest,
	})
	if db.IsIntegrityViolation(err) {
		return nil
	}
	return err
}

// sendUnstored sends a message without storing a request.
func (o *testOrder) sendUnstored(m order.Message, kind order.Kind) uuid.UUID {
	o.t.Helper()
	require.NoError(o.t, workflowapi.Send(o.t.Context(), o.temporal, workflowapi.OrderMessage(o.queue, o.id, kind, m)))
	return uuid.MustParse(m.ID)
}

// verdict waits for the verdict on a message and returns "applied" or the code of the refusal.
func (o *testOrder) verdict(id uuid.UUID) string {
	o.t.Helper()
	var row sqlcgen.VerdictRow
	testenv.Eventually(o.t, "a verdict on message "+id.String(), func() bool {
		var err error
		row, err = o.store.Verdict(o.t.Context(), id)
		require.True(o.t, err == nil || errors.Is(err, db.ErrNotFound), "%v", err)
		return err == nil
	})
	if row.Verdict == string(order.Applied) {
		return row.Verdict
	}
	return row.Code
}

// requireApplied sends a message and requires that it is applied and that the order is then at the
// stage.
func (o *testOrder) requireApplied(by order.Actor, kind order.Kind, details, text any, at order.Stage) {
	o.t.Helper()
	require.Equal(o.t, "applied", o.verdict(o.send(by, kind, details, text)), "%s", kind)
	require.Equal(o.t, string(at), o.shownStage(), "after %s", kind)
}

func (o *testOrder) requireRefused(by order.Actor, kind order.Kind, details, text any, code order.Code) {
	o.t.Helper()
	require.Equal(o.t, string(code), o.verdict(o.send(by, kind, details, text)), "%s", kind)
}

func (o *testOrder) shownStage() string {
	o.t.Helper()
	return testenv.Scalar[string](o.t, o.url, `select shown_stage from orders where id = $1`, o.id)
}

// file stores a small file of the order for its uploader.
func (o *testOrder) file(by order.Actor, content, contentType string) order.FileRef {
	o.t.Helper()
	ref := order.FileRef{ID: uuid.NewString(), SHA256: hash([]byte(content))}
	testenv.Exec(o.t, o.url, `insert into files (id, order_id, uploader_id, uploader_role, uploader_party, name, size, sha256, content_type, status, stored_at)
		values ($1, $2, $3, $4, $5, 'файл', $6, $7, $8, 'stored', now())`,
		ref.ID, o.id, by.Person, by.Role, by.Party, len(content), ref.SHA256, contentType)
	return ref
}

// pdf stores a PDF/A of the order.
func (o *testOrder) pdf(by order.Actor) order.FileRef {
	o.t.Helper()
	ref := o.file(by, uuid.NewString(), "application/pdf")
	testenv.Exec(o.t, o.url, `insert into file_checks (file_id, report, streebog256, streebog512, checked_at)
		values ($1, '{"part": 2, "conformance": "B"}', repeat('0', 64), repeat('0', 128), now())`, ref.ID)
	return ref
}

// decidedKinds returns the kinds of all messages with a verdict, in the order of the record.
func (o *testOrder) decidedKinds() []string {
	o.t.Helper()
	return testenv.Column[string](o.t, o.url, `select kind from order_messages where order_id = $1 order by seq`, o.id)
}

// decidedIDs returns their ids.
func (o *testOrder) decidedIDs() []uuid.UUID {
	o.t.Helper()
	return testenv.Column[uuid.UUID](o.t, o.url, `select id from order_messages where order_id = $1 order by seq`, o.id)
}

// rowState returns the state in the order's row.
func (o *testOrder) rowState() order.State {
	o.t.Helper()
	row, err := o.store.Order(o.t.Context(), o.id)
	require.NoError(o.t, err)
	var s order.State
	require.NoError(o.t, json.Unmarshal(row.State, &s))
	return s
}

// queryState returns the state with which the workflow answers the query.
func (o *testOrder) queryState() order.State {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), testenv.Timeout)
	defer cancel()
	answer, err := o.temporal.QueryWorkflow(ctx, workflowapi.OrderWorkflowID(o.id), "", workflowapi.StateQuery)
	require.NoError(o.t, err)
	var s order.State
	require.NoError(o.t, answer.Get(&s))
	return s
}

// requireInSync waits until the workflow has applied all recorded outcomes, and requires that its
// state equals the row's.
func (o *testOrder) requireInSync() order.State {
	o.t.Helper()
	recorded := o.rowState()
	testenv.Eventually(o.t, "the workflow to apply the recorded outcomes", func() bool { return o.queryState().Seq >= recorded.Seq })
	require.Equal(o.t, recorded, o.queryState())
	return recorded
}

func (o *testOrder) history() []string {
	o.t.Helper()
	return testenv.Column[string](o.t, o.url, `select kind from order_events where order_id = $1 order by seq`, o.id)
}

// waitClosed waits until the workflow has closed.
func (o *testOrder) waitClosed() {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), testenv.Timeout)
	defer cancel()
	require.NoError(o.t, o.temporal.GetWorkflow(ctx, workflowapi.OrderWorkflowID(o.id), "").Get(ctx, nil))
}

var form = order.Form{Address: "г Москва, ул Тестовая", Description: "Межевой план " + strings.Repeat("я", 10)}

func terms() order.Terms {
	return order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 30, Prepayment: true, Registration: true}
}
