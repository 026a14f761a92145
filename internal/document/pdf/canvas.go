package pdf

import (
	"strconv"

	"epkr/internal/document"
	"epkr/internal/document/pdf/typeset"
)

// page is the content of a page. Coordinates are those of PDF: from the left and the bottom edge.
type page struct {
	content []byte
	// marked has the element of each piece of marked content (MCID) of the page.
	marked []*element
	open   *element // of the content that is being written; artifact for what is decoration
}

// artifact marks what no reader needs: rules, page numbers, repeated header rows.
var artifact = &element{}

// mark begins the content of an element, unless it is being written.
func (p *page) mark(e *element) {
	if p.open == e {
		return
	}
	p.close()
	p.open = e
	if e == artifact {
		p.operator("/Artifact BMC")
		return
	}
	e.kids = append(e.kids, kid{page: p, mcid: len(p.marked)})
	p.content = append(p.content, '/')
	p.content = append(p.content, e.kind...)
	p.content = append(p.content, " <</MCID "...)
	p.content = strconv.AppendInt(p.content, int64(len(p.marked)), 10)
	p.operator(">> BDC")
	p.marked = append(p.marked, e)
}

// close ends the open content.
func (p *page) close() {
	if p.open != nil {
		p.operator("EMC")
		p.open = nil
	}
}

func (p *page) operator(s string) {
	p.content = append(p.content, s...)
	p.content = append(p.content, '\n')
}

// number writes a length in points.
func (p *page) number(length int) {
	p.content = appendLength(p.content, length)
	p.content = append(p.content, ' ')
}

// appendLength writes thousandths as a decimal number.
func appendLength(b []byte, length int) []byte {
	if length < 0 {
		b, length = append(b, '-'), -length
	}
	b = strconv.AppendInt(b, int64(length/1000), 10)
	if rest := length % 1000; rest != 0 {
		b = append(b, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
		for b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
	}
	return b
}

// rule draws a line of half a point.
func (p *page) rule(x1, y1, x2, y2 int) {
	p.number(x1)
	p.number(y1)
	p.content = append(p.content, "m "...)
	p.number(x2)
	p.number(y2)
	p.operator("l S")
}

// fill fills a rectangle; the shade is of grey, from 0 for black to 1000 for white.
func (p *page) fill(x, y, width, height, shade int) {
	if shade != 0 {
		p.number(shade)
		p.content = append(p.content, "g "...)
	}
	p.rectangle(x, y, width, height)
	p.content = append(p.content, 'f')
	if shade != 0 {
		p.content = append(p.content, " 0 g"...)
	}
	p.content = append(p.content, '\n')
}

func (p *page) rectangle(x, y, width, height int) {
	for _, n := range []int{x, y, width, height} {
		p.number(n)
	}
	p.content = append(p.content, "re "...)
}

// line writes a line of a paragraph whose box begins at x, on a baseline. continued means that more
// text of the same element follows the paragraph.
func (p *page) line(par *paragraph, l typeset.Line, x, baseline int, continued bool) {
	slack := par.width - l.Natural
	w := textWriter{page: p, size: par.style.size}
	switch {
	case par.style.align == document.Right:
		x += slack
	case par.style.align == document.Centre:
		x += slack / 2
	case par.style.align == document.Justified && l.Spaces > 0 && (!l.Last || slack < 0):
		w.slack, w.spaces = slack, l.Spaces
	}
	w.begin(x, baseline)
	for i := l.First; i < l.After; i++ {
		begin := 0
		if i > 0 {
			begin = par.ends[i-1]
		}
		for _, g := range par.glyphs[begin:par.ends[i]] {
			w.glyph(g)
		}
		w.join(par, i, i == l.After-1)
	}
	if continued && l.After == len(par.pieces) {
		w.glyph(par.space[w.weight])
	}
	w.end()
}

// textWriter writes the glyphs of a line as one operator for each weight.
type textWriter struct {
	*page
	size          int
	weight        weight
	inside, begun bool // a string; an array of strings
	slack, spaces int  // what remains to be given to the spaces
}

func (w *textWriter) begin(x, baseline int) {
	w.content = append(w.content, "BT 1 0 0 1 "...)
	w.number(x)
	w.number(baseline)
	w.content = append(w.content, "Tm "...)
}

const hexDigits = "0123456789ABCDEF"

func (w *textWriter) glyph(g glyph) {
	if !w.begun || g.weight != w.weight {
		w.endArray()
		w.content = append(w.content, "/F"...)
		w.content = append(w.content, '0'+byte(g.weight), ' ')
		w.content = strconv.AppendInt(w.content, int64(w.size), 10)
		w.content = append(w.content, " Tf ["...)
		w.weight, w.begun = g.weight, true
	}
	if !w.inside {
		w.content = append(w.content, '<')
		w.inside = true
	}
	w.content = append(w.content, hexDigits[g.cid>>12], hexDigits[g.cid>>8&15], hexDigits[g.cid>>4&15], hexDigits[g.cid&15])
}

// join writes what follows piece i: a space with its share of the slack, or a hyphen at the end of
// the line. A line that ends inside the paragraph keeps its space, so that words do not run together
// when the text is extracted.
func (w *textWriter) join(par *paragraph, i int, last bool) {
	join := par.pieces[i].Join
	switch {
	case join == typeset.Soft && last:
		w.glyph(par.hyphen[w.weight])
	case join == typeset.Space, join == typeset.End && i < len(par.pieces)-1:
		space := par.space[w.weight]
		w.glyph(space)
		if !last {
			// Lines are measured with the space of the regular weight.
			w.shift(w.share() + (int(par.space[regular].advance)-int(space.advance))*w.size)
		}
	}
}

// share returns what the next space gets of the slack.
func (w *textWriter) share() (share int) {
	if w.spaces > 0 {
		share = w.slack / w.spaces
		w.slack, w.spaces = w.slack-share, w.spaces-1
	}
	return share
}

// shift moves what follows to the right, to a thousandth of the size.
func (w *textWriter) shift(length int) {
	if length == 0 {
		return
	}
	w.endString()
	w.content = strconv.AppendInt(w.content, int64(-length/w.size), 10)
}

func (w *textWriter) endString() {
	if w.inside {
		w.content = append(w.content, '>')
		w.inside = false
	}
}

func (w *textWriter) endArray() {
	if w.begun {
		w.endString()
		w.content = append(w.content, "] TJ "...)
	}
}

func (w *textWriter) end() {
	w.endArray()
	w.operator("ET")
}
