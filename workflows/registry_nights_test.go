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
	simulatedNights = 60
	watchedOrders   = 8
	// restNight is how many engineers at most a quiet night takes away: too few for the fuse.
	restNight = 4
)

// simulation is two months of nights in the SDK's test environment, over a real database, a real storage and orders on the
// real server, beside a model of what every order should show.
type simulation struct {
	*nights
	suite testsuite.WorkflowTestSuite
	dice  *rand.Rand
	lives []*life
	// absent and inactive are the engineers whom the next snapshot leaves out or shows so; applied are those whom the
	// platform should hold for active.
	absent, inactive, applied map[int]bool
	// heard is what each order should have been told: whether its engineer is active.
	heard []bool
	// held are the rows that a waiting snapshot lost.
	held           []int
	failed, waited int
	crash          bool
}

// dyingOrders is the orders' Temporal, which a night that dies does not reach.
type dyingOrders struct {
	client.Client
	night *simulation
}

func (o dyingOrders) SignalWorkflow(ctx context.Context, workflowID, runID, signal string, arg any) error {
	if o.night.crash && strings.HasPrefix(workflowID, "order-") {
		return temporal.NewNonRetryableApplicationError("the worker died", "Crash", nil)
	}
	return o.Client.SignalWorkflow(ctx, workflowID, runID, signal, arg)
}

// DescribeWorkflowExecution knows that no simulated run is alive when the next begins.
func (o dyingOrders) DescribeWorkflowExecution(context.Context, string, string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	return &workflowservice.DescribeWorkflowExecutionResponse{}, nil
}

func (s *simulation) environment(workflowID string) *testsuite.TestWorkflowEnvironment {
	s.suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler))) // faults are meant here
	env := s.suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(2 * time.Minute)
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: workflowID, TaskQueue: s.queue})
	orders := dyingOrders{s.temporal, s}
	acts := registryactivities.New(s.store, s.files, orders, registryactivities.Settings{
		URL: s.source.url, Fuse: registry.DefaultFuse(), Limits: registry.DefaultLimits(),
	}, time.Now)
	workflows.Register(env)
	activities.Register(env, activities.Set{Registry: acts, Engineers: engineeractivities.New(s.store, orders, time.Now)})
	return env
}

// simulate runs one night's workflow. An error is a night that died.
func (s *simulation) simulate() (workflowapi.RegistryReport, error) {
	s.run++
	env := s.environment(fmt.Sprintf("%s-%s-%d", workflowapi.RegistrySchedule, s.queue, s.run))
	env.OnWorkflow(workflowapi.RegistryHoldWorkflow, mock.Anything, mock.Anything).Return(workflowapi.RegistryReport{}, nil).Maybe()
	env.ExecuteWorkflow(workflowapi.RegistrySyncWorkflow)
	require.True(s.t, env.IsWorkflowCompleted())
	var report workflowapi.RegistryReport
	if err := env.GetWorkflowError(); err != nil {
		return report, err
	}
	require.NoError(s.t, env.GetWorkflowResult(&report))
	return report, nil
}

// answer runs the wait of a held run, in which an operator sends the signal the next morning.
func (s *simulation) answer(report workflowapi.RegistryReport, snapshot registry.Manifest, signal string) workflowapi.RegistryReport {
	env := s.environment(workflowapi.RegistryHoldID(report.RunID))
	env.RegisterDelayedCallback(func() { env.SignalWorkflow(signal, decision) }, 6*time.Hour)
	env.ExecuteWorkflow(workflowapi.RegistryHoldWorkflow, workflowapi.RegistryHoldInput{Report: report, Snapshot: snapshot})
	require.NoError(s.t, env.GetWorkflowError())
	var answered workflowapi.RegistryReport
	require.NoError(s.t, env.GetWorkflowResult(&answered))
	return answered
}

