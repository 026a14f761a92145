package orders

// Internals that the external tests of this package need.
const (
	CardDocuments = cardDocuments
	CardResponses = cardResponses
)
