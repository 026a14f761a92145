package registry

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	activities "epkr/activities/registry"
	"epkr/internal/registry"
	"epkr/internal/workflowapi"
	"epkr/workflows/internal/policies"
)

// Hold waits for an operator's word on a snapshot that takes too much away: confirmed, it is applied as on any
// night; rejected, or superseded by a newer one, it changes nothing.
func Hold(ctx workflow.Context, in workflowapi.RegistryHoldInput) (workflowapi.RegistryReport, error) {
	// It ends by an operator's signal or a newer snapshot, not by a cancellation.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	run, err := newHeldRun(ctx, in)
	if err != nil {
		return in.Report, err
	}
	if err := raise(ctx, registry.AlarmHeld); err != nil {
		return run.report, err
	}
	workflow.SetCurrentDetails(ctx, heldDetails(run.report, ""))
	if err := run.await(ctx); err != nil {
		return run.report, err
	}
	workflow.SetCurrentDetails(ctx, details(run.report))
	if run.report.Verdict == workflowapi.VerdictFailed {
		return run.report, nil // it carries the alarm of a failed run now
	}
	return run.report, raise(ctx, "")
}

// newHeldRun takes over a held run in the one workflow whose id names it.
func newHeldRun(ctx workflow.Context, in workflowapi.RegistryHoldInput) (*syncRun, error) {
	owner := ownerOf(ctx, in.Report.RunID)
	id, err := uuid.Parse(owner.RunID)
	if err != nil || owner.WorkflowID != workflowapi.RegistryHoldID(id.String()) {
		return nil, fmt.Errorf("the workflow id names no held run %q", owner.RunID)
	}
	return &syncRun{owner: owner, report: in.Report, snapshot: in.Snapshot}, nil
}

// await takes signals until one of them ends the wait.
func (r *syncRun) await(ctx workflow.Context) error {
	for r.report.Verdict == workflowapi.VerdictHeld {
		signal, decision := nextDecision(ctx)
		switch taken, err := r.decide(ctx, signal, decision); {
		case err != nil:
			return err
		case !taken:
			workflow.SetCurrentDetails(ctx, heldDetails(r.report, signal))
		}
	}
	return nil
}

// decide does what a signal says; false if it says too little, so that the run goes on waiting.
func (r *syncRun) decide(ctx workflow.Context, signal string, d workflowapi.RegistryDecision) (taken bool, err error) {
	switch {
	case signal == workflowapi.SupersededSignal:
		r.superseded()
		return true, nil
	case strings.TrimSpace(d.Operator) == "" || strings.TrimSpace(d.Reason) == "": // the activities ask for more
		return false, nil
	case signal == workflowapi.RejectSignal:
		err = r.reject(ctx, d)
	default:
		err = r.confirm(ctx, d)
	}
	var app *temporal.ApplicationError
	if errors.As(err, &app) && app.Type() == activities.ErrTypeNoDecision {
		return false, nil
	}
	return true, err
}

// nextDecision waits for the next signal of the three. One that cannot be read says nothing, and keeps the workflow from no other.
func nextDecision(ctx workflow.Context) (signal string, d workflowapi.RegistryDecision) {
	selector := workflow.NewSelector(ctx)
	for _, name := range []string{workflowapi.SupersededSignal, workflowapi.RejectSignal, workflowapi.ConfirmSignal} {
		selector.AddReceive(workflow.GetSignalChannel(ctx, name), func(c workflow.ReceiveChannel, _ bool) {
			signal = name
			if name == workflowapi.SupersededSignal {
				c.ReceiveAsync(nil)
				return
			}
			c.ReceiveAsync(&d)
		})
	}
	selector.Select(ctx)
	return signal, d
}

func (r *syncRun) superseded() {
	r.conclude(workflowapi.VerdictSuperseded, "", "Пришёл более новый снимок; этот не применён.")
}

func (r *syncRun) reject(ctx workflow.Context, d workflowapi.RegistryDecision) error {
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Отклонение снимка реестра СРО"))
	var done bool
	if err := workflow.ExecuteActivity(ctx, activities.RejectHeld, r.report.RunID, d).Get(ctx, &done); err != nil {
		return err
	}
	if !done {
		r.superseded()
		return nil
	}
	r.conclude(workflowapi.VerdictRejected, "", "Снимок отклонён оператором; ничего не изменено.")
	return nil
}

// confirm compares anew and applies, whatever the fuse says.
func (r *syncRun) confirm(ctx workflow.Context, d workflowapi.RegistryDecision) error {
	claiming := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Подтверждение снимка реестра СРО"))
	var claimed bool
	if err := workflow.ExecuteActivity(claiming, activities.ClaimHeld, r.owner, d).Get(claiming, &claimed); err != nil {
		return err
	}
	if !claimed {
		r.superseded()
		return nil
	}
	if _, err := r.compare(ctx); err != nil {
		r.fail(err)
		return r.alarm(ctx)
	}
	return r.apply(ctx)
}

// heldDetails tells the operators what to do; ignored names a signal that said too little.
func heldDetails(r workflowapi.RegistryReport, ignored string) string {
	var b strings.Builder
	b.WriteString(details(r))
	fmt.Fprintf(&b, "\n\nОтправьте сигнал `%s`, если потеря настоящая, или `%s`, если снимок неверен, с полями "+
		"`{\"operator\": \"…\", \"reason\": \"…\"}`. Следующий снимок заменит этот сам.", workflowapi.ConfirmSignal, workflowapi.RejectSignal)
	if ignored != "" {
		fmt.Fprintf(&b, "\n\nСигнал `%s` пропущен: в нём не указаны оператор и причина, либо решение от имени модератора пришло не с платформы.", ignored)
	}
	return b.String()
}

// Missed raises the alarm of a night on which no run began.
func Missed(ctx workflow.Context, in workflowapi.RegistryMissedInput) (bool, error) {
	owner := ownerOf(ctx, workflowapi.MissedRunID(in.Due).String())
	reporting := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Отчёт о пропущенной загрузке реестра СРО"))
	var missed bool
	if err := workflow.ExecuteActivity(reporting, activities.ReportMissed, owner, in.Due).Get(reporting, &missed); err != nil || !missed {
		return false, err
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("**Загрузка реестра СРО не началась в %s.** Проверьте, не приостановлено ли "+
		"расписание `%s`, и запустите загрузку вручную.", workflowapi.MoscowTime(in.Due), workflowapi.RegistrySchedule))
	return true, raise(ctx, registry.AlarmMissed)
}
