package pdf

import (
	"epkr/internal/document"
)

// The distances between texts side by side, and of a signature: from the role to the rule, and from
// the rule to the name.
const (
	gutter   = 18_000
	signRoom = 26_000
	signRule = 5_000
)

// columns places texts side by side, line by line, on one page if they fit.
func (l *layouter) columns(columns document.Columns) error {
	width := (textWidth - gutter*(len(columns)-1)) / len(columns)
	sides := make([][]strip, len(columns))
	for i, paragraphs := range columns {
		side := layouter{typesetter: l.typesetter, section: l.section}
		for _, paragraph := range paragraphs {
			s := partsStyle
			s.align = paragraph.Align
			p, err := l.compose(paragraph.Text, s, width)
			if err != nil {
				return err
			}
			first := len(side.strips)
			side.lines(l.section.add(textKind), p, marginLeft+i*(width+gutter))
			side.gapAt(first, 1_500)
		}
		sides[i] = side.strips
	}
	first := len(l.strips)
	l.strips = append(l.strips, abreast(sides)...)
	l.gapAt(first, blockGap)
	return nil
}

// abreast joins the strips of several sides, which have lines of one height, into strips of the whole
// width, all of them kept together.
func abreast(sides [][]strip) (joined []strip) {
	rows := 0
	for _, side := range sides {
		rows = max(rows, len(side))
	}
	for row := range rows {
		var parts []strip
		s := strip{keep: row < rows-1}
		for _, side := range sides {
			if row < len(side) {
				parts = append(parts, side[row])
				s.height = max(s.height, side[row].height+1_500)
			}
		}
		s.draw = func(p *page, top int) {
			for _, part := range parts {
				part.draw(p, top)
			}
		}
		joined = append(joined, s)
	}
	return joined
}

// signatures are one strip, on the page of what stands before it.
func (l *layouter) signatures(signatures document.Signatures) error {
	width := (textWidth - gutter) / max(len(signatures), 2)
	var whole strip
	var parts []func(p *page, top int)
	for i, s := range signatures {
		e := l.section.add(textKind)
		bold := partsStyle
		bold.bold = true
		role, err := l.compose(s.Role, bold, width-gutter)
		if err != nil {
			return err
		}
		name, err := l.compose(s.Name, partsStyle, width-gutter)
		if err != nil {
			return err
		}
		left := marginLeft + i*(width+gutter)
		ruled := len(role.lines)*partsStyle.leading + signRoom
		parts = append(parts, func(p *page, top int) {
			p.mark(e)
			p.paragraph(role, left, top, true)
			p.paragraph(name, left, top-ruled-signRule, false)
			p.mark(artifact)
			p.rule(left, top-ruled, left+width-gutter, top-ruled)
		})
		whole.height = max(whole.height, ruled+signRule+len(name.lines)*partsStyle.leading)
	}
	whole.draw = func(p *page, top int) {
		for _, draw := range parts {
			draw(p, top)
		}
	}
	if n := len(l.strips); n > 0 {
		l.strips[n-1].keep = true
	}
	l.strips = append(l.strips, whole)
	l.gapAt(len(l.strips)-1, signsGap)
	return nil
}

// quietZone is the number of light modules around a QR code (ISO/IEC 18004).
const quietZone = 4

// code draws each run of dark modules as a rectangle.
func (l *layouter) code(c document.Code) {
	e := l.section.add(figureKind)
	e.alt = c.Alt
	n := len(c.Modules)
	module := c.Side * millimetre / n
	side := module * (n + 2*quietZone)
	l.strips = append(l.strips, strip{height: side, draw: func(p *page, top int) {
		e.box = [4]int{marginLeft, top - side, marginLeft + side, top}
		p.mark(e)
		for y, row := range c.Modules {
			for x := 0; x < n; {
				end := x
				for end < n && row[end] {
					end++
				}
				if end > x {
					p.rectangle(marginLeft+(quietZone+x)*module, top-(quietZone+y+1)*module, (end-x)*module, module)
				}
				x = end + 1
			}
		}
		p.operator("f")
	}})
	l.gapAt(len(l.strips)-1, bodyGap)
}
