package registry

import "go.temporal.io/sdk/workflow"

// Every incompatible change of these workflows is a named patch here, as in workflows/orders.

// tellsModeratorsWord: a night told the orders what the registry says, and left the moderators'
// word to the workflow of each decision.
func tellsModeratorsWord(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "tell-moderators-word", workflow.DefaultVersion, 1) == 1
}
