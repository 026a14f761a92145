package workflows

import (
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"epkr/workflows/engineers"
	"epkr/workflows/files"
	"epkr/workflows/orders"
	"epkr/workflows/registry"
)

const (
	// ordersAtOnce is how many orders are being judged at a time. More would only wait for a connection to the database, and those that
	// wait too long there would be tried again; in Temporal they wait for nothing.
	ordersAtOnce = 64
	// knownFor is how long a message waits for the worker that has its order in memory before it is given to any. A worker that is
	// behind by as much as that replays every order, and falls behind further: with 10 s, five messages to each of 1,000 orders at once
	// took 87 s instead of 24 and stood still for 31. One that was killed, and not stopped, lets the messages of the seconds around its
	// end wait so long.
	knownFor = 30 * time.Second
	// partitions are those of a task queue in Temporal (matching.numTaskqueueReadPartitions). A partition where nobody asks for tasks
	// hands its own on to others no faster than ten a second: with the SDK's two pollers, one of which asks for known orders only, 3,000
	// orders that a restarted worker knew nothing of moved at 25 a second on an idle machine.
	partitions = 4
)

// Options are what every worker of the platform needs, whatever else it sets.
func Options() worker.Options {
	return worker.Options{
		Interceptors:                           []interceptor.WorkerInterceptor{&orders.Interceptor{}},
		MaxConcurrentWorkflowTaskExecutionSize: ordersAtOnce,
		MaxConcurrentWorkflowTaskPollers:       2 * partitions, // half of them ask for known orders
		MaxConcurrentActivityTaskPollers:       partitions,
		StickyScheduleToStartTimeout:           knownFor,
	}
}

// Register makes every workflow known to a worker, or to a replayer.
func Register(r worker.WorkflowRegistry) {
	orders.Register(r)
	files.Register(r)
	engineers.Register(r)
	registry.Register(r)
}
