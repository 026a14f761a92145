package pdfa

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"epkr/internal/pdfa/cos"
)

// Every code has a sentence, in Russian, that ends where the places are put, and advice.
func TestEveryCodeHasASentence(t *testing.T) {
	t.Parallel()
	parsed, err := parser.ParseFile(token.NewFileSet(), "faults.go", nil, 0)
	require.NoError(t, err)
	declared := 0
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, isValue := n.(*ast.ValueSpec)
		if !isValue || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		declared++
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		s, has := sentences[Code(code)]
		require.True(t, has, code)
		require.True(t, unicode.Is(unicode.Cyrillic, []rune(s.problem)[0]), code)
		require.False(t, strings.HasSuffix(s.problem, "."), code)
		require.True(t, strings.HasSuffix(s.advice, "."), code)
		return true
	})
	require.Len(t, sentences, declared)
}

// A fault is told once, with the first places; names of the file are shown without what cannot be.
func TestFaultsAreToldOnce(t *testing.T) {
	t.Parallel()
	d := claiming(t, 1, "B")
	fonts := ""
	for i := range 9 {
		fonts += "/X" + strconv.Itoa(i) + "<</Type/Font/Subtype/TrueType/Widths[1]/BaseFont/" + strings.Repeat("Z", i) + ">>"
	}
	d.replace("<</F1 ", "<</Y<</Subtype/TrueType/Widths[1]/BaseFont/ABCDEF+a#0A#FF#E2#80#AEb"+strings.Repeat("c", 200)+">>"+fonts+"/F1 ")
	r := judge(t, d.bytes())
	require.Equal(t, []Code{CodeFontNotEmbedded}, codes(r))
	message := r.Faults[0].Message
	require.Equal(t, maxPlaces, strings.Count(message, "«"))
	require.Contains(t, message, " и другие). Сохраните")
	require.Less(t, utf8.RuneCountInString(message), 700)

	require.Equal(t, "«ab»", quoted("a\n\xFF\u202Eb"))
	require.Equal(t, "«"+strings.Repeat("я", maxPlace-1)+"…»", quoted(strings.Repeat("я", 100)))
}

// The report tells on which page a fault is.
func TestFaultsNameThePage(t *testing.T) {
	t.Parallel()
	d := level1A(t)
	d.page("/Group<</S/Transparency>>")
	r := judge(t, d.bytes())
	require.Equal(t, "Есть прозрачные объекты, они запрещены в PDF/A-1 (страница 1). "+
		"Сохраните документ как PDF/A-2 или уберите прозрачность и тени.", r.Faults[0].Message)
}

// A report says what was checked, also if the check ended early.
func TestReportSaysWhatWasChecked(t *testing.T) {
	t.Parallel()
	r := judge(t, level1A(t).bytes())
	require.True(t, r.Accepted())
	require.Equal(t, "PDF/A-1a", r.Standard())
	checks := r.Checked
	require.Len(t, checks, 8)
	require.Equal(t, notChecked, r.NotChecked)

	r = judge(t, sample(t, "encrypted.pdf"))
	require.False(t, r.Accepted())
	require.Empty(t, r.Checked)
	require.Equal(t, append(checks, notChecked...), r.NotChecked)

	r = judge(t, file("<</Pages 2 0 R>>", "<</Kids["+strings.Repeat("0 ", cos.MaxValues)+"]>>"))
	require.Contains(t, codes(r), CodeTooComplex)
	require.NotEmpty(t, r.Checked)
	require.Greater(t, len(r.NotChecked), len(notChecked))
}

func TestTexts(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Договор", decodeText("\xFE\xFF\x04\x14\x04\x3E\x04\x33\x04\x3E\x04\x32\x04\x3E\x04\x40"))
	require.Equal(t, "Акт", decodeText("\xEF\xBB\xBFАкт"))
	require.Equal(t, "a—b•€é", decodeText("a\x84b\x80\xA0\xE9"))

	for _, c := range []struct {
		info, xmp string
		same      bool
	}{
		{"D:20261130115701Z", "2026-11-30T11:57:01Z", true},
		{"D:20261130115701Z'", "2026-11-30T11:57:01Z", true},
		{"D:20261130115701Z00'00'", "2026-11-30T11:57:01+00:00", true},
		{"D:20261130145701+03'00'", "2026-11-30T11:57:01Z", true},
		{"D:20261130145701+03'00", "2026-11-30T14:57:01+03:00", true},
		{"D:20261130082701-03'30'", "2026-11-30T11:57:01Z", true},
		{"D:20261130145701", "2026-11-30T14:57:01+03:00", true},
		{"D:20261130145701+03'00'", "2026-11-30T14:57:01.5+03:00", true},
		{"D:2026", "2026", true},
		{"D:20261130145701+03'00'", "2026-11-30T14:57:01Z", false},
		{"D:20261130145701Z", "2026-11-30T14:57:02Z", false},
		{"D:20261130145701Z", "", false},
		{"yesterday", "2026-11-30T14:57:02Z", false},
	} {
		require.Equal(t, c.same, sameTime(c.info, c.xmp), "%s %s", c.info, c.xmp)
	}
}

// The report of a file is always the same: dictionaries are read in the order of their keys.
func TestReportsAreRepeatable(t *testing.T) {
	t.Parallel()
	d := level1A(t)
	d.state("/ca .5/TR/Identity>>/B<</BM/Other>>/C<</SMask<<>>")
	d.image("/OPI<<>>/Alternates[]/SMask 1 0 R")
	d.replace("/FontFile2", "/Other")
	data := d.bytes()
	first := judge(t, data)
	require.Greater(t, len(first.Faults), 4)
	for range 30 {
		require.Equal(t, first, judge(t, data))
	}
}
