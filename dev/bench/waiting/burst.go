package waiting

import (
	"context"
	"fmt"
	"sync"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"

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
	section := report.Section{
		Title:   fmt.Sprintf("A burst of %d messages", messages),
		Columns: []string{
			"orders", "messages each", "sent in, s", "drained in, s", "messages/s", "longest gap, s",
			"sticky timeouts", "task timeouts",
		},
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
		longest = max(longest, d.gap)
		section.Rows = append(section.Rows, []string{
			fmt.Sprint(messages / each), fmt.Sprint(each), seconds(d.sent), seconds(d.drained),
			fmt.Sprintf("%.0f", float64(messages)/d.drained.Seconds()), seconds(d.gap),
			fmt.Sprint(d.sticky), fmt.Sprint(d.late),
		})
	}
	section.Targets = []report.Target{
		report.AtMost("longest gap", "%.1f s", longest.Seconds(), gapLimit),
	}
	return section, nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()) }

// drain is the result of a burst.
type drain struct {
	// gap is the longest time between two recorded messages.
	sent, drained, gap time.Duration
	// sticky and late count workflow tasks that were not started or not completed in time.
	sticky, late int
}

func (c *waitingOrders) burst(
	ctx context.Context, orders []inwork.Order, each int,
) (d drain, err error) {
	began := time.Now()
	if d.sent, err = c.sendStatuses(ctx, orders, each); err != nil {
		return d, err
	}
	pace, err := platform.Read[struct{ Last, Gap float64 }](ctx, c.Database, `
		select json_build_object(
			'last', extract(epoch from max(at) - $1::timestamptz), 'gap', extract(epoch from max(at - before)))
		from (select recorded_at as at, lag(recorded_at, 1, $1::timestamptz) over (order by recorded_at) as before
			from order_messages where recorded_at >= $1::timestamptz) m`, began.UTC())
	if err != nil {
		return d, err
	}
	d.drained = time.Duration(pace.Last * float64(time.Second))
	d.gap = time.Duration(pace.Gap * float64(time.Second))
	return d, c.countTimeouts(ctx, &d, orders, began)
}

// countTimeouts counts the timeouts since the burst began.
func (c *waitingOrders) countTimeouts(
	ctx context.Context, d *drain, orders []inwork.Order, began time.Time,
) error {
	var mu sync.Mutex
	return load.Each(ctx, signalConcurrency, len(orders), func(ctx context.Context, i int) error {
		workflow := workflowapi.OrderWorkflowID(orders[i].ID)
		return c.EachEvent(ctx, workflow, func(event *historypb.HistoryEvent) {
			late := event.GetWorkflowTaskTimedOutEventAttributes()
			if late == nil || event.GetEventTime().AsTime().Before(began) {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if late.GetTimeoutType() == enumspb.TIMEOUT_TYPE_SCHEDULE_TO_START {
				d.sticky++
			} else {
				d.late++
			}
		})
	})
}
