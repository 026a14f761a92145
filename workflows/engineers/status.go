// Package engineers contains the workflows that carry out a moderator's and an employer's decision
// on an engineer, and the notification of orders about a new engineer status.
package engineers

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	activities "epkr/activities/engineers"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
	"epkr/workflows/internal/policies"
)

// ApplyDecision carries out a moderator's decision to block or unblock an engineer and notifies the
// engineer's orders.
func ApplyDecision(ctx workflow.Context, in workflowapi.EngineerStatusInput) (workflowapi.EngineerStatusReport, error) {
	// Only another decision revokes a decision, so the workflow ignores cancellation.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	var report workflowapi.EngineerStatusReport
	applying := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Запись решения модератора"))
	err := workflow.ExecuteActivity(applying, activities.ApplyDecision, in.DecisionID).Get(applying, &report.Applied)
	if err != nil {
		return report, err
	}
	notified, err := NotifyOrders(ctx, order.BySourceModerator)
	report.Notified, report.Skipped = notified.Notified, notified.Skipped
	return report, err
}

// EmployerDecision notifies an engineer's orders of his employer's decision, which the API has
// carried out already.
func EmployerDecision(ctx workflow.Context) (workflowapi.EngineerStatusReport, error) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	notified, err := NotifyOrders(ctx, order.BySourceEmployer)
	return workflowapi.EngineerStatusReport{Applied: true, Notified: notified.Notified, Skipped: notified.Skipped}, err
}

// ApplyPendingDecisions carries out the decisions whose workflow was terminated or never started.
func ApplyPendingDecisions(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Исполнение оставшихся решений модераторов"))
	return workflow.ExecuteActivity(ctx, activities.ApplyPendingDecisions).Get(ctx, nil)
}

// NotifyOrders notifies the orders of the status changes by one source that they have not recorded.
func NotifyOrders(ctx workflow.Context, source order.Source) (activities.NotifyProgress, error) {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Оповещение заказов о статусе инженеров"))
	var notified activities.NotifyProgress
	err := workflow.ExecuteActivity(ctx, activities.NotifyOrders, source).Get(ctx, &notified)
	return notified, err
}

// Register registers the workflows of decisions on engineers with a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(ApplyDecision, workflow.RegisterOptions{Name: workflowapi.EngineerStatusWorkflow})
	r.RegisterWorkflowWithOptions(EmployerDecision, workflow.RegisterOptions{Name: workflowapi.EmployerDecisionWorkflow})
}
