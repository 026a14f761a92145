// Package wholeorder measures what a whole order costs the Temporal server: events, billable
// actions and bytes of history, by kind.
package wholeorder

import (
	"context"
	"fmt"
	"maps"
	"slices"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"

	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/internal/workflowapi"
)

// billed are the events that are billable actions. The start is billed with the first signal.
var billed = []enumspb.EventType{
	enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
	enumspb.EVENT_TYPE_MARKER_RECORDED,
	enumspb.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
	enumspb.EVENT_TYPE_TIMER_STARTED,
	enumspb.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED,
	enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
}

// cost is the cost of events.
type cost struct{ events, bytes, actions int }

func (c *cost) add(event *historypb.HistoryEvent) {
	c.events++
	c.bytes += proto.Size(event)
	if slices.Contains(billed, event.GetEventType()) {
		c.actions++
	}
}

func (c *cost) row(kind string) []string {
	return []string{kind, fmt.Sprint(c.events), fmt.Sprint(c.bytes), fmt.Sprint(c.actions)}
}

// Run measures one order from the draft to its end.
func Run(ctx context.Context, s platform.Servers) (section report.Section, err error) {
	p, err := platform.Start(ctx, s, "order")
	if err != nil {
		return section, err
	}
	registered, err := people.CreateEngineers(ctx, p.Database, 1)
	if err != nil {
		return section, err
	}
	customers, engineers, err := people.SignIn(ctx, p, 1, registered)
	if err != nil {
		return section, err
	}
	script := people.Script{Customer: customers[0], Engineer: engineers[0]}
	// A message that arrives before the previous one is finished would share its workflow task.
	script.Before = func() error {
		return platform.Await(ctx, "the end of a workflow task", func() (bool, error) {
			workflow := workflowapi.OrderWorkflowID(script.Order)
			described, err := p.Temporal.DescribeWorkflowExecution(ctx, workflow, "")
			return described.GetPendingWorkflowTask() == nil, err
		})
	}
	if err := script.ToWork(ctx); err != nil {
		return section, err
	}
	if err := script.ToEnd(ctx); err != nil {
		return section, err
	}
	if err := script.Before(); err != nil {
		return section, err
	}
	total, kinds := cost{}, map[string]*cost{}
	count := func(event *historypb.HistoryEvent) {
		kind := event.GetEventType().String()
		if kinds[kind] == nil {
			kinds[kind] = &cost{}
		}
		kinds[kind].add(event)
		total.add(event)
	}
	if err := p.EachEvent(ctx, workflowapi.OrderWorkflowID(script.Order), count); err != nil {
		return section, err
	}
	largest := func(a, b string) int { return kinds[b].bytes - kinds[a].bytes }
	for _, kind := range slices.SortedFunc(maps.Keys(kinds), largest) {
		section.Rows = append(section.Rows, kinds[kind].row(kind))
	}
	section.Rows = append(section.Rows, total.row("total"))
	section.Title, section.Columns = "A whole order", []string{"kind", "events", "bytes", "actions"}
	section.Targets = []report.Target{
		report.AtMost("events", "%.0f", float64(total.events), 150),
		report.AtMost("actions", "%.0f", float64(total.actions), 75),
		report.AtMost("history", "%.1f kB", float64(total.bytes)/1000, 80),
	}
	return section, nil
}
