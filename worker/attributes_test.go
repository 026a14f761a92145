package main

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/types/known/durationpb"

	"epkr/internal/testenv"
	"epkr/workflows/contract"
)

// In a namespace that is new to the server the attributes can be used as soon as the worker is told that they are there.
func TestSearchAttributesCanBeUsedAtOnce_B_1(t *testing.T) {
	c := testenv.Temporal(t)
	for range 3 {
		namespace := "attributes-" + uuid.NewString()
		_, err := c.WorkflowService().RegisterNamespace(t.Context(), &workflowservice.RegisterNamespaceRequest{
			Namespace: namespace, WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
		})
		require.NoError(t, err)
		count := &workflowservice.CountWorkflowExecutionsRequest{Namespace: namespace}
		testenv.Eventually(t, "the namespace is known", func() bool {
			_, err := c.CountWorkflow(t.Context(), count)
			return err == nil
		})
		require.NoError(t, contract.EnsureAttributes(t.Context(), c, namespace))
		count.Query = `Stage = 'work' and Deadline < '2030-01-01T00:00:00Z' and Alarm is null`
		_, err = c.CountWorkflow(t.Context(), count)
		require.NoError(t, err)
	}
}
