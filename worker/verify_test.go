package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	orderactivities "epkr/activities/orders"
	"epkr/db"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
	"epkr/worker/readmodel"
	"epkr/workflows"
)

// platform has one order in selection with two responses, an offer to a third engineer and a refused message.
type platform struct {
	t         *testing.T
	url       string
	database  *sql.DB
	temporal  client.Client
	queue     string
	order     uuid.UUID
	customer  order.Actor
	engineers [3]order.Actor
}

func startPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{t: t, url: testenv.Database(t), temporal: testenv.Temporal(t), queue: testenv.TaskQueue(t), order: uuid.New()}
	store, err := db.Open(t.Context(), p.url)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	p.database, err = sql.Open("pgx", p.url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.database.Close() })
	require.NoError(t, workflowapi.EnsureAttributes(t.Context(), p.temporal, client.DefaultNamespace))
	w := worker.New(p.temporal, p.queue, workflows.Options())
	workflows.Register(w)
	activities.Register(w, activities.Set{Orders: orderactivities.New(store, nil, time.Now)})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	p.createPeople()
	p.playOrder()
	return p
}

func (p *platform) createPeople() {
	person := func() uuid.UUID {
		id := uuid.New()
		p.exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $2, 'Фамилия', 'Имя')`, id, id.String())
		return id
	}
	customer, account := person(), uuid.New()
	p.exec(`insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Заказчик')`, account, customer)
	p.customer = order.Actor{Role: order.RoleCustomer, Person: customer.String(), Party: account.String()}
	for i := range p.engineers {
		who, id := person(), uuid.New()
		p.exec(`insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, person_id, form,
			receives_orders, profile_complete, regions) values ($1, $2, '1', 'Фамилия', 'Имя', true, now(), $3, 'entrepreneur', true, true, '{77}')`,
			id, id.String(), who)
		p.engineers[i] = order.Actor{Role: order.RoleEngineer, Person: who.String(), Party: id.String()}
	}
}

func (p *platform) playOrder() {
	price := order.Kopecks(5_000_000)
	p.send(p.customer, order.Create, nil, nil)
	p.send(p.customer, order.Publish, order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 30, Price: &price},
		map[string]string{"address": "Химки"})
	for _, e := range p.engineers[:2] {
		p.send(e, order.Respond, order.Bid{Price: 100_000, TermDays: 20}, map[string]string{"note": "Готов"})
	}
	p.send(p.customer, order.OfferOrder, order.EngineerChoice{Engineer: p.engineers[2].Party}, nil)
	p.send(p.engineers[0], order.DeclineOffer, nil, nil) // refused: the offer was made to another engineer
}

// send signals a message and waits for its verdict.
func (p *platform) send(by order.Actor, kind order.Kind, details, text any) {
	p.t.Helper()
	m := order.Message{ID: workflowapi.HTTPMessageID(by, p.order, kind, uuid.NewString()).String(), Actor: by, ReceivedAt: time.Now().UTC()}
	if details != nil {
		m.Details = p.json(details)
	}
	if text != nil {
		body, id := p.json(text), uuid.NewString()
		sum := sha256.Sum256(body)
		m.Body = &order.BodyRef{ID: id, SHA256: hex.EncodeToString(sum[:])}
		p.exec(`insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, $4, $5)`, id, p.order, by.Person, string(body), m.Body.SHA256)
	}
	p.exec(`insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at) values ($1, $2, $3, $4, repeat('0', 64), $5)`,
		m.ID, p.order, by.Person, string(kind), m.ReceivedAt)
	err := workflowapi.Send(p.t.Context(), p.temporal, workflowapi.OrderMessage(p.queue, p.order, kind, m))
	require.NoError(p.t, err)
	testenv.Eventually(p.t, "a verdict on "+string(kind), func() bool {
		return testenv.Scalar[int](p.t, p.url, `select count(*)::integer from order_messages where id = $1`, m.ID) == 1
	})
}

func (p *platform) json(v any) json.RawMessage {
	p.t.Helper()
	data, err := json.Marshal(v)
	require.NoError(p.t, err)
	return data
}

func (p *platform) exec(statement string, args ...any) {
	p.t.Helper()
	_, err := p.database.ExecContext(p.t.Context(), statement, args...)
	require.NoError(p.t, err, statement)
}

func (p *platform) verify(repair bool) readmodel.Report {
	p.t.Helper()
	v := &readmodel.Verifier{Database: p.database, Temporal: p.temporal, TaskQueue: p.queue, Repair: repair}
	report, err := v.Verify(p.t.Context())
	require.NoError(p.t, err)
	require.Equal(p.t, 1, report.Orders)
	return report
}

