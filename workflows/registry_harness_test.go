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

// engineersOfTheTest are enough for one in a hundred to be two, and for each of four СРО to be judged by itself.
const engineersOfTheTest = 200

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

// away makes the source answer nothing.
func (s *registrySource) away() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = map[string][]byte{}
}

// snapshotOf writes the rows as of that moment.
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

// nights is a platform whose registry the test writes.
type nights struct {
	*stage
	source *registrySource
	queue  string
	// rows are the registry as it is; asOf is the date of the snapshot published last.
	rows []registry.Row
	asOf time.Time
	run  int
}

// newNights has the first snapshot of all engineers applied.
func newNights(t testing.TB) *nights {
	t.Helper()
	n := &nights{
		stage: newStage(t), source: newRegistrySource(t), queue: testenv.TaskQueue(t), rows: registryRows(engineersOfTheTest),
		asOf: time.Date(2026, 1, 1, 0, 0, 0, 123_456_789, time.UTC), // finer than the database keeps it
	}
	n.startRegistryWorker(n.temporal)
	n.publish()
	report := n.sync()
	require.Equal(t, workflowapi.VerdictCompleted, report.Verdict, report.Reason)
	require.Equal(t, engineersOfTheTest, report.Added)
	return n
}

func (n *nights) startRegistryWorker(orders workflowapi.Signaler) worker.Worker {
	n.t.Helper()
	w := worker.New(n.temporal, n.queue, workflows.Options())
	acts := registryactivities.New(n.store, n.files, n.temporal, registryactivities.Settings{
		URL: n.source.url, Fuse: registry.DefaultFuse(), Limits: registry.DefaultLimits(),
	}, time.Now)
	workflows.Register(w)
	activities.Register(w, activities.Set{Registry: acts, Engineers: engineeractivities.New(n.store, orders, time.Now)})
	require.NoError(n.t, w.Start())
	n.t.Cleanup(w.Stop)
	return w
}

// publish makes the registry's rows the snapshot of the next day.
func (n *nights) publish() {
	n.t.Helper()
	n.asOf = n.asOf.Add(24 * time.Hour)
	n.source.serve(snapshotOf(n.t, n.asOf, n.rows))
}

// begin starts a night's run.
func (n *nights) begin() client.WorkflowRun {
	n.t.Helper()
	n.run++
	run, err := n.temporal.ExecuteWorkflow(n.t.Context(), client.StartWorkflowOptions{
		ID: n.nightID(), TaskQueue: n.queue,
	}, workflowapi.RegistrySyncWorkflow)
	require.NoError(n.t, err)
	return run
}

// nightID is the id of the workflow of the run begun last.
func (n *nights) nightID() string {
	return fmt.Sprintf("%s-%s-%d", workflowapi.RegistrySchedule, n.queue, n.run)
}

func (n *nights) result(run client.WorkflowRun) workflowapi.RegistryReport {
	n.t.Helper()
	var report workflowapi.RegistryReport
	require.NoError(n.t, run.Get(n.t.Context(), &report))
	return report
}

// sync runs a night to its end.
func (n *nights) sync() workflowapi.RegistryReport {
	n.t.Helper()
	return n.result(n.begin())
}

// night publishes and runs.
func (n *nights) night() workflowapi.RegistryReport {
	n.t.Helper()
	n.publish()
	return n.sync()
}

// engineerOf makes the engineer of a row one who takes orders in region 77.
func (n *nights) engineerOf(row int) order.Actor {
	n.t.Helper()
	person := uuid.New()
	n.person(person)
	id := testenv.Scalar[uuid.UUID](n.t, n.url, `update engineers set person_id = $1, form = 'entrepreneur', receives_orders = true,
		profile_complete = true, regions = '{77}' where snils = $2 returning id`, person, n.rows[row].SNILS)
	return order.Actor{Role: order.RoleEngineer, Person: person.String(), Party: id.String()}
}

// lose marks the engineers of the rows as excluded.
func (n *nights) lose(rows ...int) {
	for _, i := range rows {
		n.rows[i].Status = registry.StatusExcluded
		n.rows[i].SROOut, n.rows[i].SROOutReason = registry.NewDate(2026, 1, 1), "исключён"
	}
}

func (n *nights) regain(rows ...int) {
	for _, i := range rows {
		n.rows[i].Status, n.rows[i].SROOut, n.rows[i].SROOutReason = registry.StatusActive, registry.Date{}, ""
	}
}

// platform is a digest of what a snapshot may change.
func (n *nights) platform() string {
	n.t.Helper()
	return testenv.Scalar[string](n.t, n.url, `select concat_ws(' ',
		(select md5(string_agg(e::text, '|' order by e.id)) from engineers e),
		(select md5(string_agg(p::text, '|' order by p.id)) from parties p),
		(select md5(string_agg(o::text, '|' order by o.id)) from orders o),
		(select count(*) from registry_snapshots), (select count(*) from registry_staging), (select count(*) from registry_changes))`)
}

func (n *nights) notices(alarm registry.Alarm) int {
	n.t.Helper()
	return testenv.Scalar[int](n.t, n.url, `select count(*)::int from notifications where role = 'moderator' and order_id is null
		and kind = $1`, string(alarm))
}

// alarmOf is the alarm that the operators see on a workflow.
func (n *nights) alarmOf(workflowID string) string {
	n.t.Helper()
	found, err := n.temporal.DescribeWorkflowExecution(n.t.Context(), workflowID, "")
	require.NoError(n.t, err)
	value := found.GetWorkflowExecutionInfo().GetSearchAttributes().GetIndexedFields()[workflowapi.AttrAlarm.GetName()]
	if value == nil {
		return ""
	}
	return text(n.t, value)
}

// shows waits until the order stands at the stage.
func (l *life) shows(stage order.Stage) {
	l.t.Helper()
	testenv.Eventually(l.t, "the order at "+string(stage), func() bool { return l.shownStage() == string(stage) })
}

// inWork makes an order in «Выполнение работ».
func (n *nights) inWork(customer, engineer order.Actor) *life {
	n.t.Helper()
	l := n.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, bare), nil, order.Work)
	return l
}

// holds counts who holds the order.
func (l *life) holds() int {
	l.t.Helper()
	s := l.recorded()
	return len(s.Holds())
}

// replays has what the closed workflow did replayed on today's code.
func (n *nights) replays(workflowID string) *historypb.History {
	n.t.Helper()
	history := &historypb.History{}
	events := n.temporal.GetWorkflowHistory(n.t.Context(), workflowID, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(n.t, err)
		history.Events = append(history.Events, event)
	}
	_, err := replay(history)
	require.NoError(n.t, err)
	return history
}
