package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/document"
)

func modules() document.Modules {
	m := make(document.Modules, 21)
	for y := range m {
		m[y] = make([]bool, 21)
		m[y][y] = true
	}
	return m
}

func sample() document.Document {
	text := func(s string) document.Text { return document.Plain(s) }
	return document.Document{
		Meta: document.Meta{
			Language: "ru-RU", Title: "Договор <1> & «2»", Subject: "Проба", Created: time.Date(2026, 12, 1, 12, 0, 0, 0, time.FixedZone("МСК", 3*3600)),
			Template: document.Template{Name: "Договор", Version: "3", SHA256: strings.Repeat("a", 64)},
		},
		Footer: "Договор <1>",
		Blocks: []document.Block{
			document.Title{Text: text("Договор")},
			document.Heading{Number: "1.", Text: text("Предмет")},
			document.Clause{Number: "1.1.", Level: 1, Text: document.Text{{Text: "a < b & "}, {Text: "жирный", Bold: true}}},
			document.Clause{Number: "1.1.1.", Level: 2, Text: text("первая\nвторая")},
			document.Paragraph{Text: text("справа"), Align: document.Right},
			document.Table{
				Columns: []document.Column{{Header: text("№"), Width: 1, Align: document.Centre}, {Header: text("Цена"), Width: 3, Align: document.Right}},
				Rows:    [][]document.Text{{text("1"), text("10,00")}}, Totals: []document.Text{nil, text("10,00")},
			},
			document.Columns{{{Text: text("слева")}}, {}},
			document.Signatures{{Role: text("Заказчик"), Name: text("Иванов")}},
			document.Code{Modules: modules(), Alt: `QR "код"`, Side: 40},
		},
	}
}

// parts returns the files of a package.
func parts(t *testing.T, d document.Document) map[string]string {
	var b bytes.Buffer
	require.NoError(t, Write(&b, d))
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range archive.File {
		require.True(t, f.Modified.Equal(epoch), f.Name)
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		files[f.Name] = string(content)
	}
	return files
}

func TestAllPartsAreWellFormedAndNamed(t *testing.T) {
	files := parts(t, sample())
	for name, content := range files {
		if strings.HasSuffix(name, ".png") {
			continue
		}
		for decoder := xml.NewDecoder(strings.NewReader(content)); ; {
			_, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, name)
		}
		if strings.HasPrefix(name, "word/") && strings.HasSuffix(name, ".xml") || strings.HasPrefix(name, "docProps/") {
			require.Contains(t, files["[Content_Types].xml"], `PartName="/`+name+`"`)
		}
	}
}

func TestTheTextHasItsStyles(t *testing.T) {
	body := parts(t, sample())["word/document.xml"]
	for _, expected := range []string{
		`<w:pStyle w:val="Title"/></w:pPr><w:r><w:t xml:space="preserve">Договор</w:t>`,
		`<w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t xml:space="preserve">1. </w:t></w:r><w:r><w:t xml:space="preserve">Предмет</w:t>`,
		`<w:pStyle w:val="Clause"/></w:pPr><w:r><w:t xml:space="preserve">1.1.</w:t></w:r><w:r><w:tab/></w:r>`,
		`<w:t xml:space="preserve">a &lt; b &amp; </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">жирный</w:t>`,
		`<w:pStyle w:val="Subclause"/>`,
		`<w:t xml:space="preserve">первая</w:t><w:br/><w:t xml:space="preserve">вторая</w:t>`,
		`<w:pStyle w:val="BodyText"/><w:jc w:val="right"/>`,
		`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`,
		`<w:gridCol w:w="2409"/><w:gridCol w:w="7229"/>`,
		`<wp:extent cx="1988571" cy="1988571"/>`,
		`descr="QR &#34;код&#34;"`,
	} {
		require.Contains(t, body, expected)
	}
	require.Equal(t, 1, strings.Count(body, "<w:tblHeader/>"))
}

func TestTheFooterCountsThePages(t *testing.T) {
	footer := parts(t, sample())["word/footer1.xml"]
	page, of, pages := strings.Index(footer, "> PAGE <"), strings.Index(footer, " из "), strings.Index(footer, "> NUMPAGES <")
	require.True(t, 0 < page && page < of && of < pages, footer)
	require.Contains(t, footer, "Договор &lt;1&gt;")
}

func TestPropertiesSayWhatTheMetadataSay(t *testing.T) {
	files := parts(t, sample())
	core := files["docProps/core.xml"]
	require.Contains(t, core, "<dc:title>Договор &lt;1&gt; &amp; «2»</dc:title>")
	require.Contains(t, core, `<dcterms:created xsi:type="dcterms:W3CDTF">2026-12-01T09:00:00Z</dcterms:created>`)
	require.Contains(t, core, "<dc:language>ru-RU</dc:language>")
	require.Contains(t, files["docProps/custom.xml"], `name="TemplateVersion"><vt:lpwstr>3</vt:lpwstr>`)
	require.Contains(t, files["docProps/custom.xml"], `name="TemplateSHA256"><vt:lpwstr>`+strings.Repeat("a", 64))
	require.Contains(t, files["word/styles.xml"], `<w:lang w:val="ru-RU"`)
}

func TestThePictureOfACodeHasItsModulesAndAQuietZone(t *testing.T) {
	picture, err := png.Decode(strings.NewReader(parts(t, sample())["word/media/code1.png"]))
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 29*modulePixels, 29*modulePixels), picture.Bounds())
	for y := range 29 {
		for x := range 29 {
			inside := x >= 4 && x < 25 && y >= 4 && y < 25
			dark := color.GrayModel.Convert(picture.At(x*modulePixels+3, y*modulePixels+3)).(color.Gray).Y == 0
			require.Equal(t, inside && x == y, dark, "%d %d", x, y)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestFaultsAreReturned(t *testing.T) {
	require.ErrorIs(t, Write(brokenWriter{}, sample()), io.ErrClosedPipe)
	require.ErrorContains(t, Write(io.Discard, document.Document{}), "missing")
}
