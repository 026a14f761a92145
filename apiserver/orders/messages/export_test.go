package messages

// What the tests of this package from outside need of its inside.
const (
	MaxForm       = maxForm
	MaxUnanswered = maxUnanswered
	MessageBurst  = messageBurst
)
