package document_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/document"
	"epkr/internal/document/docx"
	"epkr/internal/document/pdf"
)

var update = flag.Bool("update", false, "write the golden texts anew")

// plain returns the text of a document in its order: a line for each block, paragraph, header row and
// row.
func plain(d document.Document) string {
	var lines []string
	add := func(texts ...document.Text) {
		var cells []string
		for _, text := range texts {
			cells = append(cells, text.String())
		}
		lines = append(lines, strings.Join(cells, "\t"))
	}
	for _, b := range d.Blocks {
		switch b := b.(type) {
		case document.Title:
			add(b.Text)
		case document.Heading:
			add(append(document.Plain(b.Number+" "), b.Text...))
		case document.Clause:
			add(append(document.Plain(b.Number+" "), b.Text...))
		case document.Paragraph:
			add(b.Text)
		case document.Table:
			var headers []document.Text
			for _, c := range b.Columns {
				headers = append(headers, c.Header)
			}
			add(headers...)
			for _, row := range b.Rows {
				add(row...)
			}
			if b.Totals != nil {
				add(b.Totals...)
			}
		case document.Columns:
			for _, column := range b {
				for _, p := range column {
					add(p.Text)
				}
			}
		case document.Signatures:
			for _, s := range b {
				add(s.Role)
				add(s.Name)
			}
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestDocumentsSayWhatTheGoldenTextsSay(t *testing.T) {
	for name, d := range samples(t) {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", "golden", name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(plain(d)), 0o644))
			}
			golden, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(golden), plain(d))
		})
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	first, second := samples(t), samples(t)
	for name := range first {
		require.Equal(t, pdfOf(t, first[name]), pdfOf(t, second[name]), name)
		require.Equal(t, docxOf(t, first[name]), docxOf(t, second[name]), name)
	}
}

func TestDocumentsNameTheirTemplate(t *testing.T) {
	d := samples(t)["act-paid"]
	require.Equal(t, "Акт сдачи-приемки выполненных кадастровых работ", d.Meta.Template.Name)
	require.NotEmpty(t, d.Meta.Template.Version)
	require.Regexp(t, "^[0-9a-f]{64}$", d.Meta.Template.SHA256)
	metadata := string(pdfOf(t, d))
	require.Contains(t, metadata, "<epkr:TemplateSHA256>"+d.Meta.Template.SHA256+"</epkr:TemplateSHA256>")
	require.Contains(t, metadata, "<epkr:TemplateVersion>"+d.Meta.Template.Version+"</epkr:TemplateVersion>")
}

func pdfOf(t testing.TB, d document.Document) []byte {
	var b bytes.Buffer
	require.NoError(t, pdf.Write(&b, d))
	return b.Bytes()
}

func docxOf(t testing.TB, d document.Document) []byte {
	var b bytes.Buffer
	require.NoError(t, docx.Write(&b, d))
	return b.Bytes()
}
