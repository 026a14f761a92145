package workflowapi_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// recordingClient records the calls of Send and returns a fixed error.
type recordingClient struct {
	signals, starts []string
	options         client.StartWorkflowOptions
	input           any
	fault           error
}

func (d *recordingClient) SignalWorkflow(_ context.Context, workflowID, runID, signal string, _ any) error {
	d.signals = append(d.signals, workflowID+runID+" "+signal)
	return d.fault
}

func (d *recordingClient) SignalWithStartWorkflow(
	_ context.Context, workflowID, signal string, _ any, options client.StartWorkflowOptions, workflow any, args ...any,
) (client.WorkflowRun, error) {
	d.starts = append(d.starts, workflowID+" "+signal+" "+workflow.(string))
	d.options, d.input = options, args[0]
	return nil, d.fault
}

// Only the message that creates an order starts a workflow, with the start options of orders. All
// other messages need an open workflow.
func TestOnlyCreationStartsAnOrder(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	id := uuid.MustParse("3f2504e0-4f89-41d3-9a0c-0305e82c3301")
	for _, rule := range order.Rules() {
		d := &recordingClient{}
		require.NoError(t, workflowapi.Send(t.Context(), d, workflowapi.OrderMessage("queue", id, rule.Kind, nil)))
		if rule.Kind != order.Create {
			require.Equal(t, []string{"order-" + id.String() + " " + string(rule.Kind)}, d.signals)
			require.Empty(t, d.starts)
			continue
		}
		require.Empty(t, d.signals)
		require.Equal(t, []string{"order-" + id.String() + " create Order"}, d.starts)
		require.Equal(t, workflowapi.StartOptions(id, "queue"), d.options)
		require.Equal(t, workflowapi.OrderInput{State: order.State{ID: id.String()}}, d.input)
	}
}

// IsNotFound recognises a closed workflow and no other error.
func TestClosedWorkflowIsNotFound(t *testing.T) {
	t.Parallel()
	d := &recordingClient{fault: serviceerror.NewNotFound("workflow execution already completed")}
	require.True(t, workflowapi.IsNotFound(workflowapi.Send(t.Context(), d, workflowapi.RejoinOrder(uuid.New()))))
	d.fault = errors.New("no connection")
	require.False(t, workflowapi.IsNotFound(workflowapi.Send(t.Context(), d, workflowapi.ApprovalSignal("run", workflowapi.RejectSignal, nil))))
	require.Equal(t, "RegistryHold-run reject", d.signals[1])
}
