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
	RegistrySyncWorkflow   = "RegistrySync"
	RegistryHoldWorkflow   = "RegistryHold"
	RegistryMissedWorkflow = "RegistryMissed"
)

// RegistrySchedule is the id of the schedule that starts the nightly reading, and the beginning of its workflows' ids.
const RegistrySchedule = "registry-sync"

// The signals of a held run. The first two come from an operator with a [RegistryDecision], the third from a newer snapshot.
const (
	ConfirmSignal    = "confirm"
	RejectSignal     = "reject"
	SupersededSignal = "superseded"
)

// RegistryDecision is what an operator says of a held snapshot. Both fields are required; neither is for personal data but
// the operator's own name. A moderator is named by his id, which counts only if the API kept the decision first.
type RegistryDecision struct {
	Operator string `json:"operator"`
	Reason   string `json:"reason"`
}

// ReasonDigest is by what a moderator's decision is known to be the one that he gave.
func (d RegistryDecision) ReasonDigest() string {
	sum := sha256.Sum256([]byte(d.Reason))
	return hex.EncodeToString(sum[:])
}

// StatusRunning is the status of a run that has no verdict yet.
const StatusRunning = "running"

// The verdicts of a run.
const (
	VerdictCompleted  = "completed"  // the snapshot was applied
	VerdictNoop       = "noop"       // there was no new snapshot
	VerdictHeld       = "held"       // the snapshot waits for an operator
	VerdictFailed     = "failed"     // the snapshot could not be used
	VerdictRejected   = "rejected"   // an operator rejected the held snapshot
	VerdictSuperseded = "superseded" // a newer snapshot came before an operator decided
	VerdictMissed     = "missed"     // no run began at the time of one
)

// RegistryReport says what came of a run: the workflow's result, and the same as its row.
type RegistryReport struct {
	RunID   string `json:"runId"`
	Verdict string `json:"verdict"`
	// Code names a fault for programs, Reason says it in Russian.
	Code   string `json:"code,omitempty"`
	Reason string `json:"reason"`
	// AsOf is the date of the snapshot, UTC; SHA256 of its file.
	AsOf   time.Time `json:"asOf,omitzero"`
	SHA256 string    `json:"sha256,omitempty"`
	Rows   int       `json:"rows"`

	RegistryDifference
	Told    int `json:"told"`    // orders that were told of an engineer
	Skipped int `json:"skipped"` // orders whose workflow has closed

	FetchMillis   int64 `json:"fetchMillis"`
	StageMillis   int64 `json:"stageMillis"`
	CompareMillis int64 `json:"compareMillis"`
	ApplyMillis   int64 `json:"applyMillis"`
	TellMillis    int64 `json:"tellMillis"`
}

// RegistryDifference counts engineers: how many are active, and what a snapshot changes.
type RegistryDifference struct {
	Active   int `json:"active"`
	Added    int `json:"added"`
	Lost     int `json:"lost"`
	Restored int `json:"restored"`
	Changed  int `json:"changed"`
}

// RegistryHoldInput starts the wait for an operator.
type RegistryHoldInput struct {
	Report   RegistryReport    `json:"report"`
	Snapshot registry.Manifest `json:"snapshot"`
}

// RegistryMissedInput names the moment at which no run began.
type RegistryMissedInput struct {
	Due time.Time `json:"due"`
}

// RegistryHoldSummary is what the wait for an operator is called in the Temporal UI.
const RegistryHoldSummary = "Снимок реестра СРО ждёт решения оператора"

// RegistryHoldID is the workflow id of the wait for an operator.
func RegistryHoldID(runID string) string { return "RegistryHold-" + runID }

// HeldSnapshot is what a run that waits for an operator needs of its report to begin to wait anew.
type HeldSnapshot struct {
	RunID  string
	Reason string
	AsOf   time.Time
	SHA256 string
	Rows   int
}

