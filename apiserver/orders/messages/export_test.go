package messages

// Internals that the external tests of this package need.
const (
	MaxForm       = maxForm
	MaxUnanswered = maxUnanswered
	MessageBurst  = messageBurst
)
