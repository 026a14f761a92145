package humantext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line returns a one-line text in normal form: composed (NFC), with single plain spaces between
// words and without invisible characters. It leaves characters that [Fault] refuses.
func Line(s string) string {
	return strings.Join(strings.FieldsFunc(visible(s), isSpace), " ")
}

// lineBreaks replaces every kind of line break by U+000A.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n")

// Text is [Line] for a text of several lines: it keeps line breaks and the spaces inside a line.
func Text(s string) string {
	lines := strings.Split(visible(lineBreaks.Replace(s)), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(strings.Map(plainSpace, line), " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n ")
}

// Filled reports whether a text contains a visible character.
func Filled(s string) bool {
	return strings.ContainsFunc(visible(s), func(r rune) bool { return !isSpace(r) && unicode.IsGraphic(r) && !unicode.Is(unicode.M, r) })
}

// Unshowable is the message of [Fault].
const Unshowable = "Есть символы, которые нельзя показать. Удалите их или введите текст заново."

// Fault returns the reason why a text cannot be stored; empty if it can. Control characters and
// U+FFFD are signs of a text that was decoded wrongly.
func Fault(s string) string {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) && !isSpace(r) }) {
		return Unshowable
	}
	return ""
}

// isSpace reports whether r looks like a space: fillers, the empty Braille pattern and the null
// notehead count too.
func isSpace(r rune) bool {
	switch r {
	case '\u2800', '\u3164', '\u115F', '\u1160', '\uFFA0', '\U0001D159':
		return true
	}
	return unicode.IsSpace(r)
}

// plainSpace replaces every kind of space by U+0020.
func plainSpace(r rune) rune {
	if isSpace(r) {
		return ' '
	}
	return r
}

// visible composes a text and removes invisible characters such as direction marks, soft hyphens
// and tags. It keeps joiners where a script or an emoji needs them.
func visible(s string) string {
	s = norm.NFC.String(s)
	runes := []rune(s)
	kept := make([]rune, 0, len(runes))
	changed := false
	for i, r := range runes {
		if isInvisible(r) && !changesNeighbours(kept, r, runes[i+1:]) {
			changed = true
			continue
		}
		kept = append(kept, r)
	}
	if !changed {
		return s
	}
	return norm.NFC.String(string(kept)) // removal may have made neighbours composable
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

// changesNeighbours reports whether an invisible character changes how its neighbours look: a
// joiner between emoji or joining letters, an emoji style, an ideograph variant.
func changesNeighbours(before []rune, r rune, after []rune) bool {
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

// isEmoji reports whether r can be joined to other emoji; it also accepts other symbols.
func isEmoji(r rune) bool { return unicode.In(r, unicode.So, unicode.Sk) }

// joins reports whether r belongs to a script in which a joiner changes how a word is written.
func joins(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
		unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Tibetan)
}
