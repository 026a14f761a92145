// Package registry contains the workflows of the nightly synchronisation with АИС «Реестр СРО».
package registry

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	activities "epkr/activities/registry"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/workflowapi"
	"epkr/workflows/engineers"
	"epkr/workflows/internal/policies"
)

// fetchWindow is how long the registry may be unavailable before the run fails.
const fetchWindow = 2 * time.Hour

// Sync is one synchronisation with АИС «Реестр СРО». It fetches, stages and compares the snapshot
// and applies it unless it exceeds the loss limits. It then notifies the orders of engineer
// statuses that they have not recorded, whatever the result. A run that has begun always ends with
// a report.
func Sync(ctx workflow.Context) (workflowapi.RegistryReport, error) {
	run, err := newRun(ctx)
	if err != nil {
		return workflowapi.RegistryReport{}, err
	}
	if err := run.begin(ctx); err != nil {
		return run.report, err
	}
	pending := run.prepare(ctx)
	// From here on a cancellation is ignored, so that nothing is left half done.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	switch {
	case pending:
		return run.report, run.startApproval(ctx)
	case run.report.Verdict == workflowapi.VerdictFailed:
		return run.report, run.endFailed(ctx)
	case run.report.Verdict == workflowapi.VerdictNoop:
		return run.report, run.end(ctx)
	}
	return run.report, run.apply(ctx)
}

// syncRun is a run as one workflow carries it out: the sync workflow or the approval workflow.
type syncRun struct {
	owner    activities.RunOwner
	snapshot registry.Manifest
	report   workflowapi.RegistryReport
}

// newRun returns a run with a new id. A workflow that is reset to its beginning gets another id.
func newRun(ctx workflow.Context) (*syncRun, error) {
	var id string
	drawn := workflow.SideEffect(ctx, func(workflow.Context) any { return uuid.NewString() }) //workflowcheck:ignore
	if err := drawn.Get(&id); err != nil {
		return nil, fmt.Errorf("drawing the run's id: %w", err)
	}
	return &syncRun{owner: ownerOf(ctx, id), report: workflowapi.RegistryReport{RunID: id}}, nil
}

func ownerOf(ctx workflow.Context, runID string) activities.RunOwner {
	own := workflow.GetInfo(ctx).WorkflowExecution
	return activities.RunOwner{RunID: runID, WorkflowID: own.ID, WorkflowRunID: own.RunID}
}

func (r *syncRun) begin(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Начало загрузки реестра СРО"))
	return workflow.ExecuteActivity(ctx, activities.BeginRun, r.owner).Get(ctx, nil)
}

// prepare fetches, stages and compares the snapshot. It leaves the report without a verdict if
// there is a snapshot to apply, and returns true if the snapshot has to await approval.
func (r *syncRun) prepare(ctx workflow.Context) (pending bool) {
	if err := r.fetch(ctx); err != nil {
		r.fail(err)
		return false
	}
	if r.report.Verdict != "" {
		return false
	}
	if err := r.stage(ctx); err != nil {
		r.fail(err)
		return false
	}
	exceeded, err := r.compare(ctx)
	if err != nil {
		r.fail(err)
		return false
	}
	if len(exceeded) == 0 {
		return false
	}
	r.conclude(workflowapi.VerdictAwaitingApproval, "fuse", "Снимок задержан до решения оператора. "+strings.Join(exceeded, " "))
	return true
}

func (r *syncRun) conclude(verdict, code, reason string) {
	r.report.Verdict, r.report.Code, r.report.Reason = verdict, code, reason
}

// fail writes the error to the report: the snapshot's own error in full, any other one only as an
// internal error.
func (r *syncRun) fail(err error) {
	var app *temporal.ApplicationError
	var fault activities.SnapshotFault
	var tried *temporal.ActivityError
	switch {
	case errors.As(err, &app) && app.Type() == activities.ErrTypeSnapshot && app.Details(&fault) == nil:
		r.conclude(workflowapi.VerdictFailed, fault.Code, fault.Reason)
	case temporal.IsCanceledError(err):
		r.conclude(workflowapi.VerdictFailed, "cancelled", "Загрузка отменена оператором.")
	case errors.As(err, &tried) && tried.RetryState() != enumspb.RETRY_STATE_NON_RETRYABLE_FAILURE: // only fetching has a limit on retries
		r.conclude(workflowapi.VerdictFailed, "unavailable", "Реестр не отдал снимок за отведённое время.")
	default:
		r.conclude(workflowapi.VerdictFailed, "internal", "Внутренняя ошибка; подробности — в истории процесса.")
	}
}

