package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/document"
)

// with returns a document of a title and more blocks.
func with(blocks ...document.Block) document.Document {
	return document.Document{
		Meta:   document.Meta{Language: "ru-RU", Title: "Проба", Subject: "Проба", Created: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)},
		Footer: "Проба",
		Blocks: append([]document.Block{document.Title{Text: document.Plain("Проба")}}, blocks...),
	}
}

func longText(n int) document.Paragraph {
	return document.Paragraph{Text: document.Plain(strings.Repeat("кадастровые работы ", n))}
}

// pagesOf returns the pages of a document.
func pagesOf(t *testing.T, d document.Document) []*page {
	t.Helper()
	strips, _, err := newTypesetter().layOut(d)
	require.NoError(t, err)
	pages, err := paginate(strips)
	require.NoError(t, err)
	return pages
}

func TestACharacterWithoutAGlyphIsNamed(t *testing.T) {
	long := strings.Repeat("очень ", 10) + "длинный текст 😀 " + strings.Repeat("очень ", 10)
	for name, d := range map[string]document.Document{
		"paragraph": with(document.Paragraph{Text: document.Plain(long)}),
		"cell":      with(document.Table{Columns: []document.Column{{Header: document.Plain("а"), Width: 1}}, Rows: [][]document.Text{{document.Plain(long)}}}),
		"columns":   with(document.Columns{{{Text: document.Plain(long)}}, {}}),
		"signature": with(document.Signatures{{Role: document.Plain("а"), Name: document.Plain(long)}}),
		"clause":    with(document.Clause{Number: "1.", Level: 1, Text: document.Plain(long)}),
		"heading":   with(document.Heading{Text: document.Plain(long)}),
	} {
		t.Run(name, func(t *testing.T) {
			err := Write(io.Discard, d)
			var missing *MissingGlyphError
			require.True(t, errors.As(err, &missing), "%v", err)
			require.Equal(t, '😀', missing.Character)
			require.EqualError(t, err, "Символ «😀» (U+1F600) нельзя напечатать в документе, замените его: «очень длинный текст 😀 очень очень очень».")
		})
	}
}

func TestFaultyDocumentsAreRefused(t *testing.T) {
	require.ErrorContains(t, Write(io.Discard, document.Document{}), "missing")
	require.ErrorContains(t, Write(io.Discard, with(document.Paragraph{Text: document.Plain("\x01")})), "U+0001")
	require.ErrorContains(t, Write(io.Discard, with(document.Paragraph{Text: document.Plain(strings.Repeat("а\n", 70_000))})), "more than 1000 pages")
}

