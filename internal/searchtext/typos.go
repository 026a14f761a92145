package searchtext

import (
	"regexp"
	"slices"
	"strings"
)

// minCorrected is the length from which a word is corrected: most short words are one letter away
// from another name.
const minCorrected = 4

// Spellings returns a folded word and the word without each one of its letters. Two words that
// differ by one typing error have one of these in common: this is how the table name_spellings is
// searched. A word that is too short to be corrected has none.
func Spellings(word string) []string {
	letters := []rune(word)
	if len(letters) < minCorrected {
		return nil
	}
	all := []string{word}
	for i := range letters {
		all = append(all, string(slices.Delete(slices.Clone(letters), i, i+1)))
	}
	return all
}

// OneTypo reports whether one typing error makes one word of the other: a wrong, missing or
// additional letter, or two neighbours exchanged.
func OneTypo(one, other string) bool {
	a, b := []rune(one), []rune(other)
	if len(a) > len(b) {
		a, b = b, a
	}
	first := 0
	for first < len(a) && a[first] == b[first] {
		first++
	}
	restA, restB := a[first:], b[first:]
	switch len(b) - len(a) {
	case 0:
		return len(restA) > 0 && slices.Equal(restA[1:], restB[1:]) ||
			len(restA) > 1 && restA[0] == restB[1] && restA[1] == restB[0] && slices.Equal(restA[2:], restB[2:])
	case 1:
		return slices.Equal(restA, restB[1:])
	}
	return false
}

// Corrected returns the patterns of a search in which each word may contain one typing error, as
// regular expressions for stored text that is folded and has a space at both ends: every one must
// match. Index is the longest. similar are the stored words that share a spelling with a word of
// the text. ok reports whether any of them corrects a word; without one, the search finds nothing
// new.
func Corrected(text string, similar []string) (index string, all []string, ok bool) {
	for word := range strings.FieldsSeq(Fold(text)) {
		pattern := regexp.QuoteMeta(word)
		if len([]rune(word)) < minCorrected {
			pattern = " " + pattern
		}
		for _, known := range similar {
			if len([]rune(word)) >= minCorrected && OneTypo(word, known) {
				pattern += "| " + regexp.QuoteMeta(known) + " "
				ok = true
			}
		}
		all = append(all, pattern)
		if len(pattern) > len(index) {
			index = pattern
		}
	}
	return index, all, ok
}
