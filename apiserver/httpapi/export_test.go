package httpapi

// What the tests of this package from outside need of its inside.
const (
	ActingHeader    = actingHeader
	EventDataOpened = eventDataOpened
	OpenedAgain     = openedAgain
	RequestIDHeader = requestIDHeader
)
