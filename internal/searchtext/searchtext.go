// Package searchtext compares Russian text for search. Case, ё or е, hyphens or spaces, composed or
// decomposed letters and the order of words do not matter.
//
// [Fold] has a twin in the database, the function search_fold of the migrations. Stored text is
// folded there and the text of a query here; one file of test vectors checks that both give the
// same results.
package searchtext

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns text in the form that search compares: words of lower-case letters and digits,
// separated by one space, with е for ё.
func Fold(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case isInvisible(r):
			return -1
		case r == '№':
			return ' '
		}
		return r
	}, text)
	text = withoutMarks(strings.ToLower(norm.NFKC.String(text)))
	return strings.Join(strings.Fields(strings.Map(foldRune, text)), " ")
}

// withoutMarks removes combining marks that form no letter with the one before them, such as a
// stress mark.
func withoutMarks(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f {
			return -1
		}
		return r
	}, text)
}

func foldRune(r rune) rune {
	switch {
	case isSeparator(r):
		return ' '
	case r == 'ё':
		return 'е'
	}
	return r
}

// isInvisible reports whether r has no glyph and separates no words: soft hyphens, direction marks,
// joiners, variation selectors, tags.
func isInvisible(r rune) bool { return unicode.Is(invisibleRunes, r) }

var invisibleRunes = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0xad, 0xad, 1},
		{0x61c, 0x61c, 1},
		{0x17b4, 0x17b5, 1},
		{0x180b, 0x180f, 1},
		{0x200b, 0x200f, 1},
		{0x202a, 0x202e, 1},
		{0x2060, 0x206f, 1},
		{0xfe00, 0xfe0f, 1},
		{0xfeff, 0xfeff, 1},
		{0xfff0, 0xfffc, 1},
	},
	R32:         []unicode.Range32{{0x1bca0, 0x1bca3, 1}, {0x1d173, 0x1d17a, 1}, {0xe0000, 0xe0fff, 1}},
	LatinOffset: 1,
}

// isSeparator reports whether r separates words: punctuation, spaces, symbols.
func isSeparator(r rune) bool {
	switch {
	case r < '0', r > '9' && r < 'A', r > 'Z' && r < 'a', r > 'z' && r < 0xc0, r == 0xd7, r == 0xf7:
		return true
	case r >= 0x2000 && r <= 0x206f, r >= 0x2190 && r <= 0x2bff, r >= 0x3000 && r <= 0x303f:
		return true
	}
	return r == 0x1680 || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0
}

// Query holds the LIKE patterns of a search. They are matched against stored text that is folded
// and has a space at both ends. Every pattern of All must match; Index is the longest of them, the
// most selective one for an index. Both are empty if the search text is blank. A search text of
// punctuation alone matches nothing.
type Query struct {
	Index string
	All   []string
}

// Names returns the query for words in any order. A word of one or two letters (Ли, an initial)
// matches only whole words; a longer word also matches inside words.
func Names(text string) Query { return query(text, strings.Fields(Fold(text)), false) }

// Number returns the query for parts of a number, which match anywhere in it.
func Number(text string) Query { return query(text, strings.Fields(Fold(text)), true) }

// Places returns the query for a place name, ignoring words for the kind of place: «г. Бийск»
// matches Бийск.
func Places(text string) Query { return query(text, PlaceWords(text), false) }

// And returns a query that requires the patterns of both queries.
func (q Query) And(other Query) Query {
	both := Query{Index: q.Index, All: append(append([]string{}, q.All...), other.All...)}
	if len(other.Index) > len(q.Index) {
		both.Index = other.Index
	}
	return both
}

// matchNothing is a pattern that no folded text contains.
const matchNothing = "%\x01%"

func query(text string, words []string, inside bool) Query {
	q := Query{All: []string{}}
	if len(words) == 0 && !isBlank(text) {
		return Query{Index: matchNothing, All: []string{matchNothing}}
	}
	for _, w := range words {
		pattern := "%" + w + "%"
		if !inside && utf8.RuneCountInString(w) < 3 {
			pattern = "% " + w + "%"
		}
		if len(pattern) > len(q.Index) {
			q.Index = pattern
		}
		q.All = append(q.All, pattern)
	}
	return q
}

func isBlank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && !isInvisible(r) })
}

// placeKinds are the words for kinds of places, whole or abbreviated, and the endings of ordinal
// numbers.
var placeKinds = map[string]bool{}

// maxPlaceKindWords is the largest number of words in a key of placeKinds.
const maxPlaceKindWords = 3

func init() {
	for kind := range strings.SplitSeq(`г,гор,город,п,пос,поселок,поселок городского типа,пгт,п г т,рп,р п,рабочий поселок,с,село,д,дер,деревня,
		ст,ст-ца,станица,станция,х,хутор,аул,мкр,мкрн,мкр-н,микрорайон,
		ул,улица,пр,пр-т,пр-кт,просп,проспект,пер,переулок,пл,площадь,ал,аллея,ш,шоссе,наб,набережная,б-р,бул,бульвар,туп,тупик,проезд,пр-д,
		кв-л,квартал,дом,стр,строение,к,корп,корпус,
		тер,территория,снт,днт,садовое товарищество,садовое некоммерческое товарищество,садоводческое некоммерческое товарищество,
		дачное некоммерческое товарищество,
		р-н,район,м р-н,муниципальный район,обл,область,автономная область,ао,автономный округ,край,респ,республика,
		округ,го,г о,городской округ,мо,м о,муниципальный округ,гп,городское поселение,сп,сельское поселение,сельсовет,с-с,
		й,я,е,ая,ое`, ",") {
		placeKinds[Fold(kind)] = true
	}
}

// PlaceWords returns the words of a place name without those for its kind. If nothing else is left,
// it returns the longest word.
func PlaceWords(text string) []string {
	all := strings.Fields(Fold(text))
	var words []string
	for i := 0; i < len(all); {
		n := placeKindLen(all[i:])
		if n == 0 {
			words = append(words, all[i])
			n = 1
		}
		i += n
	}
	if len(words) == 0 && len(all) > 0 {
		return []string{slices.MaxFunc(all, func(a, b string) int { return cmp.Compare(len(a), len(b)) })}
	}
	return words
}

// placeKindLen returns how many of the first words name a kind of place; 0 if they name none.
func placeKindLen(words []string) int {
	for n := min(maxPlaceKindWords, len(words)); n > 0; n-- {
		if placeKinds[strings.Join(words[:n], " ")] {
			return n
		}
	}
	return 0
}

// Matches reports whether the text, once folded, satisfies the query; the database does the same
// with LIKE.
func (q Query) Matches(text string) bool {
	padded := " " + Fold(text) + " "
	return !slices.ContainsFunc(q.All, func(pattern string) bool {
		return !strings.Contains(padded, strings.Trim(pattern, "%"))
	})
}
