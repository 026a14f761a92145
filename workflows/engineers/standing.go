// Package engineers are the workflows on the standing of engineers, and how the orders learn of it.
package engineers

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	activities "epkr/activities/engineers"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
	"epkr/workflows/internal/policies"
)

// Standing carries out a moderator's decision to block an engineer or to lift the block, and has his orders told.
func Standing(ctx workflow.Context, in workflowapi.EngineerStandingInput) (workflowapi.EngineerStandingReport, error) {
	// A decision is taken back by another one, not by a cancellation.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	var report workflowapi.EngineerStandingReport
	applying := workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Запись решения модератора"))
	err := workflow.ExecuteActivity(applying, activities.ApplyDecision, in.DecisionID).Get(applying, &report.Applied)
	if err != nil {
		return report, err
	}
	told, err := TellOrders(ctx, order.BySourceModerator)
	report.Told, report.Skipped = told.Told, told.Skipped
	return report, err
}

// ApplyDecisionsLeft has the decisions carried out that no workflow carries out any more.
func ApplyDecisionsLeft(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Исполнение оставшихся решений модераторов"))
	return workflow.ExecuteActivity(ctx, activities.ApplyDecisionsLeft).Get(ctx, nil)
}

// TellOrders has the orders told what they have not recorded of one source.
func TellOrders(ctx workflow.Context, source order.Source) (activities.Telling, error) {
	ctx = workflow.WithActivityOptions(ctx, policies.Heartbeated("Оповещение заказов о статусе инженеров"))
	var told activities.Telling
	err := workflow.ExecuteActivity(ctx, activities.TellOrders, source).Get(ctx, &told)
	return told, err
}

// Register makes the workflow of moderators' decisions known to a worker.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Standing, workflow.RegisterOptions{Name: workflowapi.EngineerStandingWorkflow})
}
