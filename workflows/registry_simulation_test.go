package workflows_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"epkr/activities"
	engineeractivities "epkr/activities/engineers"
	registryactivities "epkr/activities/registry"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

const (
	simulatedRuns = 60
	watchedOrders = 8
	// maxQuietChanges is the maximum number of engineers that an ordinary snapshot loses: too few
	// for the loss limits.
	maxQuietChanges = 4
)

// simulation is two months of sync runs in the SDK's test environment, with a real database, a real
// storage and orders on the real server, beside a model of the stage of each order.
type simulation struct {
	*registryEnv
	suite  testsuite.WorkflowTestSuite
	rng    *rand.Rand
	orders []*testOrder
	// absent and inactive are the engineers whom the next snapshot omits or shows as inactive;
	// applied are those whom the platform should show as active.
	absent, inactive, applied map[int]bool
	// notified is the status that each order should have received: whether its engineer is active.
	notified []bool
	// lost are the rows that a snapshot awaiting approval has lost.
	lost             []int
	failures, waited int
	crash            bool
}

// crashingClient is a client whose signals to orders fail while the sync run should crash.
type crashingClient struct {
	client.Client
	sim *simulation
}

func (o crashingClient) SignalWorkflow(ctx context.Context, workflowID, runID, signal string, arg any) error {
	if o.sim.crash && strings.HasPrefix(workflowID, "order-") {
		return temporal.NewNonRetryableApplicationError("the worker died", "Crash", nil)
	}
	return o.Client.SignalWorkflow(ctx, workflowID, runID, signal, arg)
}

// DescribeWorkflowExecution reports every run as closed: no simulated run is running when the next
// begins.
func (o crashingClient) DescribeWorkflowExecution(context.Context, string, string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	return &workflowservice.DescribeWorkflowExecutionResponse{}, nil
}

func (s *simulation) environment(workflowID string) *testsuite.TestWorkflowEnvironment {
	s.suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler))) // the faults are intended
	env := s.suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(2 * time.Minute)
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: workflowID, TaskQueue: s.queue})
	orders := crashingClient{s.temporal, s}
	acts := registryactivities.New(s.store, s.files, orders, registryactivities.Settings{
		URL: s.source.url, LossLimit: registry.DefaultLossLimit(), Limits: registry.DefaultLimits(),
	}, time.Now)
	workflows.Register(env)
	activities.Register(env, activities.Set{Registry: acts, Engineers: engineeractivities.New(s.store, orders, time.Now)})
	return env
}

// simulate runs one sync workflow. It returns an error for a run that crashed.
func (s *simulation) simulate() (workflowapi.RegistryReport, error) {
	s.runs++
	env := s.environment(fmt.Sprintf("%s-%s-%d", workflowapi.RegistrySchedule, s.queue, s.runs))
	env.OnWorkflow(workflowapi.RegistryApprovalWorkflow, mock.Anything, mock.Anything).Return(workflowapi.RegistryReport{}, nil).Maybe()
	env.ExecuteWorkflow(workflowapi.RegistrySyncWorkflow)
	require.True(s.t, env.IsWorkflowCompleted())
	var report workflowapi.RegistryReport
	if err := env.GetWorkflowError(); err != nil {
		return report, err
	}
	require.NoError(s.t, env.GetWorkflowResult(&report))
	return report, nil
}

// answer runs the approval workflow of a run. An operator sends the signal the next morning.
func (s *simulation) answer(report workflowapi.RegistryReport, snapshot registry.Manifest, signal string) workflowapi.RegistryReport {
	env := s.environment(workflowapi.RegistryApprovalID(report.RunID))
	env.RegisterDelayedCallback(func() { env.SignalWorkflow(signal, decision) }, 6*time.Hour)
	env.ExecuteWorkflow(workflowapi.RegistryApprovalWorkflow, workflowapi.RegistryApprovalInput{Report: report, Snapshot: snapshot})
	require.NoError(s.t, env.GetWorkflowError())
	var answered workflowapi.RegistryReport
	require.NoError(s.t, env.GetWorkflowResult(&answered))
	return answered
}

