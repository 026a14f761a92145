// Package wholeorder measures what a whole order costs the Temporal server: events, billable
// actions and bytes of history, by kind.
package wholeorder

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/internal/workflowapi"
)

// Run measures one order from the draft to its end.
func Run(ctx context.Context, s platform.Servers) (report.Section, error) {
	section := report.Section{Title: "A whole order", Columns: []string{"kind", "events", "bytes", "actions"}}
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
	file, err := measureFile(ctx, p, customers[0])
	if err != nil {
		return section, err
	}
	script := people.Script{Customer: customers[0], Engineer: engineers[0]}
	workflow := func() string { return workflowapi.OrderWorkflowID(script.Order) }
	// A message that arrives before the previous one is finished would share its workflow task.
	script.Before = func() error { return settled(ctx, p, workflow()) }
	spent, err := countActions(ctx, p, func() error {
		if err := script.ToWork(ctx); err != nil {
			return err
		}
		if err := script.ToEnd(ctx); err != nil {
			return err
		}
		return script.Before()
	})
	if err != nil {
		return section, err
	}
	spent = spent.without(file, script.Files)
	kinds, size, err := readHistory(ctx, p, workflow())
	if err != nil {
		return section, err
	}
	total := 0
	for _, kind := range kinds {
		total += kind.count
	}
	section.Rows = append(rows(kinds, spent), []string{
		"total", fmt.Sprint(total), fmt.Sprint(size), fmt.Sprint(spent.total()),
	})
	section.Targets = []report.Target{
		report.AtMost("events", "%.0f", float64(total), 150),
		report.AtMost("actions", "%.0f", float64(spent.total()), 75),
		report.AtMost("history", "%.1f kB", float64(size)/1000, 80),
	}
	return section, nil
}

// measureFile returns the cost of a file of another order.
func measureFile(ctx context.Context, p *platform.Platform, by people.Person) (actions, error) {
	another, err := by.Create(ctx)
	if err != nil {
		return nil, err
	}
	return countActions(ctx, p, func() error {
		_, _, err := by.UploadFile(ctx, another)
		return err
	})
}

// rows combines the server's two lists, with the name of each event or command in both.
func rows(kinds map[string]events, spent actions) (rows [][]string) {
	left := maps.Clone(spent)
	largest := func(a, b string) int { return kinds[b].bytes - kinds[a].bytes }
	for _, kind := range slices.SortedFunc(maps.Keys(kinds), largest) {
		count, bytes := fmt.Sprint(kinds[kind].count), fmt.Sprint(kinds[kind].bytes)
		rows = append(rows, []string{kind, count, bytes, take(left, namesOf[kind])})
	}
	for _, kind := range slices.Sorted(maps.Keys(left)) {
		rows = append(rows, []string{kind, "", "", fmt.Sprint(left[kind])})
	}
	return rows
}

func take(left actions, names []string) string {
	n := 0
	for _, name := range names {
		n += left[name]
		delete(left, name)
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// namesOf maps event kinds to the actions that cause them.
var namesOf = map[string][]string{
	"WorkflowExecutionSignaled":      {"grpc_SignalWorkflowExecution", "grpc_SignalWithStartWorkflowExecution"},
	"MarkerRecorded":                 {"command_BatchMarkers"},
	"UpsertWorkflowSearchAttributes": {"command_UpsertWorkflowSearchAttributes"},
	"TimerStarted":                   {"command_StartTimer"},
	"WorkflowPropertiesModified":     {"command_ModifyWorkflowProperties"},
	"ActivityTaskScheduled":          {"command_ScheduleActivityTask"},
}
