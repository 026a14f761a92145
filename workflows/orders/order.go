// Package orders is the workflow of an order.
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

// Order is one order's life. It takes one message at a time, has it judged and recorded, folds the outcome and starts what
// the outcome asks for; in between it waits for months.
func Order(ctx workflow.Context, in workflowapi.OrderInput) error {
	// An order is not cancelled from outside: its customer does that by a message.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	o, err := newOrderRun(ctx, in)
	if err != nil {
		return err
	}
	for !o.over(ctx) {
		if msg, found := o.next(ctx); found {
			o.fold(ctx, msg, o.record(ctx, msg))
		}
		o.startEffects(ctx)
		if o.tooLong(ctx) {
			return o.continueAsNew(ctx)
		}
	}
	return nil
}

// orderRun is one run of an order's workflow.
type orderRun struct {
	state order.State
	inbox *inbox
	// first are messages to judge before anything else, see reorder.
	first  []order.Message
	recent []string

	effects   map[string]workflow.Future
	timer     dueTimer
	shown     workflowapi.Attributes
	suggested int
	log       log.Logger
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
	case o.state.ID != id.String(): // nobody but the order's own workflow speaks for it
		return nil, fmt.Errorf("the workflow of order %s was started with the state of another", id)
	case ended(&in.State) && workflow.GetInfo(ctx).ContinuedExecutionRunID == "":
		return nil, fmt.Errorf("order %s was started at its end", id) // nothing would be recorded, and the run would pass for a closed order's
	}
	err = workflow.SetQueryHandler(ctx, workflowapi.StateQuery, func() (order.State, error) { return o.state, nil })
	if err != nil {
		return nil, fmt.Errorf("offering the state to queries: %w", err)
	}
	// What the run before had not judged stands before what came since.
	box.queue = slices.Concat(in.Queue, box.queue)
	o.show(ctx)
	o.startEffects(ctx)
	return o, nil
}

// over says that nothing is left to judge or to wait for: the order is closed, or was never created.
func (o *orderRun) over(ctx workflow.Context) bool {
	if len(o.inbox.queue) > 0 || len(o.first) > 0 {
		return false
	}
	return ended(&o.state) && (o.state.Stage != "" || endsUncreated(ctx))
}

// ended says that the order is closed, or was never created.
func ended(s *order.State) bool { return s.Closed() || s.Stage == "" && s.Refused != nil }

// next waits for what is to be judged next: a signal first, then a finished effect, then a deadline that has come. It finds nothing where
// the order has rejoined its record instead.
func (o *orderRun) next(ctx workflow.Context) (order.Message, bool) {
	for {
		if len(o.first) > 0 {
			m := o.first[0]
			o.first = o.first[1:]
			return m, true
		}
		if o.inbox.rejoin && o.rejoinsNow(ctx) {
			return order.Message{}, false
		}
		if in, ok := o.inbox.take(); ok {
			if m := o.readable(in); !slices.Contains(o.recent, m.ID) {
				return m, true
			}
			continue
		}
		if m, ok := o.ownMessage(ctx); ok {
			return m, true
		}
		o.wait(ctx)
	}
}

// ownMessage is what the order has to tell itself.
func (o *orderRun) ownMessage(ctx workflow.Context) (order.Message, bool) {
	if key, ok := o.finishedEffect(); ok {
		return o.awaitEffect(ctx, key), true
	}
	return o.due(ctx)
}

// due is the deadline that has come.
func (o *orderRun) due(ctx workflow.Context) (order.Message, bool) {
	due, ok := o.state.NextDue()
	if !ok || workflow.Now(ctx).Before(due.At) {
		return order.Message{}, false
	}
	return deadlineDue(o.state.ID, due), true
}

// wait sleeps until something happens. One timer stands for the earliest deadline, restarted only when that moves.
func (o *orderRun) wait(ctx workflow.Context) {
	if due, ok := o.state.NextDue(); ok {
		o.timer.set(ctx, due.At)
	} else {
		o.timer.stop()
	}
	err := workflow.Await(ctx, func() bool {
		_, finished := o.finishedEffect()
		return len(o.inbox.queue) > 0 || o.inbox.rejoin || finished || o.timer.rings()
	})
	if err != nil {
		panic(fmt.Errorf("waiting for the next message: %w", err))
	}
}

// fold takes over what the record says became of the message.
func (o *orderRun) fold(ctx workflow.Context, m order.Message, outcome order.Outcome) {
	switch outcome.Verdict {
	case order.Applied, order.WasRefused:
		o.apply(outcome)
	case order.Diverged:
		o.reorder(ctx, m, outcome.Other)
		return
	}
	if isOwn(m) && m.Kind == order.DeadlineDue && outcome.Verdict != order.Applied {
		panic(fmt.Errorf("a deadline of the order itself was not applied: %s", outcome.Code))
	}
	o.remember(m.ID)
	o.show(ctx)
}

func (o *orderRun) apply(outcome order.Outcome) {
	if err := o.state.Apply(outcome); err != nil {
		panic(fmt.Errorf("folding outcome %d: %w", outcome.Seq, err))
	}
}

func (o *orderRun) remember(id string) {
	o.recent = append(o.recent, id)
	if len(o.recent) > workflowapi.RecentIDs {
		o.recent = slices.Clone(o.recent[len(o.recent)-workflowapi.RecentIDs:])
	}
}

// tooLong says that the history should start anew: between two messages of the record, and with a queue that the next run can
// be given. While effects are under way it waits for them as long as it can; those that are cut off start again under the same
// key.
func (o *orderRun) tooLong(ctx workflow.Context) bool {
	info := workflow.GetInfo(ctx)
	if len(o.first) > 0 || o.inbox.rejoin && rejoinsAtOnce(ctx) || !info.GetContinueAsNewSuggested() || !o.carriable(ctx) {
		return false
	}
	if o.suggested == 0 {
		o.suggested = info.GetCurrentHistoryLength()
	}
	return len(o.effects) == 0 || info.GetCurrentHistoryLength() >= 2*o.suggested
}

// carriable says that the queue fits into the input of the next run. Only a flood makes one that does not: waiting until it is
// judged would let the history grow until the server ends the order.
func (o *orderRun) carriable(ctx workflow.Context) bool {
	if o.inbox.size() <= maxWhole {
		return true
	}
	if !shedsFlood(ctx) {
		return false
	}
	o.inbox.shed()
	return o.inbox.carried() <= maxCarried
}

// continueAsNew carries the state and everything unread into a new run. All signals are in the inbox already: the
// interceptor leaves none in a channel.
func (o *orderRun) continueAsNew(ctx workflow.Context) error {
	input, err := workflowapi.OrderInput{State: o.state, Queue: o.inbox.queue, Recent: o.recent}.Payload()
	if err != nil {
		panic(fmt.Errorf("encoding the input of the next run: %w", err))
	}
	return workflow.NewContinueAsNewError(ctx, workflowapi.OrderWorkflow, input)
}

// dueTimer is the one timer of an order.
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

func (t *dueTimer) rings() bool { return t.future != nil && t.future.IsReady() }

// Register makes the workflow of an order known to a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Order, workflow.RegisterOptions{Name: workflowapi.OrderWorkflow})
}
