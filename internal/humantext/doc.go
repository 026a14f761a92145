// Package humantext defines how texts that people type, names of people and names of files are
// normalised, when such a text counts as filled in, and which characters it may not contain.
//
// The web app follows the same rules (web/src/shared/lib/humanText.ts); testdata/vectors.json tests
// both.
package humantext
