package workflows_test

import (
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"

	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// events are the history of one run of the order, of the newest if it is empty.
func (l *life) events(run string) []*historypb.HistoryEvent {
	l.t.Helper()
	var events []*historypb.HistoryEvent
	all := l.temporal.GetWorkflowHistory(l.t.Context(), workflowapi.OrderWorkflowID(l.id), run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for all.HasNext() {
		e, err := all.Next()
		require.NoError(l.t, err)
		events = append(events, e)
	}
	return events
}

// settled are the events of a run once nothing is under way in it.
func (l *life) settled(run string) []*historypb.HistoryEvent {
	l.t.Helper()
	var events []*historypb.HistoryEvent
	testenv.Eventually(l.t, "the end of the workflow task", func() bool {
		events = l.events(run)
		return !underWay(events)
	})
	return events
}

// underWay says that the history ends within a workflow task or before one.
func underWay(events []*historypb.HistoryEvent) bool {
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

// runs are the ids of the order's runs, first to last.
func (l *life) runs() []string {
	l.t.Helper()
	id := l.run()
	var runs []string
	for id != "" {
		runs = append([]string{id}, runs...)
		id = l.events(id)[0].GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId()
	}
	return runs
}

// run is the id of the newest run.
func (l *life) run() string { return l.describe().GetWorkflowExecutionInfo().GetExecution().GetRunId() }

func count(events []*historypb.HistoryEvent, kind enumspb.EventType) (n int) {
	for _, e := range events {
		if e.GetEventType() == kind {
			n++
		}
	}
	return n
}

// failedTasks counts the workflow tasks of the newest run that failed. A task under way does not stand in the history, so
// its attempts are asked for too.
func (l *life) failedTasks() int {
	l.t.Helper()
	attempts := int(l.describe().GetPendingWorkflowTask().GetAttempt())
	return count(l.events(""), enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED) + max(attempts-1, 0)
}

func (l *life) describe() *workflowservice.DescribeWorkflowExecutionResponse {
	l.t.Helper()
	d, err := l.temporal.DescribeWorkflowExecution(l.t.Context(), workflowapi.OrderWorkflowID(l.id), "")
	require.NoError(l.t, err)
	return d
}
