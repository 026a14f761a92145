package template

import (
	"slices"
	"strings"
	"unicode"

	"epkr/internal/document"
)

// tidy joins runs of the same weight, leaves one space between words and none at the edges of lines,
// and puts the no-break spaces that Russian typography asks for.
func tidy(runs document.Text) document.Text {
	var out document.Text
	w := tidyWriter{runs: runs}
	for i, run := range runs {
		w.b.Reset()
		w.b.Grow(len(run.Text) + len(run.Text)/8) // a no-break space has two bytes
		w.run(i, run.Text)
		text := w.b.String()
		switch last := len(out) - 1; {
		case text == "":
		case last >= 0 && out[last].Bold == run.Bold:
			out[last].Text += text
		default:
			out = append(out, document.Run{Text: text, Bold: run.Bold})
		}
	}
	return out
}

type tidyWriter struct {
	runs  document.Text
	b     strings.Builder
	word  []rune // since the last space
	space bool   // a space is due before the next character
	begun bool   // the line has a character
}

func (w *tidyWriter) run(index int, text string) {
	for at, r := range text {
		switch {
		case r == ' ' || r == '\t':
			w.space = w.begun
		case r == '\n':
			w.b.WriteByte('\n')
			w.space, w.begun, w.word = false, false, w.word[:0]
		default:
			if w.space {
				w.writeSpace(w.binds(r, index, at))
			}
			w.b.WriteRune(r)
			w.begun = true
			w.word = append(w.word, r)
		}
	}
}

// following returns the text that begins at a place of a run.
func (w *tidyWriter) following(index, at int) string {
	s := w.runs[index].Text[at:]
	if len(s) < 16 {
		for _, run := range w.runs[index+1:] {
			s += run.Text
		}
	}
	return s
}

func (w *tidyWriter) writeSpace(bound bool) {
	space := ' '
	if bound {
		space = '\u00a0'
	}
	w.b.WriteRune(space)
	w.space = false
	w.word = w.word[:0]
}

// longest is the number of characters of the longest word that binds.
const longest = 12

// binds reports whether a line may not end between the last word and the character at a place.
func (w *tidyWriter) binds(next rune, index, at int) bool {
	if len(w.word) <= longest && bindsAfter(string(w.word), next) {
		return true
	}
	afterNumber := len(w.word) > 0 && unicode.IsDigit(w.word[len(w.word)-1])
	return (next == '—' || afterNumber) && bindsBefore(afterNumber, w.following(index, at))
}

// binding are the abbreviations that stay with what follows them.
var binding = []string{"№", "ст.", "п.", "пп.", "ч.", "гл.", "абз.", "ул.", "пер.", "просп.", "с.", "кв.", "стр.", "корп."}

// bindsAfter reports whether a word stays on the line of the character that follows it: № 5, ст. 720,
// г. Москва, д. 5, И. И. Иванов.
func bindsAfter(word string, next rune) bool {
	word = strings.TrimLeft(word, "(«")
	switch {
	case slices.Contains(binding, word):
		return true
	case word == "г.":
		return unicode.IsUpper(next)
	case len(word) <= 3 && isDigits(word): // the groups of 12 345 678
		return unicode.IsDigit(next)
	case len(word) == len("123-456-789") && isDigits(strings.ReplaceAll(word, "-", "")): // a СНИЛС
		return unicode.IsDigit(next)
	case word == "д.":
		return unicode.IsDigit(next)
	}
	letters := []rune(word)
	return len(letters) == 2 && unicode.IsUpper(letters[0]) && letters[1] == '.' && unicode.IsUpper(next)
}

// units stay with the number before them.
var units = []string{"г.", "руб.", "%", "мм", "м", "м²", "га"}

// bindsBefore reports whether a text stays on the line of the word before it: a dash, and a unit after
// a number.
func bindsBefore(number bool, following string) bool {
	if strings.HasPrefix(following, "— ") {
		return true
	}
	if !number {
		return false
	}
	next, _, _ := strings.Cut(following, " ")
	return slices.Contains(units, strings.TrimRight(next, ",;)")) || slices.Contains(units, next)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
