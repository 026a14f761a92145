package workflows_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	orderactivities "epkr/activities/orders"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

// simulatedOrder is an order's workflow in simulated time, without servers. The rules decide what
// it records, and the test keeps the results.
type simulatedOrder struct {
	*testsuite.TestWorkflowEnvironment
	t     testing.TB
	start time.Time
	state order.State

	mu sync.Mutex
	// decided are the messages that got a verdict, in order.
	decided []decidedMessage
	purges  []string
	// timers are the durations of all timers started.
	timers []time.Duration
	// pendingChecks is the number of checks still to run. A run that ends earlier has not tested
	// everything.
	pendingChecks int

	// recording and purging may be replaced before the run.
	recording func(orderactivities.RecordInput) (order.Outcome, error)
	purging   func(attempt int32) error
}

type decidedMessage struct {
	Kind    order.Kind
	Verdict order.Verdict
	Code    order.Code
	// After is the time from the start until the decision.
	After   time.Duration
	Notices []order.NoticeKind
}

// The people of a simulated order.
var (
	aCustomer  = order.Actor{Role: order.RoleCustomer, Person: uuid.NewString(), Party: uuid.NewString()}
	anEngineer = order.Actor{Role: order.RoleEngineer, Person: uuid.NewString(), Party: uuid.NewString()}
	aRegistry  = order.Actor{Role: order.RoleRegistry}
	aModerator = order.Actor{Role: order.RoleModerator, Person: uuid.NewString()}
)

// newSimulatedOrder returns an order at the given time, in the state to which the earlier messages
// lead.
func newSimulatedOrder(t testing.TB, start time.Time, earlier ...action) *simulatedOrder {
	t.Helper()
	suite := testsuite.WorkflowTestSuite{}
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	c := &simulatedOrder{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t, start: start}
	c.state = order.State{ID: uuid.NewString()}
	for _, s := range earlier {
		d, err := order.Decide(c.state, s.message(start), facts(start))
		require.NoError(t, err)
		require.Equal(t, order.Applied, d.Verdict, "%s: %s", s.kind, d.Reason)
		c.state = d.After
	}
	c.recording = c.decide
	c.purging = func(int32) error { return nil }
	c.prepare()
	return c
}

func (c *simulatedOrder) prepare() {
	id, err := uuid.Parse(c.state.ID)
	require.NoError(c.t, err)
	c.SetStartTime(c.start)
	c.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: workflowapi.OrderWorkflowID(id)})
	c.SetWorkerOptions(workflows.Options())
	c.SetTestTimeout(time.Minute)
	workflows.Register(c)
	c.RegisterActivityWithOptions(func(_ context.Context, in orderactivities.RecordInput) (order.Outcome, error) {
		return c.recording(in)
	}, activity.RegisterOptions{Name: orderactivities.RecordMessage})
	c.RegisterActivityWithOptions(func(ctx context.Context, orderID string) error {
		c.mu.Lock()
		c.purges = append(c.purges, orderID)
		c.mu.Unlock()
		return c.purging(activity.GetInfo(ctx).Attempt)
	}, activity.RegisterOptions{Name: orderactivities.PurgeFiles})
	c.SetOnTimerScheduledListener(func(_ string, d time.Duration) { c.timers = append(c.timers, d) })
}

// setRecord sets the recorded outcomes that an order reads when it rejoins its record.
func (c *simulatedOrder) setRecord(outcomes []order.Outcome) {
	c.RegisterActivityWithOptions(func(context.Context, string, int) ([]order.Outcome, error) {
		return outcomes, nil
	}, activity.RegisterOptions{Name: orderactivities.RecordedOutcomes})
}

