// Package order is the life of an order for cadastral works: its stages, the messages that move it, who may send what
// and when, the deadlines that run meanwhile and what suspends it.
//
// It is pure: it does no I/O, reads no clock and imports the standard library only. Everything from outside (the time, the
// engineer's standing, the files named by a message) comes in as [Facts]. A decision is made once, by [Decide], inside the
// transaction that records it; what it changed comes back as an [Outcome] and is folded by [State.Apply], which holds no
// rules, so that a rule changed later cannot rewrite the past of an open order.
//
// The rules are those of the two user manuals of the platform and of its acceptance contract, docs/requirements.md part 2.
package order
