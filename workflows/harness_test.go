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

// stage is a platform without an API: the real servers, a worker that can be stopped and started, and some people.
type stage struct {
	t        testing.TB
	url      string
	store    *db.Store
	files    *storage.Store
	temporal client.Client
	queue    string
	worker   worker.Worker
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{t: t, url: testenv.Database(t), temporal: testenv.Temporal(t), queue: testenv.TaskQueue(t)}
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

func (s *stage) startWorker() {
	s.t.Helper()
	w := worker.New(s.temporal, s.queue, workflows.Options())
	workflows.Register(w)
	activities.Register(w, activities.Set{Orders: orderactivities.New(s.store, s.files, time.Now)})
	require.NoError(s.t, w.Start())
	s.worker = w
	s.t.Cleanup(w.Stop)
}

func (s *stage) stopWorker() { s.worker.Stop() }

// customer makes a person with an account of his own.
func (s *stage) customer() order.Actor {
	s.t.Helper()
	person, party := uuid.New(), uuid.New()
	s.person(person)
	testenv.Exec(s.t, s.url, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Заказчик')`, party, person)
	return order.Actor{Role: order.RoleCustomer, Person: person.String(), Party: party.String()}
}

// engineer makes a sole proprietor who may take orders in region 77.
func (s *stage) engineer() order.Actor {
	s.t.Helper()
	person, id := uuid.New(), uuid.New()
	s.person(person)
	testenv.Exec(s.t, s.url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry,
		registry_as_of, person_id, form, receives_orders, profile_complete, regions)
		values ($1, $2, '1', 'Фамилия', 'Имя', true, now(), $3, 'entrepreneur', true, true, '{77}')`, id, id.String(), person)
	return order.Actor{Role: order.RoleEngineer, Person: person.String(), Party: id.String()}
}

func (s *stage) person(id uuid.UUID) {
	s.t.Helper()
	testenv.Exec(s.t, s.url, `insert into people (id, esia_oid, snils, last_name, first_name)
		values ($1, $2, $2, 'Фамилия', 'Имя')`, id, id.String())
}

// life is one order being driven by signals.
type life struct {
	*stage
	id   uuid.UUID
	keys int
}

// create starts an order of the customer.
func (s *stage) create(by order.Actor) *life {
	s.t.Helper()
	l := &life{stage: s, id: uuid.New()}
	id := l.start(by)
	require.Equal(s.t, "applied", l.verdict(id))
	return l
}

func (l *life) start(by order.Actor) uuid.UUID {
	l.t.Helper()
	m := l.message(by, order.Create, nil, nil)
	return l.signal(m, order.Create)
}

func (l *life) message(by order.Actor, kind order.Kind, details, text any) order.Message {
	l.t.Helper()
	l.keys++
	m := order.Message{
		ID:    workflowapi.HTTPMessageID(by, l.id, kind, uuid.NewString()).String(),
		Actor: by, ReceivedAt: time.Now().UTC(),
	}
	if details != nil {
		m.Details = encode(l.t, details)
	}
	if text != nil {
		m.Body = l.body(by, text)
	}
	return m
}

func encode(t testing.TB, v any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return data
}

func (l *life) body(by order.Actor, text any) *order.BodyRef {
	l.t.Helper()
	data := encode(l.t, text)
	ref := &order.BodyRef{ID: uuid.NewString(), SHA256: hash(data)}
	testenv.Exec(l.t, l.url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, $4, $5)`,
		ref.ID, l.id, by.Person, data, ref.SHA256)
	return ref
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// send signals without waiting; the id is the message's.
func (l *life) send(by order.Actor, kind order.Kind, details, text any) uuid.UUID {
	l.t.Helper()
	return l.signal(l.message(by, kind, details, text), kind)
}

// signal sends a message that the platform has kept.
func (l *life) signal(m order.Message, kind order.Kind) uuid.UUID {
	l.t.Helper()
	l.keepFirst(m, kind)
	return l.forge(m, kind)
}

// keepFirst does what the platform does before a message is sent: it writes the request of a person down, and has the engineer's entry
// say what the registry says.
func (l *life) keepFirst(m order.Message, kind order.Kind) {
	l.t.Helper()
	m.Kind = kind
	if m.Actor.Role == order.RoleModerator || m.Actor.Role == order.RoleEmployer {
		testenv.Exec(l.t, l.url, `insert into people (id, esia_oid, snils, last_name, first_name)
			values ($1, $2, $2, 'Фамилия', 'Имя') on conflict do nothing`, m.Actor.Person, m.Actor.Person)
	}
	if engineer, source := order.HeldBy(m); source == order.BySourceRegistry && engineer != "" {
		var st order.Standing
		require.NoError(l.t, json.Unmarshal(m.Details, &st))
		testenv.Exec(l.t, l.url, `update engineers set in_registry = $2, registry_as_of = $3 where id = $1`, engineer, st.Active, st.AsOf)
	}
	if err := l.request(m); err != nil {
		l.t.Fatalf("writing a request down: %v", err)
	}
}

// request writes down what a person sends; nothing of one whom the platform does not know.
func (l *life) request(m order.Message) error {
	person, err := uuid.Parse(m.Actor.Person)
	if err != nil || !order.NeedsKeeping(m) {
		return nil
	}
	digest, err := m.Digest(l.id.String())
	if err != nil {
		return err
	}
	_, err = l.store.InsertRequest(l.t.Context(), sqlcgen.InsertRequestParams{
		MessageID: uuid.MustParse(m.ID), OrderID: l.id, PersonID: person, Kind: string(m.Kind), RequestSha256: digest,
		CreatedAt: m.ReceivedAt, SignalSha256: &digest,
	})
	if db.IsIntegrityViolation(err) {
		return nil
	}
	return err
}

// forge sends a message past the platform.
func (l *life) forge(m order.Message, kind order.Kind) uuid.UUID {
	l.t.Helper()
	require.NoError(l.t, workflowapi.Send(l.t.Context(), l.temporal, workflowapi.OrderMessage(l.queue, l.id, kind, m)))
	return uuid.MustParse(m.ID)
}

// verdict waits for what became of a message: "applied" or the refusal's code.
func (l *life) verdict(id uuid.UUID) string {
	l.t.Helper()
	var row sqlcgen.VerdictRow
	testenv.Eventually(l.t, "a verdict on message "+id.String(), func() bool {
		var err error
		row, err = l.store.Verdict(l.t.Context(), id)
		require.True(l.t, err == nil || errors.Is(err, db.ErrNotFound), "%v", err)
		return err == nil
	})
	if row.Verdict == string(order.Applied) {
		return row.Verdict
	}
	return row.Code
}

// must sends and expects the message to be applied and the order to stand at the stage.
func (l *life) must(by order.Actor, kind order.Kind, details, text any, at order.Stage) {
	l.t.Helper()
	require.Equal(l.t, "applied", l.verdict(l.send(by, kind, details, text)), "%s", kind)
	require.Equal(l.t, string(at), l.shownStage(), "after %s", kind)
}

func (l *life) refused(by order.Actor, kind order.Kind, details, text any, code order.Code) {
	l.t.Helper()
	require.Equal(l.t, string(code), l.verdict(l.send(by, kind, details, text)), "%s", kind)
}

func (l *life) shownStage() string {
	l.t.Helper()
	return testenv.Scalar[string](l.t, l.url, `select shown_stage from orders where id = $1`, l.id)
}

// file stores a small file of the order for its uploader.
func (l *life) file(by order.Actor, content, contentType string) order.FileRef {
	l.t.Helper()
	ref := order.FileRef{ID: uuid.NewString(), SHA256: hash([]byte(content))}
	testenv.Exec(l.t, l.url, `insert into files (id, order_id, uploader_id, uploader_role, uploader_party, name, size, sha256, content_type, status, stored_at)
		values ($1, $2, $3, $4, $5, 'файл', $6, $7, $8, 'stored', now())`,
		ref.ID, l.id, by.Person, by.Role, by.Party, len(content), ref.SHA256, contentType)
	return ref
}

func (l *life) pdf(by order.Actor) order.FileRef {
	return l.file(by, "%PDF-1.4 "+uuid.NewString(), "application/pdf")
}

// judged lists the kinds of all messages that got a verdict, in the order of the record.
func (l *life) judged() []string {
	l.t.Helper()
	return testenv.Column[string](l.t, l.url, `select kind from order_messages where order_id = $1 order by seq`, l.id)
}

// judgedIDs lists their ids.
func (l *life) judgedIDs() []uuid.UUID {
	l.t.Helper()
	return testenv.Column[uuid.UUID](l.t, l.url, `select id from order_messages where order_id = $1 order by seq`, l.id)
}

// recorded is the state in the order's row.
func (l *life) recorded() order.State {
	l.t.Helper()
	row, err := l.store.Order(l.t.Context(), l.id)
	require.NoError(l.t, err)
	var s order.State
	require.NoError(l.t, json.Unmarshal(row.State, &s))
	return s
}

// asked is the state that the workflow itself answers with.
func (l *life) asked() order.State {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), testenv.Patience)
	defer cancel()
	answer, err := l.temporal.QueryWorkflow(ctx, workflowapi.OrderWorkflowID(l.id), "", workflowapi.StateQuery)
	require.NoError(l.t, err)
	var s order.State
	require.NoError(l.t, answer.Get(&s))
	return s
}

// agrees waits until the workflow has folded all that is recorded, and finds the two alike.
func (l *life) agrees() order.State {
	l.t.Helper()
	recorded := l.recorded()
	testenv.Eventually(l.t, "the workflow to fold what is recorded", func() bool { return l.asked().Seq >= recorded.Seq })
	require.Equal(l.t, recorded, l.asked())
	return recorded
}

func (l *life) history() []string {
	l.t.Helper()
	return testenv.Column[string](l.t, l.url, `select kind from order_events where order_id = $1 order by seq`, l.id)
}

// finished waits until the workflow has closed.
func (l *life) finished() {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), testenv.Patience)
	defer cancel()
	require.NoError(l.t, l.temporal.GetWorkflow(ctx, workflowapi.OrderWorkflowID(l.id), "").Get(ctx, nil))
}

var form = order.Form{Address: "г Москва, ул Тестовая", Description: "Межевой план " + strings.Repeat("я", 10)}

func terms() order.Terms {
	return order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 30, Prepayment: true, Registration: true}
}
