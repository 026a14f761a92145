package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/temporal"

	"epkr/activities/failure"
	"epkr/activities/internal/optional"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/humantext"
	"epkr/internal/registry"
	"epkr/internal/workflowapi"
)

// RunOwner identifies a run and the workflow that carries it out.
type RunOwner struct {
	RunID         string `json:"runId"`
	WorkflowID    string `json:"workflowId"`
	WorkflowRunID string `json:"workflowRunId"`
}

// errBusy reports that another run is in progress. The activity is retried.
var errBusy = errors.New("другая загрузка реестра ещё идёт")

// BeginRun opens the report of a run. While another run is in progress it fails and is retried. A
// second call for the same run finds its report.
func (a *Activities) BeginRun(ctx context.Context, owner RunOwner) error {
	id, err := uuid.Parse(owner.RunID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	err = a.store.BeginRun(ctx, sqlcgen.BeginRunParams{
		ID: id, WorkflowID: owner.WorkflowID, WorkflowRunID: owner.WorkflowRunID, StartedAt: a.now().UTC(),
	})
	if db.IsUniqueViolation(err, "registry_runs_alone") {
		return a.closeStaleRun(ctx)
	}
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("beginning a run: %w", err))
	}
	return nil
}

// closeStaleRun closes the current run's report if its workflow no longer runs. It always returns
// an error, [errBusy] unless something fails, so that the activity is retried.
func (a *Activities) closeStaleRun(ctx context.Context) error {
	other, err := a.store.RunningRun(ctx)
	if err != nil {
		return fmt.Errorf("finding the run under way: %w", err)
	}
	closed, err := isClosed(ctx, a.workflows, other.WorkflowID, other.WorkflowRunID)
	if err != nil {
		return fmt.Errorf("asking for the run under way: %w", err)
	}
	if !closed {
		return errBusy
	}
	at := a.now().UTC()
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		n, err := q.FailRun(ctx, sqlcgen.FailRunParams{
			ID: other.ID, Code: "terminated", Reason: "Загрузка остановлена: её процесс прерван. Что она успела применить, осталось.", EndedAt: &at,
		})
		if err != nil || n == 0 {
			return err
		}
		return notifyModerators(ctx, q, registry.AlarmFailed, at)
	})
	if err != nil {
		return fmt.Errorf("ending the report of a terminated run: %w", err)
	}
	return errBusy
}

func notifyModerators(ctx context.Context, q *sqlcgen.Queries, alarm registry.Alarm, at time.Time) error {
	if err := q.AddModeratorNotice(ctx, sqlcgen.AddModeratorNoticeParams{Kind: string(alarm), CreatedAt: at}); err != nil {
		return fmt.Errorf("notifying the moderators: %w", err)
	}
	return nil
}

// ConcludeRun closes the report of a run with its verdict and notifies the moderators if the run
// failed or needs approval. A closed report is not changed.
func (a *Activities) ConcludeRun(ctx context.Context, report workflowapi.RegistryReport) error {
	id, err := uuid.Parse(report.RunID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	at := a.now().UTC()
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		run, err := q.LockRun(ctx, id)
		if err != nil || run.Status != workflowapi.StatusRunning {
			return err
		}
		if err := q.SaveRun(ctx, runParams(id, report, at)); err != nil {
			return err
		}
		switch report.Verdict {
		case workflowapi.VerdictAwaitingApproval:
			return notifyModerators(ctx, q, registry.AlarmAwaitingApproval, at)
		case workflowapi.VerdictFailed:
			return errors.Join(clearStaged(ctx, q, id), notifyModerators(ctx, q, registry.AlarmFailed, at))
		}
		return clearStaged(ctx, q, id)
	})
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("concluding a run: %w", err))
	}
	return nil
}

func runParams(id uuid.UUID, r workflowapi.RegistryReport, at time.Time) sqlcgen.SaveRunParams {
	return sqlcgen.SaveRunParams{
		ID: id, Status: r.Verdict, Code: r.Code, Reason: r.Reason, EndedAt: &at, AsOf: optional.Time(r.AsOf), Sha256: r.SHA256,
		Rows: int32(r.Rows), ActiveBefore: int32(r.Active), Added: int32(r.Added), Lost: int32(r.Lost),
		Restored: int32(r.Restored), Changed: int32(r.Changed), Notified: int32(r.Notified), Skipped: int32(r.Skipped),
		FetchMs: r.FetchMillis, StageMs: r.StageMillis, CompareMs: r.CompareMillis, ApplyMs: r.ApplyMillis, NotifyMs: r.NotifyMillis,
	}
}

