package typeset

import (
	"strings"
	"unicode"
)

// The fewest letters before and after a hyphen, and the fewest and most of a word that is divided. A
// longer one is no word, and would take long to divide.
const (
	minBefore, minAfter = 3, 3
	minWord, maxWord    = 6, 60
)

// letterClass is the class of a Russian letter in the rules of division.
type letterClass byte

const (
	other     letterClass = 0
	vowel     letterClass = 'v'
	consonant letterClass = 'c'
	sign      letterClass = 'x' // й, ь, ъ: they stay with the letter before them
)

func classOf(r rune) letterClass {
	switch {
	case strings.ContainsRune("аеёиоуыэюя", r):
		return vowel
	case strings.ContainsRune("йьъ", r):
		return sign
	case r >= 'а' && r <= 'я':
		return consonant
	}
	return other
}

// patterns are P. Khristov's rules in the later form of Dymchenko and Varsanofiev: a word may be
// divided at the bar; a is any letter.
var patterns = []struct{ before, after string }{
	{"x", "aa"},
	{"v", "va"},
	{"vc", "cv"},
	{"cv", "cv"},
	{"vc", "ccv"},
	{"vcc", "ccv"},
}

// Hyphenate returns the places where a Russian word may be divided, as numbers of letters before the
// hyphen. Words with other characters, abbreviations such as «ФГИС» and short words are not divided.
func Hyphenate(word []rune) (places []int) {
	if len(word) < minWord || len(word) > maxWord || !isWord(word) {
		return nil
	}
	classes := make([]letterClass, len(word))
	for i, r := range word {
		if classes[i] = classOf(unicode.ToLower(r)); classes[i] == other {
			return nil
		}
	}
	for at := minBefore; at <= len(word)-minAfter; at++ {
		if hasVowel(classes[:at]) && hasVowel(classes[at:]) && matchesAny(classes, at) {
			places = append(places, at)
		}
	}
	return places
}

// isWord reports whether the letters after the first are small, or a long word is all in capitals.
func isWord(word []rune) bool {
	capitals := 0
	for _, r := range word[1:] {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals == 0 || capitals == len(word)-1 && unicode.IsUpper(word[0]) && len(word) >= 8
}

func hasVowel(classes []letterClass) bool {
	for _, c := range classes {
		if c == vowel {
			return true
		}
	}
	return false
}

func matchesAny(classes []letterClass, at int) bool {
	for _, p := range patterns {
		if at >= len(p.before) && at+len(p.after) <= len(classes) &&
			matches(classes[at-len(p.before):], p.before) && matches(classes[at:], p.after) {
			return true
		}
	}
	return false
}

func matches(classes []letterClass, pattern string) bool {
	for i := range len(pattern) {
		if pattern[i] != 'a' && letterClass(pattern[i]) != classes[i] {
			return false
		}
	}
	return true
}
