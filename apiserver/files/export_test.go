package files

// Internals that the external tests of this package need.
const PartSize = partSize

var DayOf = dayOf
