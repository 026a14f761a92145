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

// clock is an order's workflow in simulated time, without servers: what it records is judged by the rules and kept here.
type clock struct {
	*testsuite.TestWorkflowEnvironment
	t     testing.TB
	start time.Time
	state order.State

	mu sync.Mutex
	// judged is what got a verdict, in order.
	judged []happened
	purges []string
	// timers are the lengths of all timers started.
	timers []time.Duration
	// looks are the checks still to come; a run that ends before one has shown less than its test says.
	looks int

	// recording and purging may be replaced before the run.
	recording func(orderactivities.RecordInput) (order.Outcome, error)
	purging   func(attempt int32) error
}

type happened struct {
	Kind    order.Kind
	Verdict order.Verdict
	Code    order.Code
	// After is how long after the start it was judged.
	After   time.Duration
	Notices []order.NoticeKind
}

// The people of a simulated order.
var (
	aCustomer = order.Actor{Role: order.RoleCustomer, Person: uuid.NewString(), Party: uuid.NewString()}
	anExpert  = order.Actor{Role: order.RoleEngineer, Person: uuid.NewString(), Party: uuid.NewString()}
	aRegistry = order.Actor{Role: order.RoleRegistry}
	aWarden   = order.Actor{Role: order.RoleModerator, Person: uuid.NewString()}
)

