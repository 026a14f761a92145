// Package files contains the workflows of uploaded files.
package files

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	activities "epkr/activities/files"
	"epkr/internal/workflowapi"
	"epkr/workflows/internal/policies"
)

// Store verifies an uploaded file against its declaration and stores it where it cannot be changed.
func Store(ctx workflow.Context, in workflowapi.StoreFileInput) error {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Проверка и сохранение файла"))
	return workflow.ExecuteActivity(ctx, activities.SealFile, in.FileID).Get(ctx, nil)
}

// Sweep removes abandoned uploads, files and texts.
func Sweep(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Удаление брошенных загрузок и текстов"))
	return workflow.ExecuteActivity(ctx, activities.SweepAbandoned).Get(ctx, nil)
}

// Register registers the workflows of files with a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Store, workflow.RegisterOptions{Name: workflowapi.StoreFileWorkflow})
	r.RegisterWorkflowWithOptions(Sweep, workflow.RegisterOptions{Name: workflowapi.SweepFilesWorkflow})
}