func TestWhatIsNeverDividedMustFitOnAPage(t *testing.T) {
	tall := document.Plain(strings.Repeat("а\n", 60))
	header := table(1, "а")
	header.Columns[0].Header = tall
	require.ErrorIs(t, Write(io.Discard, with(header)), errTooTall)
	require.ErrorIs(t, Write(io.Discard, with(document.Signatures{{Name: tall}})), errTooTall)
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAFailureOfTheWriterIsReturned(t *testing.T) {
	require.ErrorIs(t, Write(brokenWriter{}, with()), io.ErrClosedPipe)
}

// contentOf returns the uncompressed operators of all pages.
func contentOf(pages []*page) (contents []string) {
	for _, p := range pages {
		contents = append(contents, string(p.content))
	}
	return contents
}

// TestAHeadingStandsOnThePageOfItsText moves a heading down the page line by line.
func TestAHeadingStandsOnThePageOfItsText(t *testing.T) {
	for n := range 60 {
		var blocks []document.Block
		for range n {
			blocks = append(blocks, document.Paragraph{Text: document.Plain("строка")})
		}
		blocks = append(blocks, document.Heading{Number: "1.", Text: document.Plain("Раздел")}, longText(40))
		for _, content := range contentOf(pagesOf(t, with(blocks...))) {
			if at := strings.Index(content, "/H2"); at >= 0 {
				require.GreaterOrEqual(t, strings.Count(content[at:], "BT "), 3, "after %d lines", n)
			}
		}
	}
}

// TestNoLineOfAParagraphStandsAlone fills pages with paragraphs of different lengths.
func TestNoLineOfAParagraphStandsAlone(t *testing.T) {
	for words := 5; words < 60; words += 5 {
		var blocks []document.Block
		for range 60 {
			blocks = append(blocks, document.Paragraph{Text: document.Plain(strings.Repeat("слово ", words))})
		}
		one := len(mustCompose(t, strings.Repeat("слово ", words)).lines) == 1
		for _, content := range contentOf(pagesOf(t, with(blocks...))) {
			parts := strings.Split(content, "/P <<")[1:]
			for _, part := range parts {
				require.True(t, one || strings.Count(part, "BT ") >= 2, "%d words", words)
			}
		}
	}
}

// TestNoPageEndsInsideAWord moves a text whose lines often end with hyphens down the page.
func TestNoPageEndsInsideAWord(t *testing.T) {
	text := "Исполнитель обязуется обеспечить выполнение кадастровых работ в отношении объекта недвижимости и передать Заказчику " +
		"документы, подготовленные в результате выполнения этих работ с учетом требований законодательства; "
	hyphens := 0
	for n := range 20 {
		blocks := []document.Block{}
		for range n {
			blocks = append(blocks, document.Paragraph{Text: document.Plain("строка")})
		}
		for range 30 {
			blocks = append(blocks, document.Clause{Number: "1.", Level: 2, Text: document.Plain(strings.Repeat(text, 2))})
		}
		setter := newTypesetter()
		strips, _, err := setter.layOut(with(blocks...))
		require.NoError(t, err)
		pages, err := paginate(strips)
		require.NoError(t, err)
		code := fmt.Sprintf("%04X>", setter.faces[regular].cids[softHyphen].cid)
		for _, content := range contentOf(pages) {
			hyphens += strings.Count(content, code)
			last := content[strings.LastIndex(content, "BT "):]
			require.NotContains(t, last, code, "after %d lines", n)
		}
	}
	require.Greater(t, hyphens, 500)
}

// TestWhatFitsOnNoPageIsNotKeptTogether has texts side by side that are longer than a page.
func TestWhatFitsOnNoPageIsNotKeptTogether(t *testing.T) {
	pages := pagesOf(t, with(longText(20), document.Columns{{{Text: document.Plain(strings.Repeat("строка\n", 70) + "конец")}}, {}}))
	require.Len(t, pages, 2)
	require.Greater(t, strings.Count(contentOf(pages)[0], "BT "), 40)
}

func mustCompose(t *testing.T, text string) *paragraph {
	p, err := newTypesetter().compose(document.Plain(strings.TrimSpace(text)), bodyStyle, textWidth)
	require.NoError(t, err)
	return p
}

func table(rows int, cell string) document.Table {
	t := document.Table{Columns: []document.Column{{Header: document.Plain("Заголовок"), Width: 1}, {Header: document.Plain("Второй"), Width: 3}}}
	for range rows {
		t.Rows = append(t.Rows, []document.Text{document.Plain("1"), document.Plain(cell)})
	}
	return t
}

func TestTheHeaderRowIsRepeatedAsDecoration(t *testing.T) {
	pages := pagesOf(t, with(table(100, "работы")))
	require.Greater(t, len(pages), 2)
	shade := regexp.MustCompile(`0\.93 g`)
	for i, content := range contentOf(pages) {
		require.Len(t, shade.FindAllString(content, -1), 1, "page %d", i+1)
		require.Equal(t, i == 0, strings.Contains(content, "/TH "), "page %d", i+1)
		if i > 0 {
			require.Less(t, strings.Index(content, "/Artifact"), strings.Index(content, "0.93 g"))
		}
	}
}

// TestADocumentThatEndsWithATableHasNoEmptyPage ends the table at many places of a page.
func TestADocumentThatEndsWithATableHasNoEmptyPage(t *testing.T) {
	for before := range 20 {
		blocks := make([]document.Block, before, before+1)
		for i := range blocks {
			blocks[i] = longText(1)
		}
		for rows := 1; rows < 40; rows++ {
			for i, content := range contentOf(pagesOf(t, with(append(blocks, table(rows, "работы"))...))) {
				require.Contains(t, content, "BT ", "page %d, %d rows after %d lines", i+1, rows, before)
			}
		}
	}
}

func TestATallRowIsDividedBetweenPages(t *testing.T) {
	text := strings.Repeat("описание объекта ", 700)
	pages := pagesOf(t, with(table(2, text)))
	require.Greater(t, len(pages), 2)
	total := 0
	for i, content := range contentOf(pages) {
		lines := strings.Count(content, "BT ")
		total += lines
		require.Positive(t, lines)
		if i < len(pages)-1 {
			require.Greater(t, lines, 40, "page %d is not filled", i+1)
		}
	}
	require.Greater(t, total, 200)
}

func TestTextStaysInsideTheMargins(t *testing.T) {
	word := strings.Repeat("щ", 300)
	pages := pagesOf(t, with(document.Paragraph{Text: document.Plain(word)}, table(1, word), document.Columns{{{Text: document.Plain(word)}}, {}}))
	place := regexp.MustCompile(`BT 1 0 0 1 ([\d.]+) ([\d.]+) Tm .*<([0-9A-F]+)>`)
	found := place.FindAllStringSubmatch(strings.Join(contentOf(pages), ""), -1)
	require.NotEmpty(t, found)
	for _, m := range found {
		require.LessOrEqual(t, len(m[3])/4, 70, "characters of a line")
	}
}

// TestASpaceSeparatesLinesAndASoftHyphenDividesWords reads the characters of the operators back.
func TestASpaceSeparatesLinesAndASoftHyphenDividesWords(t *testing.T) {
	setter := newTypesetter()
	p, err := setter.compose(document.Plain("межевание и\nсогласование местоположения границ"), style{size: 10, leading: 10_000, align: document.Justified}, 70_000)
	require.NoError(t, err)
	var lines []string
	for _, l := range p.lines {
		page := &page{}
		page.line(p, l, 0, 0, false)
		text := ""
		for _, hex := range regexp.MustCompile(`[0-9A-F]{4}`).FindAllString(strings.Join(regexp.MustCompile(`<[0-9A-F]+>`).FindAllString(string(page.content), -1), ""), -1) {
			var cid int
			for _, digit := range hex {
				cid = cid*16 + strings.IndexRune(hexDigits, digit)
			}
			text += string(setter.faces[regular].characters[cid])
		}
		lines = append(lines, text)
	}
	require.Equal(t, []string{"межевание и ", "согласование ", "местоположе\u00ad", "ния границ"}, lines)
}

func TestJustifiedLinesEndAtTheMargin(t *testing.T) {
	setter := newTypesetter()
	text := document.Plain("договор подряда на выполнение кадастровых работ ")
	text = append(text, document.Run{Text: "жирный текст договора подряда ", Bold: true})
	text = slices.Repeat(text, 10)
	p, err := setter.compose(text, bodyStyle, textWidth)
	require.NoError(t, err)
	shift := regexp.MustCompile(`>(-?\d+)`)
	for _, l := range p.lines[:len(p.lines)-1] {
		page := &page{}
		page.line(p, l, 0, 0, false)
		width := setter.naturalWidth(string(page.content)) * p.style.size
		for _, m := range shift.FindAllStringSubmatch(string(page.content), -1) {
			n := 0
			for _, digit := range strings.TrimPrefix(m[1], "-") {
				n = n*10 + int(digit-'0')
			}
			if !strings.HasPrefix(m[1], "-") {
				n = -n
			}
			width += n * p.style.size
		}
		require.InDelta(t, p.width, width, 200)
	}
}

// naturalWidth adds up the advances of the characters of a line, without the space at its end.
func (t *typesetter) naturalWidth(content string) (width int) {
	space := 0 // the last character, if it is one
	for _, part := range regexp.MustCompile(`/F(\d) 11 Tf \[([^\]]*)\]`).FindAllStringSubmatch(content, -1) {
		face := t.faces[part[1][0]-'0']
		for _, text := range regexp.MustCompile(`<([0-9A-F]+)>`).FindAllStringSubmatch(part[2], -1) {
			for hex := text[1]; hex != ""; hex = hex[4:] {
				cid, _ := strconv.ParseUint(hex[:4], 16, 16)
				width += space + face.font.Advance(face.glyphs[cid])
				if space = 0; face.characters[cid] == ' ' {
					space = face.font.Advance(face.glyphs[cid])
					width -= space
				}
			}
		}
	}
	return width
}

func TestLengthsAreWrittenInPoints(t *testing.T) {
	for length, expected := range map[int]string{0: "0", 1: "0.001", 1000: "1", -1500: "-1.5", 12_340: "12.34", 595_276: "595.276"} {
		require.Equal(t, expected, string(appendLength(nil, length)))
	}
}

func FuzzWrite(f *testing.F) {
	f.Add("Договор №\u00a05 — «работы»\nстрока", 3)
	f.Fuzz(func(t *testing.T, text string, width int) {
		if len(text) > 2000 || width < 1 || width > 1000 {
			return
		}
		d := with(
			document.Paragraph{Text: document.Plain(text)}, document.Clause{Number: "1.", Level: 2, Text: document.Plain(text)},
			document.Table{Columns: []document.Column{{Header: document.Plain(text), Width: width}, {Width: 1}}, Rows: [][]document.Text{{document.Plain(text), nil}}},
			document.Columns{{{Text: document.Plain(text)}}, nil}, document.Signatures{{Role: document.Plain(text)}},
		)
		var b bytes.Buffer
		err := Write(&b, d)
		var missing *MissingGlyphError
		if err == nil {
			require.True(t, bytes.HasSuffix(b.Bytes(), []byte("%%EOF\n")))
		} else if d.Check() == nil {
			require.True(t, errors.As(err, &missing) || errors.Is(err, errTooTall), "%v", err)
		}
	})
}
