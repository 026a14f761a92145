package docx

import (
	"fmt"

	"epkr/internal/document"
)

const borders = `<w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/>` +
	`<w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders>`

// table writes a table with a repeated header row. No row is divided between pages.
func (b *body) table(t document.Table) {
	sum := 0
	for _, c := range t.Columns {
		sum += c.Width
	}
	widths := make([]int, len(t.Columns))
	headers := make([]document.Text, len(t.Columns))
	aligns := make([]document.Align, len(t.Columns))
	centred := make([]document.Align, len(t.Columns))
	for i, c := range t.Columns {
		widths[i], headers[i], aligns[i], centred[i] = textWidth*c.Width/sum, c.Header, c.Align, document.Centre
	}
	b.openTable(borders, widths)
	b.row(`<w:cantSplit/><w:tblHeader/>`, `<w:shd w:val="clear" w:fill="EDEDED"/>`, widths, headers, centred, true)
	for _, cells := range t.Rows {
		b.row(`<w:cantSplit/>`, "", widths, cells, aligns, false)
	}
	if t.Totals != nil {
		b.row(`<w:cantSplit/>`, "", widths, t.Totals, aligns, true)
	}
	b.closeTable()
}

func (b *body) openTable(borders string, widths []int) {
	total := 0
	for _, w := range widths {
		total += w
	}
	fmt.Fprintf(&b.xml, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/>%s<w:tblLayout w:type="fixed"/>`+
		`<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`, total, borders)
	for _, w := range widths {
		fmt.Fprintf(&b.xml, `<w:gridCol w:w="%d"/>`, w)
	}
	b.xml.WriteString(`</w:tblGrid>`)
}

// closeTable ends a table with an empty line, without which two tables would become one.
func (b *body) closeTable() {
	b.xml.WriteString(`</w:tbl><w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>`)
}

func (b *body) row(properties, cell string, widths []int, texts []document.Text, aligns []document.Align, bold bool) {
	b.xml.WriteString(`<w:tr><w:trPr>` + properties + `</w:trPr>`)
	for i, text := range texts {
		b.openCell(widths[i], cell)
		b.open("TableText", alignment(aligns[i]))
		b.runs(text, bold)
		b.xml.WriteString(`</w:p></w:tc>`)
	}
	b.xml.WriteString(`</w:tr>`)
}

func (b *body) openCell(width int, properties string) {
	fmt.Fprintf(&b.xml, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s</w:tcPr>`, width, properties)
}

// sideBySide writes a row of cells without borders; write fills each.
func (b *body) sideBySide(n int, write func(i int)) {
	widths := make([]int, n)
	for i := range widths {
		widths[i] = textWidth / n
	}
	b.openTable("", widths)
	b.xml.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
	for i := range n {
		b.openCell(widths[i], "")
		write(i)
		b.xml.WriteString(`</w:tc>`)
	}
	b.xml.WriteString(`</w:tr>`)
	b.closeTable()
}

func (b *body) columns(columns document.Columns) {
	b.sideBySide(len(columns), func(i int) {
		for _, p := range columns[i] {
			b.paragraph("TableText", alignment(p.Align), p.Text)
		}
		if len(columns[i]) == 0 {
			b.paragraph("TableText", "", nil) // a cell needs a paragraph
		}
	})
}

// signatures leaves room for a handwritten signature above a rule.
func (b *body) signatures(signatures document.Signatures) {
	b.sideBySide(max(len(signatures), 2), func(i int) {
		if i >= len(signatures) {
			b.paragraph("TableText", "", nil)
			return
		}
		b.open("TableText", fmt.Sprintf(`<w:keepNext/><w:spacing w:before="%d" w:after="%d"/>`, beforeSign, signatureRoom))
		b.runs(signatures[i].Role, true)
		b.xml.WriteString(`</w:p>`)
		b.paragraph("TableText", fmt.Sprintf(`<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="auto"/></w:pBdr><w:ind w:right="%d"/>`, gutter), signatures[i].Name)
	})
}
