// Package orders contains the workflow of an order.
package orders

import (
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// Order is the workflow of one order, from its draft to its end. For one message at a time it has
// the message decided and recorded, applies the outcome and starts the effects of the outcome.
// Between messages it may wait for months.
func Order(ctx workflow.Context, in workflowapi.OrderInput) error {
	// An order ignores cancellation from outside: only its customer cancels it, by a message.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	o, err := newOrderRun(ctx, in)
	if err != nil {
		return err
	}
	for !o.done(ctx) {
		if msg, found := o.next(ctx); found {
			o.handleOutcome(ctx, msg, o.record(ctx, msg))
		}
		o.startEffects(ctx)
		if o.shouldContinueAsNew(ctx) {
			return o.continueAsNew(ctx)
		}
	}
	return nil
}

// orderRun is the state of one run of an order's workflow.
type orderRun struct {
	state order.State
	inbox *inbox
	// requeued are messages to decide before any other, see reorder.
	requeued []order.Message
	recent   []string

	effects     map[string]workflow.Future
	timer       dueTimer
	attributes  workflowapi.Attributes
	suggestedAt int
	log         log.Logger
}

func newOrderRun(ctx workflow.Context, in workflowapi.OrderInput) (*orderRun, error) {
	box, ok := ctx.Value(inboxKey{}).(*inbox)
	if !ok {
		return nil, fmt.Errorf("the order's worker runs without the inbox interceptor")
	}
	o := &orderRun{
		state: in.State, inbox: box, recent: in.Recent,
		effects: map[string]workflow.Future{}, log: workflow.GetLogger(ctx),
	}
	id, err := workflowapi.OrderID(workflow.GetInfo(ctx).WorkflowExecution.ID)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the workflow id names no order: %w", err)
	case o.state.ID == "":
		o.state.ID = id.String()
	case o.state.ID != id.String(): // an order has exactly one workflow
		return nil, fmt.Errorf("the workflow of order %s was started with the state of another", id)
	case hasEnded(&in.State) && workflow.GetInfo(ctx).ContinuedExecutionRunID == "":
		return nil, fmt.Errorf("order %s was started at its end", id) // the run would record nothing and complete, as if the order had closed
	}
	err = workflow.SetQueryHandler(ctx, workflowapi.StateQuery, func() (order.State, error) { return o.state, nil })
	if err != nil {
		return nil, fmt.Errorf("offering the state to queries: %w", err)
	}
	// The queue of the previous run precedes the signals received since.
	box.queue = slices.Concat(in.Queue, box.queue)
	o.updateVisibility(ctx)
	o.startEffects(ctx)
	return o, nil
}

// done reports whether nothing is left to decide or to wait for: the order is closed or was never
// created.
func (o *orderRun) done(ctx workflow.Context) bool {
	if len(o.inbox.queue) > 0 || len(o.requeued) > 0 {
		return false
	}
	return hasEnded(&o.state) && (o.state.Stage != "" || closesUncreated(ctx))
}

// hasEnded reports whether the order is closed or was never created.
func hasEnded(s *order.State) bool { return s.Closed() || s.Stage == "" && s.Refused != nil }

// next waits for the next message: a signal first, then a finished effect, then a deadline that has
// come. It returns false if the order has continued from its record instead.
func (o *orderRun) next(ctx workflow.Context) (order.Message, bool) {
	for {
		if len(o.requeued) > 0 {
			m := o.requeued[0]
			o.requeued = o.requeued[1:]
			return m, true
		}
		if o.inbox.rejoin && o.rejoinEarly(ctx) {
			return order.Message{}, false
		}
		if in, ok := o.inbox.take(); ok {
			if m := o.decode(in); !slices.Contains(o.recent, m.ID) {
				return m, true
			}
			continue
		}
		if m, ok := o.internalMessage(ctx); ok {
			return m, true
		}
		o.wait(ctx)
	}
}

// internalMessage returns the next message that the order itself creates, if any.
func (o *orderRun) internalMessage(ctx workflow.Context) (order.Message, bool) {
	if key, ok := o.finishedEffect(); ok {
		return o.awaitEffect(ctx, key), true
	}
	return o.due(ctx)
}

// due returns the message of a deadline that has come, if any.
func (o *orderRun) due(ctx workflow.Context) (order.Message, bool) {
	due, ok := o.state.NextDue()
	if !ok || workflow.Now(ctx).Before(due.At) {
		return order.Message{}, false
	}
	return deadlineDue(o.state.ID, due), true
}

