// Package order implements the rules of an order for cadastral works: its stages, the messages that
// change it, who may send which message and when, its deadlines, and the holds that suspend it.
//
// The package is pure: it does no I/O, reads no clock and imports the standard library and two
// readers of text only. Callers pass everything from outside (the time, the engineer's status, the
// stored files that a message names) as [Facts]. [Decide] decides a message once, inside the
// transaction that records the decision, and returns the changes as an [Outcome]. [State.Apply]
// applies an outcome and contains no rules, so that a later change of the rules cannot change the
// past of an open order.
//
// The rules come from the platform's two user manuals and from its acceptance contract,
// docs/requirements.md part 2.
package order
