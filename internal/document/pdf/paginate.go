package pdf

import (
	"errors"
	"fmt"
	"slices"

	"epkr/internal/document"
)

// paginate draws the strips on pages. Strips that are kept together begin a new page if they do not
// fit; more of them than fit on a page are divided anywhere.
func paginate(strips []strip) ([]*page, error) {
	if slices.ContainsFunc(strips, strip.tooTall) {
		return nil, errTooTall
	}
	p := &paginator{}
	p.turn()
	for i := 0; i < len(strips); {
		end := i + 1
		for end < len(strips) && strips[end-1].keep {
			end++
		}
		group := strips[i:end]
		if need := heightOfGroup(group); need > p.left && need <= textHeight {
			p.breakBefore(&group[0])
		}
		for j := range group {
			p.place(&group[j])
		}
		if len(p.pages) > MaxPages {
			return nil, fmt.Errorf("pdf: the document has more than %d pages", MaxPages)
		}
		i = end
	}
	p.current().close()
	return p.pages, nil
}

// errTooTall is for what is never divided: a header row, signatures.
var errTooTall = errors.New("pdf: a header row or the signatures do not fit on a page")

// tooTall reports whether a strip does not fit on a page of its own.
func (s strip) tooTall() bool {
	if s.head != nil {
		return s.head.height+s.height > textHeight
	}
	return s.height > textHeight
}

func heightOfGroup(group []strip) (height int) {
	for _, s := range group {
		height += s.gap + s.height
	}
	return height
}

type paginator struct {
	pages    []*page
	left     int    // what remains of the page
	previous *strip // on this page; nil at its top
}

func (p *paginator) current() *page { return p.pages[len(p.pages)-1] }

func (p *paginator) y() int { return marginBottom + p.left }

// turn begins a page.
func (p *paginator) turn() {
	if len(p.pages) > 0 {
		p.current().close()
	}
	p.pages = append(p.pages, &page{content: []byte("0.5 w\n")})
	p.left, p.previous = textHeight, nil
}

// breakBefore begins the page of a strip, unless it has begun.
func (p *paginator) breakBefore(s *strip) {
	if p.previous == nil {
		return
	}
	if p.previous.broken != nil {
		p.previous.broken(p.current(), p.y())
	}
	p.turn()
	if s.head != nil {
		p.current().mark(artifact)
		s.head.again(p.current(), p.y())
		p.left -= s.head.height
		p.previous = s.head
	}
}

func (p *paginator) place(s *strip) {
	if s.gap+s.height > p.left {
		p.breakBefore(s)
	}
	if p.previous != nil {
		p.left -= s.gap
	}
	s.draw(p.current(), p.y())
	p.left -= s.height
	p.previous = s
}

// paragraph writes all lines of a paragraph whose box begins at the left and upper edges. continued
// means that more text of the same element follows.
func (p *page) paragraph(par *paragraph, left, top int, continued bool) {
	for i, line := range par.lines {
		p.line(par, line, left, baselineOf(top-i*par.style.leading, par.style), continued)
	}
}

// foot writes the foot of each page: a text at the left, and which page of how many it is.
func (t *typesetter) foot(pages []*page, text string) error {
	left, err := t.compose(document.Plain(text), footStyle, textWidth*3/4)
	if err != nil {
		return err
	}
	for i, p := range pages {
		s := footStyle
		s.align = document.Right
		number, err := t.compose(document.Plain(fmt.Sprintf("стр. %d из %d", i+1, len(pages))), s, textWidth/4)
		if err != nil {
			return err
		}
		p.mark(artifact)
		p.rule(marginLeft, footBaseline+footStyle.leading, marginLeft+textWidth, footBaseline+footStyle.leading)
		for n, line := range left.lines {
			p.line(left, line, marginLeft, footBaseline-n*footStyle.leading, false)
		}
		p.line(number, number.lines[0], marginLeft+textWidth-textWidth/4, footBaseline, false)
		p.close()
	}
	return nil
}