// ReportNotified adds the number of notified orders to the report of a run that notified them after
// its verdict.
func (a *Activities) ReportNotified(ctx context.Context, report workflowapi.RegistryReport) error {
	id, err := uuid.Parse(report.RunID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	return failure.ToTemporal(a.store.SaveNotified(ctx, sqlcgen.SaveNotifiedParams{
		ID: id, Notified: int32(report.Notified), Skipped: int32(report.Skipped), NotifyMs: report.NotifyMillis,
	}))
}

// forgedAlarmInterval is the time in which the moderators are notified of forged decisions only
// once.
const forgedAlarmInterval = 24 * time.Hour

// ErrTypeNoDecision is the type of a non-retryable error: the signal to a run awaiting approval is
// not a valid decision.
const ErrTypeNoDecision = "NoDecision"

// checkDecision refuses a decision without an operator or a reason, or with a text that no field
// may contain. It also refuses a decision in a moderator's name that the API has not stored, and
// then notifies the moderators.
func (a *Activities) checkDecision(ctx context.Context, run uuid.UUID, signal string, d workflowapi.RegistryDecision) error {
	if !humantext.Filled(d.Operator) || !humantext.Filled(d.Reason) || humantext.Fault(d.Operator+d.Reason) != "" {
		return temporal.NewNonRetryableApplicationError("a decision without an operator or a reason", ErrTypeNoDecision, nil)
	}
	person, err := uuid.Parse(d.Operator)
	if err != nil {
		return nil // an operator gives a name, not an id
	}
	stored, err := a.store.RunDecisionExists(ctx, sqlcgen.RunDecisionExistsParams{
		RunID: run, PersonID: person, Signal: signal, ReasonSha256: d.ReasonDigest(),
	})
	if err != nil {
		return fmt.Errorf("finding the stored decision: %w", err)
	}
	if !stored {
		at := a.now().UTC()
		err = a.store.AddModeratorNoticeOnce(ctx, sqlcgen.AddModeratorNoticeOnceParams{
			Kind: string(registry.AlarmForged), CreatedAt: at, Quiet: at.Add(-forgedAlarmInterval),
		})
		if err != nil {
			return fmt.Errorf("notifying the moderators: %w", err)
		}
		return temporal.NewNonRetryableApplicationError("a moderator's decision that did not come over the platform", ErrTypeNoDecision, nil)
	}
	return nil
}

// ClaimApprovedRun sets a run that an operator confirmed to running again, owned by the given
// workflow. It returns false if the run no longer awaits approval.
func (a *Activities) ClaimApprovedRun(ctx context.Context, owner RunOwner, d workflowapi.RegistryDecision) (bool, error) {
	id, err := uuid.Parse(owner.RunID)
	if err != nil {
		return false, fmt.Errorf("reading the run's id: %w", err)
	}
	if err := a.checkDecision(ctx, id, workflowapi.ConfirmSignal, d); err != nil {
		return false, err
	}
	n, err := a.store.ClaimRun(ctx, sqlcgen.ClaimRunParams{
		ID: id, Operator: d.Operator, Decision: d.Reason, WorkflowID: owner.WorkflowID, WorkflowRunID: owner.WorkflowRunID,
	})
	if db.IsUniqueViolation(err, "registry_runs_alone") {
		return false, a.closeStaleRun(ctx)
	}
	if err != nil || n == 1 {
		return n == 1, failure.ToTemporal(err)
	}
	run, err := a.store.Run(ctx, id)
	if err != nil {
		return false, fmt.Errorf("reading the report of a run: %w", err)
	}
	return run.Status == workflowapi.StatusRunning && run.WorkflowID == owner.WorkflowID, nil
}

// RejectPendingRun closes a run awaiting approval without applying its snapshot. It returns false
// if the run no longer awaits approval.
func (a *Activities) RejectPendingRun(ctx context.Context, runID string, d workflowapi.RegistryDecision) (bool, error) {
	id, err := uuid.Parse(runID)
	if err != nil {
		return false, fmt.Errorf("reading the run's id: %w", err)
	}
	if err := a.checkDecision(ctx, id, workflowapi.RejectSignal, d); err != nil {
		return false, err
	}
	at := a.now().UTC()
	var rejected bool
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if _, err := q.RejectRun(ctx, sqlcgen.RejectRunParams{ID: id, Operator: d.Operator, Decision: d.Reason, EndedAt: &at}); err != nil {
			return err
		}
		run, err := q.Run(ctx, id)
		if err != nil {
			return err
		}
		if rejected = run.Status == workflowapi.VerdictRejected; !rejected {
			return nil
		}
		return clearStaged(ctx, q, id)
	})
	if err != nil {
		return false, failure.ToTemporal(fmt.Errorf("rejecting a run that awaits approval: %w", err))
	}
	return rejected, nil
}

