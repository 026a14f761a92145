// Package registry are the workflows of the nightly reading of АИС «Реестр СРО».
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

// fetchWindow is how long the registry may be away before the night's reading is given up.
const fetchWindow = 2 * time.Hour

// Sync is one night's reading of АИС «Реестр СРО»: the snapshot is fetched, staged whole, compared, and applied
// unless it takes too much away; then the orders are told what they have not recorded, whatever became of the snapshot. A
// run that has begun ends with a report.
func Sync(ctx workflow.Context) (workflowapi.RegistryReport, error) {
	run, err := newRun(ctx)
	if err != nil {
		return workflowapi.RegistryReport{}, err
	}
	if err := run.begin(ctx); err != nil {
		return run.report, err
	}
	held := run.read(ctx)
	// From here on a cancellation comes too late: nothing is left half done.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	switch {
	case held:
		return run.report, run.hold(ctx)
	case run.report.Verdict == workflowapi.VerdictFailed:
		return run.report, run.alarm(ctx)
	case run.report.Verdict == workflowapi.VerdictNoop:
		return run.report, run.end(ctx)
	}
	return run.report, run.apply(ctx)
}

// syncRun is one run in the hands of a workflow: the nightly one, or the one that waited for an operator.
type syncRun struct {
	owner    activities.RunOwner
	snapshot registry.Manifest
	report   workflowapi.RegistryReport
}

// newRun gives the night's run an id of its own, another one if the workflow is reset to its beginning.
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

// read fetches, stages and compares. The report then has a verdict, unless there is something to apply; true says that it
// has to wait for an operator.
func (r *syncRun) read(ctx workflow.Context) (held bool) {
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
	blown, err := r.compare(ctx)
	if err != nil {
		r.fail(err)
		return false
	}
	if len(blown) == 0 {
		return false
	}
	r.conclude(workflowapi.VerdictHeld, "fuse", "Снимок задержан до решения оператора. "+strings.Join(blown, " "))
	return true
}

func (r *syncRun) conclude(verdict, code, reason string) {
	r.report.Verdict, r.report.Code, r.report.Reason = verdict, code, reason
}

// fail says in the report what went wrong: of a snapshot as its reader said it, of anything else only that it was within.
func (r *syncRun) fail(err error) {
	var app *temporal.ApplicationError
	var fault activities.SnapshotFault
	var tried *temporal.ActivityError
	switch {
	case errors.As(err, &app) && app.Type() == activities.ErrTypeSnapshot && app.Details(&fault) == nil:
		r.conclude(workflowapi.VerdictFailed, fault.Code, fault.Reason)
	case temporal.IsCanceledError(err):
		r.conclude(workflowapi.VerdictFailed, "cancelled", "Загрузка отменена оператором.")
	case errors.As(err, &tried) && tried.RetryState() != enumspb.RETRY_STATE_NON_RETRYABLE_FAILURE: // only fetching gives up
		r.conclude(workflowapi.VerdictFailed, "unavailable", "Реестр не отдал снимок за отведённое время.")
	default:
		r.conclude(workflowapi.VerdictFailed, "internal", "Внутренняя ошибка; подробности — в истории процесса.")
	}
}

var knownReasons = map[string]string{
	registry.KnownApplied:  "Нового снимка нет.",
	registry.KnownHeld:     "Нового снимка нет; прежний ждёт решения оператора.",
	registry.KnownRejected: "Нового снимка нет; прежний отклонён оператором.",
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
	r.report.FetchMillis = since(ctx, began)
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
	r.report.StageMillis = since(ctx, began)
	// A whole snapshot that is newer takes the place of one that waits.
	return workflow.ExecuteActivity(ctx, activities.SupersedeHeld, r.report.RunID).Get(ctx, nil)
}

func (r *syncRun) compare(ctx workflow.Context) (blown []string, err error) {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Сравнение снимка реестра СРО с данными платформы"))
	began := workflow.Now(ctx)
	var found activities.Comparison
	if err := workflow.ExecuteActivity(ctx, activities.CompareSnapshot, r.report.RunID).Get(ctx, &found); err != nil {
		return nil, err
	}
	r.report.CompareMillis = since(ctx, began)
	r.report.RegistryDifference = found.RegistryDifference
	return found.Blown, nil
}

// apply makes the snapshot the platform's own, tells the orders and ends the run.
func (r *syncRun) apply(ctx workflow.Context) error {
	applying := workflow.WithActivityOptions(ctx, policies.Heartbeated("Применение снимка реестра СРО"))
	began := workflow.Now(ctx)
	err := workflow.ExecuteActivity(applying, activities.ApplySnapshot, r.report.RunID, r.snapshot).Get(applying, nil)
	if err != nil {
		r.fail(err)
		return r.alarm(ctx)
	}
	r.report.ApplyMillis = since(ctx, began)
	r.conclude(workflowapi.VerdictCompleted, "", "Снимок применён.")
	return r.end(ctx)
}

