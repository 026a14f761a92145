package registrysync

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	engineeractivities "epkr/activities/engineers"
	"epkr/dev/bench/floor"
	"epkr/dev/bench/inwork"
	"epkr/dev/bench/load"
	"epkr/dev/bench/platform"
	"epkr/internal/workflowapi"
)

// rates are per second: signals acknowledged by Temporal, and rows recorded for them.
type rates struct{ acknowledged, applied float64 }

// notification is the cost of notifying all affected orders.
type notification struct {
	rates // zero if no order was notified
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

func (n syncRun) decided() time.Duration {
	return time.Duration(n.CompareMillis+n.ApplyMillis) * time.Millisecond
}

// sync runs the sync on the current snapshot of the registry and waits until every notified order
// has recorded its status.
func (n *fixture) sync(ctx context.Context, notified int) (syncRun, error) {
	before, err := inwork.Recorded(ctx, n.Database)
	if err != nil {
		return syncRun{}, err
	}
	pid := n.Worker.PID()
	spent, err := n.startMeasuringCPU(ctx, pid)
	if err != nil {
		return syncRun{}, err
	}
	if err := platform.ForgetPeak(pid); err != nil {
		return syncRun{}, err
	}
	idle, _, err := platform.Resident(pid)
	if err != nil {
		return syncRun{}, err
	}
	run, err := n.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflowapi.RegistrySchedule + "-" + uuid.NewString(), TaskQueue: n.TaskQueue,
	}, workflowapi.RegistrySyncWorkflow)
	if err != nil {
		return syncRun{}, fmt.Errorf("starting the sync: %w", err)
	}
	var took syncRun
	if err := run.Get(ctx, &took.RegistryReport); err != nil {
		return syncRun{}, fmt.Errorf("the sync: %w", err)
	}
	if took.Verdict != workflowapi.VerdictCompleted || took.Skipped != 0 {
		return syncRun{}, fmt.Errorf("the sync skipped %d orders: %s", took.Skipped, took.Reason)
	}
	if err := inwork.AwaitRecorded(ctx, n.Database, before+notified); err != nil {
		return syncRun{}, err
	}
	if took.spent, err = spent(); err != nil {
		return took, err
	}
	_, peak, err := platform.Resident(pid)
	took.over = max(peak-idle, 0)
	if err != nil || notified == 0 {
		return took, err
	}
	took.rates, err = n.ratesOf(ctx, run, notified)
	return took, err
}

// ratesOf measures from the beginning of the notification, including the search for the orders and
// failed attempts.
func (n *fixture) ratesOf(ctx context.Context, run client.WorkflowRun, notified int) (rates, error) {
	began, ended, err := n.notifiedBetween(ctx, run)
	if err != nil {
		return rates{}, err
	}
	var last time.Time
	if err := n.Database.QueryRowContext(ctx, `select max(recorded_at) from order_messages`).Scan(&last); err != nil {
		return rates{}, fmt.Errorf("reading when the last message was recorded: %w", err)
	}
	return rates{float64(notified) / ended.Sub(began).Seconds(), float64(notified) / last.Sub(began).Seconds()}, nil
}

// notifiedBetween reads from the run's history when the orders were notified.
func (n *fixture) notifiedBetween(ctx context.Context, run client.WorkflowRun) (began, ended time.Time, err error) {
	var scheduled int64
	events := n.Temporal.GetWorkflowHistory(ctx, run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return began, ended, fmt.Errorf("reading the sync's history: %w", err)
		}
		switch {
		case event.GetActivityTaskScheduledEventAttributes().GetActivityType().GetName() == engineeractivities.NotifyOrders:
			scheduled, began = event.GetEventId(), event.GetEventTime().AsTime()
		case scheduled != 0 && event.GetActivityTaskCompletedEventAttributes().GetScheduledEventId() == scheduled:
			return began, event.GetEventTime().AsTime(), nil
		}
	}
	return began, ended, fmt.Errorf("the sync notified nobody")
}

// signalConcurrency is the number of signals that the sync sends concurrently.
const signalConcurrency = 50

// measureBaseline measures a baseline with the same number of signals and the same concurrency.
func (n *fixture) measureBaseline(ctx context.Context, kind floor.Kind) (t notification, err error) {
	spent, err := n.startMeasuringCPU(ctx, n.baseline.PID())
	if err != nil {
		return t, err
	}
	if t.rates, err = n.signalled(ctx, kind); err != nil {
		return t, err
	}
	t.spent, err = spent()
	return t, err
}

func (n *fixture) signalled(ctx context.Context, kind floor.Kind) (r rates, err error) {
	written := make([]<-chan struct{}, n.notified())
	began := time.Now()
	err = load.Each(ctx, signalConcurrency, len(written), func(ctx context.Context, i int) (err error) {
		written[i], err = n.baseline.Signal(ctx, kind, i)
		return err
	})
	if err != nil {
		return r, err
	}
	r.acknowledged = float64(len(written)) / time.Since(began).Seconds()
	for _, row := range written {
		select {
		case <-row:
		case <-ctx.Done():
			return r, fmt.Errorf("waiting for the floor's rows: %w", ctx.Err())
		}
	}
	r.applied = float64(len(written)) / time.Since(began).Seconds()
	return r, nil
}

// startMeasuringCPU waits until the servers are idle. spent returns the processor time that they and the
// worker have used since.
func (n *fixture) startMeasuringCPU(ctx context.Context, worker int) (spent func() (platform.CPU, error), err error) {
	if err := n.AwaitQuiet(ctx); err != nil {
		return nil, err
	}
	processes := map[string]int{platform.Worker: worker}
	before, err := n.ReadCPU(processes)
	if err != nil {
		return nil, err
	}
	return func() (platform.CPU, error) {
		after, err := n.ReadCPU(processes)
		return after.Since(before), err
	}, nil
}
