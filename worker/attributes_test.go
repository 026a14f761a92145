package main

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"epkr/internal/acceptance"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// lateServer fails the first queries by search attributes with a given error.
type lateServer struct {
	client.Client
	late  int
	asked int
	fault error
}

func (s *lateServer) CountWorkflow(
	ctx context.Context, in *workflowservice.CountWorkflowExecutionsRequest,
) (*workflowservice.CountWorkflowExecutionsResponse, error) {
	if s.asked++; s.asked <= s.late {
		return nil, s.fault
	}
	return s.Client.CountWorkflow(ctx, in)
}

// EnsureAttributes waits until the server accepts queries by the search attributes; other errors
// are returned at once.
func TestSearchAttributesAreAwaited(t *testing.T) {
	acceptance.Covers(t, "B-6")
	late := &lateServer{Client: testenv.Temporal(t), late: 2, fault: serviceerror.NewInvalidArgument("invalid search attribute: Stage")}
	require.NoError(t, workflowapi.EnsureAttributes(t.Context(), late, client.DefaultNamespace))
	require.Equal(t, 3, late.asked)

	broken := &lateServer{Client: testenv.Temporal(t), late: 1, fault: errors.New("no connection")}
	require.ErrorContains(t, workflowapi.EnsureAttributes(t.Context(), broken, client.DefaultNamespace), "no connection")
	require.Equal(t, 1, broken.asked)
}
