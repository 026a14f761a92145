package workflows_test

import (
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"

	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// events returns the history of a run of the order, of the newest run if it is empty.
func (o *testOrder) events(run string) []*historypb.HistoryEvent {
	o.t.Helper()
	var events []*historypb.HistoryEvent
	all := o.temporal.GetWorkflowHistory(o.t.Context(), workflowapi.OrderWorkflowID(o.id), run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for all.HasNext() {
		e, err := all.Next()
		require.NoError(o.t, err)
		events = append(events, e)
	}
	return events
}

// settledEvents returns the events of a run once no workflow task is in progress.
func (o *testOrder) settledEvents(run string) []*historypb.HistoryEvent {
	o.t.Helper()
	var events []*historypb.HistoryEvent
	testenv.Eventually(o.t, "the end of the workflow task", func() bool {
		events = o.events(run)
		return !taskInProgress(events)
	})
	return events
}

// taskInProgress reports whether the history ends within a workflow task or before one.
func taskInProgress(events []*historypb.HistoryEvent) bool {
	open := false
	for _, e := range events {
		switch e.GetEventType() {
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, enumspb.EVENT_TYPE_WORKFLOW_TASK_STARTED,
			enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, enumspb.EVENT_TYPE_TIMER_FIRED:
			open = true
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
			open = false
		}
	}
	return open
}

// runIDs returns the ids of the order's runs, first to last.
func (o *testOrder) runIDs() []string {
	o.t.Helper()
	id := o.runID()
	var runs []string
	for id != "" {
		runs = append([]string{id}, runs...)
		id = o.events(id)[0].GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId()
	}
	return runs
}

// runID returns the id of the newest run.
func (o *testOrder) runID() string {
	return o.describe().GetWorkflowExecutionInfo().GetExecution().GetRunId()
}

func count(events []*historypb.HistoryEvent, kind enumspb.EventType) (n int) {
	for _, e := range events {
		if e.GetEventType() == kind {
			n++
		}
	}
	return n
}

// failedTasks counts the failed workflow tasks of the newest run. The history does not contain a
// task in progress, so its attempts are added.
func (o *testOrder) failedTasks() int {
	o.t.Helper()
	attempts := int(o.describe().GetPendingWorkflowTask().GetAttempt())
	return count(o.events(""), enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED) + max(attempts-1, 0)
}

func (o *testOrder) describe() *workflowservice.DescribeWorkflowExecutionResponse {
	o.t.Helper()
	d, err := o.temporal.DescribeWorkflowExecution(o.t.Context(), workflowapi.OrderWorkflowID(o.id), "")
	require.NoError(o.t, err)
	return d
}
