package routes

// Internals that the external tests of this package need.
var BareServer = bareServer
