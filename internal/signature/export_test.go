package signature

// Texts are those of all codes.
var Texts = texts