// end tells the orders and closes the report.
func (r *syncRun) end(ctx workflow.Context) error {
	if err := r.tell(ctx); err != nil {
		return err
	}
	if err := r.close(ctx); err != nil {
		return err
	}
	workflow.SetCurrentDetails(ctx, details(r.report))
	cleaning := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Удаление старых снимков реестра СРО"))
	return workflow.ExecuteActivity(cleaning, activities.RemoveOldSnapshots).Get(cleaning, nil)
}

// alarm closes the report of a failed run first, so that people learn of it, and tells the orders what was known before.
func (r *syncRun) alarm(ctx workflow.Context) error {
	if err := raise(ctx, registry.AlarmFailed); err != nil {
		return err
	}
	workflow.SetCurrentDetails(ctx, details(r.report))
	if err := r.close(ctx); err != nil {
		return err
	}
	return r.tellLate(ctx)
}

// hold leaves the run to a workflow that waits for an operator.
func (r *syncRun) hold(ctx workflow.Context) error {
	if err := r.close(ctx); err != nil {
		return err
	}
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:        workflowapi.RegistryHoldID(r.report.RunID),
		ParentClosePolicy: enumspb.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:     workflowapi.RegistryHoldSummary,
	})
	in := workflowapi.RegistryHoldInput{Report: r.report, Snapshot: r.snapshot}
	started := workflow.ExecuteChildWorkflow(child, workflowapi.RegistryHoldWorkflow, in).GetChildWorkflowExecution()
	if err := started.Get(child, nil); err != nil {
		return fmt.Errorf("starting the wait for an operator: %w", err)
	}
	workflow.SetCurrentDetails(ctx, details(r.report))
	return r.tellLate(ctx)
}

func (r *syncRun) close(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Отчёт о загрузке реестра СРО"))
	return workflow.ExecuteActivity(ctx, activities.ConcludeRun, r.report).Get(ctx, nil)
}

// tell is level-triggered: it also tells the orders that an earlier run did not reach.
func (r *syncRun) tell(ctx workflow.Context) error {
	began := workflow.Now(ctx)
	told, err := engineers.TellOrders(ctx, order.BySourceRegistry)
	if err != nil {
		return err
	}
	r.report.Told, r.report.Skipped = told.Told, told.Skipped
	if tellsModeratorsWord(ctx) {
		if err := r.tellModeratorsWord(ctx); err != nil {
			return err
		}
	}
	r.report.TellMillis = since(ctx, began)
	return nil
}

// tellModeratorsWord does every night what a workflow of a decision may have been kept from doing.
func (r *syncRun) tellModeratorsWord(ctx workflow.Context) error {
	if err := engineers.ApplyDecisionsLeft(ctx); err != nil {
		return err
	}
	told, err := engineers.TellOrders(ctx, order.BySourceModerator)
	r.report.Told += told.Told
	r.report.Skipped += told.Skipped
	return err
}

func (r *syncRun) tellLate(ctx workflow.Context) error {
	if err := r.tell(ctx); err != nil {
		return err
	}
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Отчёт о загрузке реестра СРО"))
	return workflow.ExecuteActivity(ctx, activities.ReportTold, r.report).Get(ctx, nil)
}

func since(ctx workflow.Context, began time.Time) int64 {
	return workflow.Now(ctx).Sub(began).Milliseconds()
}

// raise shows an alarm to the operators; an empty one takes it back.
func raise(ctx workflow.Context, alarm registry.Alarm) error {
	update := workflowapi.AttrAlarm.ValueSet(string(alarm))
	if alarm == "" {
		update = workflowapi.AttrAlarm.ValueUnset()
	}
	return workflow.UpsertTypedSearchAttributes(ctx, update)
}

// details is what the Temporal UI shows of a run.
func details(r workflowapi.RegistryReport) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**", r.Reason)
	if !r.AsOf.IsZero() {
		fmt.Fprintf(&b, "\n\nСнимок от %s, строк: %d.", workflowapi.MoscowTime(r.AsOf), r.Rows)
	}
	fmt.Fprintf(&b, "\n\nНовых: %d, потеряли статус: %d, вернули: %d, изменились: %d. Оповещено заказов: %d.",
		r.Added, r.Lost, r.Restored, r.Changed, r.Told)
	return b.String()
}

// Register makes the workflows of the registry known to a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Sync, workflow.RegisterOptions{Name: workflowapi.RegistrySyncWorkflow})
	r.RegisterWorkflowWithOptions(Hold, workflow.RegisterOptions{Name: workflowapi.RegistryHoldWorkflow})
	r.RegisterWorkflowWithOptions(Missed, workflow.RegisterOptions{Name: workflowapi.RegistryMissedWorkflow})
}
