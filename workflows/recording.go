package workflows

import (
	"errors"
	"fmt"
	"slices"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"epkr/activities"
	"epkr/internal/order"
	"epkr/workflows/contract"
)

// orders names the activities; only their methods' names are used here.
var orders *activities.Orders

// record has a message judged and written: quickly by a local activity, and if the database does not answer, by a normal
// one, which waits as long as it takes where operators see it and without holding a workflow task.
func (o *orderRun) record(ctx workflow.Context, m order.Message) order.Outcome {
	in := activities.RecordInput{State: o.state, Kind: m.Kind, Message: m, Unreadable: m.Unreadable}
	var outcome order.Outcome
	quick := workflow.WithLocalActivityOptions(ctx, quickRecording)
	err := workflow.ExecuteLocalActivity(quick, orders.RecordMessage, in).Get(quick, &outcome)
	if err == nil || isInvariant(err) {
		return must(outcome, err)
	}
	o.log.Warn("the message could not be recorded at once", "kind", m.Kind, "message", m.ID, "error", err)
	patient := workflow.WithActivityOptions(ctx, patientActivity("Запись в базу данных: "+title(m.Kind)))
	err = workflow.ExecuteActivity(patient, orders.RecordMessage, in).Get(patient, &outcome)
	return must(outcome, err)
}

func title(k order.Kind) string {
	if r, ok := order.RuleFor(k); ok {
		return "«" + r.Title + "»"
	}
	return "неизвестное сообщение"
}

// must lets an impossible decision fail the workflow task, so that the order waits for a mended build instead of failing.
func must(outcome order.Outcome, err error) order.Outcome {
	if err != nil {
		panic(fmt.Errorf("recording a message: %w", err))
	}
	return outcome
}

func isInvariant(err error) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.Type() == activities.ErrTypeInvariant
}

// reorder deals with a message whose place in the record is taken by another. A worker that died after recording may have
// judged a deadline before a signal that came meanwhile: then the other message is one of the order's own or waits in the
// inbox, and is simply judged first. Otherwise the record is not this order's own.
func (o *orderRun) reorder(ctx workflow.Context, m order.Message, other string) {
	o.first = append([]order.Message{m}, o.first...)
	if own, ok := o.ownMessage(ctx); ok && own.ID == other {
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

// rejoin stops an order whose record holds a message that it does not know, as after a reset of the workflow: it raises the
// alarm, waits for the operators and then takes over what the record holds.
func (o *orderRun) rejoin(ctx workflow.Context) {
	o.showDiverged(ctx)
	o.inbox.rejoin = false
	if err := workflow.Await(ctx, func() bool { return o.inbox.rejoin }); err != nil {
		panic(fmt.Errorf("waiting for an operator: %w", err))
	}
	var outcomes []order.Outcome
	patient := workflow.WithActivityOptions(ctx, patientActivity("Чтение записанных решений по заказу"))
	err := workflow.ExecuteActivity(patient, orders.RecordedOutcomes, o.state.ID, o.state.Seq+1).Get(patient, &outcomes)
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
	o.upsert(ctx, contract.AttributesOf(&o.state))
	workflow.SetCurrentDetails(ctx, contract.Details(&o.state))
}

func (o *orderRun) showDiverged(ctx workflow.Context) {
	attributes := contract.AttributesOf(&o.state)
	attributes.Hold = contract.HoldDiverged
	o.upsert(ctx, attributes)
	workflow.SetCurrentDetails(ctx, contract.DivergedDetails(&o.state))
}

func (o *orderRun) upsert(ctx workflow.Context, now contract.Attributes) {
	updates := now.Updates(o.shown)
	if len(updates) == 0 {
		return
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		panic(fmt.Errorf("showing the order to the operators: %w", err))
	}
	o.shown = now
}
