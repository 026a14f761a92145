package workflowapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"epkr/internal/registry"
	"epkr/internal/schedule"
)

// The type names of the registry's workflows.
const (
	RegistrySyncWorkflow     = "RegistrySync"
	RegistryApprovalWorkflow = "RegistryHold"
	RegistryMissedWorkflow   = "RegistryMissed"
)

// RegistrySchedule is the id of the schedule that starts the nightly synchronisation, and the
// prefix of the ids of its workflows.
const RegistrySchedule = "registry-sync"

// The signals of a run awaiting approval. An operator sends the first two with a
// [RegistryDecision]; a run with a newer snapshot sends the third.
const (
	ConfirmSignal    = "confirm"
	RejectSignal     = "reject"
	SupersededSignal = "superseded"
)

// RegistryDecision is an operator's decision on a snapshot awaiting approval. Both fields are
// required and must not contain personal data, except the operator's own name. A moderator is
// identified by an id; such a decision counts only if the API has stored it before.
type RegistryDecision struct {
	Operator string `json:"operator"`
	Reason   string `json:"reason"`
}

// ReasonDigest returns the SHA-256 of the reason. A moderator's decision is compared by it with the
// one that the API stored.
func (d RegistryDecision) ReasonDigest() string {
	sum := sha256.Sum256([]byte(d.Reason))
	return hex.EncodeToString(sum[:])
}

// StatusRunning is the status of a run without a verdict.
const StatusRunning = "running"

// The verdicts of a run.
const (
	VerdictCompleted        = "completed"  // the snapshot was applied
	VerdictNoop             = "noop"       // there was no new snapshot
	VerdictAwaitingApproval = "held"       // the snapshot awaits an operator's approval
	VerdictFailed           = "failed"     // the snapshot could not be used
	VerdictRejected         = "rejected"   // an operator rejected the held snapshot
	VerdictSuperseded       = "superseded" // a newer snapshot came before a decision
	VerdictMissed           = "missed"     // no run began when one was due
)

// RegistryReport is the report of a run: the workflow's result, which its row repeats.
type RegistryReport struct {
	RunID   string `json:"runId"`
	Verdict string `json:"verdict"`
	// Code identifies a fault for programs; Reason describes it in Russian.
	Code   string `json:"code,omitempty"`
	Reason string `json:"reason"`
	// AsOf is the date of the snapshot in UTC, SHA256 the hash of its file.
	AsOf   time.Time `json:"asOf,omitzero"`
	SHA256 string    `json:"sha256,omitempty"`
	Rows   int       `json:"rows"`

	RegistryDifference
	Notified int `json:"told"`    // orders that were notified
	Skipped  int `json:"skipped"` // orders whose workflow has closed

	FetchMillis   int64 `json:"fetchMillis"`
	StageMillis   int64 `json:"stageMillis"`
	CompareMillis int64 `json:"compareMillis"`
	ApplyMillis   int64 `json:"applyMillis"`
	NotifyMillis  int64 `json:"tellMillis"`
}

// RegistryDifference counts the active engineers and those whom a snapshot changes.
type RegistryDifference struct {
	Active   int `json:"active"`
	Added    int `json:"added"`
	Lost     int `json:"lost"`
	Restored int `json:"restored"`
	Changed  int `json:"changed"`
}

// RegistryApprovalInput is the input of the workflow that awaits an operator's approval.
type RegistryApprovalInput struct {
	Report   RegistryReport    `json:"report"`
	Snapshot registry.Manifest `json:"snapshot"`
}

// RegistryMissedInput contains the moment at which no run began.
type RegistryMissedInput struct {
	Due time.Time `json:"due"`
}

// RegistryApprovalSummary is the summary of the approval workflow in the Temporal UI.
const RegistryApprovalSummary = "Снимок реестра СРО ждёт решения оператора"

// RegistryApprovalID returns the id of the approval workflow of a run.
func RegistryApprovalID(runID string) string { return "RegistryHold-" + runID }

// PendingSnapshot contains the data of a run awaiting approval that restart its approval workflow.
type PendingSnapshot struct {
	RunID  string
	Reason string
	AsOf   time.Time
	SHA256 string
	Rows   int
}

// SendSnapshotDecision signals an operator's decision to the approval workflow. The signal starts
// the workflow if it was terminated or never started.
func SendSnapshotDecision(ctx context.Context, c Signaler, taskQueue string, held PendingSnapshot, signal string, d RegistryDecision) (client.WorkflowRun, error) {
	s := ApprovalSignal(held.RunID, signal, d)
	s.Start = &Start{
		Workflow: RegistryApprovalWorkflow,
		Input: RegistryApprovalInput{
			Report:   RegistryReport{RunID: held.RunID, Verdict: VerdictAwaitingApproval, Code: "fuse", Reason: held.Reason, AsOf: held.AsOf, SHA256: held.SHA256, Rows: held.Rows},
			Snapshot: registry.Manifest{Format: registry.FormatVersion, AsOf: held.AsOf, Rows: held.Rows, Files: []registry.File{{SHA256: held.SHA256}}},
		},
		Options: client.StartWorkflowOptions{TaskQueue: taskQueue, StaticSummary: RegistryApprovalSummary},
	}
	run, err := sendAndStart(ctx, c, s)
	if err != nil {
		return nil, fmt.Errorf("sending a decision on a run that awaits approval: %w", err)
	}
	return run, nil
}

