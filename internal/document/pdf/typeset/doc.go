// Package typeset breaks paragraphs into lines and Russian words into syllables. It knows widths, not
// glyphs: a unit is whatever the caller measures in. It calculates in integers, so that every machine
// breaks a paragraph at the same places.
package typeset
