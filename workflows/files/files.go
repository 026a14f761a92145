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
// For a file of a profile it then makes the picture that others see. A history from before profiles
// has an input without OfProfile, so it needs no patch.
func Store(ctx workflow.Context, in workflowapi.StoreFileInput) error {
	sealing := workflow.WithActivityOptions(ctx, policies.Heartbeated("Проверка и сохранение файла"))
	if !in.OfProfile {
		return workflow.ExecuteActivity(sealing, activities.SealFile, in.FileID).Get(ctx, nil)
	}
	var hash string
	if err := workflow.ExecuteActivity(sealing, activities.SealFile, in.FileID).Get(ctx, &hash); err != nil || hash == "" {
		return err
	}
	showing := workflow.WithActivityOptions(ctx, policies.Heartbeated("Подготовка снимка к показу"))
	return workflow.ExecuteActivity(showing, activities.ShowPicture, activities.PictureInput{FileID: in.FileID, SHA256: hash}).Get(ctx, nil)
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
