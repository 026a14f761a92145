package testenv_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/internal/testenv"
)

// tables counts the platform's tables in the database.
func tables(t *testing.T, url string) (count int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	row := conn.QueryRow(t.Context(), "select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
	require.NoError(t, row.Scan(&count))
	return count
}

func TestDatabasesAreMigratedAndSeparate(t *testing.T) {
	const tests = 8
	urls := make([]string, tests)
	var all sync.WaitGroup
	for i := range tests {
		all.Go(func() { urls[i] = testenv.Database(t) })
	}
	all.Wait()
	different := map[string]bool{}
	for _, url := range urls {
		different[url] = true
		require.Positive(t, tables(t, url), "the database is not migrated")
	}
	require.Len(t, different, tests)
}

func TestDatabaseIsDroppedAtTheEndOfItsTest(t *testing.T) {
	var url string
	t.Run("a test with a connection that it forgets", func(t *testing.T) {
		url = testenv.Database(t)
		_, err := pgx.Connect(t.Context(), url)
		require.NoError(t, err)
	})
	_, err := pgx.Connect(t.Context(), url)
	require.ErrorContains(t, err, "does not exist")
}

// markersPerStep is how many events one step of counting adds to the history.
const markersPerStep = 100

// counting continues as new as soon as the server suggests it, and then returns the number of
// events at that time.
func counting(ctx workflow.Context, suggestedAt int) (int, error) {
	if suggestedAt > 0 {
		return suggestedAt, nil
	}
	for !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
		for range markersPerStep {
			workflow.SideEffect(ctx, func(workflow.Context) any { return nil })
		}
		// The suggestion comes with the next workflow task.
		if err := workflow.Sleep(ctx, time.Millisecond); err != nil {
			return 0, err
		}
	}
	return 0, workflow.NewContinueAsNewError(ctx, counting, workflow.GetInfo(ctx).GetCurrentHistoryLength())
}

func TestContinueAsNewIsSuggestedEarlyOnTheTestServer(t *testing.T) {
	c, queue := testenv.Temporal(t), testenv.TaskQueue(t)
	w := worker.New(c, queue, worker.Options{})
	w.RegisterWorkflow(counting)
	require.NoError(t, w.Start())
	defer w.Stop()
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: queue}, counting, 0)
	require.NoError(t, err)
	var length int
	require.NoError(t, run.Get(t.Context(), &length))
	require.GreaterOrEqual(t, length, 400)
	require.Less(t, length, 400+2*markersPerStep)
}

func TestBucketsAreSeparate(t *testing.T) {
	require.NotEqual(t, testenv.Bucket(t).Name, testenv.Bucket(t).Name)
}
