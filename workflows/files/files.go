// Package files are the workflows of uploaded files.
package files

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	activities "epkr/activities/files"
	"epkr/internal/workflowapi"
	"epkr/workflows/internal/policies"
)

// Store checks one uploaded file against what was declared of it and keeps it where nobody can change it.
func Store(ctx workflow.Context, in workflowapi.StoreFileInput) error {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Проверка и сохранение файла"))
	return workflow.ExecuteActivity(ctx, activities.SealFile, in.FileID).Get(ctx, nil)
}

// Sweep removes the uploads, files and texts that nobody came back for.
func Sweep(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Удаление брошенных загрузок и текстов"))
	return workflow.ExecuteActivity(ctx, activities.SweepAbandoned).Get(ctx, nil)
}

// Register makes the workflows of files known to a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Store, workflow.RegisterOptions{Name: workflowapi.StoreFileWorkflow})
	r.RegisterWorkflowWithOptions(Sweep, workflow.RegisterOptions{Name: workflowapi.SweepFilesWorkflow})
}
