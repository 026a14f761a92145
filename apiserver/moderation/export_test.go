package moderation

// Internals that the external tests of this package need.
const CardDecisions = cardDecisions
