package typeset

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestHyphenate(t *testing.T) {
	for word, divided := range map[string]string{
		"кадастровый":       "кадас-тро-вый",
		"межевание":         "меже-ва-ние",
		"исполнитель":       "испол-ни-тель",
		"объектами":         "объ-ек-тами",
		"большинство":       "боль-шинс-тво",
		"фильтр":            "фильтр", // no syllable without a vowel
		"участок":           "учас-ток",
		"Договор":           "Дого-вор",
		"ЗЕМЛЕПОЛЬЗОВАТЕЛЬ": "ЗЕМ-ЛЕ-ПОЛЬ-ЗО-ВА-ТЕЛЬ",
		"ФГБОУ":             "ФГБОУ",
		"РосРеестр":         "РосРеестр",
		"окно":              "окно",
		"registration":      "registration",
		"слово1слово":       "слово1слово",
	} {
		var b strings.Builder
		runes := []rune(word)
		from := 0
		for _, at := range Hyphenate(runes) {
			b.WriteString(string(runes[from:at]) + "-")
			from = at
		}
		require.Equal(t, divided, b.String()+string(runes[from:]))
	}
	require.NotEmpty(t, Hyphenate([]rune(strings.Repeat("ла", maxWord/2))))
	require.Empty(t, Hyphenate([]rune(strings.Repeat("ла", maxWord/2+1))))
}

// set breaks a text of characters of the width 10 and returns its lines. A hyphen marks a place
// where a word may be divided, a slash an open place, and a bar the end of a line.
func set(text string, m Measure) (lines []string) {
	joins := map[rune]Join{' ': Space, '-': Soft, '/': Open, '|': End}
	signs := map[Join]string{Space: " ", Soft: "", Open: "/", End: ""}
	var pieces []Piece
	var words []string
	word := ""
	for _, r := range text + "|" {
		join, ends := joins[r]
		if !ends {
			word += string(r)
			continue
		}
		pieces = append(pieces, Piece{Width: 10 * len([]rune(word)), Join: join})
		words = append(words, word)
		word = ""
	}
	for _, l := range Break(pieces, m) {
		line := ""
		for i := l.First; i < l.After; i++ {
			line += words[i]
			if i < l.After-1 {
				line += signs[pieces[i].Join]
			} else if pieces[i].Join == Soft {
				line += "-"
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestBreak(t *testing.T) {
	justified := Measure{Width: 200, Space: 10, Hyphen: 10, Justify: true}
	ragged := Measure{Width: 200, Space: 10, Hyphen: 10}
	balanced := Measure{Width: 200, Space: 10, Hyphen: 10, Balance: true}
	for name, c := range map[string]struct {
		text    string
		measure Measure
		lines   []string
	}{
		"one line":              {"один два три", justified, []string{"один два три"}},
		"ends of lines":         {"один|два три|", justified, []string{"один", "два три", ""}},
		"the last line is full": {"двадцать букв в одной", justified, []string{"двадцать букв в", "одной"}},
		"spaces shrink":         {"а б в г д е ж з и кл мно пр", justified, []string{"а б в г д е ж з и кл", "мно пр"}},
		"a loose line is avoided by dividing a word": {
			"слово подраз-де-ле-ние слово слово", justified, []string{"слово подразделение", "слово слово"},
		},
		"open places":               {"кадастрово/геодезический", justified, []string{"кадастрово", "геодезический"}},
		"a piece wider than a line": {"а бббббббббббббббббббббббббббббббб в", justified, []string{"а", "бббббббббббббббббббббббббббббббб", "в"}},
		"words stay whole if lines may differ": {
			"короткое длин-но-е-сло-во длинноеслово", ragged, []string{"короткое", "длинноеслово", "длинноеслово"},
		},
		"a title is balanced": {"договор подряда на работы", balanced, []string{"договор подряда", "на работы"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.lines, set(c.text, c.measure))
		})
	}
}

// TestAParagraphIsBrokenAsAWhole has short words that fill a line, and then one before a word that
// fills the next: line by line, it would stand alone.
func TestAParagraphIsBrokenAsAWhole(t *testing.T) {
	long := strings.Repeat("ы", 30)
	lines := set("аа бб вв гг дд ее жж зз ии кк лл мм "+long+" конец", Measure{Width: 300, Space: 10, Hyphen: 10, Justify: true})
	require.Equal(t, []string{"аа бб вв гг дд ее жж", "зз ии кк лл мм", long, "конец"}, lines)
}

// TestWhatMakesALineWorse compares lines of one width, each the second line of a paragraph.
func TestWhatMakesALineWorse(t *testing.T) {
	cost := func(first, second Join, width int) int {
		pieces := []Piece{{Width: 190, Join: first}, {Width: width, Join: second}, {Width: 190, Join: End}}
		b := newBreaker(pieces, Measure{Width: 200, Space: 10, Hyphen: 10, Justify: true})
		c, fits := b.costOf(b.line(1, 2))
		require.True(t, fits)
		return c
	}
	require.Less(t, cost(Space, Space, 190), cost(Space, Soft, 180))
	require.Less(t, cost(Space, Soft, 180), cost(Soft, Soft, 180))
	require.Less(t, cost(Space, End, 100), cost(Soft, End, 100))
	require.Less(t, cost(Space, End, 100), cost(Space, End, 10))
	require.Less(t, cost(Space, Space, 190), cost(Space, Space, 180))
	require.Less(t, cost(Space, End, 10), cost(Space, Space, 100))
}

func FuzzBreak(f *testing.F) {
	f.Add("один два-три четыре/пять|шесть", 100, true)
	f.Fuzz(func(t *testing.T, text string, width int, justify bool) {
		if width < 10 || width > 1000 || len(text) > 300 || !utf8.ValidString(text) {
			return
		}
		lines := set(text, Measure{Width: width, Space: 10, Hyphen: 10, Justify: justify})
		strip := strings.NewReplacer(" ", "", "-", "", "/", "", "|", "")
		require.Equal(t, strip.Replace(text), strip.Replace(strings.Join(lines, "")))
	})
}
