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

// Burst measures how 5,000 messages sent at once drain: spread over all orders, and five for each
// of 1,000.
func Burst(ctx context.Context, s platform.Servers) (report.Section, error) {
	messages := s.Either(5_000, 50)
	c, err := start(ctx, s, "burst", messages)
	if err != nil {
		return report.Section{}, err
	}
	section := report.Section{
		Title: fmt.Sprintf("A burst of %d messages", messages),
		Columns: []string{
			"orders", "messages each", "sent in, s", "drained in, s", "messages/s", "longest gap, s",
			"sticky timeouts", "task timeouts",
		},
	}
	longest := 0.0
	for _, each := range []int{1, 5} {
		orders := c.orders[:messages/each]
		began := time.Now().UTC()
		sent, err := c.sendStatuses(ctx, orders, each)
		if err != nil {
			return section, err
		}
		pace, err := platform.Read[struct{ Drained, Gap float64 }](ctx, c.Database, `
			select json_build_object('drained', extract(epoch from max(at) - $1::timestamptz),
				'gap', extract(epoch from max(at - before)))
			from (select recorded_at as at, lag(recorded_at, 1, $1::timestamptz) over (order by recorded_at) as before
				from order_messages where recorded_at >= $1::timestamptz) m`, began)
		if err != nil {
			return section, err
		}
		sticky, late, err := c.countTimeouts(ctx, orders, began)
		if err != nil {
			return section, err
		}
		longest = max(longest, pace.Gap)
		row := []string{fmt.Sprint(len(orders)), fmt.Sprint(each)}
		for _, number := range []float64{
			sent.Seconds(), pace.Drained, float64(messages) / pace.Drained, pace.Gap,
		} {
			row = append(row, fmt.Sprintf("%.1f", number))
		}
		section.Rows = append(section.Rows, append(row, fmt.Sprint(sticky), fmt.Sprint(late)))
	}
	section.Targets = []report.Target{
		report.AtMost("longest gap", "%.1f s", longest, 5),
	}
	return section, nil
}

// countTimeouts counts the workflow tasks since the burst began that were not started (sticky) or
// not completed (late) in time.
func (c *waitingOrders) countTimeouts(
	ctx context.Context, orders []inwork.Order, began time.Time,
) (sticky, late int, err error) {
	var mu sync.Mutex
	count := func(event *historypb.HistoryEvent) {
		timeout := event.GetWorkflowTaskTimedOutEventAttributes()
		if timeout == nil || event.GetEventTime().AsTime().Before(began) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if timeout.GetTimeoutType() == enumspb.TIMEOUT_TYPE_SCHEDULE_TO_START {
			sticky++
		} else {
			late++
		}
	}
	each := func(ctx context.Context, i int) error {
		return c.EachEvent(ctx, workflowapi.OrderWorkflowID(orders[i].ID), count)
	}
	err = load.Each(ctx, signalConcurrency, len(orders), each)
	return sticky, late, err
}