var knownReasons = map[string]string{
	registry.EarlierApplied:          "Нового снимка нет.",
	registry.EarlierAwaitingApproval: "Нового снимка нет; прежний ждёт решения оператора.",
	registry.EarlierRejected:         "Нового снимка нет; прежний отклонён оператором.",
}

func (r *syncRun) fetch(ctx workflow.Context) error {
	options := policies.Heartbeated("Получение снимка реестра СРО")
	options.ScheduleToCloseTimeout = fetchWindow
	ctx = workflow.WithActivityOptions(ctx, options)
	began := workflow.Now(ctx)
	var fetched activities.Fetched
	if err := workflow.ExecuteActivity(ctx, activities.FetchSnapshot).Get(ctx, &fetched); err != nil {
		return err
	}
	r.report.FetchMillis = millisSince(ctx, began)
	r.snapshot = fetched.Manifest
	r.report.AsOf, r.report.Rows = fetched.Manifest.AsOf, fetched.Manifest.Rows
	if fetched.Known != "" {
		r.conclude(workflowapi.VerdictNoop, fetched.Known, knownReasons[fetched.Known])
		return nil
	}
	r.report.SHA256 = fetched.Manifest.Files[0].SHA256
	return nil
}

func (r *syncRun) stage(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Чтение снимка реестра СРО"))
	began := workflow.Now(ctx)
	if err := workflow.ExecuteActivity(ctx, activities.StageSnapshot, r.report.RunID, r.snapshot).Get(ctx, nil); err != nil {
		return err
	}
	r.report.StageMillis = millisSince(ctx, began)
	// A fully staged snapshot supersedes older ones awaiting approval.
	return workflow.ExecuteActivity(ctx, activities.SupersedePendingRuns, r.report.RunID).Get(ctx, nil)
}

func (r *syncRun) compare(ctx workflow.Context) (exceeded []string, err error) {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Сравнение снимка реестра СРО с данными платформы"))
	began := workflow.Now(ctx)
	var found activities.Comparison
	if err := workflow.ExecuteActivity(ctx, activities.CompareSnapshot, r.report.RunID).Get(ctx, &found); err != nil {
		return nil, err
	}
	r.report.CompareMillis = millisSince(ctx, began)
	r.report.RegistryDifference = found.RegistryDifference
	return found.Exceeded, nil
}

// apply applies the snapshot, notifies the orders and ends the run.
func (r *syncRun) apply(ctx workflow.Context) error {
	applying := workflow.WithActivityOptions(ctx, policies.Heartbeated("Применение снимка реестра СРО"))
	began := workflow.Now(ctx)
	err := workflow.ExecuteActivity(applying, activities.ApplySnapshot, r.report.RunID, r.snapshot).Get(applying, nil)
	if err != nil {
		r.fail(err)
		return r.endFailed(ctx)
	}
	r.report.ApplyMillis = millisSince(ctx, began)
	r.conclude(workflowapi.VerdictCompleted, "", "Снимок применён.")
	return r.end(ctx)
}

// end notifies the orders and closes the report.
func (r *syncRun) end(ctx workflow.Context) error {
	if err := r.notify(ctx); err != nil {
		return err
	}
	if err := r.close(ctx); err != nil {
		return err
	}
	workflow.SetCurrentDetails(ctx, details(r.report))
	cleaning := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Удаление старых снимков реестра СРО"))
	return workflow.ExecuteActivity(cleaning, activities.RemoveOldSnapshots).Get(cleaning, nil)
}

// endFailed sets the alarm and closes the report of a failed run first, so that people learn of it
// early. It then notifies the orders of earlier changes.
func (r *syncRun) endFailed(ctx workflow.Context) error {
	if err := setAlarm(ctx, registry.AlarmFailed); err != nil {
		return err
	}
	workflow.SetCurrentDetails(ctx, details(r.report))
	if err := r.close(ctx); err != nil {
		return err
	}
	return r.notifyAfterClose(ctx)
}

