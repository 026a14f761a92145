package parties

// Internals that the external tests of this package need.
const (
	HoldingOwn        = holdingOwn
	HoldingEmployer   = holdingEmployer
	HoldingPending    = holdingPending
	HoldingNoEmployer = holdingNoEmployer
	HoldingNoForm     = holdingNoForm
)
