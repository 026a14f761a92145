package events

// What the tests of this package from outside need of its inside.
const (
	StreamsOfSession = streamsOfSession
	ReplaySpan       = replaySpan
)