// newClock starts from what the earlier messages have made of an order at the given time.
func newClock(t testing.TB, start time.Time, earlier ...sent) *clock {
	t.Helper()
	suite := testsuite.WorkflowTestSuite{}
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	c := &clock{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t, start: start}
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

func (c *clock) prepare() {
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

// records is what the record holds for an order that rejoins it.
func (c *clock) records(outcomes []order.Outcome) {
	c.RegisterActivityWithOptions(func(context.Context, string, int) ([]order.Outcome, error) {
		return outcomes, nil
	}, activity.RegisterOptions{Name: orderactivities.RecordedOutcomes})
}

// decide is the recording without a database.
func (c *clock) decide(in orderactivities.RecordInput) (order.Outcome, error) {
	m := in.Message
	m.Kind, m.Unreadable = in.Kind, in.Unreadable
	d, err := order.Decide(in.State, m, facts(c.Now()))
	if err != nil {
		return order.Outcome{}, err
	}
	h := happened{Kind: m.Kind, Verdict: d.Verdict, Code: d.Code, After: c.Now().Sub(c.start)}
	for _, n := range d.Notices {
		h.Notices = append(h.Notices, n.Kind)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.judged = append(c.judged, h)
	c.state = d.After
	return d.Outcome, nil
}

const documentHash = "0000000000000000000000000000000000000000000000000000000000000000"

var aFile = order.FileRef{ID: "f0000000-0000-4000-8000-000000000000", SHA256: documentHash}

func facts(now time.Time) order.Facts {
	return order.Facts{
		Now: now, Number: "2026-000001", BodyFound: true,
		Engineer: &order.EngineerFacts{
			ID: anExpert.Party, Person: anExpert.Person, InRegistry: true, Receives: true, Complete: true, SoleProprietor: true, Regions: []string{"77"},
		},
		Files: map[string]order.FileFacts{aFile.ID: {SHA256: documentHash, ContentType: "application/pdf"}},
	}
}

// sent is a message that somebody sends.
type sent struct {
	by      order.Actor
	kind    order.Kind
	details any
}

func (s sent) message(at time.Time) order.Message {
	m := order.Message{ID: uuid.NewString(), Kind: s.kind, Actor: s.by, ReceivedAt: at, Body: &order.BodyRef{ID: uuid.NewString(), SHA256: documentHash}}
	if s.details != nil {
		m.Details = mustJSON(s.details)
	}
	return m
}

// The way of a simulated order, message by message.
var (
	creates   = sent{aCustomer, order.Create, nil}
	publishes = sent{aCustomer, order.Publish, terms()}
	responds  = sent{anExpert, order.Respond, order.Bid{Price: price, TermDays: 20}}
	withdraws = sent{anExpert, order.WithdrawResponse, nil}
	offers    = sent{aCustomer, order.OfferOrder, order.Pick{Engineer: anExpert.Party}}
	accepts   = sent{anExpert, order.AcceptOffer, order.Revised{Revision: 1}}
	chooses   = sent{aCustomer, order.Choose, order.Pick{Engineer: anExpert.Party}}
	cancels   = sent{aCustomer, order.Cancel, nil}
	deletes   = sent{aCustomer, order.Delete, nil}
	contracts = sent{anExpert, order.SendContract, order.ContractTerms{File: aFile, Signature: aFile, Price: price, TermDate: "2026-12-31"}}
	signs     = sent{aCustomer, order.SignContract, order.ContractSignature{Contract: documentHash, Signature: aFile}}
	submits   = sent{anExpert, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: []order.FileRef{aFile}, Act: &order.SignedAct{File: aFile, Signature: aFile}, Invoice: &order.Invoice{File: &aFile},
	}}
	takes    = sent{aCustomer, order.AcceptResults, order.ActSignature{Act: documentHash, Signature: &aFile}}
	pays     = sent{aCustomer, order.ReportPayment, order.PaymentReport{File: &aFile}}
	confirms = sent{anExpert, order.ConfirmPayment, nil}

	toAcceptance = []sent{creates, publishes, responds, chooses, contracts, signs, submits}
	toPayment    = append(slices.Clone(toAcceptance), takes)
	toCompleted  = append(slices.Clone(toPayment), pays, confirms)
)

func standing(active bool, asOf time.Time) order.Standing {
	return order.Standing{Engineer: anExpert.Party, Active: active, AsOf: asOf}
}

// after sends a message when so much time has passed since the start.
func (c *clock) after(d time.Duration, s sent) {
	c.RegisterDelayedCallback(func() { c.SignalWorkflow(string(s.kind), s.message(c.Now())) }, d)
}

// check looks at the state that the workflow holds when so much time has passed.
func (c *clock) check(d time.Duration, look func(order.State)) {
	c.looks++
	c.RegisterDelayedCallback(func() {
		c.looks--
		answer, err := c.QueryWorkflow(workflowapi.StateQuery)
		require.NoError(c.t, err)
		var s order.State
		require.NoError(c.t, answer.Get(&s))
		look(s)
	}, d)
}

// stopAfter ends the run by continue-as-new, which takes a message.
func (c *clock) stopAfter(d time.Duration) {
	c.RegisterDelayedCallback(func() {
		c.SetContinueAsNewSuggested(true)
		c.SignalWorkflow("stop", sent{aCustomer, "stop", nil}.message(c.Now()))
	}, d)
}

// run plays the order from its state; it returns what would start the next run, nil if it has ended.
func (c *clock) run() *workflowapi.OrderInput {
	c.t.Helper()
	return c.runFrom(workflowapi.OrderInput{State: c.state})
}

func (c *clock) runFrom(in workflowapi.OrderInput) *workflowapi.OrderInput {
	c.t.Helper()
	c.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: workflowapi.OrderWorkflowID(uuid.MustParse(in.State.ID))})
	c.ExecuteWorkflow(workflowapi.OrderWorkflow, in)
	require.True(c.t, c.IsWorkflowCompleted())
	require.Zero(c.t, c.looks)
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

// of lists what was judged of one kind.
func (c *clock) of(kind order.Kind) []happened {
	var found []happened
	for _, h := range c.judged {
		if h.Kind == kind {
			found = append(found, h)
		}
	}
	return found
}

// dues lists when deadlines came and whom they told.
func (c *clock) dues() []happened { return c.of(order.DeadlineDue) }

func due(after time.Duration, notices ...order.NoticeKind) happened {
	return happened{Kind: order.DeadlineDue, Verdict: order.Applied, After: after, Notices: notices}
}
