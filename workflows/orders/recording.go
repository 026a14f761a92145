package orders

import (
	"errors"
	"fmt"
	"slices"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"epkr/activities/failure"
	activities "epkr/activities/orders"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
	"epkr/workflows/internal/policies"
)

// record has a message judged and written: quickly by a local activity, and if the database does not answer, by a normal
// one, which waits as long as it takes where operators see it and without holding a workflow task.
func (o *orderRun) record(ctx workflow.Context, m order.Message) order.Outcome {
	in := activities.RecordInput{State: o.state, Kind: m.Kind, Message: m, Unreadable: m.Unreadable}
	for {
		outcome, err := recordQuickly(ctx, in)
		if err == nil {
			return outcome
		}
		if isInvariant(err) {
			// An impossible decision fails the workflow task, so that the order waits for a mended build instead of failing.
			panic(fmt.Errorf("recording a message: %w", err))
		}
		o.log.Warn("the message could not be recorded at once", "kind", m.Kind, "message", m.ID, "error", err)
		outcome, err = recordPatiently(ctx, in)
		if err == nil {
			return outcome
		}
		// No retry mended it. Its failure stands in the history, so that the next try is again one that a mended build makes anew.
		o.log.Error("the message could not be recorded", "kind", m.Kind, "message", m.ID, "error", err)
	}
}

func recordQuickly(ctx workflow.Context, in activities.RecordInput) (outcome order.Outcome, err error) {
	options := quickRecording
	options.Summary = title(in.Kind)
	ctx = workflow.WithLocalActivityOptions(ctx, options)
	err = workflow.ExecuteLocalActivity(ctx, activities.RecordMessage, in).Get(ctx, &outcome)
	return outcome, err
}

func recordPatiently(ctx workflow.Context, in activities.RecordInput) (outcome order.Outcome, err error) {
	options := policies.UnlimitedRetry("Запись в базу данных: " + title(in.Kind))
	options.StartToCloseTimeout = recordingLimit
	ctx = workflow.WithActivityOptions(ctx, options)
	err = workflow.ExecuteActivity(ctx, activities.RecordMessage, in).Get(ctx, &outcome)
	return outcome, err
}

func title(k order.Kind) string {
	if r, ok := order.RuleFor(k); ok {
		return "«" + r.Title + "»"
	}
	return "неизвестное сообщение"
}

func isInvariant(err error) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.Type() == failure.TypeInvariant
}

// reorder deals with a message whose place in the record is taken by another. A worker that died after recording may have
// judged a deadline before a signal that came meanwhile: then the other message is one of the order's own or waits in the
// inbox, and is simply judged first. Otherwise the record is not this order's own.
func (o *orderRun) reorder(ctx workflow.Context, m order.Message, other string) {
	if !isOwn(m) { // one of the order's own comes again by itself, if it is still due then
		o.first = append([]order.Message{m}, o.first...)
	}
	if own, ok := o.ownByID(ctx, other); ok {
		o.first = append([]order.Message{own}, o.first...)
		return
	}
	for i, in := range o.inbox.queue {
		if queued := o.readable(in); queued.ID == other {
			o.inbox.queue = slices.Delete(slices.Clone(o.inbox.queue), i, i+1)
			o.first = append([]order.Message{queued}, o.first...)
			return
		}
	}
	o.rejoin(ctx)
}

// ownByID finds the message by which the order will tell itself of a deadline or of an effect, and waits for the effect.
func (o *orderRun) ownByID(ctx workflow.Context, id string) (order.Message, bool) {
	for _, e := range o.state.Effects {
		if workflowapi.EffectMessageID(o.state.ID, e.Key).String() == id {
			return o.awaitEffect(ctx, e.Key), true
		}
	}
	if due, ok := o.due(ctx); ok && due.ID == id {
		return due, true
	}
	return order.Message{}, false
}

// rejoin stops an order whose record holds a message that it does not know, as after a reset of the workflow: it raises the
// alarm, waits for the operators and then takes over what the record holds.
func (o *orderRun) rejoin(ctx workflow.Context) {
	o.showDiverged(ctx)
	if o.inbox.rejoin && !rejoinsAtOnce(ctx) {
		o.inbox.rejoin = false
	}
	if err := workflow.Await(ctx, func() bool { return o.inbox.rejoin }); err != nil {
		panic(fmt.Errorf("waiting for an operator: %w", err))
	}
	o.inbox.rejoin = false
	o.takeOver(ctx)
}

// rejoinsNow has an order that operators told to rejoin its record do so before it meets the difference.
func (o *orderRun) rejoinsNow(ctx workflow.Context) bool {
	o.inbox.rejoin = false
	if !rejoinsAtOnce(ctx) {
		return false
	}
	o.takeOver(ctx)
	return true
}

// takeOver makes the order what its record holds beyond it.
func (o *orderRun) takeOver(ctx workflow.Context) {
	var outcomes []order.Outcome
	patient := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Чтение записанных решений по заказу"))
	err := workflow.ExecuteActivity(patient, activities.RecordedOutcomes, o.state.ID, o.state.Seq+1).Get(patient, &outcomes)
	if err != nil {
		panic(fmt.Errorf("reading the record: %w", err))
	}
	for _, outcome := range outcomes {
		o.apply(outcome)
	}
	o.show(ctx)
}

// show brings the search attributes and the current details up to date, in one command and only when something changed.
func (o *orderRun) show(ctx workflow.Context) {
	o.upsert(ctx, workflowapi.AttributesOf(&o.state))
	workflow.SetCurrentDetails(ctx, workflowapi.Details(&o.state))
}

func (o *orderRun) showDiverged(ctx workflow.Context) {
	attributes := workflowapi.AttributesOf(&o.state)
	attributes.Hold = workflowapi.HoldDiverged
	o.upsert(ctx, attributes)
	workflow.SetCurrentDetails(ctx, workflowapi.DivergedDetails(&o.state))
}

func (o *orderRun) upsert(ctx workflow.Context, now workflowapi.Attributes) {
	updates := now.Updates(o.shown)
	if len(updates) == 0 {
		return
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		panic(fmt.Errorf("showing the order to the operators: %w", err))
	}
	o.shown = now
}