// StartRegistryRun triggers the schedule with this id, unless a run is in progress.
func StartRegistryRun(ctx context.Context, c client.Client, scheduleID string) error {
	return c.ScheduleClient().GetHandle(ctx, scheduleID).Trigger(ctx, client.ScheduleTriggerOptions{
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
	})
}

// RegistryMissedOptions returns the start options of the workflow that reports a missed run of the
// schedule with this id. A missed run is reported once, however often the workflow is started.
func RegistryMissedOptions(scheduleID string, due time.Time, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       scheduleID + "-missed-" + due.UTC().Format(time.RFC3339),
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		StaticSummary:            "Загрузка реестра СРО не началась вовремя",
	}
}

// registryCatchUp is how late a run may start after an outage.
const registryCatchUp = 12 * time.Hour

// EnsureRegistrySchedule creates the schedule of the nightly synchronisation or updates the
// existing one. It does not change whether the schedule is paused.
func EnsureRegistrySchedule(ctx context.Context, c client.Client, id, taskQueue string, at schedule.Schedule) error {
	spec := client.ScheduleSpec{CronExpressions: []string{at.String()}, TimeZoneName: "Europe/Moscow"}
	action := &client.ScheduleWorkflowAction{
		ID: id, Workflow: RegistrySyncWorkflow, TaskQueue: taskQueue, StaticSummary: "Ночная загрузка реестра СРО",
	}
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: id, Spec: spec, Action: action, Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: registryCatchUp,
	})
	if err == nil {
		return nil
	}
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return fmt.Errorf("creating the schedule of the registry: %w", err)
	}
	handle := c.ScheduleClient().GetHandle(ctx, id)
	existing, err := handle.Describe(ctx)
	if err != nil {
		return fmt.Errorf("reading the schedule of the registry: %w", err)
	}
	if sameSchedule(existing, action, at) {
		return nil
	}
	err = handle.Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			s := in.Description.Schedule
			s.Spec, s.Action = &spec, action
			s.Policy = &client.SchedulePolicies{Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: registryCatchUp}
			return &client.ScheduleUpdate{Schedule: &s}, nil
		},
	})
	if err != nil {
		return fmt.Errorf("updating the schedule of the registry: %w", err)
	}
	return nil
}

// sameSchedule reports whether an update would change nothing. After an update the server no longer
// catches up on the runs that it had missed, so needless ones are skipped. The server does not
// return the cron text, so the function compares the next action times.
func sameSchedule(existing *client.ScheduleDescription, action *client.ScheduleWorkflowAction, at schedule.Schedule) bool {
	old, ok := existing.Schedule.Action.(*client.ScheduleWorkflowAction)
	if !ok || old.TaskQueue != action.TaskQueue || old.Workflow != action.Workflow || len(existing.Info.NextActionTimes) < 3 {
		return false
	}
	next := existing.Info.NextActionTimes
	for i := range len(next) - 1 {
		if !at.Next(next[i]).Equal(next[i+1]) {
			return false
		}
	}
	return at.Last(next[0]).Equal(next[0])
}

// EngineerStatusWorkflow is the type name of the workflow that carries out a moderator's decision
// on an engineer.
const EngineerStatusWorkflow = "EngineerStanding"

// EngineerStatusInput identifies the row of the decision, which also contains the reason.
type EngineerStatusInput struct {
	DecisionID string `json:"decisionId"`
}

// EngineerStatusReport is the result of carrying out a decision.
type EngineerStatusReport struct {
	// Applied is false if a newer decision is in force.
	Applied  bool `json:"applied"`
	Notified int  `json:"told"`
	Skipped  int  `json:"skipped"`
}

// DecisionID returns the id of a moderator's decision on an engineer under an idempotency key.
func DecisionID(moderator string, engineer uuid.UUID, blocked bool, key string) uuid.UUID {
	action := "unblock"
	if blocked {
		action = "block"
	}
	return derive(httpNamespace, "decision", moderator, engineer.String(), action, key)
}

// EngineerStatusOptions returns the start options of the workflow of a stored decision. They find a
// workflow that is already running, and do not start one again that has succeeded.
func EngineerStatusOptions(decision uuid.UUID, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       "engineer-standing-" + decision.String(),
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		StaticSummary:            "Решение модератора о кадастровом инженере",
	}
}

// EmployerDecisionWorkflow is the type name of the workflow that notifies an engineer's orders of his
// employer's decision.
const EmployerDecisionWorkflow = "EmployerDecision"

// EmployerDecisionOptions returns the start options of that workflow after the change of an
// employment to a version. A change starts it once.
func EmployerDecisionOptions(employment uuid.UUID, version int32, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       fmt.Sprintf("employer-decision-%s-%d", employment, version),
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		StaticSummary:            "Решение работодателя о кадастровом инженере",
	}
}
