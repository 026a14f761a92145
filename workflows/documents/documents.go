// Package documents contains the workflow that makes a document of an order.
package documents

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	activities "epkr/activities/documents"
	"epkr/internal/workflowapi"
	"epkr/workflows/internal/policies"
)

// Make makes the files of one document.
func Make(ctx workflow.Context, in workflowapi.MakeDocumentInput) error {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Формирование и сохранение документа"))
	return workflow.ExecuteActivity(ctx, activities.MakeDocument, in.DocumentID).Get(ctx, nil)
}

// Register registers the workflow with a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Make, workflow.RegisterOptions{Name: workflowapi.MakeDocumentWorkflow})
}
