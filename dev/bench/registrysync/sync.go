package registrysync

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"

	engineeractivities "epkr/activities/engineers"
	"epkr/dev/bench/floor"
	"epkr/dev/bench/inwork"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/internal/workflowapi"
)

// notification is the cost of notifying all affected orders.
type notification struct {
	// Signals acknowledged by Temporal, and rows recorded for them, per second; zero if no order
	// was notified.
	acknowledged, applied float64
	// spent is the processor time that the servers and the worker used meanwhile.
	spent platform.CPU
}

// syncRun is the cost of one run of the sync.
type syncRun struct {
	workflowapi.RegistryReport
	notification
	// over is the peak of the worker's memory above its memory before the run, in megabytes.
	over float64
}

// decided returns the seconds of the decision.
func (n syncRun) decided() float64 { return float64(n.CompareMillis+n.ApplyMillis) / 1000 }

// sync runs the sync on the current snapshot of the registry when the servers are idle, and waits
// until every notified order has recorded its status.
func (n *fixture) sync(ctx context.Context, notified int) (took syncRun, err error) {
	if err := n.AwaitQuiet(ctx); err != nil {
		return took, err
	}
	pid := n.Worker.PID()
	if err := platform.ForgetPeak(pid); err != nil {
		return took, err
	}
	idle, _, err := platform.Resident(pid)
	if err != nil {
		return took, err
	}
	workflow := workflowapi.RegistrySchedule + "-" + uuid.NewString()
	took.spent, err = n.Measure(map[string]int{platform.Worker: pid}, func() error {
		return inwork.AwaitRecorded(ctx, n.Database, notified, func() (err error) {
			took.RegistryReport, err = n.runWorkflow(ctx, workflow)
			return err
		})
	})
	if err != nil {
		return took, err
	}
	_, peak, err := platform.Resident(pid)
	took.over = max(peak-idle, 0)
	if err == nil && notified > 0 {
		err = n.rates(ctx, workflow, &took, float64(notified))
	}
	return took, err
}

func (n *fixture) runWorkflow(
	ctx context.Context, id string,
) (report workflowapi.RegistryReport, err error) {
	options := client.StartWorkflowOptions{ID: id, TaskQueue: platform.TaskQueue}
	run, err := n.Temporal.ExecuteWorkflow(ctx, options, workflowapi.RegistrySyncWorkflow)
	if err == nil {
		err = run.Get(ctx, &report)
	}
	if err == nil && (report.Verdict != workflowapi.VerdictCompleted || report.Skipped != 0) {
		err = fmt.Errorf("it skipped %d orders: %s", report.Skipped, report.Reason)
	}
	if err != nil {
		return report, fmt.Errorf("the sync: %w", err)
	}
	return report, nil
}

// rates measures from the beginning of the notification, including the search for the orders and
// failed attempts.
func (n *fixture) rates(ctx context.Context, id string, took *syncRun, notified float64) error {
	recorded, err := platform.Read[time.Time](ctx, n.Database,
		`select to_json(max(recorded_at)) from order_messages`)
	if err != nil {
		return err
	}
	var scheduled int64
	var began time.Time
	return n.EachEvent(ctx, id, func(event *historypb.HistoryEvent) {
		starts := event.GetActivityTaskScheduledEventAttributes().GetActivityType().GetName()
		ends := event.GetActivityTaskCompletedEventAttributes().GetScheduledEventId()
		switch at := event.GetEventTime().AsTime(); {
		case scheduled == 0 && starts == engineeractivities.NotifyOrders:
			scheduled, began = event.GetEventId(), at
			took.applied = notified / recorded.Sub(began).Seconds()
		case scheduled != 0 && ends == scheduled:
			took.acknowledged = notified / at.Sub(began).Seconds()
		}
	})
}

// signalConcurrency is the number of signals that the sync sends concurrently.
const signalConcurrency = 50

// measureFloor measures a baseline with the same number of signals and the same concurrency.
func (n *fixture) measureFloor(ctx context.Context, kind floor.Kind) (t notification, err error) {
	if err := n.AwaitQuiet(ctx); err != nil {
		return t, err
	}
	worker := map[string]int{platform.Worker: n.baseline.Process.PID()}
	t.spent, err = n.Measure(worker, func() error {
		written := make([]<-chan struct{}, n.notified())
		began := time.Now()
		rate := func() float64 { return float64(len(written)) / time.Since(began).Seconds() }
		signal := func(ctx context.Context, i int) (err error) {
			written[i], err = n.baseline.Signal(ctx, kind, i)
			return err
		}
		if err := load.Each(ctx, signalConcurrency, len(written), signal); err != nil {
			return err
		}
		t.acknowledged = rate()
		for _, row := range written {
			if err := floor.AwaitRow(ctx, row); err != nil {
				return err
			}
		}
		t.applied = rate()
		return nil
	})
	return t, err
}
