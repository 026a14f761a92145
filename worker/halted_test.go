package main

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/db"
	"epkr/internal/acceptance"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// A reset in the Temporal UI brings a halted order back: its alarm ends by itself.
func TestAlarmOfAHaltedOrderEndsOnceItsWorkflowRuns(t *testing.T) {
	acceptance.Covers(t, "B-1")
	c, url := testenv.Temporal(t), testenv.Database(t)
	store, err := db.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	revived, gone := uuid.New(), uuid.New()
	for _, id := range []uuid.UUID{revived, gone} {
		testenv.Exec(t, url, `insert into order_alarms (order_id, kind, raised_at) values ($1, 'order-halted', $2)`, id, time.Now())
	}
	options := client.StartWorkflowOptions{ID: workflowapi.OrderWorkflowID(revived), TaskQueue: testenv.TaskQueue(t)}
	_, err = c.ExecuteWorkflow(t.Context(), options, "Order")
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = c.TerminateWorkflow(context.WithoutCancel(t.Context()), options.ID, "", "the test has ended")
	})

	require.NoError(t, (&haltedWatch{store, c}).refresh(t.Context()))
	left, err := store.HaltedOrders(t.Context())
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{gone}, left)
}
