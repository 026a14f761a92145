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

// RunOwner is the workflow that has a run in hand.
type RunOwner struct {
	RunID         string `json:"runId"`
	WorkflowID    string `json:"workflowId"`
	WorkflowRunID string `json:"workflowRunId"`
}

// errBusy says that another run is under way. It passes.
var errBusy = errors.New("другая загрузка реестра ещё идёт")

// BeginRun opens the report of a run. One run is under way at a time; the next waits here. A second call finds the report.
func (a *Activities) BeginRun(ctx context.Context, owner RunOwner) error {
	id, err := uuid.Parse(owner.RunID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	err = a.store.BeginRun(ctx, sqlcgen.BeginRunParams{
		ID: id, WorkflowID: owner.WorkflowID, WorkflowRunID: owner.WorkflowRunID, StartedAt: a.now().UTC(),
	})
	if db.IsUniqueViolation(err, "registry_runs_alone") {
		return a.makeWay(ctx)
	}
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("beginning a run: %w", err))
	}
	return nil
}

// makeWay ends the report of a run whose workflow was terminated; for one that is alive there is only waiting. Either way
// the caller tries again.
func (a *Activities) makeWay(ctx context.Context) error {
	other, err := a.store.RunningRun(ctx)
	if err != nil {
		return fmt.Errorf("looking for the run under way: %w", err)
	}
	over, err := closed(ctx, a.workflows, other.WorkflowID, other.WorkflowRunID)
	if err != nil {
		return fmt.Errorf("asking for the run under way: %w", err)
	}
	if !over {
		return errBusy
	}
	at := a.now().UTC()
	err = a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
		n, err := q.BreakRun(ctx, sqlcgen.BreakRunParams{
			ID: other.ID, Code: "terminated", Reason: "Загрузка остановлена: её процесс прерван. Что она успела применить, осталось.", EndedAt: &at,
		})
		if err != nil || n == 0 {
			return err
		}
		return notify(ctx, q, registry.AlarmFailed, at)
	})
	if err != nil {
		return fmt.Errorf("ending the report of a terminated run: %w", err)
	}
	return errBusy
}

func notify(ctx context.Context, q *sqlcgen.Queries, alarm registry.Alarm, at time.Time) error {
	if err := q.AddModeratorNotice(ctx, sqlcgen.AddModeratorNoticeParams{Kind: string(alarm), CreatedAt: at}); err != nil {
		return fmt.Errorf("notifying the moderators: %w", err)
	}
	return nil
}

// ConcludeRun closes the report of a run with its verdict, and tells the moderators of one that needs a person. A report
// that is closed stays as it is.
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
		if err := q.SaveRun(ctx, savedRun(id, report, at)); err != nil {
			return err
		}
		switch report.Verdict {
		case workflowapi.VerdictHeld:
			return notify(ctx, q, registry.AlarmHeld, at)
		case workflowapi.VerdictFailed:
			return errors.Join(clearStaged(ctx, q, id), notify(ctx, q, registry.AlarmFailed, at))
		}
		return clearStaged(ctx, q, id)
	})
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("concluding a run: %w", err))
	}
	return nil
}

func savedRun(id uuid.UUID, r workflowapi.RegistryReport, at time.Time) sqlcgen.SaveRunParams {
	return sqlcgen.SaveRunParams{
		ID: id, Status: r.Verdict, Code: r.Code, Reason: r.Reason, EndedAt: &at, AsOf: optional.Time(r.AsOf), Sha256: r.SHA256,
		Rows: int32(r.Rows), ActiveBefore: int32(r.Active), Added: int32(r.Added), Lost: int32(r.Lost),
		Restored: int32(r.Restored), Changed: int32(r.Changed), Told: int32(r.Told), Skipped: int32(r.Skipped),
		FetchMs: r.FetchMillis, StageMs: r.StageMillis, CompareMs: r.CompareMillis, ApplyMs: r.ApplyMillis, TellMs: r.TellMillis,
	}
}

