package registry

import (
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
)

// The names of the activities. Histories contain them, so their spelling never changes; a Go method
// may be renamed.
const (
	BeginRun             = "BeginRun"
	FetchSnapshot        = "FetchSnapshot"
	StageSnapshot        = "StageSnapshot"
	CompareSnapshot      = "CompareSnapshot"
	ApplySnapshot        = "ApplySnapshot"
	ConcludeRun          = "ConcludeRun"
	ReportNotified       = "ReportTold"
	ClaimApprovedRun     = "ClaimHeld"
	RejectPendingRun     = "RejectHeld"
	SupersedePendingRuns = "SupersedeHeld"
	ReportMissed         = "ReportMissed"
	RemoveOldSnapshots   = "RemoveOldSnapshots"
)

// Register registers the activities with a worker under their names.
func (a *Activities) Register(r worker.ActivityRegistry) {
	register := func(name string, method any) {
		r.RegisterActivityWithOptions(method, activity.RegisterOptions{Name: name})
	}
	register(BeginRun, a.BeginRun)
	register(FetchSnapshot, a.FetchSnapshot)
	register(StageSnapshot, a.StageSnapshot)
	register(CompareSnapshot, a.CompareSnapshot)
	register(ApplySnapshot, a.ApplySnapshot)
	register(ConcludeRun, a.ConcludeRun)
	register(ReportNotified, a.ReportNotified)
	register(ClaimApprovedRun, a.ClaimApprovedRun)
	register(RejectPendingRun, a.RejectPendingRun)
	register(SupersedePendingRuns, a.SupersedePendingRuns)
	register(ReportMissed, a.ReportMissed)
	register(RemoveOldSnapshots, a.RemoveOldSnapshots)
}
