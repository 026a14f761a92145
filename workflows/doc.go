// Package workflows says what comes next: the loop of an order, and the short flows around it. It is deterministic: it asks
// activities for everything that touches the world and folds what they recorded. The rules of an order are in
// internal/order, never here.
//
// A change that makes a recorded history replay otherwise needs a named patch in versions.go of its folder.
package workflows
