package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// haltedWatch ends the alarms of halted orders whose workflows run again, as after a reset in the
// Temporal UI. A restart from the record ends the alarm itself.
type haltedWatch struct {
	store    *db.Store
	temporal client.Client
}

// run checks the halted orders every minute until ctx ends.
func (w *haltedWatch) run(ctx context.Context) {
	refreshRegularly(ctx, "the halted orders could not be checked", w.refresh)
}

func (w *haltedWatch) refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	halted, err := w.store.HaltedOrders(ctx)
	if err != nil {
		return fmt.Errorf("reading the halted orders: %w", err)
	}
	for _, id := range halted {
		found, err := w.temporal.DescribeWorkflowExecution(ctx, workflowapi.OrderWorkflowID(id), "")
		switch {
		case workflowapi.IsNotFound(err):
			continue
		case err != nil:
			return fmt.Errorf("describing the workflow of order %s: %w", id, err)
		case found.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING:
			continue
		}
		if err := w.store.EndAlarm(ctx, sqlcgen.EndAlarmParams{OrderID: id, Kind: string(order.AlarmHalted)}); err != nil {
			return fmt.Errorf("ending the alarm of order %s: %w", id, err)
		}
		slog.InfoContext(ctx, "a halted order runs again", "order", id)
	}
	return nil
}
