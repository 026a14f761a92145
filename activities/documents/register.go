package documents

import (
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
)

// MakeDocument is the name of the activity. Histories contain it, so its spelling never changes; the Go
// method may be renamed.
const MakeDocument = "MakeDocument"

// Register registers the activity with a worker under its name.
func (a *Activities) Register(r worker.ActivityRegistry) {
	r.RegisterActivityWithOptions(a.MakeDocument, activity.RegisterOptions{Name: MakeDocument})
}