// startApproval closes the report and starts the workflow that awaits an operator's approval.
func (r *syncRun) startApproval(ctx workflow.Context) error {
	if err := r.close(ctx); err != nil {
		return err
	}
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:        workflowapi.RegistryApprovalID(r.report.RunID),
		ParentClosePolicy: enumspb.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:     workflowapi.RegistryApprovalSummary,
	})
	in := workflowapi.RegistryApprovalInput{Report: r.report, Snapshot: r.snapshot}
	started := workflow.ExecuteChildWorkflow(child, workflowapi.RegistryApprovalWorkflow, in).GetChildWorkflowExecution()
	if err := started.Get(child, nil); err != nil {
		return fmt.Errorf("starting the wait for an operator: %w", err)
	}
	workflow.SetCurrentDetails(ctx, details(r.report))
	return r.notifyAfterClose(ctx)
}

func (r *syncRun) close(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Отчёт о загрузке реестра СРО"))
	return workflow.ExecuteActivity(ctx, activities.ConcludeRun, r.report).Get(ctx, nil)
}

// notify notifies the orders. It is level-triggered: it also reaches orders that an earlier run
// missed.
func (r *syncRun) notify(ctx workflow.Context) error {
	began := workflow.Now(ctx)
	notified, err := engineers.NotifyOrders(ctx, order.BySourceRegistry)
	if err != nil {
		return err
	}
	r.report.Notified, r.report.Skipped = notified.Notified, notified.Skipped
	if notifiesModeratorStatus(ctx) {
		if err := r.notifyModeratorStatus(ctx); err != nil {
			return err
		}
	}
	if notifiesEmployerStatus(ctx) {
		notified, err := engineers.NotifyOrders(ctx, order.BySourceEmployer)
		if err != nil {
			return err
		}
		r.report.Notified += notified.Notified
		r.report.Skipped += notified.Skipped
	}
	r.report.NotifyMillis = millisSince(ctx, began)
	return nil
}

// notifyModeratorStatus does what the workflows of moderators' decisions may have failed to do.
func (r *syncRun) notifyModeratorStatus(ctx workflow.Context) error {
	if err := engineers.ApplyPendingDecisions(ctx); err != nil {
		return err
	}
	notified, err := engineers.NotifyOrders(ctx, order.BySourceModerator)
	r.report.Notified += notified.Notified
	r.report.Skipped += notified.Skipped
	return err
}

func (r *syncRun) notifyAfterClose(ctx workflow.Context) error {
	if err := r.notify(ctx); err != nil {
		return err
	}
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Отчёт о загрузке реестра СРО"))
	return workflow.ExecuteActivity(ctx, activities.ReportNotified, r.report).Get(ctx, nil)
}

func millisSince(ctx workflow.Context, began time.Time) int64 {
	return workflow.Now(ctx).Sub(began).Milliseconds()
}

// setAlarm sets the alarm that operators see; an empty one removes it.
func setAlarm(ctx workflow.Context, alarm registry.Alarm) error {
	update := workflowapi.AttrAlarm.ValueSet(string(alarm))
	if alarm == "" {
		update = workflowapi.AttrAlarm.ValueUnset()
	}
	return workflow.UpsertTypedSearchAttributes(ctx, update)
}

// details returns the text that the Temporal UI shows of a run.
func details(r workflowapi.RegistryReport) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**", r.Reason)
	if !r.AsOf.IsZero() {
		fmt.Fprintf(&b, "\n\nСнимок от %s, строк: %d.", workflowapi.MoscowTime(r.AsOf), r.Rows)
	}
	fmt.Fprintf(&b, "\n\nНовых: %d, потеряли статус: %d, вернули: %d, изменились: %d. Оповещено заказов: %d.",
		r.Added, r.Lost, r.Restored, r.Changed, r.Notified)
	return b.String()
}

// Register registers the workflows of the registry with a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Sync, workflow.RegisterOptions{Name: workflowapi.RegistrySyncWorkflow})
	r.RegisterWorkflowWithOptions(Approval, workflow.RegisterOptions{Name: workflowapi.RegistryApprovalWorkflow})
	r.RegisterWorkflowWithOptions(Missed, workflow.RegisterOptions{Name: workflowapi.RegistryMissedWorkflow})
}
