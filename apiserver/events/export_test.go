package events

// Internals that the external tests of this package need.
const (
	StreamsOfSession = streamsOfSession
	ReplaySpan       = replaySpan
)
