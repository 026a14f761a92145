package workflows_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	urlpath "path"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	engineeractivities "epkr/activities/engineers"
	registryactivities "epkr/activities/registry"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

// engineerCount is large enough that one per cent are two, and that each of four СРО is
// checked by itself.
const engineerCount = 200

// registrySource serves one snapshot over HTTP.
type registrySource struct {
	mu    sync.Mutex
	files map[string][]byte
	url   string
}

func newRegistrySource(t testing.TB) *registrySource {
	t.Helper()
	s := &registrySource{files: map[string][]byte{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		body, found := s.files[urlpath.Base(r.URL.Path)]
		s.mu.Unlock()
		if !found || urlpath.Dir(r.URL.Path) != "/snapshot" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// serve replaces the snapshot.
func (s *registrySource) serve(m registry.Manifest, data []byte) {
	manifest, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = map[string][]byte{"manifest.json": manifest, "engineers.csv.gz": data}
}

// clear makes the source answer 404 to every request.
func (s *registrySource) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = map[string][]byte{}
}

// snapshotOf writes a snapshot of the rows with this date.
func snapshotOf(t testing.TB, asOf time.Time, rows []registry.Row) (registry.Manifest, []byte) {
	t.Helper()
	var data bytes.Buffer
	file, err := registry.Write(&data, "engineers.csv.gz", registry.CSV, asOf, rows)
	require.NoError(t, err)
	return registry.Manifest{Format: registry.FormatVersion, AsOf: asOf, Rows: len(rows), Files: []registry.File{file}}, data.Bytes()
}

func registryRows(n int) []registry.Row {
	rows := make([]registry.Row, n)
	for i := range rows {
		rows[i] = registry.Row{
			RegistryNumber: fmt.Sprintf("%05d", i+1), SNILS: fmt.Sprintf("100-000-%03d 00", i), LastName: "Фамилия", FirstName: "Имя",
			SROName: fmt.Sprintf("СРО %d", i%4), SRONumber: fmt.Sprintf("%03d", i%4), SROIn: registry.NewDate(2020, 1, 1),
			Status: registry.StatusActive,
		}
	}
	return rows
}

// registryEnv is a platform whose registry the test writes.
type registryEnv struct {
	*env
	source *registrySource
	queue  string
	// rows is the current content of the registry; asOf is the date of the snapshot published last.
	rows []registry.Row
	asOf time.Time
	runs int
}

// newRegistryEnv applies a first snapshot with all engineers.
func newRegistryEnv(t testing.TB) *registryEnv {
	t.Helper()
	n := &registryEnv{
		env: newEnv(t), source: newRegistrySource(t), queue: testenv.TaskQueue(t), rows: registryRows(engineerCount),
		asOf: time.Date(2026, 1, 1, 0, 0, 0, 123_456_789, time.UTC), // finer than the precision of the database
	}
	n.startRegistryWorker(n.temporal)
	n.publish()
	report := n.sync()
	require.Equal(t, workflowapi.VerdictCompleted, report.Verdict, report.Reason)
	require.Equal(t, engineerCount, report.Added)
	return n
}

func (n *registryEnv) startRegistryWorker(orders workflowapi.Signaler) worker.Worker {
	n.t.Helper()
	w := worker.New(n.temporal, n.queue, workflows.Options())
	acts := registryactivities.New(n.store, n.files, n.temporal, registryactivities.Settings{
		URL: n.source.url, LossLimit: registry.DefaultLossLimit(), Limits: registry.DefaultLimits(),
	}, time.Now)
	workflows.Register(w)
	activities.Register(w, activities.Set{Registry: acts, Engineers: engineeractivities.New(n.store, orders, time.Now)})
	require.NoError(n.t, w.Start())
	n.t.Cleanup(w.Stop)
	return w
}

// publish publishes the registry's rows as the snapshot of the next day.
func (n *registryEnv) publish() {
	n.t.Helper()
	n.asOf = n.asOf.Add(24 * time.Hour)
	n.source.serve(snapshotOf(n.t, n.asOf, n.rows))
}

// startSync starts a sync run.
func (n *registryEnv) startSync() client.WorkflowRun {
	n.t.Helper()
	n.runs++
	run, err := n.temporal.ExecuteWorkflow(n.t.Context(), client.StartWorkflowOptions{
		ID: n.syncID(), TaskQueue: n.queue,
	}, workflowapi.RegistrySyncWorkflow)
	require.NoError(n.t, err)
	return run
}

// syncID returns the workflow id of the sync run started last.
func (n *registryEnv) syncID() string {
	return fmt.Sprintf("%s-%s-%d", workflowapi.RegistrySchedule, n.queue, n.runs)
}

func (n *registryEnv) result(run client.WorkflowRun) workflowapi.RegistryReport {
	n.t.Helper()
	var report workflowapi.RegistryReport
	require.NoError(n.t, run.Get(n.t.Context(), &report))
	return report
}

// sync runs a sync run to its end.
func (n *registryEnv) sync() workflowapi.RegistryReport {
	n.t.Helper()
	return n.result(n.startSync())
}

// publishAndSync publishes a snapshot and runs a sync run to its end.
func (n *registryEnv) publishAndSync() workflowapi.RegistryReport {
	n.t.Helper()
	n.publish()
	return n.sync()
}

// engineerOf gives the engineer of a row an account and lets him take orders in region 77.
func (n *registryEnv) engineerOf(row int) order.Actor {
	n.t.Helper()
	person := uuid.New()
	n.person(person)
	id := testenv.Scalar[uuid.UUID](n.t, n.url, `update engineers set person_id = $1, form = 'entrepreneur', receives_orders = true,
		profile_complete = true, regions = '{77}' where snils = $2 returning id`, person, n.rows[row].SNILS)
	return order.Actor{Role: order.RoleEngineer, Person: person.String(), Party: id.String()}
}

// exclude marks the engineers of the rows as excluded.
func (n *registryEnv) exclude(rows ...int) {
	for _, i := range rows {
		n.rows[i].Status = registry.StatusExcluded
		n.rows[i].SROOut, n.rows[i].SROOutReason = registry.NewDate(2026, 1, 1), "исключён"
	}
}

func (n *registryEnv) restore(rows ...int) {
	for _, i := range rows {
		n.rows[i].Status, n.rows[i].SROOut, n.rows[i].SROOutReason = registry.StatusActive, registry.Date{}, ""
	}
}

// dataDigest returns a digest of all data that a snapshot may change.
func (n *registryEnv) dataDigest() string {
	n.t.Helper()
	return testenv.Scalar[string](n.t, n.url, `select concat_ws(' ',
		(select md5(string_agg(e::text, '|' order by e.id)) from engineers e),
		(select md5(string_agg(p::text, '|' order by p.id)) from parties p),
		(select md5(string_agg(o::text, '|' order by o.id)) from orders o),
		(select count(*) from registry_snapshots), (select count(*) from registry_staging), (select count(*) from registry_changes))`)
}

func (n *registryEnv) notices(alarm registry.Alarm) int {
	n.t.Helper()
	return testenv.Scalar[int](n.t, n.url, `select count(*)::int from notifications where role = 'moderator' and order_id is null
		and kind = $1`, string(alarm))
}

// alarmOf returns the alarm in the search attributes of a workflow.
func (n *registryEnv) alarmOf(workflowID string) string {
	n.t.Helper()
	found, err := n.temporal.DescribeWorkflowExecution(n.t.Context(), workflowID, "")
	require.NoError(n.t, err)
	value := found.GetWorkflowExecutionInfo().GetSearchAttributes().GetIndexedFields()[workflowapi.AttrAlarm.GetName()]
	if value == nil {
		return ""
	}
	return text(n.t, value)
}

// waitStage waits until the order is at the stage.
func (o *testOrder) waitStage(stage order.Stage) {
	o.t.Helper()
	testenv.Eventually(o.t, "the order at "+string(stage), func() bool { return o.shownStage() == string(stage) })
}

// orderInWork creates an order in «Выполнение работ».
func (n *registryEnv) orderInWork(customer, engineer order.Actor) *testOrder {
	n.t.Helper()
	o := n.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withoutAdvance), nil, order.Work)
	return o
}

// holdCount returns the number of the order's holds.
func (o *testOrder) holdCount() int {
	o.t.Helper()
	s := o.rowState()
	return len(s.Holds())
}

// requireReplays replays the history of a closed workflow on the current code.
func (n *registryEnv) requireReplays(workflowID string) *historypb.History {
	n.t.Helper()
	return requireReplays(n.t, n.temporal, workflowID)
}

func requireReplays(t testing.TB, temporal client.Client, workflowID string) *historypb.History {
	t.Helper()
	history := &historypb.History{}
	events := temporal.GetWorkflowHistory(t.Context(), workflowID, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(t, err)
		history.Events = append(history.Events, event)
	}
	_, err := replay(history)
	require.NoError(t, err)
	return history
}
