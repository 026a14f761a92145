package pdf

import (
	"epkr/internal/document"
	"epkr/internal/document/pdf/typeset"
)

// The page is A4. Text is set in points, places are in thousandths of a point.
const (
	millimetre   = 2835
	pageWidth    = 595_276
	pageHeight   = 841_890
	marginLeft   = 25 * millimetre
	marginRight  = 15 * millimetre
	marginTop    = 18 * millimetre
	marginBottom = 20 * millimetre
	textWidth    = pageWidth - marginLeft - marginRight
	textHeight   = pageHeight - marginTop - marginBottom
	footBaseline = 11 * millimetre
)

var (
	titleStyle   = style{size: 14, leading: 18_500, align: document.Centre, bold: true}
	headingStyle = style{size: 11, leading: 15_000, align: document.Centre, bold: true}
	bodyStyle    = style{size: 11, leading: 14_500, align: document.Justified}
	partsStyle   = style{size: 10, leading: 13_500, align: document.Left}
	footStyle    = style{size: 8, leading: 10_000, align: document.Left}
)

// The space above a block, by what it is.
const (
	titleGap   = 0
	headingGap = 12_000
	bodyGap    = 4_000
	blockGap   = 8_000 // around tables, columns and codes
	signsGap   = 18_000
)

// The numbers of clauses stand in a column of their own, of these widths.
const (
	numberWidth = 35_000
	insideWidth = 42_000
)

// maxHyphens is the number of lines in a row that are kept together because they end inside words.
const maxHyphens = 4

// strip is a part of the text column that is not divided between pages.
type strip struct {
	height int
	gap    int  // above it, unless a page begins with it
	keep   bool // on the page of the next strip
	// head is drawn again above a strip that begins a page: the header row of its table.
	head *strip
	// broken draws the lower edge of a row that is continued on the next page; nil if there is none.
	broken func(p *page, bottom int)
	draw   func(p *page, top int)
	// again draws a repeated header row, as decoration.
	again func(p *page, top int)
}

// layouter makes the strips of a document and its structure.
type layouter struct {
	*typesetter
	root, section *element
	strips        []strip
	after         int // the least gap below the last strip
}

// layOut returns the strips of all blocks and the root of the structure.
func (t *typesetter) layOut(d document.Document) ([]strip, *element, error) {
	root := &element{kind: documentKind}
	l := &layouter{typesetter: t, root: root, section: root.add(sectionKind)}
	for _, b := range d.Blocks {
		if err := l.block(b); err != nil {
			return nil, nil, err
		}
	}
	return l.strips, root, nil
}

func (l *layouter) block(b document.Block) error {
	switch b := b.(type) {
	case document.Title:
		return l.heading(titleKind, b.Text, titleStyle, titleGap)
	case document.Heading:
		l.section = l.root.add(sectionKind)
		return l.heading(headingKind, numbered(b.Number, b.Text), headingStyle, headingGap)
	case document.Clause:
		return l.clause(b)
	case document.Paragraph:
		s := bodyStyle
		s.align = b.Align
		return l.text(l.section.add(textKind), b.Text, s)
	case document.Table:
		return l.table(b)
	case document.Columns:
		return l.columns(b)
	case document.Signatures:
		return l.signatures(b)
	case document.Code:
		l.code(b)
	}
	return nil
}

func numbered(number string, text document.Text) document.Text {
	if number == "" {
		return text
	}
	return append(document.Text{{Text: number + " "}}, text...)
}

// heading keeps its lines together and with what follows.
func (l *layouter) heading(k kind, text document.Text, s style, gap int) error {
	p, err := l.compose(text, s, textWidth)
	if err != nil {
		return err
	}
	first := len(l.strips)
	l.lines(l.section.add(k), p, marginLeft)
	for i := first; i < len(l.strips); i++ {
		l.strips[i].keep = true
	}
	l.gapAt(first, gap)
	return nil
}

func (l *layouter) text(e *element, text document.Text, s style) error {
	p, err := l.compose(text, s, textWidth)
	if err != nil {
		return err
	}
	first := len(l.strips)
	l.lines(e, p, marginLeft)
	l.gapAt(first, bodyGap)
	return nil
}

// clause sets the number in a column of its own.
func (l *layouter) clause(c document.Clause) error {
	left, width := marginLeft, numberWidth
	if c.Level == 2 {
		left, width = marginLeft+numberWidth, insideWidth
	}
	number, err := l.compose(document.Plain(c.Number), bodyStyle, textWidth)
	if err != nil {
		return err
	}
	p, err := l.compose(c.Text, bodyStyle, marginLeft+textWidth-left-width)
	if err != nil {
		return err
	}
	e := l.section.add(textKind)
	first := len(l.strips)
	l.lines(e, p, left+width)
	if first == len(l.strips) { // a clause without a text
		l.lines(e, number, left)
		return nil
	}
	l.gapAt(first, bodyGap)
	text := l.strips[first].draw
	l.strips[first].draw = func(page *page, top int) {
		page.mark(e)
		page.paragraph(number, left, top, true)
		text(page, top)
	}
	return nil
}

// gapAt sets the gap above a block, whose first strip is given.
func (l *layouter) gapAt(first, gap int) {
	if first < len(l.strips) {
		l.strips[first].gap = max(gap, l.after)
		l.after = 0
	}
}

// lines adds a strip for each line of a paragraph. Neither its first nor its last line stands alone
// on a page, and no page ends inside a word.
func (l *layouter) lines(e *element, p *paragraph, left int) {
	hyphens := 0
	for i, line := range p.lines {
		last := len(p.lines) - 1
		if hyphens++; p.pieces[line.After-1].Join != typeset.Soft {
			hyphens = 0
		}
		l.strips = append(l.strips, strip{
			height: p.style.leading,
			keep:   i < last && (i == 0 || i == last-1 || hyphens > 0 && hyphens <= maxHyphens),
			draw: func(page *page, top int) {
				page.mark(e)
				page.line(p, line, left, baselineOf(top, p.style), false)
			},
		})
	}
}

// baselineOf returns the baseline of a line whose box begins at top: letters stand in its middle.
func baselineOf(top int, s style) int {
	f := fonts()[regular]
	return top - (s.leading+(f.Ascent+f.Descent)*s.size)/2
}
