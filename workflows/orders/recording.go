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

// record has a message decided and recorded: first by a local activity and, if the database does
// not answer, by a normal one. The normal activity retries without a limit, is visible to operators
// and does not occupy a workflow task.
func (o *orderRun) record(ctx workflow.Context, m order.Message) order.Outcome {
	in := activities.RecordInput{State: o.state, Kind: m.Kind, Message: m, Unreadable: m.Unreadable}
	for {
		outcome, err := recordLocal(ctx, in)
		if err == nil {
			return outcome
		}
		if isInvariant(err) {
			// A violated invariant fails the workflow task: the order waits for a fixed build
			// instead of failing.
			panic(fmt.Errorf("recording a message: %w", err))
		}
		o.log.Warn("the message could not be recorded at once", "kind", m.Kind, "message", m.ID, "error", err)
		outcome, err = recordRemote(ctx, in)
		if err == nil {
			return outcome
		}
		// The error is not retryable and is in the history. The next try starts over, so that a
		// fixed build executes it anew.
		o.log.Error("the message could not be recorded", "kind", m.Kind, "message", m.ID, "error", err)
	}
}

func recordLocal(ctx workflow.Context, in activities.RecordInput) (outcome order.Outcome, err error) {
	options := localRecording
	options.Summary = title(in.Kind)
	ctx = workflow.WithLocalActivityOptions(ctx, options)
	err = workflow.ExecuteLocalActivity(ctx, activities.RecordMessage, in).Get(ctx, &outcome)
	return outcome, err
}

func recordRemote(ctx workflow.Context, in activities.RecordInput) (outcome order.Outcome, err error) {
	options := policies.UnlimitedRetry("Запись в базу данных: " + title(in.Kind))
	options.StartToCloseTimeout = recordTimeout
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

// reorder handles a message whose place in the record is taken by another message. A worker that
// died after recording may have decided a deadline before a signal that came in the meantime. Then
// the other message is an internal one or is in the inbox, and is decided first. Otherwise the
// record has diverged.
func (o *orderRun) reorder(ctx workflow.Context, m order.Message, other string) {
	if !isInternal(m) { // an internal message is created again if it is still due
		o.requeued = append([]order.Message{m}, o.requeued...)
	}
	if own, ok := o.internalByID(ctx, other); ok {
		o.requeued = append([]order.Message{own}, o.requeued...)
		return
	}
	for i, in := range o.inbox.queue {
		if queued := o.decode(in); queued.ID == other {
			o.inbox.queue = slices.Delete(slices.Clone(o.inbox.queue), i, i+1)
			o.requeued = append([]order.Message{queued}, o.requeued...)
			return
		}
	}
	o.rejoin(ctx)
}

// internalByID returns the internal message with this id, if it is the end of an effect or a
// deadline that has come. It waits for the effect.
func (o *orderRun) internalByID(ctx workflow.Context, id string) (order.Message, bool) {
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

// rejoin stops an order whose record contains an unknown message, as after a reset of the workflow.
// It sets the search attribute for operators, waits for their signal and then applies the recorded
// outcomes.
func (o *orderRun) rejoin(ctx workflow.Context) {
	o.showDivergence(ctx)
	if o.inbox.rejoin && !rejoinsImmediately(ctx) {
		o.inbox.rejoin = false
	}
	if err := workflow.Await(ctx, func() bool { return o.inbox.rejoin }); err != nil {
		panic(fmt.Errorf("waiting for an operator: %w", err))
	}
	o.inbox.rejoin = false
	o.applyRecorded(ctx)
}

// rejoinEarly handles an operators' signal that came before the order met the unknown message. It
// returns false in histories without the patch.
func (o *orderRun) rejoinEarly(ctx workflow.Context) bool {
	o.inbox.rejoin = false
	if !rejoinsImmediately(ctx) {
		return false
	}
	o.applyRecorded(ctx)
	return true
}

// applyRecorded applies the recorded outcomes that the order has not applied yet.
func (o *orderRun) applyRecorded(ctx workflow.Context) {
	var outcomes []order.Outcome
	patient := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Чтение записанных решений по заказу"))
	err := workflow.ExecuteActivity(patient, activities.RecordedOutcomes, o.state.ID, o.state.Seq+1).Get(patient, &outcomes)
	if err != nil {
		panic(fmt.Errorf("reading the record: %w", err))
	}
	for _, outcome := range outcomes {
		o.apply(outcome)
	}
	o.updateVisibility(ctx)
}

// updateVisibility updates the search attributes and the current details, in one command and only
// if something changed.
func (o *orderRun) updateVisibility(ctx workflow.Context) {
	o.upsert(ctx, workflowapi.AttributesOf(&o.state))
	workflow.SetCurrentDetails(ctx, workflowapi.Details(&o.state))
}

func (o *orderRun) showDivergence(ctx workflow.Context) {
	attributes := workflowapi.AttributesOf(&o.state)
	attributes.Hold = workflowapi.HoldDiverged
	o.upsert(ctx, attributes)
	workflow.SetCurrentDetails(ctx, workflowapi.DivergedDetails(&o.state))
}

func (o *orderRun) upsert(ctx workflow.Context, now workflowapi.Attributes) {
	updates := now.Updates(o.attributes)
	if len(updates) == 0 {
		return
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		panic(fmt.Errorf("showing the order to the operators: %w", err))
	}
	o.attributes = now
}
