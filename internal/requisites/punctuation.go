package requisites

import (
	"strings"
	"unicode"
)

// normalizePunctuation replaces the punctuation that appears between the digits of a number copied
// from a document or a web page: every dash becomes "-", every colon ":", every slash "/", a run of
// spaces of any kind one space. It removes invisible characters (zero-width spaces, soft hyphens,
// byte order marks, direction marks) and spaces at the ends. It keeps letters and digits: a digit
// of another script is not a digit of these numbers.
func normalizePunctuation(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case unicode.Is(unicode.Cf, r):
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(plainRune(r))
	}
	return b.String()
}

func plainRune(r rune) rune {
	switch r {
	case '\u2212', '\u2043':
		return '-'
	case '\uff1a', '\u2236', '\ua789', '\ufe55':
		return ':'
	case '\uff0f', '\u2044', '\u2215':
		return '/'
	}
	if unicode.Is(unicode.Pd, r) {
		return '-'
	}
	return r
}

// compact is normalizePunctuation without any spaces.
func compact(s string) string { return strings.ReplaceAll(normalizePunctuation(s), " ", "") }

// digitsOnly removes the characters of separators and reports whether only digits remain.
func digitsOnly(s, separators string) (string, bool) {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(separators, r):
		default:
			return "", false
		}
	}
	return b.String(), true
}

// allZeros reports whether every digit is 0: such a number passes every checksum and was never
// issued.
func allZeros(digits string) bool { return strings.Trim(digits, "0") == "" }
