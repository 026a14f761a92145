package httpapi

// Internals that the external tests of this package need.
const (
	ActingHeader    = actingHeader
	EventDataOpened = eventDataOpened
	OpenedWindow    = openedWindow
	RequestIDHeader = requestIDHeader
)
