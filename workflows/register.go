package workflows

import (
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/activities"
	"epkr/workflows/contract"
)

// Options are what every worker of the platform needs, whatever else it sets.
func Options() worker.Options {
	return worker.Options{Interceptors: []interceptor.WorkerInterceptor{&Interceptor{}}}
}

// Register makes the workflows and the activities of an order known to a worker.
func Register(r worker.Registry, orders *activities.Orders) {
	r.RegisterWorkflowWithOptions(Order, workflow.RegisterOptions{Name: contract.OrderWorkflow})
	r.RegisterActivity(orders)
}
