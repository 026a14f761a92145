package pdf

import (
	"epkr/internal/document"
)

// The margins inside a cell, and the grey of header rows.
const (
	cellSide    = 4_000
	cellTop     = 2_500
	headerShade = 930
	// tallRow is the height from which a row is divided between pages.
	tallRow = textHeight / 3
)

var (
	cellStyle       = style{size: 10, leading: 13_000, align: document.Left}
	headerCellStyle = style{size: 10, leading: 13_000, align: document.Centre, bold: true}
)

// grid is a table with the left edges of its columns and, as the last one, the right edge.
type grid struct {
	*layouter
	edges  []int
	header *strip
	table  *element
}

// cell is the text of a cell with its element.
type cell struct {
	*paragraph
	element *element
}

func (l *layouter) table(t document.Table) error {
	g := &grid{layouter: l, edges: edgesOf(t.Columns), table: l.section.add(tableKind)}
	first := len(l.strips)
	if err := g.headerRow(t.Columns); err != nil {
		return err
	}
	for i, row := range t.Rows {
		if err := g.row(t.Columns, row, false); err != nil {
			return err
		}
		if i == len(t.Rows)-1 && t.Totals != nil {
			l.strips[len(l.strips)-1].keep = true
		}
	}
	if t.Totals != nil {
		if err := g.row(t.Columns, t.Totals, true); err != nil {
			return err
		}
	}
	l.gapAt(first, blockGap)
	l.after = blockGap
	return nil
}

func edgesOf(columns []document.Column) []int {
	sum, passed := 0, 0
	for _, c := range columns {
		sum += c.Width
	}
	edges := []int{marginLeft}
	for _, c := range columns {
		passed += c.Width
		edges = append(edges, marginLeft+textWidth*passed/sum)
	}
	return edges
}

func (g *grid) cell(e *element, column int, text document.Text, s style) (cell, error) {
	p, err := g.compose(text, s, g.edges[column+1]-g.edges[column]-2*cellSide)
	return cell{p, e}, err
}

func (g *grid) headerRow(columns []document.Column) error {
	row := g.table.add(rowKind)
	cells := make([]cell, len(columns))
	for i, c := range columns {
		var err error
		if cells[i], err = g.cell(row.add(headerKind), i, c.Header, headerCellStyle); err != nil {
			return err
		}
	}
	height := heightOf(cells)
	draw := func(p *page, top int, mark func(*element)) {
		p.mark(artifact)
		p.fill(g.edges[0], top-height, g.edges[len(columns)]-g.edges[0], height, headerShade)
		g.frame(p, top, height, true, true)
		for i, c := range cells {
			mark(c.element)
			p.paragraph(c.paragraph, g.edges[i]+cellSide, top-cellTop, false)
		}
	}
	s := strip{height: height, keep: true}
	s.draw = func(p *page, top int) { draw(p, top, p.mark) }
	s.again = func(p *page, top int) { draw(p, top, func(*element) {}) }
	g.header = &s
	g.strips = append(g.strips, s)
	return nil
}

func heightOf(cells []cell) int {
	lines := 1
	for _, c := range cells {
		lines = max(lines, len(c.lines))
	}
	return lines*cellStyle.leading + 2*cellTop
}

// row adds a row as one strip, or a strip for each line if it is tall.
func (g *grid) row(columns []document.Column, texts []document.Text, totals bool) error {
	row := g.table.add(rowKind)
	cells := make([]cell, len(texts))
	for i, text := range texts {
		s := cellStyle
		s.align, s.bold = columns[i].Align, totals
		var err error
		if cells[i], err = g.cell(row.add(cellKind), i, text, s); err != nil {
			return err
		}
	}
	height := heightOf(cells)
	if height > tallRow {
		g.tallRow(cells)
		return nil
	}
	g.strips = append(g.strips, strip{height: height, head: g.header, draw: func(p *page, top int) {
		p.mark(artifact)
		g.frame(p, top, height, false, true)
		for i, c := range cells {
			p.mark(c.element)
			p.paragraph(c.paragraph, g.edges[i]+cellSide, top-cellTop, false)
		}
	}})
	return nil
}

func (g *grid) tallRow(cells []cell) {
	lines := (heightOf(cells) - 2*cellTop) / cellStyle.leading
	for n := range lines {
		s := strip{height: cellStyle.leading, head: g.header, keep: n == 0 || n == lines-2}
		above := 0
		if n == 0 {
			s.height += cellTop
			above = cellTop
		}
		if n == lines-1 {
			s.height += cellTop
		} else {
			s.broken = func(p *page, bottom int) {
				p.mark(artifact)
				p.rule(g.edges[0], bottom, g.edges[len(g.edges)-1], bottom)
			}
		}
		s.draw = func(p *page, top int) {
			p.mark(artifact)
			g.frame(p, top, s.height, false, n == lines-1)
			for i, c := range cells {
				if n < len(c.lines) {
					p.mark(c.element)
					p.line(c.paragraph, c.lines[n], g.edges[i]+cellSide, baselineOf(top-above, cellStyle), false)
				}
			}
		}
		g.strips = append(g.strips, s)
	}
}

// frame draws the vertical rules of a row, and those above and below it.
func (g *grid) frame(p *page, top, height int, above, below bool) {
	for _, x := range g.edges {
		p.rule(x, top, x, top-height)
	}
	right := g.edges[len(g.edges)-1]
	if above {
		p.rule(g.edges[0], top, right, top)
	}
	if below {
		p.rule(g.edges[0], top-height, right, top-height)
	}
}
