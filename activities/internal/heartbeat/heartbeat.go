// Package heartbeat reports to Temporal that a long activity is alive.
package heartbeat

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
)

// interval is how often a long activity reports.
const interval = 15 * time.Second

// Start heartbeats until the returned function is called, so that Temporal notices a dead worker long
// before a large file times out.
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
