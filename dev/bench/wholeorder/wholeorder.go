// Package wholeorder measures what a whole order costs the Temporal server: events, billable
// actions and bytes of history, by kind.
package wholeorder

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/internal/workflowapi"
)

const note = `
Path a, %d messages over HTTP: draft, publication, response, choice, contract, signature, prepayment
(3), results (3), ГКУ/ГРП (3), payment (2), mark. Events and bytes are those of the order's workflow
and come from its history. Actions are what the server's own metric ` + "`action`" + ` counted for the
messages. Two things are not included: the end of the rating's term fourteen days later, which adds
%d events and ends the workflow, and the order's %d files. A separate workflow checks each file, %d
actions a file.
`

// closing is the number of events at the end: timer fired, a workflow task (3), marker, attributes,
// completed.
const closing = 7

// Run measures one order from the draft to its end.
func Run(ctx context.Context, s platform.Servers) (report.Section, error) {
	section := report.Section{Title: "A whole order", Columns: []string{"kind", "events", "bytes", "actions"}}
	p, err := platform.Start(ctx, s, "order")
	if err != nil {
		return section, err
	}
	defer p.Stop()
	l := &measuredOrder{Platform: p}
	if err := l.begin(ctx); err != nil {
		return section, err
	}
	spent, err := l.play(ctx)
	if err != nil {
		return section, err
	}
	kinds, size, err := readHistory(ctx, p, l.workflow())
	if err != nil {
		return section, err
	}
	total := 0
	for kind := range maps.Values(kinds) {
		total += kind.count
	}
	section.Rows = rows(kinds, spent)
	section.Rows = append(section.Rows, []string{"total", fmt.Sprint(total), fmt.Sprint(size), fmt.Sprint(spent.total())})
	section.Targets = []report.Target{
		report.AtMost("events", "%.0f", float64(total), 150),
		report.AtMost("actions", "%.0f", float64(spent.total()), 75),
		report.AtMost("history", "%.1f kB", float64(size)/1000, 80),
	}
	section.Note = fmt.Sprintf(note, l.messages, closing, l.stored, l.file.total())
	return section, nil
}

// measuredOrder is the order being measured.
type measuredOrder struct {
	*platform.Platform
	id                 uuid.UUID
	customer, engineer people.Person
	// messages and files sent so far.
	messages, stored int
	// file is the cost of one file.
	file actions
}

func (l *measuredOrder) workflow() string { return workflowapi.OrderWorkflowID(l.id) }

// begin signs the people in and measures the cost of a file on another order.
func (l *measuredOrder) begin(ctx context.Context) error {
	customers, engineers, err := people.CreatePeople(ctx, l.Platform, 1, 1)
	if err != nil {
		return err
	}
	l.customer, l.engineer = customers[0], engineers[0]
	another, err := l.customer.Create(ctx)
	if err != nil {
		return err
	}
	before, err := countedActions(ctx, l.Platform)
	if err != nil {
		return err
	}
	if _, err := l.customer.UploadFile(ctx, another, "application/pdf"); err != nil {
		return err
	}
	after, err := countedActions(ctx, l.Platform)
	l.file = after.since(before)
	return err
}

// play returns the actions that the order's messages cost.
func (l *measuredOrder) play(ctx context.Context) (actions, error) {
	before, err := countedActions(ctx, l.Platform)
	if err != nil {
		return nil, err
	}
	if l.id, err = l.customer.Create(ctx); err != nil {
		return nil, err
	}
	l.messages++
	if err := (&script{measuredOrder: l, ctx: ctx}).pathA(); err != nil {
		return nil, err
	}
	if err := settled(ctx, l.Platform, l.workflow()); err != nil {
		return nil, err
	}
	after, err := countedActions(ctx, l.Platform)
	return after.since(before).since(l.file.times(l.stored)), err
}

// rows combines the server's two lists, with the name of each event or command in both.
func rows(kinds map[string]events, spent actions) (rows [][]string) {
	left := maps.Clone(spent)
	for _, kind := range slices.SortedFunc(maps.Keys(kinds), func(a, b string) int { return kinds[b].bytes - kinds[a].bytes }) {
		rows = append(rows, []string{kind, fmt.Sprint(kinds[kind].count), fmt.Sprint(kinds[kind].bytes), take(left, namesOf[kind])})
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
