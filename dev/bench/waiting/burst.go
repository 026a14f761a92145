package waiting

import (
	"context"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"

	"epkr/dev/bench/inwork"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/internal/workflowapi"
)

// gapLimit is the longest allowed time, in seconds, without a recorded message while messages wait.
const gapLimit = 5

// Burst measures how 5,000 messages sent at once drain: spread over all orders, and five for each
// of 1,000.
func Burst(ctx context.Context, s platform.Servers) (report.Section, error) {
	messages := s.Either(5_000, 50)
	c, err := start(ctx, s, "burst", messages)
	if err != nil {
		return report.Section{}, err
	}
	defer c.Stop()
	section := report.Section{
		Title:   fmt.Sprintf("A burst of %d messages", messages),
		Columns: []string{"orders", "messages each", "sent in, s", "drained in, s", "messages/s", "longest gap, s", "sticky timeouts", "task timeouts"},
		Note: "A gap is the time between two consecutive recorded messages. A sticky timeout is a workflow task " +
			"that waited in vain for the worker with the order in memory and then went to any worker. A task " +
			"timeout is a workflow task that a worker did not complete in time. Both are counted in the orders' " +
			"histories.",
	}
	var longest time.Duration
	for _, each := range []int{1, 5} {
		d, err := c.burst(ctx, c.orders[:messages/each], each)
		if err != nil {
			return section, err
		}
		c.Progressf("%d messages drained in %s s, longest gap %s s, %d sticky timeouts", messages, seconds(d.drained), seconds(d.gap), d.sticky)
		longest = max(longest, d.gap)
		section.Rows = append(section.Rows, []string{
			fmt.Sprint(messages / each), fmt.Sprint(each), seconds(d.sent), seconds(d.drained),
			fmt.Sprintf("%.0f", float64(messages)/d.drained.Seconds()), seconds(d.gap), fmt.Sprint(d.sticky), fmt.Sprint(d.late),
		})
	}
	section.Targets = []report.Target{report.AtMost("longest gap", "%.1f s", longest.Seconds(), gapLimit)}
	return section, nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()) }

// drain is the result of a burst.
type drain struct {
	sent, drained, gap time.Duration
	timeouts
}

func (c *waitingOrders) burst(ctx context.Context, orders []inwork.Order, each int) (d drain, err error) {
	before, err := c.timeouts(ctx, orders)
	if err != nil {
		return d, err
	}
	began := time.Now()
	if d.sent, err = c.sendStatuses(ctx, orders, each); err != nil {
		return d, err
	}
	if d.drained, d.gap, err = c.pace(ctx, began); err != nil {
		return d, err
	}
	after, err := c.timeouts(ctx, orders)
	d.timeouts = timeouts{sticky: after.sticky - before.sticky, late: after.late - before.late}
	return d, err
}

// pace returns when the last message was recorded, and the longest gap between two recorded
// messages.
func (c *waitingOrders) pace(ctx context.Context, began time.Time) (whole, gap time.Duration, err error) {
	var last, longest float64
	err = c.Database.QueryRowContext(ctx, `
		select extract(epoch from max(at) - $1::timestamptz), extract(epoch from max(at - before))
		from (select recorded_at as at, lag(recorded_at, 1, $1::timestamptz) over (order by recorded_at) as before
			from order_messages where recorded_at >= $1::timestamptz) m`, began.UTC()).Scan(&last, &longest)
	if err != nil {
		return 0, 0, fmt.Errorf("reading when the messages were recorded: %w", err)
	}
	return time.Duration(last * float64(time.Second)), time.Duration(longest * float64(time.Second)), nil
}

// timeouts counts workflow tasks that were not started or not completed in time.
type timeouts struct{ sticky, late int }

func (c *waitingOrders) timeouts(ctx context.Context, orders []inwork.Order) (timeouts, error) {
	found := make([]timeouts, len(orders))
	err := load.Each(ctx, signalConcurrency, len(orders), func(ctx context.Context, i int) (err error) {
		found[i], err = c.timeoutsOf(ctx, orders[i])
		return err
	})
	var sum timeouts
	for _, f := range found {
		sum.sticky += f.sticky
		sum.late += f.late
	}
	return sum, err
}

func (c *waitingOrders) timeoutsOf(ctx context.Context, one inwork.Order) (t timeouts, err error) {
	events := c.Temporal.GetWorkflowHistory(ctx, workflowapi.OrderWorkflowID(one.ID), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return t, fmt.Errorf("reading the history of order %s: %w", one.ID, err)
		}
		switch late := event.GetWorkflowTaskTimedOutEventAttributes(); {
		case late == nil:
		case late.GetTimeoutType() == enumspb.TIMEOUT_TYPE_SCHEDULE_TO_START:
			t.sticky++
		default:
			t.late++
		}
	}
	return t, nil
}
