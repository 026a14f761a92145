// Package activities contains the Temporal activities of the platform, in a package for each
// feature. Activities read and write the database, the file storage and other systems. They contain
// no rules of an order, which are in internal/order, and no control flow, which is in workflows.
//
// Temporal may run an activity twice, after a crash or a time-out. The comment of each activity
// says why a second run is harmless.
package activities

import (
	"go.temporal.io/sdk/worker"

	"epkr/activities/documents"
	"epkr/activities/engineers"
	"epkr/activities/files"
	"epkr/activities/goskey"
	"epkr/activities/orders"
	"epkr/activities/registry"
)

// Set contains the activities that one worker registers. A nil field is not registered.
type Set struct {
	Orders    *orders.Activities
	Files     *files.Activities
	Documents *documents.Activities
	Goskey    *goskey.Activities
	Engineers *engineers.Activities
	Registry  *registry.Activities
}

// Register registers the activities of the set with a worker.
func Register(r worker.ActivityRegistry, s Set) {
	if s.Orders != nil {
		s.Orders.Register(r)
	}
	if s.Files != nil {
		s.Files.Register(r)
	}
	if s.Documents != nil {
		s.Documents.Register(r)
	}
	if s.Goskey != nil {
		s.Goskey.Register(r)
	}
	if s.Engineers != nil {
		s.Engineers.Register(r)
	}
	if s.Registry != nil {
		s.Registry.Register(r)
	}
}