// DecideOnHeld sends an operator's decision, as one of the two signals, to the workflow that waits for it. If that workflow was terminated
// or never started, the signal starts it.
func DecideOnHeld(ctx context.Context, c Signaler, taskQueue string, held HeldSnapshot, signal string, d RegistryDecision) (client.WorkflowRun, error) {
	s := HoldSignal(held.RunID, signal, d)
	s.Start = &Start{
		Workflow: RegistryHoldWorkflow,
		Input: RegistryHoldInput{
			Report:   RegistryReport{RunID: held.RunID, Verdict: VerdictHeld, Code: "fuse", Reason: held.Reason, AsOf: held.AsOf, SHA256: held.SHA256, Rows: held.Rows},
			Snapshot: registry.Manifest{Format: registry.FormatVersion, AsOf: held.AsOf, Rows: held.Rows, Files: []registry.File{{SHA256: held.SHA256}}},
		},
		Options: client.StartWorkflowOptions{TaskQueue: taskQueue, StaticSummary: RegistryHoldSummary},
	}
	run, err := sendAndStart(ctx, c, s)
	if err != nil {
		return nil, fmt.Errorf("sending a decision on a held run: %w", err)
	}
	return run, nil
}

// StartRegistryRun starts a run by the schedule with this id, unless one is under way.
func StartRegistryRun(ctx context.Context, c client.Client, scheduleID string) error {
	return c.ScheduleClient().GetHandle(ctx, scheduleID).Trigger(ctx, client.ScheduleTriggerOptions{
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
	})
}

// RegistryMissedOptions start the alarm of a night that the schedule with this id missed, once however often it is asked for.
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

// EnsureRegistrySchedule creates the schedule of the nightly reading or brings the one that is there up to date. Whether it
// is paused stays as an operator left it.
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
	there, err := handle.Describe(ctx)
	if err != nil {
		return fmt.Errorf("reading the schedule of the registry: %w", err)
	}
	if sameSchedule(there, action, at) {
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

// sameSchedule spares an update that changes nothing: after one, the server counts as new what it had missed. The server
// keeps no cron text, so the moments that it will act at are compared.
func sameSchedule(there *client.ScheduleDescription, action *client.ScheduleWorkflowAction, at schedule.Schedule) bool {
	old, ok := there.Schedule.Action.(*client.ScheduleWorkflowAction)
	if !ok || old.TaskQueue != action.TaskQueue || old.Workflow != action.Workflow || len(there.Info.NextActionTimes) < 3 {
		return false
	}
	next := there.Info.NextActionTimes
	for i := range len(next) - 1 {
		if !at.Next(next[i]).Equal(next[i+1]) {
			return false
		}
	}
	return at.Last(next[0]).Equal(next[0])
}

// EngineerStandingWorkflow is the type name of the workflow that carries out a moderator's decision on an engineer.
const EngineerStandingWorkflow = "EngineerStanding"

// EngineerStandingInput names the row of the decision, in which its reason stands.
type EngineerStandingInput struct {
	DecisionID string `json:"decisionId"`
}

// EngineerStandingReport says what came of a decision.
type EngineerStandingReport struct {
	// Applied is false for a decision older than the one that stands.
	Applied bool `json:"applied"`
	Told    int  `json:"told"`
	Skipped int  `json:"skipped"`
}

// DecisionID is the id of the decision on an engineer that a moderator makes under an idempotency key.
func DecisionID(moderator string, engineer uuid.UUID, blocked bool, key string) uuid.UUID {
	what := "unblock"
	if blocked {
		what = "block"
	}
	return derive(httpNamespace, "decision", moderator, engineer.String(), what, key)
}

// EngineerStandingOptions start the carrying out of a decision whose row is written, or find it under way. One that was carried out
// is not started again.
func EngineerStandingOptions(decision uuid.UUID, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       "engineer-standing-" + decision.String(),
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		StaticSummary:            "Решение модератора о кадастровом инженере",
	}
}
