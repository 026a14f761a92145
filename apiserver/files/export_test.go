package files

// What the tests of this package from outside need of its inside.
const PartSize = partSize

var DayOf = dayOf
