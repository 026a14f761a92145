package workflows

import (
	"go.temporal.io/sdk/workflow"

	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// EngineerStanding carries out a moderator's decision to block an engineer or to lift the block, and has his orders told.
func EngineerStanding(ctx workflow.Context, in workflowapi.EngineerStandingInput) (workflowapi.EngineerStandingReport, error) {
	// A decision is taken back by another one, not by a cancellation.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	var report workflowapi.EngineerStandingReport
	applying := workflow.WithActivityOptions(ctx, patientActivity("Запись решения модератора"))
	err := workflow.ExecuteActivity(applying, standings.ApplyDecision, in.DecisionID).Get(applying, &report.Applied)
	if err != nil {
		return report, err
	}
	told, err := tellOrders(ctx, order.BySourceModerator)
	report.Told, report.Skipped = told.Told, told.Skipped
	return report, err
}
