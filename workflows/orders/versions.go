package orders

import "go.temporal.io/sdk/workflow"

// Every incompatible change of this workflow is a named patch here: a function that calls
// workflow.GetVersion. Its comment describes the behaviour of older histories. A patch is removed
// once no open run predates it.

// closesUncreated: an order whose creation was refused waited for another creation message, which
// never comes under the same id.
func closesUncreated(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "end-uncreated", workflow.DefaultVersion, 1) == 1
}

// rejoinsImmediately: an order dropped a rejoin signal that came before it met the unknown message,
// and waited for another one.
func rejoinsImmediately(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "rejoin-at-once", workflow.DefaultVersion, 1) == 1
}

// dropsFloodPayloads: an order with more than [maxFullBytes] in its queue did not continue as new
// until it had decided enough of them.
func dropsFloodPayloads(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "shed-flood", workflow.DefaultVersion, 1) == 1
}
