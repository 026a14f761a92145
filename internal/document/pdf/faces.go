package pdf

import (
	_ "embed" // of fonts
	"sync"

	"epkr/internal/document/pdf/truetype"
)

//go:embed resources/PTSerif-Regular.ttf
var regularFile []byte

//go:embed resources/PTSerif-Bold.ttf
var boldFile []byte

// The weights of the font, as indices of faces.
const (
	regular weight = iota
	bold
)

type weight uint8

var fontNames = [...]string{regular: "PTSerif-Regular", bold: "PTSerif-Bold"}

// fonts are parsed once; they are part of the program, so a fault in them is one of the program.
var fonts = sync.OnceValue(func() (parsed [2]*truetype.Font) {
	for i, file := range [][]byte{regular: regularFile, bold: boldFile} {
		font, err := truetype.Parse(file)
		if err != nil {
			panic(err)
		}
		parsed[i] = font
	}
	return parsed
})

// Shows reports whether the font has a character in both weights.
func Shows(r rune) bool {
	for _, font := range fonts() {
		if _, found := font.Glyph(r); !found {
			return false
		}
	}
	return true
}

// face is a font with the characters that one document uses. A character has a number (CID) of its
// own, in the order of the first use, even where two characters share a glyph: so the text of the
// file can be read back exactly.
type face struct {
	font       *truetype.Font
	name       string
	characters []rune             // by CID; 0 is the box for missing characters, which is never shown
	glyphs     []truetype.GlyphID // by CID
	cids       map[rune]glyph
}

// glyph is a character on a page.
type glyph struct {
	cid     uint16
	weight  weight
	advance uint16 // in thousandths of the size
}

func newFace(w weight) *face {
	return &face{
		font: fonts()[w], name: fontNames[w],
		characters: []rune{0}, glyphs: []truetype.GlyphID{0}, cids: make(map[rune]glyph, 128),
	}
}

// glyph returns the glyph of a character, and whether the font has it.
func (f *face) glyph(r rune, w weight) (glyph, bool) {
	if g, known := f.cids[r]; known {
		return g, true
	}
	id, found := f.font.Glyph(r)
	if !found {
		return glyph{}, false
	}
	g := glyph{cid: uint16(len(f.glyphs)), weight: w, advance: uint16(f.font.Advance(id))}
	f.characters, f.glyphs = append(f.characters, r), append(f.glyphs, id)
	f.cids[r] = g
	return g, true
}
