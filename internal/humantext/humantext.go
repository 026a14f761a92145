package humantext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line is a text of one line as it is written down: composed (NFC), with single plain spaces between its words and nothing that
// cannot be seen. What [Fault] refuses is left as it is.
func Line(s string) string {
	return strings.Join(strings.FieldsFunc(visible(s), isSpace), " ")
}

// Text is [Line] for a text of several lines: line breaks and the spaces inside a line stay.
func Text(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(s)
	lines := strings.Split(visible(s), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(strings.Map(plainSpace, line), " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n ")
}

// Filled says that a text has something to read.
func Filled(s string) bool {
	return strings.ContainsFunc(visible(s), func(r rune) bool { return !isSpace(r) && unicode.IsGraphic(r) && !unicode.Is(unicode.M, r) })
}

// Unshowable is what [Fault] says.
const Unshowable = "Есть символы, которые нельзя показать. Удалите их или введите текст заново."

// Fault says why a text cannot be kept; empty if it can. Control characters and U+FFFD are what is left of a text that was read
// wrongly.
func Fault(s string) string {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) && !isSpace(r) }) {
		return Unshowable
	}
	return ""
}

// isSpace: fillers, the empty Braille pattern and the note without a head are spaces to the eye.
func isSpace(r rune) bool {
	switch r {
	case '\u2800', '\u3164', '\u115F', '\u1160', '\uFFA0', '\U0001D159':
		return true
	}
	return unicode.IsSpace(r)
}

// plainSpace makes a space of whatever looks like one.
func plainSpace(r rune) rune {
	if isSpace(r) {
		return ' '
	}
	return r
}

// visible composes a text and takes away what is not seen in it: marks of direction, soft hyphens, tags and the like. Joiners stay where
// a script or an emoji needs them.
func visible(s string) string {
	s = norm.NFC.String(s)
	runes := []rune(s)
	kept := make([]rune, 0, len(runes))
	changed := false
	for i, r := range runes {
		if isInvisible(r) && !isNeeded(kept, r, runes[i+1:]) {
			changed = true
			continue
		}
		kept = append(kept, r)
	}
	if !changed {
		return s
	}
	return norm.NFC.String(string(kept)) // what stood apart may compose now
}

func isInvisible(r rune) bool {
	if r < utf8.RuneSelf || isSpace(r) {
		return false
	}
	return r == '\uFFFC' || unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

const (
	nonJoiner, joiner = '\u200C', '\u200D'
	emojiStyle        = '\uFE0F'
	keycap            = '\u20E3'
)

// isNeeded says that an invisible character changes how its neighbours look: a joiner between emoji or letters that join, the style of
// an emoji, the variant of an ideograph.
func isNeeded(before []rune, r rune, after []rune) bool {
	if len(before) == 0 {
		return false
	}
	last := before[len(before)-1]
	switch {
	case r == emojiStyle:
		return isEmoji(last) || len(after) > 0 && after[0] == keycap
	case unicode.Is(unicode.Variation_Selector, r):
		return unicode.Is(unicode.Han, last) || unicode.Is(unicode.Mongolian, last)
	case r == joiner && (isEmoji(last) || last == emojiStyle):
		return len(after) > 0 && isEmoji(after[0])
	case r == joiner || r == nonJoiner:
		return joins(last) && len(after) > 0 && joins(after[0])
	}
	return false
}

// isEmoji is wide enough for every emoji that is joined to others.
func isEmoji(r rune) bool { return unicode.In(r, unicode.So, unicode.Sk) }

// joins: these scripts write a word differently with a joiner in it.
func joins(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
		unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Tibetan)
}
