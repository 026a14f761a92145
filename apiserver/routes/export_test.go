package routes

// What the tests of this package from outside need of its inside.
var BareServer = bareServer
