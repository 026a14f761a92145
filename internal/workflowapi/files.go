package workflowapi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// StoreFileWorkflow is the type name of the workflow that checks and keeps one uploaded file.
const StoreFileWorkflow = "StoreFile"

// SweepFilesWorkflow is the type name of the workflow that removes what nobody came back for.
const SweepFilesWorkflow = "SweepFiles"

// SweepSchedule is the id of the schedule that starts it.
const SweepSchedule = "sweep-files"

// StoreFileInput names the row of the file; what was declared of it stands there.
type StoreFileInput struct {
	FileID string `json:"fileId"`
}

// StoreFileOptions start the check of a file or find the one under way. A check that ended may be asked for again: it
// finds its answer and changes nothing.
func StoreFileOptions(fileID uuid.UUID, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       "file-" + fileID.String(),
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "Проверка загруженного файла",
	}
}

// EnsureSweep creates the schedule of the sweep if there is none. One that is there stays as it is, paused by an operator
// or not.
func EnsureSweep(ctx context.Context, c client.Client, taskQueue string) error {
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:      SweepSchedule,
		Spec:    client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: 6 * time.Hour}}},
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
		Action: &client.ScheduleWorkflowAction{
			ID: SweepSchedule, Workflow: SweepFilesWorkflow, TaskQueue: taskQueue,
			StaticSummary: "Удаление брошенных загрузок и текстов",
		},
	})
	if err != nil && !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return fmt.Errorf("creating the schedule of the sweep: %w", err)
	}
	return nil
}
