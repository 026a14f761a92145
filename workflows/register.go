package workflows

import (
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"epkr/workflows/documents"
	"epkr/workflows/engineers"
	"epkr/workflows/files"
	"epkr/workflows/goskey"
	"epkr/workflows/orders"
	"epkr/workflows/registry"
)

const (
	// maxConcurrentTasks is the number of orders that are decided concurrently. More would wait for
	// a database connection, and those that wait too long would be retried; waiting in Temporal
	// costs nothing.
	maxConcurrentTasks = 64
	// stickyTimeout is how long a workflow task waits for the worker that has its order in memory
	// before any worker may take it. A worker that is further behind replays every order and falls
	// behind even more: with 10 s, five messages to each of 1,000 orders sent together took 87 s
	// instead of 24 s, with no progress for 31 s. After a worker was killed without a stop, the
	// messages from around that moment wait this long.
	stickyTimeout = 30 * time.Second
	// partitions is the number of partitions of a task queue in Temporal
	// (matching.numTaskqueueReadPartitions). A partition without a poller forwards at most ten
	// tasks a second to another one. With the SDK's two pollers, one of which polls only for orders
	// in memory, 3,000 orders that a restarted worker did not have in memory advanced at 25 a
	// second on an idle machine.
	partitions = 4
)

// Options returns the options that every worker of the platform needs.
func Options() worker.Options {
	return worker.Options{
		Interceptors:                           []interceptor.WorkerInterceptor{&orders.Interceptor{}},
		MaxConcurrentWorkflowTaskExecutionSize: maxConcurrentTasks,
		MaxConcurrentWorkflowTaskPollers:       2 * partitions, // half of them poll only for orders in memory
		MaxConcurrentActivityTaskPollers:       partitions,
		StickyScheduleToStartTimeout:           stickyTimeout,
	}
}

// Register registers every workflow with a worker or a replayer.
func Register(r worker.WorkflowRegistry) {
	orders.Register(r)
	files.Register(r)
	documents.Register(r)
	goskey.Register(r)
	engineers.Register(r)
	registry.Register(r)
}
