package orders

// What the tests of this package from outside need of its inside.
const (
	CardDocuments = cardDocuments
	CardResponses = cardResponses
)
