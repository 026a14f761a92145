package registry

// The result of an earlier snapshot of the same date.
const (
	EarlierApplied          = "applied"
	EarlierAwaitingApproval = "held"
	EarlierRejected         = "rejected"
)

// How a snapshot changes an engineer's status.
const (
	ChangeAdded    = "added"
	ChangeLost     = "lost"
	ChangeRestored = "restored"
)