// ReportTold completes the report of a run that told the orders after its verdict.
func (a *Activities) ReportTold(ctx context.Context, report workflowapi.RegistryReport) error {
	id, err := uuid.Parse(report.RunID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	return failure.ToTemporal(a.store.SaveNotified(ctx, sqlcgen.SaveNotifiedParams{
		ID: id, Told: int32(report.Told), Skipped: int32(report.Skipped), TellMs: report.TellMillis,
	}))
}

// forgedQuiet is how long the moderators are not notified again of a forged decision.
const forgedQuiet = 24 * time.Hour

// ErrTypeNoDecision is a word on a held run that decides nothing. No retry mends it.
const ErrTypeNoDecision = "NoDecision"

// decisive refuses a word that names nobody, gives no reason or holds what no text may, and one in the name of a person of the platform
// that he did not give there: then the moderators are called.
func (a *Activities) decisive(ctx context.Context, run uuid.UUID, signal string, d workflowapi.RegistryDecision) error {
	if !humantext.Filled(d.Operator) || !humantext.Filled(d.Reason) || humantext.Fault(d.Operator+d.Reason) != "" {
		return temporal.NewNonRetryableApplicationError("a decision without an operator or a reason", ErrTypeNoDecision, nil)
	}
	person, err := uuid.Parse(d.Operator)
	if err != nil {
		return nil // an operator, by his name
	}
	kept, err := a.store.RunDecisionExists(ctx, sqlcgen.RunDecisionExistsParams{
		RunID: run, PersonID: person, Signal: signal, ReasonSha256: d.ReasonDigest(),
	})
	if err != nil {
		return fmt.Errorf("looking whether a decision was kept: %w", err)
	}
	if !kept {
		at := a.now().UTC()
		err = a.store.AddModeratorNoticeOnce(ctx, sqlcgen.AddModeratorNoticeOnceParams{
			Kind: string(registry.AlarmForged), CreatedAt: at, Quiet: at.Add(-forgedQuiet),
		})
		if err != nil {
			return fmt.Errorf("notifying the moderators: %w", err)
		}
		return temporal.NewNonRetryableApplicationError("a moderator's decision that did not come over the platform", ErrTypeNoDecision, nil)
	}
	return nil
}

// ClaimHeld takes a held run in hand again after an operator confirmed it. False if it is held no more.
func (a *Activities) ClaimHeld(ctx context.Context, owner RunOwner, d workflowapi.RegistryDecision) (bool, error) {
	id, err := uuid.Parse(owner.RunID)
	if err != nil {
		return false, fmt.Errorf("reading the run's id: %w", err)
	}
	if err := a.decisive(ctx, id, workflowapi.ConfirmSignal, d); err != nil {
		return false, err
	}
	n, err := a.store.ClaimRun(ctx, sqlcgen.ClaimRunParams{
		ID: id, Operator: d.Operator, Decision: d.Reason, WorkflowID: owner.WorkflowID, WorkflowRunID: owner.WorkflowRunID,
	})
	if db.IsUniqueViolation(err, "registry_runs_alone") {
		return false, a.makeWay(ctx)
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

// RejectHeld closes a held run unapplied. False if it is held no more.
func (a *Activities) RejectHeld(ctx context.Context, runID string, d workflowapi.RegistryDecision) (bool, error) {
	id, err := uuid.Parse(runID)
	if err != nil {
		return false, fmt.Errorf("reading the run's id: %w", err)
	}
	if err := a.decisive(ctx, id, workflowapi.RejectSignal, d); err != nil {
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
		return false, failure.ToTemporal(fmt.Errorf("rejecting a held run: %w", err))
	}
	return rejected, nil
}

// supersedeMemory is how far back runs are told again that a newer snapshot took their place: a workflow that has closed
// does not mind.
const supersedeMemory = 3 * 24 * time.Hour

// SupersedeHeld takes the place of the runs that wait for an operator: this run's snapshot is newer than theirs.
func (a *Activities) SupersedeHeld(ctx context.Context, runID string) error {
	id, err := uuid.Parse(runID)
	if err != nil {
		return fmt.Errorf("reading the run's id: %w", err)
	}
	at := a.now().UTC()
	if err := a.store.SupersedeRuns(ctx, sqlcgen.SupersedeRunsParams{ID: id, EndedAt: &at}); err != nil {
		return failure.ToTemporal(fmt.Errorf("superseding held runs: %w", err))
	}
	since := at.Add(-supersedeMemory)
	runs, err := a.store.SupersededRuns(ctx, &since)
	if err != nil {
		return fmt.Errorf("listing superseded runs: %w", err)
	}
	for _, run := range runs {
		if err := a.store.InTx(ctx, func(q *sqlcgen.Queries) error { return clearStaged(ctx, q, run) }); err != nil {
			return err
		}
		err := workflowapi.Send(ctx, a.workflows, workflowapi.HoldSignal(run.String(), workflowapi.SupersededSignal, nil))
		if err != nil && !workflowapi.IsNotFound(err) {
			return fmt.Errorf("telling a held run that it is superseded: %w", err)
		}
	}
	return nil
}

// ReportMissed writes down that no run began when one was due, and gives false if one has. A second call gives the same; the
// moderators learn of it once.
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
		return notify(ctx, q, registry.AlarmMissed, at)
	})
	if err != nil {
		return false, failure.ToTemporal(fmt.Errorf("reporting a missed run: %w", err))
	}
	return missed, nil
}

// snapshotsKept is how long the files of old snapshots stay.
const snapshotsKept = 30 * 24 * time.Hour

// RemoveOldSnapshots removes the files of snapshots that nobody goes back to, and what was left staged by a run that is over. The
// newest and the held ones stay.
func (a *Activities) RemoveOldSnapshots(ctx context.Context) error {
	if err := errors.Join(a.store.ClearRemainsOfChanges(ctx), a.store.ClearRemainsOfStaging(ctx)); err != nil {
		return fmt.Errorf("clearing what runs left staged: %w", err)
	}
	old, err := a.store.OldSnapshotFiles(ctx, a.now().Add(-snapshotsKept))
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
