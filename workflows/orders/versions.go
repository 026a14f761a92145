package orders

import "go.temporal.io/sdk/workflow"

// Every incompatible change of this workflow is a named patch here: a function over workflow.GetVersion that says in its
// comment what the old histories did, and that stays until no open run predates it.

// endsUncreated: an order whose creation was refused waited for another one, which never comes under the same id.
func endsUncreated(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "end-uncreated", workflow.DefaultVersion, 1) == 1
}

// rejoinsAtOnce: an order that was told to rejoin its record before it met the difference forgot it and waited to be told again.
func rejoinsAtOnce(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "rejoin-at-once", workflow.DefaultVersion, 1) == 1
}

// shedsFlood: an order whose queue was larger than [maxWhole] did not continue as new until it had judged enough of it.
func shedsFlood(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "shed-flood", workflow.DefaultVersion, 1) == 1
}