// visibleRows returns the rows of the next snapshot.
func (s *simulation) visibleRows() []registry.Row {
	var rows []registry.Row
	for i, row := range s.rows {
		if s.absent[i] {
			continue
		}
		if s.inactive[i] {
			row.Status = registry.StatusSuspended
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *simulation) publishVisible() registry.Manifest {
	s.asOf = s.asOf.Add(24 * time.Hour)
	m, data := snapshotOf(s.t, s.asOf, s.visibleRows())
	s.source.serve(m, data)
	return m
}

// change changes a few engineers of the registry, most of them watched.
func (s *simulation) change() {
	for range maxQuietChanges {
		i := s.rng.IntN(watchedOrders)
		if s.rng.IntN(3) == 0 {
			i = s.rng.IntN(engineerCount)
		}
		s.toggle(i)
	}
}

// toggle removes an engineer, by omitting the row or by its status, or restores him.
func (s *simulation) toggle(i int) {
	switch {
	case s.absent[i] || s.inactive[i]:
		delete(s.absent, i)
		delete(s.inactive, i)
	case s.rng.IntN(2) == 0:
		s.absent[i] = true
	default:
		s.inactive[i] = true
	}
}

func (s *simulation) apply() {
	s.applied = map[int]bool{}
	for i := range s.rows {
		s.applied[i] = !s.absent[i] && !s.inactive[i]
	}
}

func (s *simulation) notifyAll() {
	for i := range s.notified {
		s.notified[i] = s.applied[i]
	}
}

// loseTooMany removes more engineers than the loss limits allow.
func (s *simulation) loseTooMany() {
	s.lost = nil
	for _, i := range s.rng.Perm(engineerCount) {
		if len(s.lost) == 14 {
			return
		}
		if s.applied[i] && !s.absent[i] && !s.inactive[i] {
			s.absent[i] = true
			s.lost = append(s.lost, i)
		}
	}
}

func (s *simulation) restoreLost() {
	for _, i := range s.lost {
		delete(s.absent, i)
	}
	s.lost = nil
}

// requireModel requires that the orders and the notices equal the model.
func (s *simulation) requireModel(run int, what string) {
	s.t.Helper()
	testenv.Eventually(s.t, fmt.Sprintf("run %d (%s): orders at %v", run, what, s.modelStages()), func() bool {
		return slices.Equal(s.modelStages(), s.stages())
	})
	require.Equal(s.t, s.failures, s.notices(registry.AlarmFailed), "run %d (%s): failures are reported once", run, what)
	require.Equal(s.t, s.waited, s.notices(registry.AlarmAwaitingApproval), "run %d (%s): snapshots awaiting approval are reported once", run, what)
}

// stages returns the stages of the orders.
func (s *simulation) stages() []string {
	ids := make([]uuid.UUID, len(s.orders))
	for i, o := range s.orders {
		ids[i] = o.id
	}
	return testenv.Column[string](s.t, s.url, `select shown_stage from orders where id = any($1) order by array_position($1, id)`, ids)
}

// modelStages returns the stages of the orders in the model.
func (s *simulation) modelStages() []string {
	stages := make([]string, len(s.notified))
	for i, active := range s.notified {
		stages[i] = string(order.Work)
		if !active {
			stages[i] = string(order.Suspended)
		}
	}
	return stages
}

func TestSimulatedSyncRuns(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-18")
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("EPKR_TEST_SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("seed %d: EPKR_TEST_SEED=%d repeats it", seed, seed)
	s := newSimulation(t, rand.New(rand.NewPCG(seed, 1)))
	kinds := []struct {
		what string
		play func()
	}{
		{"как обычно", s.quiet},
		{"как обычно", s.quiet},
		{"как обычно", s.quiet},
		{"тот же снимок", s.unchanged},
		{"обрезан", s.truncated},
		{"старый", s.old},
		{"реестр молчит", s.silent},
		{"потеря подтверждена", func() { s.tooMany(workflowapi.ConfirmSignal) }},
		{"потеря отклонена", func() { s.tooMany(workflowapi.RejectSignal) }},
		{"потеря без ответа", func() { s.tooMany("") }},
		{"убит до оповещения", s.crashes},
	}
	for run := range simulatedRuns {
		kind := kinds[s.rng.IntN(len(kinds))]
		if run < len(kinds) { // each kind runs at least once
			kind = kinds[run]
		}
		kind.play()
		s.requireModel(run, kind.what)
	}
	s.quiet()
	s.requireModel(simulatedRuns, "последняя")
}

func newSimulation(t *testing.T, dice *rand.Rand) *simulation {
	t.Helper()
	s := &simulation{registryEnv: newRegistryEnv(t), rng: dice, absent: map[int]bool{}, inactive: map[int]bool{}}
	s.apply()
	customer := s.customer()
	for i := range watchedOrders {
		s.orders = append(s.orders, s.orderInWork(customer, s.engineerOf(i)))
		s.notified = append(s.notified, true)
	}
	return s
}

func (s *simulation) requireVerdict(verdict string) workflowapi.RegistryReport {
	s.t.Helper()
	report, err := s.simulate()
	require.NoError(s.t, err)
	require.Equal(s.t, verdict, report.Verdict, report.Reason)
	return report
}

func (s *simulation) quiet() {
	s.change()
	s.publishVisible()
	s.requireVerdict(workflowapi.VerdictCompleted)
	s.apply()
	s.notifyAll()
}

func (s *simulation) unchanged() {
	s.requireVerdict(workflowapi.VerdictNoop)
	s.notifyAll()
}

func (s *simulation) unusable(m registry.Manifest, data []byte) {
	s.source.serve(m, data)
	s.requireVerdict(workflowapi.VerdictFailed)
	s.failures++
	s.notifyAll()
	s.source.serve(snapshotOf(s.t, s.asOf, s.visibleRows())) // fixed by the next morning
}

func (s *simulation) truncated() {
	m, data := snapshotOf(s.t, s.asOf.Add(time.Hour), s.visibleRows())
	s.unusable(m, data[:len(data)/3])
}

func (s *simulation) old() {
	s.unusable(snapshotOf(s.t, s.asOf.AddDate(-1, 0, 0), s.visibleRows()[:5]))
}

func (s *simulation) silent() {
	m, data := snapshotOf(s.t, s.asOf, s.visibleRows())
	s.source.clear()
	require.Equal(s.t, "unavailable", s.requireVerdict(workflowapi.VerdictFailed).Code)
	s.failures++
	s.notifyAll()
	s.source.serve(m, data)
}

// tooMany publishes a snapshot that needs approval. The operator decides, or the next snapshot
// supersedes it.
func (s *simulation) tooMany(signal string) {
	s.loseTooMany()
	m := s.publishVisible()
	report := s.requireVerdict(workflowapi.VerdictAwaitingApproval)
	s.waited++
	s.notifyAll()
	switch signal {
	case workflowapi.ConfirmSignal:
		require.Equal(s.t, workflowapi.VerdictCompleted, s.answer(report, m, signal).Verdict)
		s.apply()
		s.notifyAll()
	case workflowapi.RejectSignal:
		require.Equal(s.t, workflowapi.VerdictRejected, s.answer(report, m, signal).Verdict)
	}
	s.restoreLost()
}

// crashes applies the snapshot and crashes before any order is notified.
func (s *simulation) crashes() {
	s.unchanged() // notifies all orders, so that only the next change is pending
	s.toggle(s.rng.IntN(watchedOrders))
	s.publishVisible()
	s.crash = true
	_, err := s.simulate()
	s.crash = false
	s.apply()
	if err == nil { // the change concerned no order
		s.notifyAll()
		return
	}
	require.ErrorContains(s.t, err, "the worker died")
	s.failures++ // the next run finds the report still open
	require.Equal(s.t, s.modelStages(), s.stages(), "no order was notified")
	s.unchanged()
}
