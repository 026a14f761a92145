package inwork

import (
	"context"
	"fmt"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"

	"epkr/dev/bench/platform"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// startedAbreast are how many workflows are being started at a time.
const startedAbreast = 16

// Start lets the orders go on as workflows of the platform, each from its row as from a continue-as-new, and returns when all of
// them wait for their next message. Orders that wait already are of an earlier call.
func (o *Orders) Start(ctx context.Context, p *platform.Platform, orders []Order) error {
	before, err := waiting(ctx, p)
	if err != nil {
		return err
	}
	group, starting := errgroup.WithContext(ctx)
	group.SetLimit(startedAbreast)
	for _, one := range orders {
		group.Go(func() error { return o.start(starting, p.Temporal, p.TaskQueue, one) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return platform.Await(ctx, "the orders in work", func() (bool, error) {
		now, err := waiting(ctx, p)
		return now == before+len(orders), err
	})
}

func (o *Orders) start(ctx context.Context, temporal client.Client, taskQueue string, one Order) error {
	state, err := o.state(ctx, one.ID)
	if err != nil {
		return err
	}
	_, err = temporal.ExecuteWorkflow(ctx, workflowapi.StartOptions(one.ID, taskQueue), workflowapi.OrderWorkflow, workflowapi.OrderInput{State: state})
	if err != nil {
		return fmt.Errorf("starting order %s: %w", one.ID, err)
	}
	return nil
}

// waiting counts the orders in work as operators see them.
func waiting(ctx context.Context, p *platform.Platform) (int, error) {
	query := fmt.Sprintf("%s = '%s'", workflowapi.AttrStage.GetName(), order.Work)
	found, err := p.Temporal.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: p.Name, Query: query})
	if err != nil {
		return 0, fmt.Errorf("counting the orders in work: %w", err)
	}
	return int(found.GetCount()), nil
}
