// Package workflows registers the platform's Temporal workflows, in a package for each feature.
// Workflow code is deterministic: it calls activities for all input and output and applies their
// results. The rules of an order are in internal/order, never here.
//
// A change that makes a recorded history replay differently needs a named patch in the versions.go
// of its package.
package workflows
