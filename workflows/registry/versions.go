package registry

import "go.temporal.io/sdk/workflow"

// Every incompatible change of these workflows is a named patch here, as in workflows/orders.

// notifiesEmployerStatus: a sync run left the employers' decisions to the workflow of each decision.
func notifiesEmployerStatus(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "notify-employer-status", workflow.DefaultVersion, 1) == 1
}

// notifiesModeratorStatus: a sync run notified orders only of the registry's status, and left the
// moderators' status to the workflow of each decision.
func notifiesModeratorStatus(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "tell-moderators-word", workflow.DefaultVersion, 1) == 1
}
