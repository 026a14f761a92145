package people

// What the tests of this package from outside need of its inside.
const CauseHead = causeHead
