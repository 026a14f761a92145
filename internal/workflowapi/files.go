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

// StoreFileWorkflow is the type name of the workflow that verifies and stores one uploaded file.
const StoreFileWorkflow = "StoreFile"

// SweepFilesWorkflow is the type name of the workflow that removes abandoned uploads and texts.
const SweepFilesWorkflow = "SweepFiles"

// SweepSchedule is the id of the schedule that starts SweepFilesWorkflow.
const SweepSchedule = "sweep-files"

// StoreFileInput identifies the row of the file, which contains what the uploader declared.
type StoreFileInput struct {
	FileID string `json:"fileId"`
	// OfProfile means that the file belongs to a profile, so that others see a picture made from it.
	OfProfile bool `json:"ofProfile,omitempty"`
}

// StoreFileOptions returns the start options of the check of a file. They find a check that is
// already running. A check that has ended may be started again: it finds its result and changes
// nothing.
func StoreFileOptions(fileID uuid.UUID, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       "file-" + fileID.String(),
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "Проверка загруженного файла",
	}
}

// EnsureSweep creates the schedule of the sweep if it does not exist. It does not change an
// existing one, paused or not.
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