// Each damage that the record can repair gives one line in the report and is gone after the repair.
func TestVerifyRepairsWhatFollowsFromTheRecord(t *testing.T) {
	acceptance.Covers(t, "B-1")
	p := startPlatform(t)
	number := testenv.Scalar[string](t, p.url, `select number from orders`)
	require.Empty(t, p.verify(false).Differences)
	damages := []struct{ name, damage, want string }{
		{"этап", `update orders set stage = 'draft', shown_stage = 'draft'`, "stage = draft вместо selection"},
		{"номер сообщения", `update orders set seq = 2`, "seq = 2 вместо 6"},
		{"состояние", `update orders set state = jsonb_set(state, '{revision}', '7')`, "state не то, что в записи"},
		{"чего ждёт", `update orders set waits_for = 'nothing'`, "waits_for = nothing"},
		{"с какого времени ждёт", `update orders set waits_since = waits_since + interval '1 hour'`, "waits_since = "},
		{"срок", `update orders set deadline = null`, "deadline = пусто"},
		{"просрочка", `update orders set overdue = true`, "overdue = true вместо false"},
		{"регион", `update orders set region = '50'`, "region = 50 вместо 77"},
		{"вид работ", `update orders set work_kind = 'x'`, "work_kind = x вместо parcel-formation"},
		{"цена", `update orders set price = null`, "price = пусто вместо 5000000"},
		{"дней на работы", `update orders set term_days = 31`, "term_days = 31 вместо 30"},
		{"предоплата", `update orders set prepayment = true`, "prepayment = true вместо false"},
		{"откликов", `update orders set responses = 5`, "responses = 5 вместо 2"},
		{"удержания", `update orders set holds = '{registry}'`, "holds = "},
		{"когда опубликован", `update orders set published_at = null`, "published_at = пусто"},
		{"когда создан", `update orders set created_at = created_at - interval '1 day'`, "created_at = "},
		{"когда изменён", `update orders set updated_at = now() + interval '1 day'`, "updated_at = "},
		{"отклик пропал", `delete from responses where engineer_id = (select min(engineer_id::text)::uuid from responses)`, "строка отклика отсутствует"},
		{"цена отклика", `update responses set price = 1 where engineer_id = (select min(engineer_id::text)::uuid from responses)`, "price = 1 вместо 100000"},
		{"отклик закрыт", `update responses set status = 'closed' where engineer_id = (select min(engineer_id::text)::uuid from responses)`, "status = closed вместо open"},
		{"текст отклика потерян", `update responses set body_id = null where engineer_id = (select min(engineer_id::text)::uuid from responses)`, "body_id = пусто"},
		{"чужой отклик", `insert into responses (order_id, engineer_id, price, term_days, revision, status, created_at, updated_at)
			select order_id, engineer_id, 1, 1, 1, 'open', now(), now() from offers`, "строка отклика лишняя"},
		{"предложение пропало", `delete from offers`, "строка предложения отсутствует"},
		{"срок предложения", `update offers set expires_at = now()`, "expires_at = "},
		{
			"событие искажено", `with e as (delete from order_events where seq = 3 returning *)
			insert into order_events (order_id, seq, kind, actor_role, actor_person, actor_party, stage_before, stage_after, details, body_id, happened_at)
			select order_id, seq, kind, actor_role, actor_person, actor_party, 'draft', stage_after, details, body_id, happened_at from e`,
			"событие 3 (respond) не такое, как его сообщение",
		},
		{"событие без сообщения", `insert into order_events (order_id, seq, kind, actor_role, stage_before, stage_after, happened_at)
			select id, 6, 'cancel', 'customer', 'selection', 'selection', now() from orders`, "событие 6 (cancel) без выполненного сообщения"},
	}
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			p.exec(d.damage)
			found := p.verify(false)
			require.Len(t, found.Differences, 1)
			require.False(t, found.Clean())
			require.Contains(t, found.Differences[0].String(), d.want)
			require.Contains(t, found.Differences[0].String(), number)
			require.Contains(t, found.Differences[0].String(), p.order.String())

			repaired := p.verify(true)
			require.Len(t, repaired.Differences, 1)
			require.True(t, repaired.Clean(), repaired.Differences[0].String())
			require.Empty(t, p.verify(false).Differences)
		})
	}
}

// A loss that the record cannot repair is reported with advice and left unchanged.
// An engineer's numbers that do not follow from his orders are reported, and counted anew.
func TestVerifyRecountsEngineers(t *testing.T) {
	acceptance.Covers(t, "S-26")
	p := startPlatform(t)
	engineer := testenv.Scalar[uuid.UUID](t, p.url, `select engineer_id from responses order by engineer_id limit 1`)
	p.exec(`insert into engineer_statistics (engineer_id, marks, mark_sum, last_active_at) select engineer_id, 3, 15, now() from responses order by engineer_id limit 1`)
	found := p.verify(false)
	require.Len(t, found.Differences, 1)
	require.Contains(t, found.Differences[0].String(), "показатели инженера "+engineer.String())
	require.True(t, p.verify(true).Clean())
	require.Empty(t, p.verify(false).Differences)
	require.Zero(t, testenv.Scalar[int](t, p.url, `select marks from engineer_statistics where engineer_id = $1`, engineer))
}

