// Package goskey contains the workflows of signatures in the mobile application «Госключ».
package goskey

import (
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	activities "epkr/activities/goskey"
	"epkr/internal/workflowapi"
	"epkr/workflows/internal/policies"
)

// While ЕПГУ checks a document, its state is asked for: it is not among the changes yet. The pauses
// double between these bounds.
const (
	firstCheckPause = time.Second
	maxCheckPause   = 2 * time.Minute
)

const (
	// termMargin is how long after the term ЕПГУ gets to say how the request ended.
	termMargin = time.Minute
	// afterTermPause is the pause between two questions after the term, while no end is known.
	afterTermPause = 30 * time.Minute
	// maxSuspendedPause bounds the pause between two attempts to bring a signature to a suspended
	// order.
	maxSuspendedPause = 5 * time.Minute
)

// Sign sends a document to its signer, waits for his answer and brings the signature to the order. It
// ends when the request has ended, in whatever way.
func Sign(ctx workflow.Context, in workflowapi.GoskeySignatureInput) error {
	if in.Attempts == 0 {
		if p, err := obtain(ctx, in.RequestID); err != nil || p.Ended {
			return err
		}
	}
	return deliver(ctx, in)
}

// obtain gets the signature stored. Each step finds what an earlier run of it has done.
func obtain(ctx workflow.Context, request string) (activities.Progress, error) {
	p, err := step(ctx, "Получение номера на Госуслугах", activities.Reserve, request)
	if err != nil || p.Ended {
		return p, err
	}
	if p, err = step(ctx, "Отправка документа в Госключ", activities.Submit, request); err != nil || p.Ended {
		return p, err
	}
	if p, err = awaitAnswer(ctx, request); err != nil || p.Ended {
		return p, err
	}
	return step(ctx, "Получение подписи", activities.TakeSignature, request)
}

func step(ctx workflow.Context, summary, activity, request string) (p activities.Progress, err error) {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated(summary))
	return p, workflow.ExecuteActivity(ctx, activity, request).Get(ctx, &p)
}

// awaitAnswer returns when the request has ended or the signature can be taken. It asks for the state
// when the poll says that it has changed, while ЕПГУ checks the document, and after the term.
func awaitAnswer(ctx workflow.Context, request string) (activities.Progress, error) {
	changed := workflow.GetSignalChannel(ctx, workflowapi.GoskeyChangedSignal)
	pause := firstCheckPause
	for {
		for changed.ReceiveAsync(nil) {
		}
		p, err := step(ctx, "Вопрос о состоянии документа", activities.AskState, request)
		if err != nil || p.Ended || p.Signed {
			return p, err
		}
		wait := pause
		if pause = min(2*pause, maxCheckPause); p.Waiting {
			wait = max(p.Until.Add(termMargin).Sub(workflow.Now(ctx)), 0)
			if wait == 0 {
				wait = afterTermPause
			}
		}
		waitOrSignal(ctx, changed, wait)
	}
}

// waitOrSignal returns after a time or at a signal, which it leaves in the channel.
func waitOrSignal(ctx workflow.Context, signals workflow.ReceiveChannel, wait time.Duration) {
	// It ends with an error only if the workflow is cancelled, and then the next activity says so.
	_, _ = workflow.AwaitWithTimeout(ctx, wait, func() bool { return signals.Len() > 0 })
}

// deliver brings the signature to the order. A suspended order gets it once it goes on.
func deliver(ctx workflow.Context, in workflowapi.GoskeySignatureInput) error {
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Проверка подписи и передача в заказ"))
	pause := firstCheckPause
	for {
		var p activities.Progress
		in.Attempts++
		if err := workflow.ExecuteActivity(ctx, activities.Deliver, in).Get(ctx, &p); err != nil || p.Ended {
			return err
		}
		if err := workflow.Sleep(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, maxSuspendedPause)
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, Sign, in)
		}
	}
}

// Poll asks ЕПГУ which orders have changed and tells their workflows, as long as an answer is awaited.
func Poll(ctx workflow.Context, in workflowapi.GoskeyPollInput) error {
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Вопрос об изменениях"))
	awaited := workflow.GetSignalChannel(ctx, workflowapi.GoskeyAwaitedSignal)
	for {
		for awaited.ReceiveAsync(nil) {
		}
		var p activities.Polled
		if err := workflow.ExecuteActivity(ctx, activities.Poll, in.Since).Get(ctx, &p); err != nil {
			return err
		}
		in.Since = p.Since
		if !p.Waits && awaited.Len() == 0 {
			return nil
		}
		if err := workflow.Sleep(ctx, time.Duration(p.PauseMillis)*time.Millisecond); err != nil {
			return err
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, Poll, in)
		}
	}
}

// Register registers the workflows with a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Sign, workflow.RegisterOptions{Name: workflowapi.GoskeySignatureWorkflow})
	r.RegisterWorkflowWithOptions(Poll, workflow.RegisterOptions{Name: workflowapi.GoskeyPollWorkflow})
}
