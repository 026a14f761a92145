// Package activities is everything that touches the world on behalf of a workflow: a folder for
// each feature. An activity decides nothing by itself: the rules are in internal/order, and what
// comes next is in workflows.
//
// Every activity may run twice, after a crash or a time-out; each says what makes the second run
// harmless.
package activities

import (
	"go.temporal.io/sdk/worker"

	"epkr/activities/engineers"
	"epkr/activities/files"
	"epkr/activities/orders"
	"epkr/activities/registry"
)

// Set are the activities of one worker; it may leave some out.
type Set struct {
	Orders    *orders.Activities
	Files     *files.Activities
	Engineers *engineers.Activities
	Registry  *registry.Activities
}

// Register makes the activities of the set known to a worker.
func Register(r worker.ActivityRegistry, s Set) {
	if s.Orders != nil {
		s.Orders.Register(r)
	}
	if s.Files != nil {
		s.Files.Register(r)
	}
	if s.Engineers != nil {
		s.Engineers.Register(r)
	}
	if s.Registry != nil {
		s.Registry.Register(r)
	}
}