// shown are the rows of the next snapshot.
func (s *simulation) shown() []registry.Row {
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

func (s *simulation) publishShown() registry.Manifest {
	s.asOf = s.asOf.Add(24 * time.Hour)
	m, data := snapshotOf(s.t, s.asOf, s.shown())
	s.source.serve(m, data)
	return m
}

// change moves a few engineers of the registry, most of them watched.
func (s *simulation) change() {
	for range restNight {
		i := s.dice.IntN(watchedOrders)
		if s.dice.IntN(3) == 0 {
			i = s.dice.IntN(engineersOfTheTest)
		}
		s.toggle(i)
	}
}

// toggle loses an engineer, by leaving him out or by his status, or brings him back.
func (s *simulation) toggle(i int) {
	switch {
	case s.absent[i] || s.inactive[i]:
		delete(s.absent, i)
		delete(s.inactive, i)
	case s.dice.IntN(2) == 0:
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

func (s *simulation) tell() {
	for i := range s.heard {
		s.heard[i] = s.applied[i]
	}
}

// loseTooMany takes away too many for the fuse, and gives them back to the registry unless an operator confirms the loss.
func (s *simulation) loseTooMany() {
	s.held = nil
	for _, i := range s.dice.Perm(engineersOfTheTest) {
		if len(s.held) == 14 {
			return
		}
		if s.applied[i] && !s.absent[i] && !s.inactive[i] {
			s.absent[i] = true
			s.held = append(s.held, i)
		}
	}
}

func (s *simulation) giveBack() {
	for _, i := range s.held {
		delete(s.absent, i)
	}
	s.held = nil
}

// agrees compares the orders with the model.
func (s *simulation) agrees(night int, what string) {
	s.t.Helper()
	testenv.Eventually(s.t, fmt.Sprintf("night %d (%s): orders at %v", night, what, s.modelled()), func() bool {
		return slices.Equal(s.modelled(), s.stages())
	})
	require.Equal(s.t, s.failed, s.notices(registry.AlarmFailed), "night %d (%s): failures are reported once", night, what)
	require.Equal(s.t, s.waited, s.notices(registry.AlarmHeld), "night %d (%s): held snapshots are reported once", night, what)
}

// stages are those of the orders.
func (s *simulation) stages() []string {
	ids := make([]uuid.UUID, len(s.lives))
	for i, l := range s.lives {
		ids[i] = l.id
	}
	return testenv.Column[string](s.t, s.url, `select shown_stage from orders where id = any($1) order by array_position($1, id)`, ids)
}

// modelled are the stages that the model has for the orders.
func (s *simulation) modelled() []string {
	stages := make([]string, len(s.heard))
	for i, active := range s.heard {
		stages[i] = string(order.Work)
		if !active {
			stages[i] = string(order.Suspended)
		}
	}
	return stages
}

func TestSixtyNights(t *testing.T) {
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
		{"тот же снимок", s.same},
		{"обрезан", s.truncated},
		{"старый", s.old},
		{"реестр молчит", s.silent},
		{"потеря подтверждена", func() { s.tooMany(workflowapi.ConfirmSignal) }},
		{"потеря отклонена", func() { s.tooMany(workflowapi.RejectSignal) }},
		{"потеря без ответа", func() { s.tooMany("") }},
		{"убит до оповещения", s.dies},
	}
	for night := range simulatedNights {
		kind := kinds[s.dice.IntN(len(kinds))]
		if night < len(kinds) { // each comes at least once
			kind = kinds[night]
		}
		kind.play()
		s.agrees(night, kind.what)
	}
	s.quiet()
	s.agrees(simulatedNights, "последняя")
}

func newSimulation(t *testing.T, dice *rand.Rand) *simulation {
	t.Helper()
	s := &simulation{nights: newNights(t), dice: dice, absent: map[int]bool{}, inactive: map[int]bool{}}
	s.apply()
	customer := s.customer()
	for i := range watchedOrders {
		s.lives = append(s.lives, s.inWork(customer, s.engineerOf(i)))
		s.heard = append(s.heard, true)
	}
	return s
}

func (s *simulation) must(verdict string) workflowapi.RegistryReport {
	s.t.Helper()
	report, err := s.simulate()
	require.NoError(s.t, err)
	require.Equal(s.t, verdict, report.Verdict, report.Reason)
	return report
}

func (s *simulation) quiet() {
	s.change()
	s.publishShown()
	s.must(workflowapi.VerdictCompleted)
	s.apply()
	s.tell()
}

func (s *simulation) same() {
	s.must(workflowapi.VerdictNoop)
	s.tell()
}

func (s *simulation) unusable(m registry.Manifest, data []byte) {
	s.source.serve(m, data)
	s.must(workflowapi.VerdictFailed)
	s.failed++
	s.tell()
	s.source.serve(snapshotOf(s.t, s.asOf, s.shown())) // mended by the morning
}

func (s *simulation) truncated() {
	m, data := snapshotOf(s.t, s.asOf.Add(time.Hour), s.shown())
	s.unusable(m, data[:len(data)/3])
}

func (s *simulation) old() { s.unusable(snapshotOf(s.t, s.asOf.AddDate(-1, 0, 0), s.shown()[:5])) }

func (s *simulation) silent() {
	m, data := snapshotOf(s.t, s.asOf, s.shown())
	s.source.away()
	require.Equal(s.t, "unavailable", s.must(workflowapi.VerdictFailed).Code)
	s.failed++
	s.tell()
	s.source.serve(m, data)
}

// tooMany is a night whose snapshot is held; the operator answers, or the next snapshot does.
func (s *simulation) tooMany(signal string) {
	s.loseTooMany()
	m := s.publishShown()
	report := s.must(workflowapi.VerdictHeld)
	s.waited++
	s.tell()
	switch signal {
	case workflowapi.ConfirmSignal:
		require.Equal(s.t, workflowapi.VerdictCompleted, s.answer(report, m, signal).Verdict)
		s.apply()
		s.tell()
	case workflowapi.RejectSignal:
		require.Equal(s.t, workflowapi.VerdictRejected, s.answer(report, m, signal).Verdict)
	}
	s.giveBack()
}

// dies applies the snapshot and ends before any order is told.
func (s *simulation) dies() {
	s.same() // whatever was untold is told, so that only this night's change is at stake
	s.toggle(s.dice.IntN(watchedOrders))
	s.publishShown()
	s.crash = true
	_, err := s.simulate()
	s.crash = false
	s.apply()
	if err == nil { // the change concerned nobody who had to be told
		s.tell()
		return
	}
	require.ErrorContains(s.t, err, "the worker died")
	s.failed++ // the next night finds the report without an end
	require.Equal(s.t, s.modelled(), s.stages(), "nobody told them")
	s.same()
}
