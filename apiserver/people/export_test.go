package people

// Internals that the external tests of this package need.
const CauseHead = causeHead