func TestVerifyLeavesUnrepairableDifferences(t *testing.T) {
	acceptance.Covers(t, "B-1")
	for _, d := range []struct{ name, damage, want, cannot string }{
		{"событие пропало", `delete from order_events where seq = 3`, "нет события для выполненного сообщения 3 (respond)", "из резервной копии"},
		{"сообщение пропало", `delete from order_messages where seq = 3`, "в записи нет сообщения 3", "из резервной копии"},
		{"последнее сообщение пропало", `delete from order_messages where seq = 6`, "в записи нет сообщения 6", "из резервной копии"},
		{"сообщение, которого процесс не знает", `insert into order_messages (id, order_id, seq, kind, actor_role, verdict, code, outcome, received_at, happened_at)
			select gen_random_uuid(), order_id, 7, kind, actor_role, verdict, code, jsonb_set(outcome, '{seq}', '7'), received_at, happened_at
			from order_messages where seq = 6`, "состояние процесса (сообщение 6) и запись (сообщение 7) расходятся", "rejoin"},
	} {
		t.Run(d.name, func(t *testing.T) {
			p := startPlatform(t)
			p.exec(`alter table order_messages disable trigger order_messages_append_only`) // only a damaged database can lose a message
			p.exec(d.damage)
			report := p.verify(true)
			require.False(t, report.Clean())
			require.Contains(t, report.Differences[0].String(), d.want)
			require.Contains(t, report.Differences[0].Cannot, d.cannot)
			require.Equal(t, len(report.Differences), len(p.verify(false).Differences), "an impossible repair has changed something")
		})
	}
}

// A terminated workflow still answers queries with a state that matches the record, yet it
// processes no messages.
func TestVerifyReportsTerminatedWorkflow(t *testing.T) {
	acceptance.Covers(t, "B-1")
	p := startPlatform(t)
	require.NoError(t, p.temporal.TerminateWorkflow(t.Context(), workflowapi.OrderWorkflowID(p.order), "", "по ошибке"))
	report := p.verify(true)
	require.Len(t, report.Differences, 1)
	require.Contains(t, report.Differences[0].String(), "процесс остановлен (Terminated)")
	require.Contains(t, report.Differences[0].Cannot, "worker order restart")
}

// A lost order row is restored from its record; the events deleted with it are not.
func TestVerifyRestoresLostOrderRow(t *testing.T) {
	acceptance.Covers(t, "B-1")
	p := startPlatform(t)
	before := testenv.Scalar[string](t, p.url, `select to_jsonb(o)::text from orders o`)
	p.exec(`alter table orders disable trigger orders_kept`) // only a damaged database can lose the row
	p.exec(`delete from orders`)
	report := p.verify(true)
	require.False(t, report.Clean(), "the events are lost")
	require.Equal(t, before, testenv.Scalar[string](t, p.url, `select to_jsonb(o)::text from orders o`))
	require.Equal(t, []string{"open", "open"}, testenv.Column[string](t, p.url, `select status from responses`))
}

// A workflow whose id has the wrong form belongs to no order and does not stop the comparison.
func TestVerifySkipsWorkflowsOfNoOrder(t *testing.T) {
	acceptance.Covers(t, "B-1")
	p := startPlatform(t)
	id := "order-" + strings.ToUpper(p.order.String())
	twin, err := p.temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: p.queue},
		workflowapi.OrderWorkflow, workflowapi.OrderInput{})
	require.NoError(t, err)
	require.Error(t, twin.Get(t.Context(), nil))
	testenv.Eventually(t, "the server to list it", func() bool {
		listed, err := p.temporal.CountWorkflow(t.Context(), &workflowservice.CountWorkflowExecutionsRequest{Query: "WorkflowId = '" + id + "'"})
		require.NoError(t, err)
		return listed.GetCount() == 1
	})
	require.Empty(t, p.verify(false).Differences)
}

// The command returns an error while anything differs.
func TestVerifyCommandFailsOnDifference(t *testing.T) {
	acceptance.Covers(t, "B-1")
	p := startPlatform(t)
	environment := func(name string) (string, bool) {
		value, found := map[string]string{
			"DATABASE_URL": p.url, "TEMPORAL_ADDRESS": os.Getenv("EPKR_TEST_TEMPORAL_ADDRESS"), "EPKR_TASK_QUEUE": p.queue,
		}[name]
		return value, found
	}
	var out bytes.Buffer
	require.NoError(t, verify(t.Context(), environment, false, &out))
	require.Contains(t, out.String(), "заказов 1, сообщений 6, расхождений 0")

	p.exec(`update orders set responses = 5`)
	out.Reset()
	require.ErrorIs(t, verify(t.Context(), environment, false, &out), errDiffers)
	require.Contains(t, out.String(), "responses = 5 вместо 2")

	out.Reset()
	require.NoError(t, verify(t.Context(), environment, true, &out))
	require.Contains(t, out.String(), "исправлено")
}