// supersedeWindow is how long after it was superseded a run is signalled again. A signal to a
// closed workflow has no effect.
const supersedeWindow = 3 * 24 * time.Hour

// SupersedePendingRuns closes the runs awaiting approval as superseded, because this run's snapshot
// is newer, and signals their workflows.
func (a *Activities) SupersedePendingRuns(ctx context.Context, runID string) error {
	id, err := uuid.Parse(runID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	at := a.now().UTC()
	if err := a.store.SupersedeRuns(ctx, sqlcgen.SupersedeRunsParams{ID: id, EndedAt: &at}); err != nil {
		return failure.ToTemporal(fmt.Errorf("superseding held runs: %w", err))
	}
	since := at.Add(-supersedeWindow)
	runs, err := a.store.SupersededRuns(ctx, &since)
	if err != nil {
		return fmt.Errorf("listing superseded runs: %w", err)
	}
	for _, run := range runs {
		if err := a.store.InTx(ctx, func(q *sqlcgen.Queries) error { return clearStaged(ctx, q, run) }); err != nil {
			return err
		}
		err := workflowapi.Send(ctx, a.workflows, workflowapi.ApprovalSignal(run.String(), workflowapi.SupersededSignal, nil))
		if err != nil && !workflowapi.IsNotFound(err) {
			return fmt.Errorf("superseding a run that awaits approval: %w", err)
		}
	}
	return nil
}

// ReportMissed records that no run began when one was due, and returns false if one did. A second
// call returns the same; the moderators are notified once.
func (a *Activities) ReportMissed(ctx context.Context, owner RunOwner, due time.Time) (bool, error) {
	at := a.now().UTC()
	var missed bool
	err := a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		began, err := q.RunsSince(ctx, due)
		if missed = err == nil && began == 0; !missed {
			return err
		}
		n, err := q.AddMissedRun(ctx, sqlcgen.AddMissedRunParams{
			ID: workflowapi.MissedRunID(due), WorkflowID: owner.WorkflowID, WorkflowRunID: owner.WorkflowRunID,
			Reason: registry.AlarmMissed.Text() + ".", StartedAt: due, EndedAt: &at,
		})
		if err != nil || n == 0 {
			return err
		}
		return notifyModerators(ctx, q, registry.AlarmMissed, at)
	})
	if err != nil {
		return false, failure.ToTemporal(fmt.Errorf("reporting a missed run: %w", err))
	}
	return missed, nil
}

// snapshotRetention is how long the files of old snapshots are stored.
const snapshotRetention = 30 * 24 * time.Hour

// RemoveOldSnapshots removes the files of old snapshots and the staged rows of closed runs. It does
// not remove the newest snapshot nor those awaiting approval.
func (a *Activities) RemoveOldSnapshots(ctx context.Context) error {
	if err := errors.Join(a.store.DeleteStaleChanges(ctx), a.store.DeleteStaleStaging(ctx)); err != nil {
		return fmt.Errorf("clearing what runs left staged: %w", err)
	}
	old, err := a.store.OldSnapshotFiles(ctx, a.now().Add(-snapshotRetention))
	if err != nil {
		return fmt.Errorf("listing old snapshots: %w", err)
	}
	for _, hash := range old {
		if err := a.files.RemoveSnapshot(ctx, hash); err != nil {
			return fmt.Errorf("removing an old snapshot: %w", err)
		}
	}
	return nil
}
