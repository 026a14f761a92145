package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/activities"
	"epkr/internal/workflowapi"
)

// files names the activities; only their methods' names are used here.
var files *activities.Files

// longActivity reads whole files: it tells that it lives, and retries for as long as the storage is away.
func longActivity(summary string) workflow.ActivityOptions {
	return workflow.ActivityOptions{
		StartToCloseTimeout: time.Hour,
		HeartbeatTimeout:    time.Minute,
		Summary:             summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    time.Second,
			BackoffCoefficient: 2,
			MaximumInterval:    time.Minute,
		},
	}
}

// StoreFile checks one uploaded file against what was declared of it and keeps it where nobody can change it.
func StoreFile(ctx workflow.Context, in workflowapi.StoreFileInput) error {
	ctx = workflow.WithActivityOptions(ctx, longActivity("Проверка и сохранение файла"))
	return workflow.ExecuteActivity(ctx, files.SealFile, in.FileID).Get(ctx, nil)
}

// SweepFiles removes the uploads, files and texts that nobody came back for.
func SweepFiles(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, longActivity("Удаление брошенных загрузок и текстов"))
	return workflow.ExecuteActivity(ctx, files.SweepAbandoned).Get(ctx, nil)
}

// RegisterFiles makes the workflows and the activities of files known to a worker.
func RegisterFiles(r worker.Registry, files *activities.Files) {
	r.RegisterWorkflowWithOptions(StoreFile, workflow.RegisterOptions{Name: workflowapi.StoreFileWorkflow})
	r.RegisterWorkflowWithOptions(SweepFiles, workflow.RegisterOptions{Name: workflowapi.SweepFilesWorkflow})
	r.RegisterActivity(files)
}
