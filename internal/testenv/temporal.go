package testenv

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
)

// Temporal returns a client of the test server's namespace "default", closed when the test ends.
// The server suggests continue-as-new after 400 events. Tests share the namespace; their own task
// queues and ids keep them apart.
func Temporal(t testing.TB) client.Client {
	t.Helper()
	address := variable(t, "EPKR_TEST_TEMPORAL_ADDRESS")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := client.DialContext(ctx, client.Options{
		HostPort: address,
		Logger:   log.NewStructuredLogger(slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))),
	})
	if err != nil {
		t.Fatalf("reach the Temporal test server: %v", err)
	}
	t.Cleanup(c.Close)
	return c
}

// TaskQueue returns a name that no other test uses.
func TaskQueue(t testing.TB) string {
	t.Helper()
	return "test-" + strings.ToLower(rand.Text())
}
