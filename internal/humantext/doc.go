// Package humantext is the one rule for texts that people type and for what people and files may be called: how a text is written down,
// when it is filled in, and which characters no text may hold.
//
// The web app follows the same rule (web/src/shared/lib/humanText.ts); testdata/vectors.json is the test of both.
package humantext
