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

// rates count a second: signals taken by Temporal, and their rows.
type rates struct{ acknowledged, applied float64 }

// telling is what it took to tell all who are to be told.
type telling struct {
	rates // zero when nobody was told
	// spent is what the servers and the worker computed meanwhile.
	spent platform.CPU
}

// night is what one run of the sync took.
type night struct {
	workflowapi.RegistryReport
	telling
	// over is the most memory that the worker held above what it held before, in megabytes.
	over float64
}

func (n night) decided() time.Duration {
	return time.Duration(n.CompareMillis+n.ApplyMillis) * time.Millisecond
}

// night runs the sync on the snapshot that the registry shows now, until every order that it told has recorded it.
func (n *scene) night(ctx context.Context, told int) (night, error) {
	before, err := inwork.Recorded(ctx, n.Database)
	if err != nil {
		return night{}, err
	}
	pid := n.Worker.PID()
	spent, err := n.computing(ctx, pid)
	if err != nil {
		return night{}, err
	}
	if err := platform.ForgetPeak(pid); err != nil {
		return night{}, err
	}
	idle, _, err := platform.Resident(pid)
	if err != nil {
		return night{}, err
	}
	run, err := n.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflowapi.RegistrySchedule + "-" + uuid.NewString(), TaskQueue: n.TaskQueue,
	}, workflowapi.RegistrySyncWorkflow)
	if err != nil {
		return night{}, fmt.Errorf("starting the sync: %w", err)
	}
	var took night
	if err := run.Get(ctx, &took.RegistryReport); err != nil {
		return night{}, fmt.Errorf("the sync: %w", err)
	}
	if took.Verdict != workflowapi.VerdictCompleted || took.Skipped != 0 {
		return night{}, fmt.Errorf("the sync skipped %d orders: %s", took.Skipped, took.Reason)
	}
	if err := inwork.AwaitRecorded(ctx, n.Database, before+told); err != nil {
		return night{}, err
	}
	if took.spent, err = spent(); err != nil {
		return took, err
	}
	_, peak, err := platform.Resident(pid)
	took.over = max(peak-idle, 0)
	if err != nil || told == 0 {
		return took, err
	}
	took.rates, err = n.ratesOf(ctx, run, told)
	return took, err
}

// ratesOf counts from the beginning of the telling: finding the orders is part of it, and a try that was in vain.
func (n *scene) ratesOf(ctx context.Context, run client.WorkflowRun, told int) (rates, error) {
	began, ended, err := n.toldBetween(ctx, run)
	if err != nil {
		return rates{}, err
	}
	var last time.Time
	if err := n.Database.QueryRowContext(ctx, `select max(recorded_at) from order_messages`).Scan(&last); err != nil {
		return rates{}, fmt.Errorf("reading when the last message was recorded: %w", err)
	}
	return rates{float64(told) / ended.Sub(began).Seconds(), float64(told) / last.Sub(began).Seconds()}, nil
}

// toldBetween finds in the run's history when the orders were being told.
func (n *scene) toldBetween(ctx context.Context, run client.WorkflowRun) (began, ended time.Time, err error) {
	var scheduled int64
	events := n.Temporal.GetWorkflowHistory(ctx, run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return began, ended, fmt.Errorf("reading the sync's history: %w", err)
		}
		switch {
		case event.GetActivityTaskScheduledEventAttributes().GetActivityType().GetName() == engineeractivities.TellOrders:
			scheduled, began = event.GetEventId(), event.GetEventTime().AsTime()
		case scheduled != 0 && event.GetActivityTaskCompletedEventAttributes().GetScheduledEventId() == scheduled:
			return began, event.GetEventTime().AsTime(), nil
		}
	}
	return began, ended, fmt.Errorf("the sync told nobody")
}

// abreast is as many signals as the sync has under way.
const abreast = 50

// floorTells is a floor: as many signals, as many abreast.
func (n *scene) floorTells(ctx context.Context, kind floor.Kind) (t telling, err error) {
	spent, err := n.computing(ctx, n.floor.PID())
	if err != nil {
		return t, err
	}
	if t.rates, err = n.signalled(ctx, kind); err != nil {
		return t, err
	}
	t.spent, err = spent()
	return t, err
}

func (n *scene) signalled(ctx context.Context, kind floor.Kind) (r rates, err error) {
	written := make([]<-chan struct{}, n.told())
	began := time.Now()
	err = load.Each(ctx, abreast, len(written), func(ctx context.Context, i int) (err error) {
		written[i], err = n.floor.Signal(ctx, kind, i)
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

// computing waits until the servers are quiet. spent gives what they and the worker have computed since.
func (n *scene) computing(ctx context.Context, worker int) (spent func() (platform.CPU, error), err error) {
	if err := n.Quiet(ctx); err != nil {
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
