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

// Approval waits for an operator's decision on a snapshot that exceeds the loss limits. A confirmed
// snapshot is applied as by a sync run; a rejected one, or one superseded by a newer snapshot,
// changes nothing.
func Approval(ctx workflow.Context, in workflowapi.RegistryApprovalInput) (workflowapi.RegistryReport, error) {
	// Only an operator's signal or a newer snapshot ends it, so it ignores cancellation.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	run, err := newPendingRun(ctx, in)
	if err != nil {
		return in.Report, err
	}
	if err := setAlarm(ctx, registry.AlarmAwaitingApproval); err != nil {
		return run.report, err
	}
	workflow.SetCurrentDetails(ctx, pendingDetails(run.report, ""))
	if err := run.await(ctx); err != nil {
		return run.report, err
	}
	workflow.SetCurrentDetails(ctx, details(run.report))
	if run.report.Verdict == workflowapi.VerdictFailed {
		return run.report, nil // the alarm of the failed run stays set
	}
	return run.report, setAlarm(ctx, "")
}

// newPendingRun returns the run awaiting approval. Only the workflow whose id names the run may
// take it over.
func newPendingRun(ctx workflow.Context, in workflowapi.RegistryApprovalInput) (*syncRun, error) {
	owner := ownerOf(ctx, in.Report.RunID)
	id, err := uuid.Parse(owner.RunID)
	if err != nil || owner.WorkflowID != workflowapi.RegistryApprovalID(id.String()) {
		return nil, fmt.Errorf("the workflow id names no held run %q", owner.RunID)
	}
	return &syncRun{owner: owner, report: in.Report, snapshot: in.Snapshot}, nil
}

// await handles signals until one of them ends the wait.
func (r *syncRun) await(ctx workflow.Context) error {
	for r.report.Verdict == workflowapi.VerdictAwaitingApproval {
		signal, decision := nextDecision(ctx)
		switch taken, err := r.decide(ctx, signal, decision); {
		case err != nil:
			return err
		case !taken:
			workflow.SetCurrentDetails(ctx, pendingDetails(r.report, signal))
		}
	}
	return nil
}

// decide carries out a signal. It returns false for an invalid decision; the run then keeps
// waiting.
func (r *syncRun) decide(ctx workflow.Context, signal string, d workflowapi.RegistryDecision) (taken bool, err error) {
	switch {
	case signal == workflowapi.SupersededSignal:
		r.concludeSuperseded()
		return true, nil
	case strings.TrimSpace(d.Operator) == "" || strings.TrimSpace(d.Reason) == "": // the activities check more strictly
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

// nextDecision waits for the next of the three signals. A signal that cannot be decoded yields an
// empty decision and does not block later ones.
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

func (r *syncRun) concludeSuperseded() {
	r.conclude(workflowapi.VerdictSuperseded, "", "Пришёл более новый снимок; этот не применён.")
}

func (r *syncRun) reject(ctx workflow.Context, d workflowapi.RegistryDecision) error {
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Отклонение снимка реестра СРО"))
	var done bool
	if err := workflow.ExecuteActivity(ctx, activities.RejectPendingRun, r.report.RunID, d).Get(ctx, &done); err != nil {
		return err
	}
	if !done {
		r.concludeSuperseded()
		return nil
	}
	r.conclude(workflowapi.VerdictRejected, "", "Снимок отклонён оператором; ничего не изменено.")
	return nil
}

// confirm compares the snapshot again and applies it, whatever loss limits it exceeds.
func (r *syncRun) confirm(ctx workflow.Context, d workflowapi.RegistryDecision) error {
	claiming := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Подтверждение снимка реестра СРО"))
	var claimed bool
	if err := workflow.ExecuteActivity(claiming, activities.ClaimApprovedRun, r.owner, d).Get(claiming, &claimed); err != nil {
		return err
	}
	if !claimed {
		r.concludeSuperseded()
		return nil
	}
	if _, err := r.compare(ctx); err != nil {
		r.fail(err)
		return r.endFailed(ctx)
	}
	return r.apply(ctx)
}

// pendingDetails returns the text that tells operators what to do. ignored names a signal without a
// valid decision.
func pendingDetails(r workflowapi.RegistryReport, ignored string) string {
	var b strings.Builder
	b.WriteString(details(r))
	fmt.Fprintf(&b, "\n\nОтправьте сигнал `%s`, если потеря настоящая, или `%s`, если снимок неверен, с полями "+
		"`{\"operator\": \"…\", \"reason\": \"…\"}`. Следующий снимок заменит этот сам.", workflowapi.ConfirmSignal, workflowapi.RejectSignal)
	if ignored != "" {
		fmt.Fprintf(&b, "\n\nСигнал `%s` пропущен: в нём не указаны оператор и причина, либо решение от имени модератора пришло не с платформы.", ignored)
	}
	return b.String()
}

// Missed sets the alarm that no run began when one was due.
func Missed(ctx workflow.Context, in workflowapi.RegistryMissedInput) (bool, error) {
	owner := ownerOf(ctx, workflowapi.MissedRunID(in.Due).String())
	reporting := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Отчёт о пропущенной загрузке реестра СРО"))
	var missed bool
	if err := workflow.ExecuteActivity(reporting, activities.ReportMissed, owner, in.Due).Get(reporting, &missed); err != nil || !missed {
		return false, err
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("**Загрузка реестра СРО не началась в %s.** Проверьте, не приостановлено ли "+
		"расписание `%s`, и запустите загрузку вручную.", workflowapi.MoscowTime(in.Due), workflowapi.RegistrySchedule))
	return true, setAlarm(ctx, registry.AlarmMissed)
}