// decide decides a message without a database.
func (c *simulatedOrder) decide(in orderactivities.RecordInput) (order.Outcome, error) {
	m := in.Message
	m.Kind, m.Unreadable = in.Kind, in.Unreadable
	d, err := order.Decide(in.State, m, facts(c.Now()))
	if err != nil {
		return order.Outcome{}, err
	}
	h := decidedMessage{Kind: m.Kind, Verdict: d.Verdict, Code: d.Code, After: c.Now().Sub(c.start)}
	for _, n := range d.Notices {
		h.Notices = append(h.Notices, n.Kind)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.decided = append(c.decided, h)
	c.state = d.After
	return d.Outcome, nil
}

const documentHash = "0000000000000000000000000000000000000000000000000000000000000000"

var aFile = order.FileRef{ID: "f0000000-0000-4000-8000-000000000000", SHA256: documentHash}

func facts(now time.Time) order.Facts {
	return order.Facts{
		Now: now, Number: "2026-000001", BodyFound: true,
		Engineer: &order.EngineerFacts{
			ID: anEngineer.Party, Person: anEngineer.Person, InRegistry: true, Receives: true, Complete: true, SoleProprietor: true, Regions: []string{"77"},
		},
		Files:      map[string]order.FileFacts{aFile.ID: {SHA256: documentHash, ContentType: "application/pdf", PDFA: &order.PDFACheck{}}},
		Signatures: map[string]order.SignatureFacts{aFile.ID: {Document: documentHash}},
	}
}

// action is a message with its sender.
type action struct {
	by      order.Actor
	kind    order.Kind
	details any
}

func (s action) message(at time.Time) order.Message {
	m := order.Message{ID: uuid.NewString(), Kind: s.kind, Actor: s.by, ReceivedAt: at, Body: &order.BodyRef{ID: uuid.NewString(), SHA256: documentHash}}
	if s.details != nil {
		m.Details = mustJSON(s.details)
	}
	return m
}

// The messages of a simulated order, from its draft to its end.
var (
	creates              = action{aCustomer, order.Create, nil}
	publishes            = action{aCustomer, order.Publish, terms()}
	responds             = action{anEngineer, order.Respond, order.Bid{Price: price, TermDays: 20}}
	withdraws            = action{anEngineer, order.WithdrawResponse, nil}
	offers               = action{aCustomer, order.OfferOrder, order.EngineerChoice{Engineer: anEngineer.Party}}
	accepts              = action{anEngineer, order.AcceptOffer, order.Revised{Revision: 1}}
	chooses              = action{aCustomer, order.Choose, order.EngineerChoice{Engineer: anEngineer.Party}}
	cancels              = action{aCustomer, order.Cancel, nil}
	deletes              = action{aCustomer, order.Delete, nil}
	contracts            = action{anEngineer, order.SendContract, order.ContractTerms{File: aFile, Signature: aFile, ContractConditions: order.ContractConditions{Price: price, TermDate: "2026-12-31"}}}
	contractsWithSilence = action{anEngineer, order.SendContract, order.ContractTerms{File: aFile, Signature: aFile, ContractConditions: order.ContractConditions{Price: price, SilenceAcceptsAfter: 4, TermDate: "2026-12-31"}}}
	signs                = action{aCustomer, order.SignContract, order.ContractSignature{Contract: documentHash, Signature: aFile}}
	submits              = action{anEngineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: []order.FileRef{aFile}, Act: &order.SignedAct{File: aFile, Signature: aFile}, Invoice: &order.Invoice{File: &aFile},
	}}
	takes    = action{aCustomer, order.AcceptResults, order.ActSignature{Act: documentHash, Signature: &aFile}}
	pays     = action{aCustomer, order.ReportPayment, order.PaymentReport{File: &aFile}}
	confirms = action{anEngineer, order.ConfirmPayment, nil}

	toAcceptance = []action{creates, publishes, responds, chooses, contracts, signs, submits}
	toPayment    = append(slices.Clone(toAcceptance), takes)
	toCompleted  = append(slices.Clone(toPayment), pays, confirms)
)

func statusOf(active bool, asOf time.Time) order.EngineerStatus {
	return order.EngineerStatus{Engineer: anEngineer.Party, Active: active, AsOf: asOf}
}

// after sends a message at the given time after the start.
func (c *simulatedOrder) after(d time.Duration, s action) {
	c.RegisterDelayedCallback(func() { c.SignalWorkflow(string(s.kind), s.message(c.Now())) }, d)
}

// check passes the state that the workflow returns at the given time after the start to a function.
func (c *simulatedOrder) check(d time.Duration, verify func(order.State)) {
	c.pendingChecks++
	c.RegisterDelayedCallback(func() {
		c.pendingChecks--
		answer, err := c.QueryWorkflow(workflowapi.StateQuery)
		require.NoError(c.t, err)
		var s order.State
		require.NoError(c.t, answer.Get(&s))
		verify(s)
	}, d)
}

// stopAfter ends the run by continue-as-new, which needs a message.
func (c *simulatedOrder) stopAfter(d time.Duration) {
	c.RegisterDelayedCallback(func() {
		c.SetContinueAsNewSuggested(true)
		c.SignalWorkflow("stop", action{aCustomer, "stop", nil}.message(c.Now()))
	}, d)
}

// run runs the workflow from the order's state. It returns the input of the next run, nil if the
// workflow has ended.
func (c *simulatedOrder) run() *workflowapi.OrderInput {
	c.t.Helper()
	return c.runFrom(workflowapi.OrderInput{State: c.state})
}

func (c *simulatedOrder) runFrom(in workflowapi.OrderInput) *workflowapi.OrderInput {
	c.t.Helper()
	c.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: workflowapi.OrderWorkflowID(uuid.MustParse(in.State.ID))})
	c.ExecuteWorkflow(workflowapi.OrderWorkflow, in)
	require.True(c.t, c.IsWorkflowCompleted())
	require.Zero(c.t, c.pendingChecks)
	err := c.GetWorkflowError()
	var next *workflow.ContinueAsNewError
	if !errors.As(err, &next) {
		require.NoError(c.t, err)
		return nil
	}
	var out workflowapi.OrderInput
	require.NoError(c.t, decode(next.Input, &out))
	return &out
}

// of returns the decided messages of one kind.
func (c *simulatedOrder) of(kind order.Kind) []decidedMessage {
	var found []decidedMessage
	for _, h := range c.decided {
		if h.Kind == kind {
			found = append(found, h)
		}
	}
	return found
}

// dues returns the decided deadlines with their notices.
func (c *simulatedOrder) dues() []decidedMessage { return c.of(order.DeadlineDue) }

func due(after time.Duration, notices ...order.NoticeKind) decidedMessage {
	return decidedMessage{Kind: order.DeadlineDue, Verdict: order.Applied, After: after, Notices: notices}
}
