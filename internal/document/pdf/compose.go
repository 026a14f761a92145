package pdf

import (
	"slices"
	"strings"
	"unicode"

	"epkr/internal/document"
	"epkr/internal/document/pdf/truetype"
	"epkr/internal/document/pdf/typeset"
)

const (
	softHyphen = '\u00ad'
	// longToken is the length from which a word without spaces, such as an address of a page, may be
	// divided after its punctuation.
	longToken = 32
)

// style is how a text is set.
type style struct {
	size    int // in points
	leading int // from line to line
	align   document.Align
	bold    bool // all of it
}

// paragraph is a text divided into lines.
type paragraph struct {
	style  style
	width  int
	pieces []typeset.Piece
	// glyphs of all pieces; those of piece i end before ends[i].
	glyphs []glyph
	ends   []int
	lines  []typeset.Line
	// space and hyphen are the glyphs of each weight; the hyphen is soft: it is shown, and whoever
	// extracts the text knows that it is no part of the word.
	space, hyphen [2]glyph
}

// typesetter makes the parts of one document.
type typesetter struct{ faces [2]*face }

func newTypesetter() *typesetter {
	return &typesetter{[2]*face{newFace(regular), newFace(bold)}}
}

// compose divides a text into lines of a width.
func (t *typesetter) compose(text document.Text, s style, width int) (*paragraph, error) {
	p := &paragraph{style: s, width: width}
	for w := range p.space {
		p.space[w], _ = t.faces[w].glyph(' ', weight(w))
	}
	if err := t.divide(p, text); err != nil || len(p.pieces) == 0 {
		return p, err
	}
	hyphen := t.faces[regular].font.Advance(hyphenGlyph())
	p.lines = typeset.Break(p.pieces, typeset.Measure{
		Width: width, Space: int(p.space[regular].advance) * s.size, Hyphen: hyphen * s.size,
		Justify: s.align == document.Justified, Balance: s.align == document.Centre,
	})
	for _, l := range p.lines {
		if p.pieces[l.After-1].Join == typeset.Soft {
			w := p.glyphs[p.ends[l.After-1]-1].weight
			p.hyphen[w], _ = t.faces[w].glyph(softHyphen, w)
		}
	}
	return p, nil
}

// divide makes the glyphs and the pieces of a text.
func (t *typesetter) divide(p *paragraph, text document.Text) error {
	runes, weights := flatten(text, p.style.bold)
	joins := joinsOf(runes)
	for i, r := range runes {
		if r != ' ' && r != '\n' {
			g, found := t.faces[weights[i]].glyph(r, weights[i])
			if !found {
				return &MissingGlyphError{r, around(runes, i)}
			}
			p.glyphs = append(p.glyphs, g)
		}
		if joins[i] != nothing {
			p.closePiece(joins[i])
		}
	}
	p.divideWide()
	return nil
}

// hyphenGlyph is the hyphen of the regular weight, by which lines are measured.
func hyphenGlyph() truetype.GlyphID {
	g, _ := fonts()[regular].Glyph(softHyphen)
	return g
}

// flatten returns the characters of a text with their weights.
func flatten(text document.Text, allBold bool) (runes []rune, weights []weight) {
	for _, run := range text {
		w := regular
		if run.Bold || allBold {
			w = bold
		}
		for _, r := range run.Text {
			runes, weights = append(runes, r), append(weights, w)
		}
	}
	return runes, weights
}

// nothing means that no piece ends at a character.
const nothing typeset.Join = 255

// joinsOf returns for each character what ends a piece there. A space belongs to the piece before it; a
// no-break space is a character like others, and keeps its width.
func joinsOf(runes []rune) []typeset.Join {
	joins := make([]typeset.Join, len(runes))
	for i := range joins {
		joins[i] = nothing
	}
	for i := 0; i < len(runes); {
		switch runes[i] {
		case ' ':
			joins[i] = typeset.Space
			i++
		case '\n':
			joins[i] = typeset.End
			i++
		default:
			end := i
			for end < len(runes) && runes[end] != ' ' && runes[end] != '\n' {
				end++
			}
			divideToken(runes[i:end], joins[i:end])
			i = end
		}
	}
	if last := len(runes) - 1; last >= 0 {
		joins[last] = typeset.End
	}
	return joins
}

// divideToken finds where a word between spaces may be divided.
func divideToken(token []rune, joins []typeset.Join) {
	for i := 0; i < len(token); {
		end := i
		for end < len(token) && unicode.IsLetter(token[end]) {
			end++
		}
		for _, at := range typeset.Hyphenate(token[i:end]) {
			joins[i+at-1] = typeset.Soft
		}
		if end < len(token)-1 && end > 0 && opens(token, end) {
			joins[end] = typeset.Open
		}
		i = end + 1
	}
}

// opens reports whether a line may end after the character at a place of a token: after the hyphen or
// the slash of a double word, and after the punctuation of a long address.
func opens(token []rune, at int) bool {
	switch token[at] {
	case '-', '/', '—', '–':
		return unicode.IsLetter(token[at-1]) && unicode.IsLetter(token[at+1]) || len(token) >= longToken
	case '.', '@', '_', '&', '?', '=', ',', ';':
		return len(token) >= longToken
	}
	return false
}

// closePiece makes a piece of the glyphs since the last one.
func (p *paragraph) closePiece(join typeset.Join) {
	begin := 0
	if n := len(p.ends); n > 0 {
		begin = p.ends[n-1]
	}
	p.pieces = append(p.pieces, typeset.Piece{Width: p.widthOf(begin, len(p.glyphs)), Join: join})
	p.ends = append(p.ends, len(p.glyphs))
}

func (p *paragraph) widthOf(begin, end int) (width int) {
	for _, g := range p.glyphs[begin:end] {
		width += int(g.advance) * p.style.size
	}
	return width
}

// divideWide divides the pieces that are wider than a line between any characters.
func (p *paragraph) divideWide() {
	if !slices.ContainsFunc(p.pieces, func(piece typeset.Piece) bool { return piece.Width > p.width }) {
		return
	}
	pieces, ends := p.pieces, p.ends
	p.pieces, p.ends = nil, nil
	begin := 0
	for i, piece := range pieces {
		for at := begin + 1; piece.Width > p.width && at < ends[i]; at++ {
			p.pieces = append(p.pieces, typeset.Piece{Width: p.widthOf(at-1, at), Join: typeset.Open})
			p.ends = append(p.ends, at)
			begin = at
		}
		p.pieces = append(p.pieces, typeset.Piece{Width: p.widthOf(begin, ends[i]), Join: piece.Join})
		p.ends = append(p.ends, ends[i])
		begin = ends[i]
	}
}

// around returns what stands around a character, to find it.
func around(runes []rune, at int) string {
	return strings.TrimSpace(string(runes[max(at-20, 0):min(at+20, len(runes))]))
}
