// Package heartbeat sends the heartbeats of long activities to Temporal.
package heartbeat

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
)

// interval is the time between two heartbeats.
const interval = 15 * time.Second

// Start sends heartbeats until the returned function is called. Temporal then notices a dead worker
// long before the activity times out.
func Start(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(ctx)
	if !activity.IsActivity(ctx) {
		return ctx, stop
	}
	go func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return ctx, stop
}
