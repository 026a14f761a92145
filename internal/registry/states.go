package registry

// What became of an earlier snapshot of the same date.
const (
	KnownApplied  = "applied"
	KnownHeld     = "held"
	KnownRejected = "rejected"
)

// What a snapshot does to an engineer's status.
const (
	ChangeAdded    = "added"
	ChangeLost     = "lost"
	ChangeRestored = "restored"
)
