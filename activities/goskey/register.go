package goskey

import (
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
)

// The names of the activities. Histories contain them, so their spelling never changes; the Go methods
// may be renamed.
const (
	Reserve       = "ReserveGoskeyOrder"
	Submit        = "SubmitToGoskey"
	AskState      = "AskGoskey"
	TakeSignature = "TakeGoskeySignature"
	Deliver       = "DeliverGoskeySignature"
	Poll          = "PollGoskey"
)

// Register registers the activities with a worker under their names.
func (a *Activities) Register(r worker.ActivityRegistry) {
	for name, method := range map[string]any{
		Reserve: a.Reserve, Submit: a.Submit, AskState: a.AskState, TakeSignature: a.TakeSignature, Deliver: a.Deliver, Poll: a.Poll,
	} {
		r.RegisterActivityWithOptions(method, activity.RegisterOptions{Name: name})
	}
}
