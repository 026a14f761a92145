package docx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"epkr/internal/document"
)

// body writes the text of a document.
type body struct {
	xml   strings.Builder
	codes []document.Code // in the order of their pictures
}

func (b *body) document(d document.Document) {
	b.xml.WriteString(declaration + `<w:document xmlns:w="` + wordNamespace + `" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
		`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ` +
		`xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>`)
	for _, block := range d.Blocks {
		b.block(block)
	}
	fmt.Fprintf(&b.xml, `<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="%d" w:h="%d"/>`+
		`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="567" w:footer="%d" w:gutter="0"/></w:sectPr></w:body></w:document>`,
		pageWidth, pageHeight, marginTop, marginRight, marginBottom, marginLeft, marginFoot)
}

func (b *body) block(block document.Block) {
	switch block := block.(type) {
	case document.Title:
		b.paragraph("Title", "", block.Text)
	case document.Heading:
		b.paragraph("Heading1", "", append(document.Text{{Text: spaced(block.Number)}}, block.Text...))
	case document.Clause:
		b.clause(block)
	case document.Paragraph:
		b.paragraph("BodyText", alignment(block.Align), block.Text)
	case document.Table:
		b.table(block)
	case document.Columns:
		b.columns(block)
	case document.Signatures:
		b.signatures(block)
	case document.Code:
		b.code(block)
	}
}

func spaced(number string) string {
	if number == "" {
		return ""
	}
	return number + " "
}

// alignment returns the property for an alignment other than that of the style of running text.
func alignment(a document.Align) string {
	switch a {
	case document.Left:
		return `<w:jc w:val="left"/>`
	case document.Right:
		return `<w:jc w:val="right"/>`
	case document.Centre:
		return `<w:jc w:val="center"/>`
	}
	return ""
}

// paragraph writes a paragraph of a style with more properties.
func (b *body) paragraph(style, properties string, text document.Text) {
	b.open(style, properties)
	b.runs(text, false)
	b.xml.WriteString(`</w:p>`)
}

func (b *body) open(style, properties string) {
	b.xml.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + properties + `</w:pPr>`)
}

func (b *body) clause(c document.Clause) {
	style := "Clause"
	if c.Level == 2 {
		style = "Subclause"
	}
	b.open(style, "")
	b.xml.WriteString(run(c.Number, "") + `<w:r><w:tab/></w:r>`)
	b.runs(c.Text, false)
	b.xml.WriteString(`</w:p>`)
}

func (b *body) runs(text document.Text, bold bool) {
	for _, r := range text {
		properties := ""
		if r.Bold || bold {
			properties = `<w:rPr><w:b/></w:rPr>`
		}
		b.xml.WriteString(run(r.Text, properties))
	}
}

// run returns a run; line feeds become breaks of the line.
func run(text, properties string) string {
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = `<w:t xml:space="preserve">` + escaped(line) + `</w:t>`
	}
	return `<w:r>` + properties + strings.Join(lines, `<w:br/>`) + `</w:r>`
}

func escaped(s string) string {
	if !strings.ContainsAny(s, "&<>\"'") {
		return s
	}
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