// wait blocks until there may be a next message. A single timer covers the earliest deadline and is
// restarted only when that deadline moves.
func (o *orderRun) wait(ctx workflow.Context) {
	if due, ok := o.state.NextDue(); ok {
		o.timer.set(ctx, due.At)
	} else {
		o.timer.stop()
	}
	err := workflow.Await(ctx, func() bool {
		_, finished := o.finishedEffect()
		return len(o.inbox.queue) > 0 || o.inbox.rejoin || finished || o.timer.fired()
	})
	if err != nil {
		panic(fmt.Errorf("waiting for the next message: %w", err))
	}
}

// handleOutcome applies the recorded outcome of a message. If the record diverges, it reorders the
// messages instead.
func (o *orderRun) handleOutcome(ctx workflow.Context, m order.Message, outcome order.Outcome) {
	switch outcome.Verdict {
	case order.Applied, order.WasRefused:
		o.apply(outcome)
	case order.Diverged:
		o.reorder(ctx, m, outcome.Other)
		return
	}
	if isInternal(m) && m.Kind == order.DeadlineDue && outcome.Verdict != order.Applied {
		panic(fmt.Errorf("a deadline of the order itself was not applied: %s", outcome.Code))
	}
	o.rememberID(m.ID)
	o.updateVisibility(ctx)
}

func (o *orderRun) apply(outcome order.Outcome) {
	if err := o.state.Apply(outcome); err != nil {
		panic(fmt.Errorf("folding outcome %d: %w", outcome.Seq, err))
	}
}

func (o *orderRun) rememberID(id string) {
	o.recent = append(o.recent, id)
	if len(o.recent) > workflowapi.RecentIDs {
		o.recent = slices.Clone(o.recent[len(o.recent)-workflowapi.RecentIDs:])
	}
}

// shouldContinueAsNew reports whether the history should start anew. It returns false while
// requeued messages or a rejoin are pending, and while the queue does not fit into the next run. It
// waits for running effects until the history has doubled; an effect that is cut off then starts
// again under the same key.
func (o *orderRun) shouldContinueAsNew(ctx workflow.Context) bool {
	info := workflow.GetInfo(ctx)
	if len(o.requeued) > 0 || o.inbox.rejoin && rejoinsImmediately(ctx) || !info.GetContinueAsNewSuggested() || !o.fitsNextRun(ctx) {
		return false
	}
	if o.suggestedAt == 0 {
		o.suggestedAt = info.GetCurrentHistoryLength()
	}
	return len(o.effects) == 0 || info.GetCurrentHistoryLength() >= 2*o.suggestedAt
}

// fitsNextRun reports whether the queue fits into the input of the next run. If a flood has made it
// too large, it drops payloads: waiting until the queue is decided would let the history grow until
// the server ends the workflow.
func (o *orderRun) fitsNextRun(ctx workflow.Context) bool {
	if o.inbox.size() <= maxFullBytes {
		return true
	}
	if !dropsFloodPayloads(ctx) {
		return false
	}
	o.inbox.dropPayloads()
	return o.inbox.encodedSize() <= maxNextRunBytes
}

// continueAsNew passes the state and all undecided signals to a new run. The interceptor has put
// all signals into the inbox, so no channel contains any.
func (o *orderRun) continueAsNew(ctx workflow.Context) error {
	input, err := workflowapi.OrderInput{State: o.state, Queue: o.inbox.queue, Recent: o.recent}.Payload()
	if err != nil {
		panic(fmt.Errorf("encoding the input of the next run: %w", err))
	}
	return workflow.NewContinueAsNewError(ctx, workflowapi.OrderWorkflow, input)
}

// dueTimer is the single timer of an order.
type dueTimer struct {
	at     time.Time
	future workflow.Future
	cancel workflow.CancelFunc
}

func (t *dueTimer) set(ctx workflow.Context, at time.Time) {
	if t.future != nil && t.at.Equal(at) && !t.future.IsReady() {
		return
	}
	t.stop()
	ctx, t.cancel = workflow.WithCancel(ctx)
	t.at = at
	t.future = workflow.NewTimerWithOptions(ctx, at.Sub(workflow.Now(ctx)), workflow.TimerOptions{
		Summary: "Срок заказа: " + at.In(order.Moscow).Format("02.01.2006 15:04"),
	})
}

func (t *dueTimer) stop() {
	if t.cancel != nil {
		t.cancel()
	}
	*t = dueTimer{}
}

func (t *dueTimer) fired() bool { return t.future != nil && t.future.IsReady() }

// Register registers the workflow of an order with a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Order, workflow.RegisterOptions{Name: workflowapi.OrderWorkflow})
}
