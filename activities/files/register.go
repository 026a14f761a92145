package files

import (
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
)

// The names of the activities. Histories contain them, so their spelling never changes; a Go method
// may be renamed.
const (
	SealFile       = "SealFile"
	ShowPicture    = "ShowPicture"
	SweepAbandoned = "SweepAbandoned"
)

// Register registers the activities with a worker under their names.
func (a *Activities) Register(r worker.ActivityRegistry) {
	register := func(name string, method any) {
		r.RegisterActivityWithOptions(method, activity.RegisterOptions{Name: name})
	}
	register(SealFile, a.SealFile)
	register(ShowPicture, a.ShowPicture)
	register(SweepAbandoned, a.SweepAbandoned)
}
