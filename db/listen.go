package db

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// Changed is what a notification says: ids only. EventID is 0 when nothing was applied.
type Changed struct {
	Order   string `json:"o"`
	Message string `json:"m,omitempty"`
	Seq     int    `json:"s,omitempty"`
}

// Listen calls changed for every notification until ctx ends, and reconnected after each (re)connection: what happened
// while nobody listened is lost, so whoever waits has to look again.
func Listen(ctx context.Context, url string, changed func(Changed), reconnected func()) {
	for ctx.Err() == nil {
		if err := listenOnce(ctx, url, changed, reconnected); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "listening to the database was interrupted", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

func listenOnce(ctx context.Context, url string, changed func(Changed), reconnected func()) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connecting to listen: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "listen epkr"); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	reconnected()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("waiting for a notification: %w", err)
		}
		var c Changed
		if err := json.Unmarshal([]byte(n.Payload), &c); err != nil {
			slog.WarnContext(ctx, "an unreadable notification", "error", err)
			continue
		}
		changed(c)
	}
}
