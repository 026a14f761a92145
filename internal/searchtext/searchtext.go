// Package searchtext says when two pieces of Russian text are the same to somebody who searches: whatever the case, ё or е, hyphens or
// spaces, composed or decomposed letters, and the order of the words.
//
// [Fold] has a twin in the database, the function search_fold of the migrations: what is stored is folded there, what is asked
// for here, and the vectors of the test hold both to the same results.
package searchtext

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold rewrites text as search compares it: words of small letters and digits with one space between them, е for ё.
func Fold(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case invisible(r):
			return -1
		case r == '№':
			return ' '
		}
		return r
	}, text)
	text = withoutMarks(strings.ToLower(norm.NFKC.String(text)))
	return strings.Join(strings.Fields(strings.Map(foldRune, text)), " ")
}

// withoutMarks drops the marks that make no letter of their own with the one before them: a stress mark, say.
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
	case separates(r):
		return ' '
	case r == 'ё':
		return 'е'
	}
	return r
}

// invisible characters show nothing and part no words: soft hyphens, marks of direction, joiners, variation selectors, tags.
func invisible(r rune) bool { return unicode.Is(invisibles, r) }

var invisibles = &unicode.RangeTable{
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

// separates reports whether a character stands between words: punctuation, spaces, symbols.
func separates(r rune) bool {
	switch {
	case r < '0', r > '9' && r < 'A', r > 'Z' && r < 'a', r > 'z' && r < 0xc0, r == 0xd7, r == 0xf7:
		return true
	case r >= 0x2000 && r <= 0x206f, r >= 0x2190 && r <= 0x2bff, r >= 0x3000 && r <= 0x303f:
		return true
	}
	return r == 0x1680 || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0
}

// Query is what a search asks of the stored text, which is folded and has a space at both ends. Every pattern of All must fit; Index is the
// one of them that an index finds most by. Both are empty when nothing is asked for; a text of nothing but punctuation asks for what is
// nowhere.
type Query struct {
	Index string
	All   []string
}

// Names asks for words in any order. A word of one or two letters (Ли, an initial) has to begin a word, a longer one may stand inside.
func Names(text string) Query { return query(text, strings.Fields(Fold(text)), false) }

// Number asks for pieces of a number, which may stand anywhere in it.
func Number(text string) Query { return query(text, strings.Fields(Fold(text)), true) }

// Places is Names without the words that say what kind of place a name belongs to: «г. Бийск» finds Бийск.
func Places(text string) Query { return query(text, PlaceWords(text), false) }

// Joined asks for both.
func (q Query) Joined(other Query) Query {
	both := Query{Index: q.Index, All: slices.Concat(q.All, other.All)}
	if len(other.Index) > len(q.Index) {
		both.Index = other.Index
	}
	return both
}

// nowhere is in no folded text.
const nowhere = "%\x01%"

func query(text string, words []string, inside bool) Query {
	q := Query{All: []string{}}
	if len(words) == 0 && !blank(text) {
		return Query{Index: nowhere, All: []string{nowhere}}
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

func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && !invisible(r) })
}

// kinds are the words, whole or shortened, that say what a place is, and the endings of ordinal numbers.
var kinds = map[string]bool{}

// longestKind is how many words there are at most in one of kinds.
const longestKind = 3

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
		kinds[Fold(kind)] = true
	}
}

// PlaceWords are the words of a place's name without those of its kind; of a name that is nothing else, its longest word.
func PlaceWords(text string) []string {
	all := strings.Fields(Fold(text))
	var words []string
	for i := 0; i < len(all); {
		n := kindAt(all[i:])
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

// kindAt says how many words at the beginning name a kind of place.
func kindAt(words []string) int {
	for n := min(longestKind, len(words)); n > 0; n-- {
		if kinds[strings.Join(words[:n], " ")] {
			return n
		}
	}
	return 0
}

// Matches reports whether a folded text answers a query; the database asks the same with like.
func (q Query) Matches(text string) bool {
	padded := " " + Fold(text) + " "
	return !slices.ContainsFunc(q.All, func(pattern string) bool {
		return !strings.Contains(padded, strings.Trim(pattern, "%"))
	})
}
